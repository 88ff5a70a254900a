"""PDFs lose who made them and what would run, and show the same pages; what cannot be freed stays as it came."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from bot.cleaning import clean, pdfs
from tests.pictures import DEVICE, GPS, XYZ, taken
from tests.sounds import MAKER

NAME = "Somchai Jaidee"
TELLING = (DEVICE, XYZ, MAKER, NAME.encode(), GPS[:24], b"evil", b"Exif")


def held(data: bytes, **keys: PdfObject) -> StreamObject:
    """A stream with its keys."""
    made = DecodedStreamObject()
    made.set_data(data)
    made.update({NameObject("/" + key): value for key, value in keys.items()})
    return made


def action(kind: str) -> DictionaryObject:
    return DictionaryObject({NameObject("/S"): NameObject(kind), NameObject("/JS"): TextStringObject("evil()")})


def paper(pages: int = 3) -> PdfWriter:
    """A PDF with words and a photo on each page, and telling things in every corner."""
    made = PdfWriter()
    note = made._add_object(held(b"<x:xmpmeta>" + MAKER + XYZ, Type=NameObject("/Metadata")))
    photo = held(taken(), Subtype=NameObject("/Image"), Filter=NameObject("/DCTDecode"), Metadata=note)
    photo.update({NameObject("/Width"): NumberObject(64), NameObject("/Height"): NumberObject(32)})
    packed = held(zlib.compress(taken()))
    packed.update({key: one for key, one in photo.items() if key != "/Length"})
    packed[NameObject("/Filter")] = ArrayObject([NameObject("/FlateDecode"), NameObject("/DCTDecode")])
    pictures = DictionaryObject({NameObject("/P"): made._add_object(photo), NameObject("/Q"): made._add_object(packed)})
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1")})
    font[NameObject("/BaseFont")] = NameObject("/Helvetica")
    for number in range(pages):
        page = made.add_blank_page(300, 300)
        words = b"BT /AA 12 Tf 20 200 Td (no water on page %d) Tj ET q 99 0 0 99 0 0 cm /P Do Q" % number
        page[NameObject("/Contents")] = made._add_object(held(words))
        fonts = DictionaryObject({NameObject("/AA"): made._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): fonts, NameObject("/XObject"): pictures}
        )
        page[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/App"): TextStringObject(NAME)})
        page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): action("/JavaScript")})
        page[NameObject("/Metadata")] = note
        page[NameObject("/Thumb")] = made._add_object(held(DEVICE))
    link = Link(rect=(0, 0, 9, 9), url="https://example.org/")
    runs = ArrayObject([action("/Launch"), action("/Rendition"), action("/GoToR")])
    link[NameObject("/A")][NameObject("/Next")] = runs  # type: ignore[index]
    made.add_annotation(0, link)
    made.add_attachment("photo.jpg", taken())
    for thing in made._objects:
        if isinstance(thing, DictionaryObject) and thing.get("/Type") == "/EmbeddedFile":
            thing[NameObject("/Params")] = DictionaryObject({NameObject("/ModDate"): TextStringObject(NAME)})
    form = DictionaryObject({NameObject("/XFA"): made._add_object(held(b"<script>evil()</script>"))})
    made.root_object[NameObject("/AcroForm")] = form
    made.root_object[NameObject("/OpenAction")] = action("/Launch")
    made.root_object[NameObject("/Metadata")] = note
    names = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), action("/JavaScript")])})
    made.root_object[NameObject("/Names")][NameObject("/JavaScript")] = names  # type: ignore[index]
    made.add_metadata({"/Author": NAME, "/Creator": DEVICE.decode(), "/CreationDate": "D:20261122120904+07'00'"})
    return made


def written(made: PdfWriter) -> bytes:
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def everything(data: bytes) -> bytes:
    """A PDF's bytes, and those of all its streams."""
    parts = [data]
    reader = PdfReader(io.BytesIO(data))
    for number in [number for generation in reader.xref.values() for number in generation]:
        thing = reader.get_object(number)
        if isinstance(thing, StreamObject):
            held_there = thing._data
            parts += [held_there, zlib.decompress(held_there) if held_there[:1] == b"\x78" else b""]
    return b"\n".join(parts)


def text(data: bytes) -> list[str]:
    return [page.extract_text().strip() for page in PdfReader(io.BytesIO(data)).pages]


def test_who_where_and_with_what_is_gone_and_nothing_runs() -> None:
    original = written(paper())
    before, after = everything(original), everything(clean(original, "file").data)
    assert [word for word in TELLING if word not in before] == [], "a test that looks for nothing finds nothing"
    assert [word for word in TELLING if word in after] == []
    for word in (b"/Launch", b"/JavaScript", b"/OpenAction", b"xmpmeta", b"/CreationDate", b"pypdf", b"20261122"):
        assert word not in after
    assert b"example\\056org" in after


def test_the_pages_are_the_same() -> None:
    original = written(paper())
    after = clean(original, "file").data
    assert text(after) == text(original) == [f"no water on page {number}" for number in range(3)]
    old, new = (PdfReader(io.BytesIO(data)).pages[0].images for data in (original, after))
    assert [one.image.tobytes() for one in new if one.image] == [one.image.tobytes() for one in old if one.image]
    assert [one.image.size for one in new if one.image] == [(64, 32)] * 2


def test_a_file_within_is_still_there() -> None:
    (found,) = PdfReader(io.BytesIO(clean(written(paper()), "file").data)).attachments.values()
    assert found == [clean(taken(), "photo").data]


def test_whoever_takes_too_long_is_left_as_it_came() -> None:
    lists = packed_objects(b"[" + b"[1] " * 30_000 + b"] /" + NAME.encode(), 5)
    began = time.process_time()
    assert pdfs.freed(lists, patience=0.2) == lists
    assert time.process_time() - began < 1
    assert pdfs.freed(written(paper()), patience=0) == written(paper())


def test_a_file_is_read_and_walked_through_so_often_and_no_more() -> None:
    file = pdfs.Patient(b"%PDF", most=2)
    assert file.read(1) + file.read(1) == b"%P"
    with pytest.raises(pdfs.Endless):
        file.read(1)
    things = ArrayObject([NumberObject(1)] * 3)
    pdfs.walk(things, pdfs.Seen(set(), left=4))
    with pytest.raises(pdfs.Endless):
        pdfs.walk(things, pdfs.Seen(set(), left=3))


def test_cleaning_what_is_clean_changes_nothing() -> None:
    once = clean(written(paper()), "file")
    assert clean(once.data, "file") == once
    plain = PdfWriter()
    plain.add_blank_page(9, 9)
    plain.metadata = None
    assert clean(written(plain), "file").data == written(plain)


def test_a_tree_of_pages_is_written_once() -> None:
    made = paper(4)
    pages = made.root_object["/Pages"]
    kids = pages["/Kids"]  # type: ignore[index]
    branch = DictionaryObject({NameObject("/Type"): NameObject("/Pages"), NameObject("/Count"): NumberObject(2)})
    reference = made._add_object(branch)
    branch[NameObject("/Kids")] = ArrayObject(kids[2:])
    branch[NameObject("/Parent")] = made.root_object.raw_get("/Pages")
    pages[NameObject("/Kids")] = ArrayObject([*kids[:2], reference])  # type: ignore[index]
    once = clean(written(made), "file").data
    assert len(text(once)) == 4
    assert clean(once, "file").data == once


def test_what_an_older_version_held_is_gone() -> None:
    plain = PdfWriter()
    plain.add_blank_page(9, 9)
    plain.metadata = None
    plain.root_object[NameObject("/Lang")] = TextStringObject(NAME)
    newer = PdfWriter(io.BytesIO(written(plain)), incremental=True)
    newer.root_object[NameObject("/Lang")] = TextStringObject("th")
    assert NAME.encode() in written(newer)
    assert NAME.encode() not in clean(written(newer), "file").data
    orphan = written(plain).replace(b"/Lang", b"/Xxxx")
    hidden = PdfWriter(clone_from=io.BytesIO(orphan))
    del hidden.root_object["/Xxxx"]
    hidden._add_object(TextStringObject(NAME))
    assert NAME.encode() in written(hidden)
    assert NAME.encode() not in clean(written(hidden), "file").data


def test_what_is_locked_signed_or_broken_stays_as_it_came() -> None:
    locked = paper()
    locked.encrypt("x", algorithm="AES-256")
    signed = paper()
    signed.root_object[NameObject("/Sig")] = DictionaryObject({NameObject("/ByteRange"): ArrayObject()})
    for data in (written(locked), written(signed), b"%PDF-1.7 ...", b"%PDF-", written(paper())[:900]):
        assert clean(data, "file").data == data


def test_whatever_breaks_it_comes_out_whole_or_as_it_came() -> None:
    original = written(paper())
    for at in range(331, len(original), 331):
        for piece in (b"\xff\0\xff", b" 1 0 R", b"["):
            broken = original[:at] + piece + original[at + len(piece) :]
            assert clean(broken, "file").media_type == "application/pdf"
        clean(original[:at], "file")


def many(pages: int) -> bytes:
    made = PdfWriter()
    for _ in range(pages):
        made.add_blank_page(9, 9)
    made.add_metadata({"/Author": NAME})
    return written(made)


def by_hand(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of them its root."""
    parts, places, at = [b"%PDF-1.4\n"], [], 9
    for number, one in enumerate(objects, start=1):
        places.append(at)
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, one))
        at += len(parts[-1])
    out = b"".join(parts)
    listed = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + listed + end


ROOT = b"<< /Type /Catalog /Pages 2 0 R /Lang 4 0 R >>"
PAGES = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"


def packed_objects(content: bytes, lists: int) -> bytes:
    """A PDF whose objects lie in packed lists of them, as newer programs write it; one object in each list."""
    out, places = b"%PDF-1.5\n", []
    for number, one in enumerate([ROOT[:-15] + b"/Lang [%b] >>", *PAGES], start=1):
        refs = b" ".join(b"%d 0 R" % (4 + lists + at) for at in range(lists))
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, one.replace(b"%b", refs))
    for at in range(lists):
        body = zlib.compress(b"%d 0 " % (4 + lists + at) + content)
        first = len(b"%d 0 " % (4 + lists + at))
        places.append(len(out))
        keys = b"<< /Type /ObjStm /N 1 /First %d /Filter /FlateDecode /Length %d >>" % (first, len(body))
        out += b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (4 + at, keys, body)
    rows = b"\0" * 7 + b"".join(b"\1" + place.to_bytes(4, "big") + b"\0\0" for place in places)
    rows += b"".join(b"\2" + (4 + at).to_bytes(4, "big") + b"\0\0" for at in range(lists))
    size = len(rows) // 7
    keys = b"<< /Type /XRef /Size %d /W [1 4 2] /Root 1 0 R /Length %d >>" % (size, len(rows))
    start = len(out)
    return out + b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (size, keys, rows, start)


def test_what_these_are_made_of_is_read() -> None:
    """Else they would stay as they came for another reason."""
    by_name = b"(" + NAME.encode() + b")"
    for data in (by_hand(ROOT, *PAGES, b"(th)", by_name), packed_objects(b"<< /Metadata " + by_name + b" >>", 2)):
        assert NAME.encode() not in (after := clean(data, "file").data)
        assert len(text(after)) == 1
        assert clean(after, "file").data == after


ENDLESS: dict[str, Callable[[], bytes]] = {
    "pages": lambda: many(5_001),
    "depth": lambda: by_hand(ROOT, *PAGES, b"<< /A " * 100_000 + b">>" * 100_000),
    "lists in lists": lambda: by_hand(ROOT, *PAGES, b"[ " * 1_000_000),
    "heads": lambda: b"%PDF-1.4\n" + b"1 0 obj\n" * 300_000,
    "a trailer before itself": lambda: b"%PDF-1.4\ntrailer << /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF",
    "lines": lambda: b"%PDF-1.4\nxref\n0 99999999\n" + b"0000000009 00000 n \n" * 400_000 + b"startxref\n9\n%%EOF",
    "objects": lambda: by_hand(ROOT, *PAGES, b"[5 0 R]", *[b"<< >>"] * 100_001),
    "a packed list": lambda: packed_objects(b"[ " + b"1 " * 50_000_000 + b"]", 1),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_an_endless_one_stops_nobody(name: str) -> None:
    data = ENDLESS[name]()
    began = time.process_time()
    assert clean(data, "file").data == data
    assert time.process_time() - began < 20
