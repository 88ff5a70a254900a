"""Read the province files and the agencies' file into the directory that the conversation uses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

from bot.provinces.shapes import AgenciesShape, ProvinceShape
from bot.provinces.toml_file import TomlFileError, check, hint, one_line, parse, shown
from bot.provinces.troubles import Known, agency_troubles, clashes, province_troubles
from handlers.provinces import Agency, Contact, Directory, Hotline, Mechanism, Province, ProvinceCategory

AGENCIES_FILE = "agencies.toml"


class ProvinceFileError(TomlFileError):
    """A province file, or agencies.toml, cannot be used; the text is one line that names file, key and trouble."""


def load_directory(folder: Path, known: Known, only: Sequence[str] | None = None) -> Directory:
    """Read every province and network of `folder`, and its agencies.toml.

    `known` maps each core slug to its sub-topics. `only` names the provinces to load, by slug, None for all;
    networks always come along, since they are lists over several provinces. All files are parsed, those that are
    not loaded are not checked further.

    :raises ProvinceFileError: a file is broken or contradicts another, or `only` names a province that is not there.
    """
    paths = {path.stem: path for path in sorted(folder.glob("*.toml")) if path.name != AGENCIES_FILE}
    for slug in only or ():
        if slug not in paths:
            raise ProvinceFileError(f"{shown(folder)}: there is no file '{slug}.toml'{hint(slug, paths)}")
    loaded: list[Province] = []
    for slug, path in paths.items():
        data = parse(path, ProvinceFileError)
        if only is None or slug in only or data.get("kind") == "network":
            shape = check(path, data, ProvinceShape, ProvinceFileError)
            _refuse(path, [*province_troubles(shape, path.stem, known), *clashes(shape, loaded)])
            loaded.append(_province(shape))
    path = folder / AGENCIES_FILE
    agencies = check(path, parse(path, ProvinceFileError), AgenciesShape, ProvinceFileError)
    _refuse(path, list(agency_troubles(agencies, known, paths)))
    return Directory(
        provinces=MappingProxyType({one.slug: one for one in loaded if one.kind == "province"}),
        networks=MappingProxyType({one.slug: one for one in loaded if one.kind == "network"}),
        agencies=tuple(Agency(**agency.model_dump()) for agency in agencies.asa_agency),
        hotlines=tuple(
            Hotline(line.number, line.name_th, tuple(line.serves), line.sourced, line.source)
            for line in agencies.hotline
        ),
        mechanisms=tuple(
            Mechanism(body.abbr, body.role, tuple(body.handles), body.provenance) for body in agencies.mechanism
        ),
    )


def _refuse(path: Path, troubles: list[str]) -> None:
    if troubles:
        raise ProvinceFileError(one_line(path, troubles))


def _province(shape: ProvinceShape) -> Province:
    return Province(
        slug=shape.slug,
        kind=shape.kind,
        abbr=shape.abbr,
        code=shape.iso.removeprefix("TH-"),
        name_th=shape.name_th,
        name_en=shape.name_en,
        region=shape.region,
        lead_agency=shape.lead_agency,
        slogan=shape.slogan,
        amphoe=tuple(shape.amphoe),
        categories=tuple(
            ProvinceCategory(
                category.slug,
                category.name_th,
                category.name_en,
                category.description,
                tuple(category.core),
                tuple(category.also_core),
                category.status,
                category.source,
                category.quote,
            )
            for category in shape.category
        ),
        list_status=shape.list_status,
        list_source=shape.list_source,
        notes=tuple(shape.notes),
        lead_agency_source=shape.lead_agency_source,
        asa_pilot=shape.asa_pilot,
        contacts=tuple(
            Contact(one.agency, one.role, tuple(one.serves), one.phone, one.url, one.source) for one in shape.contact
        ),
    )
