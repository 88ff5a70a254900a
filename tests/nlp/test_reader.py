from __future__ import annotations

import dataclasses
import string
import subprocess
import sys
from time import process_time
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.reader import Reader
from nlp.reading import Kind, Reading, Sensitive, Urgency


def check(reader: Reader, reading: Reading) -> None:
    assert reading.kind in get_args(Kind)
    assert reading.urgency in get_args(Urgency)
    assert reading.sensitive in {None, *get_args(Sensitive)}
    assert reading.category in reader.taxonomy.slugs
    assert reading.sub in {"", *(sub.slug for sub in reader.taxonomy.category(reading.category).subs)}
    assert 0 <= reading.confidence <= 1
    assert len(reading.alternatives) == 3
    assert len(reading.summary) <= 120
    assert (reading.kind == "emergency") == (reading.urgency == "emergency")
    reading.masked_text.encode()
    reading.summary.encode()
    if reading.place:
        assert reading.place.tambon_code.startswith(reading.place.amphoe_code) or not reading.place.tambon_code
        assert reading.place.amphoe_code.startswith(reading.place.province_code) or not reading.place.amphoe_code


def test_an_empty_text_is_small_talk_about_nothing(reader: Reader) -> None:
    reading = reader.read("")
    assert (reading.kind, reading.category, reading.sure, reading.place) == ("chitchat", "other", False, None)
    assert (reading.masked_text, reading.summary, reading.evidence) == ("", "", ())


BROKEN = {
    "one letter": "ก",
    "one mark": "่",
    "emoji": "😭🙏👍" * 50,
    "url": "https://example.com/a?b=c " * 30,
    "english": "The road in front of the school is broken again.",
    "burmese": "လမ်းပျက်နေသည်",
    "arabic": "الطريق مكسور",
    "zero width": "\u200b\u200c\u200d\ufeff" * 100,
    "control": "".join(map(chr, range(32))) * 20,
    "surrogates": "น้ำ\ud800ไม่\udfffไหล",
    "only surrogates": "\ud83d" * 10,
    "nul": "ถนน\x00พัง",
    "combining": "ก" + "่้๊๋ัิีึืุู็์ํ" * 800,
    "long plain": "ถนนหน้าบ้านพังมากค่ะ ช่วยมาดูหน่อย " * 600,
    "long run": "ก" * 20_000,
    "long digits": "1" * 20_000,
    "long dashes": "- " * 10_000,
    "long periodic": "นา" * 10_000,
    "long ambiguous": "กรกรรกรกรรม" * 1_900,
    "long names": "ลุงทองดี" * 2_500,
    "long markers": "ต.อ.จ." * 3_300,
    "long phones": "081-" * 5_000,
    "long brackets": "[" * 20_000,
    "long lines": "\n" * 20_000,
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_texts_are_read_in_bounded_time(reader: Reader, name: str) -> None:
    start = process_time()
    reading = reader.read(BROKEN[name], "40")
    # Generous: what it guards against takes seconds.
    assert process_time() - start < 0.5
    check(reader, reading)


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(
        alphabet=st.one_of(
            st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B),
            st.sampled_from(string.printable + "\u200b\ud800\u00ad๐๙😭"),
            st.characters(codec=None),
        ),
        max_size=300,
    ),
    province=st.sampled_from([None, "57", "10", "99", ""]),
)
def test_any_text_gives_a_valid_reading(reader: Reader, text: str, province: str | None) -> None:
    check(reader, reader.read(text, province))


@settings(max_examples=80, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(
            [
                "ต.",
                "อ.เมือง",
                "บ้าน",
                "หมู่ 3",
                "ม.",
                "นาย",
                "ลุง",
                "081-234-5678",
                "อยากตาย",
                "ไม่",
                "น้ำ",
                "ท่วม",
                "ไลน์ ab_c",
                "\n",
                " ",
                "1.",
                "จ.",
                "พาน",
                "๑๒",
            ]
        ),
        max_size=40,
    )
)
def test_any_mixture_of_cues_gives_a_valid_reading(reader: Reader, words: list[str]) -> None:
    check(reader, reader.read("".join(words), "57"))


def test_the_same_text_gives_the_same_reading(reader: Reader) -> None:
    text = "ถนนพัง ต.แม่ยาว โทร 0812345678"
    assert reader.read(text, "57") == reader.read(text, "57") == Reader.load().read(text, "57")


def test_a_reading_names_its_model(reader: Reader) -> None:
    assert reader.read("ถนนพัง").model == reader.model.card.version


def test_a_reader_cannot_be_changed(reader: Reader) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        reader.taxonomy = reader.taxonomy  # type: ignore[misc]


def test_importing_loads_no_dictionary_and_no_names() -> None:
    code = (
        "import sys, nlp.reader, nlp.evaluate, nlp.split;"
        "sys.exit(bool({'pythainlp', 'nlpo3', 'geothai'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_this_room_knows_nobody_above() -> None:
    code = (
        "import sys; from nlp.reader import Reader; Reader.load().read('ถนนพัง');"
        "sys.exit(any(name.split('.')[0] in {'bot', 'handlers', 'storage'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
