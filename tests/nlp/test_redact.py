from __future__ import annotations

import pytest

from nlp.reader import Reader


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("0812345678", "โทร 0812345678 ได้เลย"),
        ("081-234-5678", "โทร 081-234-5678"),
        ("081 234 5678", "เบอร์ 081 234 5678 ค่ะ"),
        ("๐๘๑-๒๓๔-๕๖๗๘", "โทร ๐๘๑-๒๓๔-๕๖๗๘"),
        ("053-123456", "โทรบ้าน 053-123456"),
        ("+66812345678", "call +66812345678"),
        ("1-5001-00123-45-6", "บัตร 1-5001-00123-45-6"),
        ("1500100123456", "เลขบัตร 1500100123456 นะ"),
        ("somchai.k@example.com", "อีเมล somchai.k@example.com"),
        ("pa_tim99", "ไลน์ pa_tim99"),
        ("nong.kung", "ไอดีไลน์: nong.kung"),
        ("boy1234", "Line ID boy1234"),
        ("@banrai", "แอด @banrai มานะ"),
        ("123-4-56789-0", "โอนมาที่ 123-4-56789-0"),
        ("1234567890", "เลขบัญชี กสิกร 1234567890"),
        ("201", "บ้านเลขที่ 201 ต.แม่ยาว"),
        ("12/3", "อยู่ 12/3 ม.4 ค่ะ"),
        ("กข 1234", "ทะเบียนรถ กข 1234 ขับเร็วมาก"),
        ("สมชาย", "นายสมชาย ใจดี เป็นคนทำ"),
        ("ใจดี", "นายสมชาย ใจดี เป็นคนทำ"),
        ("สมหญิง", "น.ส.สมหญิง มาแจ้ง"),
        ("ธนกร", "ด.ช.ธนกร โดนรถชน"),
        ("ลุงทองดี", "ลุงทองดีแกไม่มีข้าวกิน"),
        ("ป้าแจ่ม", "ป้าแจ่มแกป่วย"),
        ("คำปัน", "แม่อุ๊ยคำปันอยู่คนเดียว"),
        ("สมพร", "ผู้ใหญ่สมพรไม่ทำอะไรเลย"),
        ("มาลี", "ชื่อมาลี เบอร์ลืม"),
    ],
)
def test_personal_data_does_not_survive(reader: Reader, secret: str, text: str) -> None:
    reading = reader.read(text)
    assert secret not in reading.masked_text
    assert secret not in reading.summary
    assert "[" in reading.masked_text


@pytest.mark.parametrize(
    "text",
    [
        "โทร 191 หรือ 1669 หรือ 1323 ได้",
        "ตายายอยู่กันสองคน",
        "พี่น้องช่วยกัน",
        "แม่ค้าในตลาดเดือดร้อน",
        "แม่น้ำกกขุ่นมาก",
        "ยายอยู่คนเดียว",
        "นายกไม่สนใจ",
        "นายทุนมากว้านซื้อที่",
        "คุณภาพน้ำไม่ดี",
        "นายจ้างไม่จ่ายเงิน",
        "พ่อแม่ทิ้งเด็กไว้",
        "ปี 2568 งบ 1,500,000 บาท",
        "หมอบอกว่าให้รอ",
        "ครูสอนดีมาก",
        "ไม่เคยชื่อเสียงเสียหาย",
    ],
)
def test_ordinary_words_and_hotlines_stay(reader: Reader, text: str) -> None:
    assert reader.read(text).masked_text == text


def test_the_title_stays_so_that_the_sentence_can_be_read(reader: Reader) -> None:
    assert reader.read("ลุงทองดีแกป่วย").masked_text == "ลุง[ชื่อ]แกป่วย"
