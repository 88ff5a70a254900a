"""PDFs without who made them, when and with what, and without what would do something by itself on a screen.

Only what is reached from the document's root is written again, so what older versions of a file held goes too. Text
and pictures stay as they are, but for the words in JPEGs. What somebody wrote on a page stays with its writer's name.
A PDF that is locked, signed, broken or endless stays as it came: nothing is lost. ISO 32000-1, 7.5, 12.6, 12.8, 14.3.
"""

from __future__ import annotations

import io
import logging
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PdfReader, PdfWriter, apply_configuration
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, NullObject, PdfObject, StreamObject

from bot.cleaning import inside

MOST_OBJECTS = 100_000
MOST_PAGES = 5_000
MOST_VALUES = 1_000_000  # in all lists and dictionaries
MOST_READS = 8_000_000  # a few for each word: about ten seconds
MOST_INFLATED = 5_000_000  # bytes, of one list of objects; the pages' own streams are not unpacked
PATIENCE = 6.0  # seconds; six hundred pages take that

# XMP, programs' own notes, previews; and what a page or document does when it is opened, closed, printed or touched.
TELLING = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/OpenAction", "/AA", "/JavaScript", "/XFA")
ACTIONS = ("/A", "/PA", "/Next")  # what a tap on a link does
RUNNING = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/GoToR", "/GoToE")
# In these, names are somebody's own: a font may be called /AA.
NAMING: tuple[str, ...] = ("/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/Properties")
NAMING += ("/N", "/D", "/R", "/Dests", "/CharProcs", "/ClassMap", "/RoleMap", "/Colorants")


class Endless(Exception):
    """A PDF takes longer to be read than anybody waits."""


class Patient(io.BytesIO):
    """A file that is not read more often than so many times: one endless object is read within no other's limit."""

    def __init__(self, data: bytes, most: int = MOST_READS) -> None:
        super().__init__(data)
        self._left = most

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on.

        :raises Endless: it was read too often.
        """
        self._left -= 1
        if self._left < 0:
            raise Endless
        return super().read(size)


class _Reader(PdfReader):
    """A reader that loses patience in time."""

    def __init__(self, data: bytes, until: float) -> None:
        self._until = until
        super().__init__(Patient(data))

    def get_object(self, indirect_reference: int | IndirectObject) -> PdfObject | None:
        if time.monotonic() > self._until:
            raise Endless
        return super().get_object(indirect_reference)


@dataclass(slots=True)
class Seen:
    """What a walk came by: the numbers of objects, and whether it took anything out; how many values it may see."""

    objects: set[int]
    changed: bool = False
    left: int = MOST_VALUES


def freed(data: bytes, patience: float = PATIENCE) -> bytes:
    """A PDF of the same pages that tells nothing of its author; the same bytes for one that cannot be freed.

    `patience` is in seconds: a thread cannot be stopped, but gives up by itself before the next object.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # it would quote the document
    if b"/ByteRange" in data:  # a signature holds only for the bytes that were signed
        return data
    try:
        with apply_configuration(zlib_maximum_output_length=MOST_INFLATED, lzw_maximum_output_length=MOST_INFLATED):
            return _freed(data, time.monotonic() + patience)
    except Exception:  # the library raises all sorts of things at what is broken
        return data


def _freed(data: bytes, until: float) -> bytes:
    reader = _Reader(data, until)
    if "/Encrypt" in reader.trailer or "/Root" not in reader.trailer:
        return data
    count = len(reader.pages)
    if count > MOST_PAGES or len(_listed(reader)) > MOST_OBJECTS:
        return data
    seen = Seen(set(), "/Info" in reader.trailer)
    walk(reader.trailer.raw_get("/Root"), seen)
    if not seen.changed and data.count(b"startxref") == 1 and not _unreached(reader, seen):
        return data
    reader.trailer.pop(NameObject("/Info"), None)
    writer = PdfWriter(clone_from=reader, keep_initial_header=True)
    left = Seen(set())
    walk(writer.root_object.indirect_reference or NullObject(), left)
    for at in range(len(writer._objects)):
        if at + 1 not in left.objects:  # the branches of a tree of pages that was made a list
            writer._objects[at] = None
    out = io.BytesIO()
    writer.write(out)
    if len(PdfReader(io.BytesIO(out.getvalue())).pages) != count:
        return data
    return out.getvalue()


def _listed(reader: PdfReader) -> set[int]:
    """The numbers of all objects that a file says it has."""
    plain = (number for generation in reader.xref.values() for number in generation)
    return {*plain, *reader.xref_objStm}


def _unreached(reader: PdfReader, seen: Seen) -> bool:
    """Whether a file holds what no page shows, its own lists of objects aside."""
    for number in _listed(reader) - seen.objects:
        thing = reader.get_object(number)
        own = isinstance(thing, DictionaryObject) and thing.get("/Type") in ("/ObjStm", "/XRef")
        if not own and not isinstance(thing, NullObject):
            return True
    return False


def walk(root: PdfObject, seen: Seen) -> None:
    """Free every dictionary that is reached from a root, without climbing into each other's depth.

    :raises Endless: there are more values than the walk may see.
    """
    waiting: list[tuple[str, PdfObject]] = [("", root)]
    while waiting:
        key, thing = waiting.pop()
        seen.left -= 1
        if seen.left < 0:
            raise Endless
        if isinstance(thing, IndirectObject):
            if thing.idnum in seen.objects:
                continue
            seen.objects.add(thing.idnum)
        thing = thing.get_object() or NullObject()
        if isinstance(thing, DictionaryObject):
            names = key in NAMING and "/Type" not in thing and not isinstance(thing, StreamObject)
            if not names:
                seen.changed |= _free(thing)
            waiting += [("" if names else inside_of, one) for inside_of, one in thing.items()]
        elif isinstance(thing, ArrayObject):
            waiting += [("", one) for one in thing]


def _free(thing: DictionaryObject) -> bool:
    """Take out of a dictionary what tells or runs; says whether there was anything."""
    gone = [key for key in TELLING if key in thing]
    gone += [key for key in ACTIONS if key in thing and _runs(thing.raw_get(key))]
    if thing.get("/Type") == "/EmbeddedFile" and "/Params" in thing:
        gone.append("/Params")  # when it was made and changed
    for key in gone:
        del thing[NameObject(key)]
    return _picture(thing) or bool(gone) if isinstance(thing, StreamObject) else bool(gone)


def _runs(thing: PdfObject) -> bool:
    """Whether an action, or one of several, does more than to lead somewhere."""
    found = thing.get_object()
    if isinstance(found, ArrayObject):
        return any(isinstance(one.get_object(), DictionaryObject) and _runs(one) for one in found)
    return isinstance(found, DictionaryObject) and found.get("/S") in RUNNING


def _picture(stream: StreamObject) -> bool:
    """Free a JPEG, or a file within the file, of what a phone wrote into it; says whether there was anything."""
    filters = list(_names(stream.get("/Filter")))
    shown, packed = filters[-1:] == ["/DCTDecode"], filters[:1] == ["/FlateDecode"]
    if not shown and stream.get("/Type") != "/EmbeddedFile":
        return False
    if len(filters) > shown + packed or (packed and "/DecodeParms" in stream):
        return False  # packed in a way that nobody packs these
    held = stream._data
    if packed:
        unpacking = zlib.decompressobj()
        held = unpacking.decompress(held, inside.MOST_BYTES)
        if not unpacking.eof:
            return False
    kept = inside.freed(held)
    if kept == held:
        return False
    stream._data = zlib.compress(kept) if packed else kept
    return True


def _names(filters: PdfObject | None) -> Iterator[str]:
    found = filters.get_object() if filters is not None else None
    for one in found if isinstance(found, ArrayObject) else [found]:
        if one is not None:
            yield str(one.get_object())
