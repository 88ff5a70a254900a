"""What is taken and what is not, whatever it calls itself."""

from __future__ import annotations

import io
import zipfile

import pytest

from bot.cleaning import Unfit, clean
from tests.pictures import film, plain, voice
from tests.sounds import FRAME


def archive(*names: str, first: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number, name in enumerate(names):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0
            made.writestr(entry, first if number == 0 else b"x")
    return out.getvalue()


def old_office(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"".join((name + "\0").encode("utf-16-le") for name in streams)


WORD = archive("[Content_Types].xml", "word/document.xml")
TAKEN = [
    (b"%PDF-1.7 ...", "แผนที่.pdf", "application/pdf"),
    (WORD, "x", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (
        archive("[Content_Types].xml", "xl/workbook.xml"),
        "",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (
        archive("mimetype", first=b"application/vnd.oasis.opendocument.text"),
        "",
        "application/vnd.oasis.opendocument.text",
    ),
    (old_office("WordDocument"), "", "application/msword"),
    ("บ้านเลขที่,เรื่อง\n1,น้ำไม่ไหล\n".encode(), "รายชื่อ.csv", "text/csv"),
    ("น้ำไม่ไหล 3 วันแล้ว".encode("cp874"), "จดไว้.txt", "text/plain"),
    (plain(), "x.exe", "image/jpeg"),
    (voice(), "x.pdf", "audio/mp4"),
    (film(b"vide", b"soun"), "", "video/mp4"),
    (FRAME * 9, "เสียง", "audio/mpeg"),
    ("น้ำไม่ไหล".encode("utf-16"), "จดไว้.txt", "text/plain"),
]
REFUSED = [
    (archive("a.txt"), "x.zip"),
    (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "x.docx"),
    (archive("[Content_Types].xml", "AndroidManifest.xml"), "x.apk"),
    (archive("mimetype", first=b"application/epub+zip"), "x.epub"),
    (WORD[:60], "x.docx"),
    (old_office("WordDocument", "_VBA_PROJECT"), "x.doc"),
    (old_office("Property"), "x.msi"),
    (b"MZ\x90\0" + bytes(100), "x.pdf"),
    (b"\x7fELF" + bytes(100), "x"),
    (b"#!/bin/sh\nrm -rf /", "x.txt"),
    (b"<!DOCTYPE html><p>x", "x.txt"),
    (b'  <svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', ""),
    (b'<?xml version="1.0"?><svg/>', "x.csv"),
    (b"alert(1)", "x.js"),
    (b"del *.*", "x.bat"),
    (b"Rar!\x1a\x07\0" + bytes(50), "x.rar"),
    (b"\x1f\x8b" + bytes(50), "x.gz"),
    (bytes(100), "x.txt"),
]


@pytest.mark.parametrize(("data", "name", "media_type"), TAKEN)
def test_a_file_is_what_its_bytes_are(data: bytes, name: str, media_type: str) -> None:
    kept = clean(data, "file", name)
    assert kept.media_type == media_type
    if not media_type.startswith(("image/", "audio/mp4", "video/")):
        assert kept.data == data


@pytest.mark.parametrize(("data", "name"), REFUSED)
def test_what_could_run_or_hide_is_not_kept(data: bytes, name: str) -> None:
    with pytest.raises(Unfit) as refused:
        clean(data, "file", name)
    assert refused.value.why == "bad"


@pytest.mark.parametrize(
    ("data", "kind"),
    [(archive("a"), "photo"), (voice(), "photo"), (b"%PDF-1.7", "photo"), (plain(), "voice"), (plain(), "video")],
)
def test_what_is_not_what_it_was_sent_as_is_not_kept(data: bytes, kind: str) -> None:
    with pytest.raises(Unfit) as refused:
        clean(data, kind, "a.jpg")
    assert refused.value.why == "bad"


def test_nothing_is_empty() -> None:
    for kind in ("photo", "voice", "video", "file"):
        with pytest.raises(Unfit) as refused:
            clean(b"", kind)
        assert refused.value.why == "empty"
