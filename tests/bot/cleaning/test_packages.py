"""Office files lose their author and places, and open as before; every other member stays byte for byte."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import PurePosixPath
from xml.etree import ElementTree

import openpyxl
import pytest
from PIL import Image

from bot.cleaning import Unfit, clean
from tests.pictures import DEVICE, GPS, XYZ, film, taken
from tests.sounds import MAKER

NS = 'xmlns:a="http://schemas.openxmlformats.org/package/2006/relationships"'
WORDS = "<w:p>น้ำไม่ไหล 3 วันแล้ว</w:p>".encode() * 30
RELATIONS = (
    f'<Relationships {NS}><Relationship Id="rId1" Type="http://x/officeDocument" Target="word/document.xml"/>'
    '<Relationship Id="rId2" Type="http://x/metadata/thumbnail" Target="docProps/thumbnail.jpeg"/></Relationships>'
).encode()
TYPES = b'<Types><Default Extension="xml" ContentType="application/xml"/></Types>'
SETTINGS = b'<w:settings xmlns:w="w" xmlns:r="r"><w:zoom/><w:attachedTemplate r:id="rId1"/></w:settings>'
TEMPLATE = (
    b'<Relationships><Relationship Id="rId1" Type="http://x/attachedTemplate" Target="smb://'
    + MAKER
    + b'/Normal.dotm" TargetMode="External"/></Relationships>'
)
BOOK = b'<workbook><x:absPath xmlns:x="x" url="' + MAKER + b'"/><sheets/></workbook>'
PROPERTIES = b"<p><creator>" + MAKER + b"</creator><Application>" + DEVICE + b"</Application>" + XYZ + b"</p>"
MANIFEST = b'<m:manifest xmlns:m="m"><m:file-entry m:full-path="Thumbnails/thumbnail.png"/><m:file-entry/></m:manifest>'


def packed(members: dict[str, bytes], *, stored: str = "") -> bytes:
    """A zip as programs make it: with times, and its maker's name in every corner."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, (2026, 11, 22, 12, 9, 4))
            entry.compress_type = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            entry.comment = MAKER
            entry.extra = b"\x99\x99" + len(XYZ).to_bytes(2, "little") + XYZ
            made.writestr(entry, content)
        made.comment = MAKER
    return out.getvalue()


PROPERTIES_OF = {f"docProps/{name}.xml": PROPERTIES for name in ("core", "app", "custom")}
DOCX = {
    "[Content_Types].xml": TYPES,
    "_rels/.rels": RELATIONS,
    **PROPERTIES_OF,
    "docProps/thumbnail.jpeg": taken(),
    "word/document.xml": WORDS,
    "word/settings.xml": SETTINGS,
    "word/_rels/settings.xml.rels": TEMPLATE,
    "word/media/image1.jpeg": taken("JPEG", 6),
    "word/media/image2.png": taken("PNG"),
    "word/media/image3.emf": b"\x01\0\0\0 a drawing",
    "word/media/film.mp4": film(b"vide"),
}
XLSX = {"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, **PROPERTIES_OF, "xl/workbook.xml": BOOK}
PPTX = {
    "[Content_Types].xml": TYPES,
    **PROPERTIES_OF,
    "ppt/presentation.xml": WORDS,
    "ppt/embeddings/table.xlsx": packed(XLSX),
    "ppt/media/image1.webp": taken("WEBP"),
}
ODT = {
    "mimetype": b"application/vnd.oasis.opendocument.text",
    "content.xml": WORDS,
    "meta.xml": PROPERTIES,
    "Thumbnails/thumbnail.png": taken("PNG"),
    "Pictures/1.jpg": taken(),
    "META-INF/manifest.xml": MANIFEST,
}
MADE = {"docx": packed(DOCX), "xlsx": packed(XLSX), "pptx": packed(PPTX), "odt": packed(ODT, stored="mimetype")}


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as read:
        assert read.testzip() is None
        return {name: read.read(name) for name in read.namelist()}


def everything(data: bytes) -> bytes:
    """A file's bytes and those of all its members, and of theirs."""
    inside = [everything(one) if one.startswith(b"PK") else one for one in unpacked(data).values()]
    return b"\n".join([data, *inside])


@pytest.mark.parametrize("name", MADE)
def test_who_where_and_with_what_is_gone(name: str) -> None:
    before, after = everything(MADE[name]), everything(clean(MADE[name], "file").data)
    for word in (MAKER, DEVICE, XYZ):
        assert word in before, "a test that looks for nothing finds nothing"
        assert word not in after
    assert GPS[:24] not in after
    assert b"thumbnail" not in after
    assert b"attachedTemplate" not in after


@pytest.mark.parametrize("name", MADE)
def test_the_rest_stays_in_its_order(name: str) -> None:
    before, after = unpacked(MADE[name]), unpacked(clean(MADE[name], "file").data)
    assert list(after) == [member for member in before if "thumbnail" not in member]
    touched = ("docProps", "meta.xml", "media", "Pictures", "rels", "settings", "workbook", "manifest", "embeddings")
    same = [member for member in after if not any(word in member for word in touched)]
    assert same
    for member in same:
        assert after[member] == before[member]
    for member, content in after.items():
        if PurePosixPath(member).suffix in (".xml", ".rels") and content != WORDS:
            ElementTree.fromstring(content)  # noqa: S314  # our own


@pytest.mark.parametrize("name", MADE)
def test_cleaning_what_is_clean_changes_nothing(name: str) -> None:
    once = clean(MADE[name], "file")
    assert clean(once.data, "file") == once


def test_an_archive_tells_nothing_itself() -> None:
    after = clean(packed({"[Content_Types].xml": TYPES, "word/document.xml": WORDS}), "file").data
    assert MAKER not in after
    assert XYZ not in after
    with zipfile.ZipFile(io.BytesIO(after)) as read:
        heads = {(entry.date_time, entry.create_system, entry.external_attr) for entry in read.infolist()}
    assert heads == {((1980, 1, 1, 0, 0, 0), 0, 0o600 << 16)}


def test_what_is_clean_is_not_packed_anew() -> None:
    """Another program packs the same words in other bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in ("[Content_Types].xml", "word/document.xml"):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0
            made.writestr(entry, WORDS, zipfile.ZIP_DEFLATED, compresslevel=1)
    assert clean(out.getvalue(), "file").data == out.getvalue()
    assert MAKER not in clean(b"PK\x03\x04" + MAKER + out.getvalue(), "file").data


def test_a_picture_is_shown_as_before() -> None:
    """Its page gives it a place by its width and height: it is not turned, and what says so stays."""
    after = unpacked(clean(MADE["docx"], "file").data)
    picture = Image.open(io.BytesIO(after["word/media/image1.jpeg"]))
    original = Image.open(io.BytesIO(DOCX["word/media/image1.jpeg"]))
    assert dict(picture.getexif()) == {0x0112: 6}
    assert (picture.size, picture.tobytes()) == (original.size, original.tobytes())
    assert after["word/media/image3.emf"] == DOCX["word/media/image3.emf"]


def test_an_open_document_s_first_member_lies_open() -> None:
    after = clean(MADE["odt"], "file").data
    assert after[30:77] == b"mimetype" + ODT["mimetype"]


def test_a_table_opens_as_before() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.properties.creator = MAKER.decode()
    book.worksheets[0]["A1"] = "น้ำไม่ไหล"
    book.save(out)
    after = clean(out.getvalue(), "file").data
    assert MAKER not in everything(after)
    read = openpyxl.load_workbook(io.BytesIO(after))
    assert read.worksheets[0]["A1"].value == "น้ำไม่ไหล"
    assert read.properties.creator != MAKER.decode()


def test_what_unpacks_to_too_much_is_refused_unread() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", TYPES)
        for number in range(21):
            with made.open(f"word/{number}.xml", "w") as member:
                member.write(bytes(10_000_000))
    began = time.process_time()
    with pytest.raises(Unfit) as refused:
        clean(out.getvalue(), "file")
    assert refused.value.why == "big"
    assert time.process_time() - began < 1


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in ("[Content_Types].xml", "word/document.xml", "word/document.xml"):
            made.writestr(name, b"x")
    with pytest.raises(Unfit, match="one name"):
        clean(out.getvalue(), "file")


def test_tags_without_end_are_read_once() -> None:
    members = dict(DOCX)
    members["_rels/.rels"] = b"<Relationship" + b" /thumbnail" * 500_000
    members["word/settings.xml"] = b"<aaaaaaaa:" * 500_000
    began = time.process_time()
    clean(packed(members), "file")
    assert time.process_time() - began < 3


@pytest.mark.parametrize("name", MADE)
def test_what_is_broken_is_refused_or_tells_nothing(name: str) -> None:
    for at in range(0, len(MADE[name]), 97):
        broken = bytearray(MADE[name])
        broken[at : at + 3] = b"\xff\x00\x7f"
        try:
            after = clean(bytes(broken), "file").data
        except Unfit:
            continue
        assert MAKER not in after
        assert XYZ not in after
