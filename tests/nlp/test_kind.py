from __future__ import annotations

import pytest

from nlp.reader import Reader

ANSWERS = [
    ({"chitchat"}, "👍"),
    ({"chitchat"}, "❤️"),
    ({"chitchat"}, "ครับ"),
    ({"chitchat"}, "โอเค"),
    ({"chitchat"}, "หยุด"),
    ({"chitchat"}, "รับเรื่อง"),
    ({"chitchat"}, "ค่ะ"),
    ({"chitchat"}, "ได้ค่ะ"),
    ({"chitchat"}, "ยกเลิก"),
    ({"question", "chitchat"}, "ลบข้อมูลของฉัน"),
    ({"question", "chitchat"}, "คุณเป็นใคร"),
    ({"question", "chitchat"}, "ใช้ยังไง"),
    ({"question", "chitchat"}, "ขอคุยกับคน"),
    ({"question", "chitchat"}, "บอทหรือคน"),
]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("problem", "ถนนเข้าหมู่บ้านพังมาสองปี ไม่มีใครซ่อม"),
        ("proposal", "ขอเสนอให้มีรถรับส่งคนแก่ไปโรงพยาบาลเดือนละครั้ง"),
        ("asset", "หมู่บ้านเรามีกลุ่มทอผ้าย้อมคราม ได้รางวัลระดับจังหวัด"),
        ("question", "ขอถามหน่อยค่ะ เบี้ยผู้สูงอายุออกวันไหน"),
        ("thanks", "ขอบคุณมากนะคะ"),
        ("chitchat", "สวัสดีค่ะ กินข้าวหรือยัง"),
        ("chitchat", "👍👍"),
        ("chitchat", "ทดสอบ"),
        ("spam", "ปล่อยกู้เงินด่วน อนุมัติไว สนใจทักไลน์"),
        ("emergency", "ช่วยด้วยค่ะ พ่อหมดสติ ไม่หายใจ"),
    ],
)
def test_the_kind_of_plain_sentences(reader: Reader, kind: str, text: str) -> None:
    assert reader.read(text).kind == kind


def test_a_request_in_the_form_of_a_question_is_a_problem(reader: Reader) -> None:
    assert reader.read("ไฟทางหน้าวัดดับหมดแล้ว มืดมาก มาซ่อมให้หน่อยได้ไหมคะ").kind == "problem"


def test_words_that_no_list_knows_may_be_a_report(reader: Reader) -> None:
    assert reader.read("แผ่นป้ายตรงหน้าร้านหล่นลงมาทับต้นกล้วย").kind == "problem"


def test_an_offer_with_a_number_to_call_is_spam(reader: Reader) -> None:
    assert reader.read("ร้านเปิดใหม่ ลดราคาทั้งร้าน โทร 0812345678").kind == "spam"


@pytest.mark.parametrize(("kinds", "text"), ANSWERS)
def test_reactions_and_words_to_the_bot_are_no_report(reader: Reader, kinds: set[str], text: str) -> None:
    assert reader.read(text, "57").kind in kinds


@pytest.mark.parametrize("text", ["ใครขายยาบ้าอยู่ท้ายซอย รู้กันหมด", "ใครๆ ก็รู้ว่าขายยาบ้าอยู่ท้ายซอย"])
def test_who_inside_a_statement_asks_nothing(reader: Reader, text: str) -> None:
    assert reader.read(text).kind == "problem"
