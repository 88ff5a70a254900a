"""An animal that died at somebody's house is no emergency and no small talk; a person at that house still is."""

from __future__ import annotations

import pytest

from nlp.reader import Reader

DIED = (
    "ควายต๋าย",
    "ควายตายแล้ว ช่วยด้วย",
    "วัวล้มตาย ด่วน",
    "งัวนอนตาย จ่วยตวย",
    "แพะตาย เฮ็ดจะใด๋ดี",
    "หมูป่วย บ่ฮู้เป็นหยัง",
    "ไก่ตาย เมื่อคืน",
)
HOUSES = ("บ้านแม่อุ๊ย", "ที่บ้านลุงสมชาย", "เฮือนป้อหลวง", "บ้านยายมี ต.แม่ยาว", "บ้านป้าบัว หมู่ 3")


@pytest.mark.parametrize("house", HOUSES)
def test_an_animal_that_died_at_somebodys_house_is_told_and_no_emergency(reader: Reader, house: str) -> None:
    read = {died: reader.read(f"{died} {house}", "57") for died in DIED}
    assert {died: (one.urgency, one.kind) for died, one in read.items() if one.kind in ("emergency", "chitchat")} == {}
    assert {died: one.category for died, one in read.items() if one.category != "agriculture"} == {}
    first = {died: reader.read(f"{house} {died}", "57").urgency for died in DIED}
    assert [died for died, urgency in first.items() if urgency == "emergency"] == []


@pytest.mark.parametrize(
    "text",
    [
        "ควายตาย บ้านแม่อุ๊ย แม่อุ๊ยล้มหัวแตก เลือดออก",
        "ควายตาย ยายล้มหมดสติอยู่บ้านป้า",
        "ควายต๋ายแล้ว แม่อุ๊ยเป็นลมในบ้าน จ่วยตวย",
        "ควายต๋าย ป้อหลวงตกบ่อ ช่วยด้วย",
        "ควายตาย บ้านยายสลบ",
        "ไก่ตาย บ้านตาจมน้ำ",
        "วัวตาย บ้านลุง ลุงตกบ่อ ช่วยด้วย",
        "บ้านแม่อุ๊ยล้ม ลุกบ่ได้ ควายต๋ายตวย",
        "ที่บ้านยายหมดสติ ควายก็ตาย",
        "แม่อุ๊ยต๋ายในบ้าน ควายบ่มีไผผ่อ",
        "งัวต๋าย บ้านแม่อุ๊ย ผัวมันตีแม่อุ๊ยเลือดอาบ",
        "หมูตายหมดแล้ว ลุงไม่อยากอยู่แล้ว บ้านแม่อุ๊ย",
        "บ้านยายไฟไหม้ ควายตาย",
        "วัวตายที่บ้านลุง เป็นลมไปแล้ว ช่วยด้วย",
        "ไก่ตายที่บ้านแม่ ปากเบี้ยวพูดไม่ชัด",
        "เลือดออกมากที่บ้านแม่ ไก่ก็ตาย",
        "ปากเบี้ยว แขนขาอ่อนแรง ที่บ้านพ่อ หมูก็ป่วย",
        "ควายตายที่บ้านพ่อ แล้วก็ไม่ขยับเลย",
    ],
)
def test_what_befalls_a_person_beside_an_animal_stays_an_emergency(reader: Reader, text: str) -> None:
    assert reader.read(text, "57").urgency == "emergency"
