"""Office files (docx, xlsx, pptx, odt, ods, odp) without who made them, when, where on a disk and with what.

Their properties become empty ones, pictures lose place and device, small previews go. Every other member stays byte
for byte, in the same order. Who wrote a comment or changed a word stays: that is part of what was written. ECMA-376,
parts 1 and 2; OpenDocument 1.3, parts 2 and 3.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

from bot.cleaning import inside
from bot.cleaning.unfit import Unfit

MOST_UNPACKED = 200_000_000  # bytes of all members; what phones and offices send is a tenth of it
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # a zip's time begins here
PLAIN = 0o600 << 16  # a member that is a file
DEEPEST = 2  # a table within a slide within a letter

_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS = b"http://schemas.openxmlformats.org/"
CORE = _HEAD + b'<cp:coreProperties xmlns:cp="' + _SCHEMAS + b'package/2006/metadata/core-properties"/>'
APP = _HEAD + b'<Properties xmlns="' + _SCHEMAS + b'officeDocument/2006/extended-properties"/>'
CUSTOM = _HEAD + b'<Properties xmlns="' + _SCHEMAS + b'officeDocument/2006/custom-properties"/>'
META = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta xmlns:office='
    b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"><office:meta/></office:document-meta>'
)
# A tag, and the word that it is known by: a preview of the first page; where on its author's disk the file lay; the
# template, which Word would fetch by itself from wherever it says.
_PREVIEW = (re.compile(rb"<(?:\w+:)?(?:Relationship|Override|file-entry)\b[^<>]*>"), b"/thumbnail")
_PATH = (re.compile(rb"<(?:\w+:)?absPath\b[^<>]*>"), b"")
_TEMPLATE = (re.compile(rb"<(?:\w+:)?(?:Relationship|attachedTemplate)\b[^<>]*>"), b"attachedtemplate")

Change = Callable[[bytes], bytes]


def _always(text: bytes) -> Change:
    return lambda _: text


def _without(tag: re.Pattern[bytes], word: bytes) -> Change:
    def emptied(found: re.Match[bytes]) -> bytes:
        text = found[0].lower()
        return b"" if word in text and text.endswith(b"/>") else found[0]

    return lambda data: tag.sub(emptied, data)


_MEMBERS: tuple[tuple[re.Pattern[str], Change], ...] = (
    (re.compile(r"docprops/core\d*\.xml|.*\.psmdcp"), _always(CORE)),
    (re.compile(r"docprops/app\d*\.xml"), _always(APP)),
    (re.compile(r"docprops/custom\d*\.xml"), _always(CUSTOM)),
    (re.compile(r"meta\.xml"), _always(META)),
    (re.compile(r"_rels/\.rels|\[content_types\]\.xml|meta-inf/manifest\.xml"), _without(*_PREVIEW)),
    (re.compile(r"xl/workbook\d*\.xml"), _without(*_PATH)),
    (re.compile(r"word/(_rels/)?settings\d*\.xml(\.rels)?"), _without(*_TEMPLATE)),
    (re.compile(r"(.*/)?(media|pictures)/[^/]+"), inside.freed),
)
_DROPPED = re.compile(r"(docprops|thumbnails)/thumbnail\.[^/]*", re.IGNORECASE)
_EMBEDDED = re.compile(r"\w+/embeddings/[^/]+\.(docx|xlsx|pptx)", re.IGNORECASE)


def freed(data: bytes, left: int = DEEPEST) -> bytes:
    """An Office file that opens as before and tells nothing of its author.

    :raises Unfit: it unpacks to more than anybody's office makes, or holds two members of one name.
    :raises Exception: a member cannot be unpacked.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        entries = old.infolist()
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise Unfit("big", "an archive that unpacks to too much")
        if _is_sealed(old, entries):
            return data
        if len({entry.filename for entry in entries}) < len(entries):
            raise Unfit("bad", "an archive with two members of one name")
        same = _bare(old, entries, len(data))
        for entry in entries:
            content = old.read(entry)
            kept = _member(entry.filename, content, left)
            if kept != content:
                same = False
            if kept is not None:
                new.writestr(_head(entry), kept)
    return data if same else out.getvalue()


def _is_sealed(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> bool:
    """Whether a package is signed or locked: a change makes the signature void, or the whole unreadable."""
    names = {entry.filename.lower() for entry in entries}
    if any(name.startswith("_xmlsignatures/") or name == "meta-inf/documentsignatures.xml" for name in names):
        return True
    manifest = next((entry for entry in entries if entry.filename == "META-INF/manifest.xml"), None)
    return manifest is not None and b"encryption-data" in package.read(manifest)


def _member(name: str, content: bytes, left: int) -> bytes | None:
    """What of a member is kept; None for nothing at all."""
    if _DROPPED.fullmatch(name):
        return None
    if _EMBEDDED.fullmatch(name) and left > 1:
        return freed(content, left - 1) if content.startswith(b"PK\x03\x04") else content
    low = name.lower()
    for names, change in _MEMBERS:
        if names.fullmatch(low):
            return change(content)
    return content


def _head(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A member's name and how it is packed, and nothing else: others hold times and ids of users."""
    head = zipfile.ZipInfo(entry.filename, FIRST_DAY)
    stored = entry.compress_type == zipfile.ZIP_STORED  # OpenDocument's first member has to be
    head.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    head.create_system, head.external_attr = 0, PLAIN
    return head


def _bare(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int) -> bool:
    """Whether an archive holds its members and nothing of its maker, neither beside nor between them."""
    names = sum(len(entry.filename.encode()) for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    bare = all(
        entry.date_time == FIRST_DAY
        and not entry.extra
        and not entry.comment
        and entry.external_attr == PLAIN
        and not entry.internal_attr
        and entry.create_system == 0
        for entry in entries
    )
    # 30 bytes of a local head, 46 of one in the list, 22 of the end: APPNOTE 4.3
    return bare and not archive.comment and size == 76 * len(entries) + 2 * names + packed + 22
