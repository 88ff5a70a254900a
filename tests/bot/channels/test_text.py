"""Text measured, divided and shortened as the platforms count it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.text import clean, cut_out, divide, graphemes, shorten, shorten_units, utf16

texts = st.text(alphabet="กขงจนรล ิ้่าำเแ🙏👩🏽\u200d🌾🇹🇭\n ab", max_size=400)


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("ที่นี่น้ำ", ["ที่", "นี่", "น้ำ"]),
        ("เด็ก", ["เ", "ด็", "ก"]),
        ("👩🏽\u200d🌾!", ["👩🏽\u200d🌾", "!"]),
        ("🇹🇭🇱🇦", ["🇹🇭", "🇱🇦"]),
        ("a\r\nb", ["a", "\r\n", "b"]),
        ("", []),
    ],
)
def test_graphemes(text: str, letters: list[str]) -> None:
    assert graphemes(text) == letters


@given(texts, st.integers(12, 80))
def test_divided_text_fits_and_loses_white_space_only(text: str, limit: int) -> None:
    parts = divide(text, limit)
    assert all(0 < utf16(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(texts, st.integers(12, 80))
def test_shortened_text_fits(text: str, limit: int) -> None:
    assert len(graphemes(shorten(text, limit))) <= limit
    assert utf16(shorten_units(text, limit)) <= limit
    assert shorten(text, 1000) == shorten_units(text, 1000) == text


def test_text_is_divided_at_the_best_place() -> None:
    assert divide("หนึ่งสองสาม สี่ห้า\n\nหกเจ็ด แปด", 22) == ["หนึ่งสองสาม สี่ห้า", "หกเจ็ด แปด"]
    assert divide("aaaa bbbb cccc", 10) == ["aaaa bbbb", "cccc"]
    assert divide("  \n ", 10) == []


def test_cut_out_counts_in_utf16_units() -> None:
    assert cut_out("🙏 @bot น้ำ @bot", [(3, 4), (12, 4)]) == "🙏 น้ำ"


def test_clean_leaves_only_what_a_database_takes() -> None:
    assert clean("ก\x00ข\ud83dค") == "กข\ufffdค"
    assert clean("🙏") == "🙏"
