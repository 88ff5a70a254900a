"""What villagers wrote when they tried it and what was understood wrongly, each with what must stay as it is."""

from __future__ import annotations

import pytest

from nlp.reader import Reader
from nlp.redact import Redactor

ANIMALS = [
    "ควายน้ำลายฟูมปาก ตีนเปื่อย ลุกบ่ได้",
    "หมูตายสามตัว",
    "วัวล้มลุกไม่ขึ้น",
    "วัวผมล้ม ลุกไม่ขึ้น",
    "วัวพ่อล้มลุกไม่ขึ้น",
    "วัวชักตาตั้ง",
    "ไก่ตายหมดเล้า",
    "ควายแม่อุ๊ยต๋าย",
    "ช่วยด้วยค่ะ หมูตายหมดเล้าเลย",
]
PEOPLE_BESIDE_ANIMALS = [
    "ควายขวิดพ่อ เลือดไหลไม่หยุด",
    "หมูชักน้ำลายฟูมปาก ยายเป็นลม",
    "วัวชนพ่อล้มลุกไม่ขึ้น",
    "ควายล้มทับลุง ลุกไม่ได้",
    "ช่วยด้วย ควายไล่ขวิด",
    "กินลาบวัวแล้วท้องเสีย ยายหมดสติ",
    "พี่หมูชักน้ำลายฟูมปาก",
    "น้องไก่หมดสติ",
]
EMERGENCIES = [
    "ยายล้มในห้องน้ำ ลุกบ่ได้",
    "แม่หกล้ม ขยับตัวไม่ได้",
    "ตาตกบันไดลุกไม่ขึ้น",
    "ล้มในห้องน้ำ ลุกไม่ได้",
    "ลุงตกต้นไม้ ขยับไม่ได้",
    "เขามาแล้ว ช่วยด้วย",
    "มันมาแล้ว กลัว",
    "กลัว มันมาแล้ว",
]
FIRES = ["ไฟไหม้ป่า หลังบ้าน", "ไฟป่าลามมาใกล้หมู่บ้าน", "ไฟไหม้หญ้าข้างบ้าน", "ไฟไหม้ไร่อ้อยใกล้โรงเรียน"]
NO_EMERGENCIES = [
    "ยายลุกไม่ได้มาสามปีแล้ว ติดเตียง",
    "ยายหกล้มตั้งแต่ปีก่อน ลุกไม่ได้ ขอเตียง",
    "กลัวยายล้มแล้วลุกไม่ได้",
    "แม่หกล้มขาหัก",
    "เศรษฐกิจล้มลุกไม่ขึ้น พ่อค้าแม่ค้าแย่",
    "แม่ล้มละลายลุกไม่ขึ้น",
    "เทศบาลเขามาแล้วแต่ไม่ช่วย",
    "ต้นไม้ล้มขวางทาง รถขยับไม่ได้",
    "ไฟป่าบนดอย",
    "กลัวไฟป่าลามมาถึงหมู่บ้าน",
    "ควันไฟป่าเข้าบ้าน แสบตา",
    "จดหมายจาก ป.2: ขอบคุณพี่ดับเพลิงที่ดับไฟป่าหลังโรงเรียน",
    "เผาหญ้าข้างบ้านทุกวัน ควันเยอะ",
    "เขามาแล้ว",
    "รถขยะมาแล้ว ช่วยดูให้หน่อย",
    "ไฟถนนดับมืดหมดเลยค่ะ หน้าโรงเรียน",
    "ที่บ้านเรามันแย่มากเลยครับ อยู่ไม่ได้แล้ว ช่วยดูให้หน่อย",
]
PROBLEMS = {
    "ไฟถนนดับมืดหมดเลยค่ะ หน้าโรงเรียน": ("infrastructure", "power_light"),
    "หน้าตลาด ขยะล้นถัง ไม่มีใครมาเก็บ": ("environment", "waste"),
    "ขยะหน้าตลาดสดล้น": ("environment", "waste"),
    "ท่อประปาแตก ให้เจ้าหน้าที่โทรกลับ": ("water", "tap"),
    "ท่อประปาแตก\nอยากให้เจ้าหน้าที่โทรกลับ": ("water", "tap"),
    "น้ำประปาไม่ไหล": ("water", "tap"),
    "ไฟดับ\nขอบคุนจ้า": ("infrastructure", "power_light"),
    "ไฟดับ\nเชียงใหม่อากาศดี": ("infrastructure", "power_light"),
    "ไฟดับ\nแล้วเมื่อไหร่จะมาซ่อม": ("infrastructure", "power_light"),
    "ไฟดับ\nแล้วเมื่อไหร่จะมาซ่อม\nขอบคุนจ้า": ("infrastructure", "power_light"),
    "ไฟดับ\nมึงเป็นใคร": ("infrastructure", "power_light"),
    "สวัสดีค่ะ\nน้ำไม่ไหล\nหมู่ 5 บ้านดอน\nขอบคุณค่ะ": ("water", "tap"),
}
TO_US = ["มึงเป็นใคร", "โทรมาหน่อย", "คุยกับคนได้มั้ย", "อยากให้เจ้าหน้าที่โทรกลับ"]
THANKS = ["ขอบคุนค่า", "ขอบคุนจ้า", "ยินดีเน้อเจ้า", "แต๊งกิ้ว", "ขอบคุณค่ะ\nถนนซ่อมเสร็จแล้ว", "ขอบคุณค่ะ\nไฟมาแล้ว"]


@pytest.mark.parametrize("text", ANIMALS)
def test_ill_livestock_is_agriculture_and_no_human_emergency(reader: Reader, text: str) -> None:
    reading = reader.read(text, "57")
    assert reading.urgency != "emergency"
    assert (reading.category, reading.kind, reading.sensitive) == ("agriculture", "problem", None)


@pytest.mark.parametrize("text", [*PEOPLE_BESIDE_ANIMALS, *EMERGENCIES, *FIRES])
def test_a_person_in_danger_is_an_emergency(reader: Reader, text: str) -> None:
    assert reader.read(text, "57").urgency == "emergency"


@pytest.mark.parametrize("text", FIRES)
def test_a_fire_at_the_houses_is_about_fire(reader: Reader, text: str) -> None:
    reading = reader.read(text, "57")
    assert (reading.category, reading.sub != "flood") == ("disaster_haze", True)


@pytest.mark.parametrize("text", NO_EMERGENCIES)
def test_care_fear_and_things_are_none(reader: Reader, text: str) -> None:
    assert reader.read(text, "57").urgency != "emergency"


@pytest.mark.parametrize("text", PROBLEMS)
def test_a_trouble_stays_what_it_is_whatever_is_said_beside_it(reader: Reader, text: str) -> None:
    reading = reader.read(text, "57")
    assert (reading.kind, (reading.category, reading.sub)) == ("problem", PROBLEMS[text])


def test_all_lines_give_the_place_and_are_masked(reader: Reader) -> None:
    reading = reader.read("ไฟดับ\nขอบคุนจ้า\nอำเภอแม่สาย จังหวัดเชียงราย โทร 0812345678", "57")
    assert (reading.category, reading.place is not None) == ("infrastructure", True)
    assert "0812345678" not in reading.masked_text
    assert "ขอบคุนจ้า" in reading.masked_text


def test_a_wrong_told_with_thanks_is_a_problem(reader: Reader) -> None:
    reading = reader.read("ผัวตีหนู\nขอบคุณค่ะ", "57")
    assert (reading.kind, reading.sensitive) == ("problem", "violence")


@pytest.mark.parametrize("text", TO_US)
def test_words_to_the_one_who_answers_tell_of_no_trouble(reader: Reader, text: str) -> None:
    reading = reader.read(text, "57")
    assert (reading.kind, reading.category, reading.sensitive) == ("question", "other", None)


@pytest.mark.parametrize("text", ["ใครขโมยมิเตอร์น้ำ", "โทรแจ้งแล้วไม่มีใครมา", "คุยกับผู้ใหญ่บ้านแล้วไม่มีอะไรดีขึ้น"])
def test_the_same_words_in_a_report_are_a_problem(reader: Reader, text: str) -> None:
    assert reader.read(text, "57").kind == "problem"


@pytest.mark.parametrize("text", THANKS)
def test_thanks_are_thanks_however_they_are_spelt(reader: Reader, text: str) -> None:
    reading = reader.read(text, "57")
    assert (reading.kind, reading.category) == ("thanks", "other")


def test_a_swear_word_is_no_name() -> None:
    redactor = Redactor()
    for sworn in ("ไอ้สัส", "ไอ้สัดมึง", "ไอ้เชี่ย", "ไอ้ห่า", "อีเวร"):
        assert redactor.mask(sworn).text == sworn
    assert "สมชาย" not in redactor.mask("ไอ้สมชาย").text
