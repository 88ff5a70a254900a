"""Words of abuse stand before a name as a title does; where they name nobody, nothing is masked."""

from __future__ import annotations

import re

import pytest

from nlp.redact import Redactor


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("สมชาย", "ไอ้สัดสมชายขโมยสายไฟ"),
        ("สมชาย", "เบื่อไอ้สัด สมชาย เปิดเพลงดังทุกคืน"),
        ("สมชาย", "ไอ้สัสสมชายทิ้งขยะหน้าบ้าน"),
        ("สมชาย", "ไอ้เหี้ยสมชายเปิดเพลงดัง"),
        ("ต้อม", "ไอ้เหี้ยต้อม มันขับรถเร็ว"),
        ("สมศรี", "อีดอกสมศรีด่าทั้งซอย"),
        ("แดง", "อีดอกแดง มันทิ้งขยะ"),
        ("สมศรี", "อีเหี้ย สมศรี ปล่อยน้ำเสีย"),
        ("สมชาย", "ไอ้ควายสมชายเผาหญ้า"),
        ("สมศักดิ์", "ไอ้บ้าสมศักดิ์ถือมีดเดินหน้าวัด"),
        ("บุญมี", "ไอ้ขี้ยาบุญมีขโมยของ"),
        ("สมศรี", "อีตอแหลสมศรีโกงเงินกองทุน"),
        ("สมชาย", "ไอ้ชาติหมาสมชายปล่อยควันทั้งคืน"),
    ],
)
def test_a_name_behind_abuse_is_masked_and_the_abuse_stays(redactor: Redactor, name: str, text: str) -> None:
    masked = redactor.mask(text).text
    assert name not in masked
    assert masked.startswith(re.split("สม|ต้อม|แดง|บุญ|สัส", text)[0])
    assert masked.count("[ชื่อ]") == 1


@pytest.mark.parametrize(
    "text",
    [
        "ไอ้สัดหมามันขี้หน้าบ้าน",
        "ไอ้เหี้ยข้างบ้านเปิดเพลงดัง",
        "ไอ้ควายดำมันหลุดเข้าไร่",
        "ไอ้หมาดำกัดเด็ก",
        "อีดอกไม้หน้าวัดเหี่ยวหมด",
        "ไอ้สัตว์เลี้ยงกัดคน",
        "ตัวเหี้ยเข้าเล้าไก่",
        "ไอ้ขี้ยาเต็มซอย",
        "ไอ้สัดแดงทั้งคลอง",
        "ไอ้ห่าฝนตกหนัก",
        "ไอ้สัดแม่งไม่มาเก็บขยะ",
        "ไอ้สัด น้ำท่วม",
        "ไอ้ห่าราก ถนนเป็นหลุม",
        "ไอ้สัดถนนพัง",
        "ไอ้เวรนี่ขับรถเร็ว",
        "อีบ้านนี้ทิ้งขยะ",
        "ไอ้โจรปล้นบ้าน",
        "อีสานแล้งทั้งปี",
    ],
)
def test_abuse_that_names_nobody_is_no_name(redactor: Redactor, text: str) -> None:
    assert redactor.mask(text).text == text
