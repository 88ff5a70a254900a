from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from nlp.normalize import clean, fold
from nlp.reader import Reader
from nlp.tokenize import tokens


def test_words_stand_where_they_say() -> None:
    text = "ถนนหน้าโรงเรียนพัง ซ่อมสักทีนะคะ"
    found = tokens(text)
    assert "".join(found.words) == text.replace(" ", "")
    assert [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)] == [*found.words]


def test_a_long_text_keeps_its_positions() -> None:
    text = "ไฟทางดับทั้งซอยมืดมาก " * 100
    found = tokens(text)
    assert "".join(found.words) == text.replace(" ", "")


def test_reading_runs_through_pythainlps_tokenizer(reader: Reader) -> None:
    """Counts the real calls by the interpreter's own profiler; nothing is replaced."""
    seen: list[str] = []

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if (
            event == "call"
            and frame.f_code.co_name == "word_tokenize"
            and frame.f_globals.get("__name__") == "pythainlp.tokenize.core"
        ):
            seen.append(frame.f_locals["text"])

    text = "น้ำประปาขุ่นเป็นโคลน ใช้ไม่ได้เลย"
    sys.setprofile(watch)
    try:
        reading = reader.read(text)
    finally:
        sys.setprofile(None)
    assert fold(clean(text)) in seen
    assert reading.category == "water"


def test_the_category_depends_on_where_words_begin(reader: Reader) -> None:
    # "ตาย" stands inside "ตายาย" letter by letter; only a tokenizer knows that nobody dies here.
    assert reader.read("อยู่กับตายายอยากตายายมีบ้านดีๆ").sensitive is None
