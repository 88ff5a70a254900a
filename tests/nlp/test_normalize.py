from __future__ import annotations

import pytest

from nlp.normalize import MAX_CHARACTERS, UNDERSTOOD, beginning_and_end, clean, fold


def test_zero_width_and_control_characters_vanish() -> None:
    assert clean("ถ\u200bนน\u200dพัง\x00มาก\ufeff") == "ถนนพังมาก"


def test_lone_surrogates_vanish() -> None:
    assert clean("น้ำ\ud83dไม่ไหล") == "น้ำไม่ไหล"


def test_nikhahit_and_aa_become_am() -> None:
    assert clean("นํ้าประปา") == "น้ำประปา"


def test_two_sara_e_become_ae() -> None:
    assert clean("เเม่น้ำ") == "แม่น้ำ"


def test_order_is_kept_across_pieces_of_a_long_text() -> None:
    long = "ประปาไม่ไหล เเถมแพง " * 60
    assert clean(long) == ("ประปาไม่ไหล แถมแพง " * 60).strip()


def test_lines_stay_lines() -> None:
    assert clean("หนึ่ง\r\nสอง\rสาม") == "หนึ่ง\nสอง\nสาม"


def test_thai_digits_become_arabic_when_folded() -> None:
    assert fold("หมู่ ๑๒") == "หมู่ 12"


def test_elongation_is_said_once() -> None:
    assert fold("มากกกกก") == "มาก"


def test_digits_are_never_collapsed() -> None:
    assert fold("0990002214") == "0990002214"


def test_echoes_are_said_once() -> None:
    assert fold("ช่วยด้วย" * 30) == "ช่วยด้วย"


def test_a_word_spelled_out_letter_by_letter_is_joined() -> None:
    assert fold("น้ำ ค่ะ อ ย า ก ต า ย ค่ะ").count("อยากตาย") == 1


def test_a_long_text_is_cut_and_says_so() -> None:
    cleaned = clean("ก ข " * 10_000)
    assert len(cleaned) <= MAX_CHARACTERS + 1
    assert cleaned.endswith("…")


def test_what_decides_about_a_long_text_holds_its_end() -> None:
    decided = beginning_and_end("ก" * 5_000 + "ตอนจบ")
    assert decided.endswith("ตอนจบ")
    assert len(decided) <= UNDERSTOOD * 1.3


@pytest.mark.parametrize("text", ["", " ", "\n", "่", "\x00", "👍"])
def test_tiny_texts_are_cleaned_and_folded(text: str) -> None:
    assert fold(clean(text)) in {"", "👍"}
