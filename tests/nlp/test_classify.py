from __future__ import annotations

import pytest

from nlp.reader import Reader

SENTENCES = [
    ("elderly_ltc", "ยายข้างบ้านติดเตียงมาสองปี ไม่มีคนดูแลเลยค่ะ ขอแพมเพิสหน่อย"),
    ("health_service", "ไปโรงพยาบาลตั้งแต่ตีสี่ รอคิวนานถึงบ่าย หมอไม่พอ"),
    ("disease_food", "ไข้เลือดออกมาแล้วสามบ้าน ยุงลายเยอะมาก ลูกน้ำเต็มโอ่ง"),
    ("mental_health", "น้องชายเป็นซึมเศร้า ขาดยาจิตเวช คุ้มคลั่งบ่อย"),
    ("drugs_alcohol", "วัยรุ่นติดยาบ้ากันเต็มหมู่บ้าน มั่วสุมเสพยาท้ายซอย"),
    ("child_education", "หลานไม่ได้เรียนต่อเพราะไม่มีค่าเทอม อยากขอทุนการศึกษา"),
    ("family_violence", "ผัวตีเมียทุกคืน ลูกเห็นตลอด อยากให้มีคนมาช่วย"),
    ("income_debt", "เป็นหนี้นอกระบบ ดอกโหด โดนทวงหนี้ทุกวัน"),
    ("agriculture", "ราคายางตกต่ำ ปุ๋ยแพง ชาวสวนอยู่ไม่ได้แล้ว"),
    ("land_housing", "อยู่มาสามรุ่นไม่มีเอกสารสิทธิ ป่าสงวนทับที่ชาวบ้าน"),
    ("water", "ประปาหมู่บ้านไม่ไหลสองอาทิตย์ น้ำขุ่นด้วย"),
    ("disaster_haze", "หมอกควันหนามาก ฝุ่น PM2.5 แสบจมูกทั้งหมู่บ้าน"),
    ("environment", "กองขยะหน้าตลาดเหม็นมาก รถขยะไม่มาเก็บ"),
    ("megaproject", "ไม่เอาเหมืองหิน ประชาพิจารณ์ก็ไม่บอกชาวบ้าน"),
    ("infrastructure", "ถนนพังเป็นหลุมบ่อ ไฟทางก็ดับ"),
    ("safety", "โค้งอันตรายหน้าวัด รถชนกันอาทิตย์ละหลายรอบ"),
    ("rights_status", "เด็กในหมู่บ้านไร้สัญชาติ ไม่มีบัตรประชาชน"),
    ("governance", "กรรมการยักยอกเงินกองทุนหมู่บ้าน ไม่โปร่งใสเลย"),
    ("water", "น้ำบ่ไหลมาสามมื้อแล้ว บ่มีน้ำใช้เด้อ"),
    ("elderly_ltc", "แม่อุ๊ยอยู่คนเดียว ลุกบ่ได้ บ่มีไผผ่อ"),
    ("other", "สวัสดีค่ะทุกคน"),
]


@pytest.mark.parametrize(("slug", "text"), SENTENCES)
def test_plain_sentences_find_their_category(reader: Reader, slug: str, text: str) -> None:
    assert reader.read(text).category == slug


def test_three_alternatives_best_first_and_a_confidence(reader: Reader) -> None:
    reading = reader.read("น้ำท่วมถนนขาด")
    chances = [chance for _, chance in reading.alternatives]
    assert len(chances) == 3
    assert chances == sorted(chances, reverse=True)
    assert reading.alternatives[0] == (reading.category, reading.confidence)
    assert 0 < sum(chances) <= 1 + 1e-9


def test_plain_words_are_sure_and_vague_ones_are_not(reader: Reader) -> None:
    assert reader.read("น้ำประปาไม่ไหล ประปาหมู่บ้านเสีย").sure
    assert not reader.read("มันแย่มากเลยนะตรงนี้").sure


def test_evidence_stands_in_the_text(reader: Reader) -> None:
    text = "ฝุ่น PM2.5 เยอะมาก ไฟป่าทุกปี"
    evidence = reader.read(text).evidence
    assert "PM2.5" in evidence
    assert all(word in text for word in evidence)


def test_a_longer_word_hides_the_one_inside_it(reader: Reader) -> None:
    assert "น้ำ" not in reader.read("น้ำท่วมบ้าน").evidence


@pytest.mark.parametrize(
    ("sub", "text"),
    [("tap", "น้ำประปาขุ่นมาก"), ("farm_water", "ไม่มีน้ำทำนา คลองส่งน้ำแห้ง"), ("debt", "โดนทวงหนี้นอกระบบ")],
)
def test_the_sub_topic_is_named(reader: Reader, sub: str, text: str) -> None:
    assert reader.read(text).sub == sub


def test_dots_in_abbreviations_do_not_matter(reader: Reader) -> None:
    assert reader.read("รพสต ยาหมด").category == reader.read("รพ.สต. ยาหมด").category == "health_service"


PLAIN = [
    ("infrastructure", "ไฟถนนดับ"),
    ("environment", "ขยะ"),
    ("infrastructure", "ถนนเป็นหลุม"),
    ("infrastructure", "สะพานหัก"),
    ("infrastructure", "สายไฟขาดห้อย"),
    ("infrastructure", "ถนนไนซอยมีหลุมไหย่มากคับ"),
    ("water", "น้ำประปาไม่ไหล"),
    ("disaster_haze", "น้ำท่วม"),
    ("disaster_haze", "ฝุ่นเยอะมาก"),
    ("drugs_alcohol", "ยาบ้า"),
    ("water", "น้ำบ่ไหล"),
]


@pytest.mark.parametrize(("slug", "text"), PLAIN)
def test_one_clause_with_a_telling_word_is_sure(reader: Reader, slug: str, text: str) -> None:
    reading = reader.read(text)
    assert (reading.category, reading.sure) == (slug, True)


@pytest.mark.parametrize("text", ["มีเรื่องจะบอก", "แย่มากเลย", "ทำไมเป็นแบบนี้ทุกที"])
def test_what_says_too_little_is_not_sure(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert not reading.sure or reading.kind in {"chitchat", "question"}


def test_a_text_of_one_matter_leaves_little_for_others_and_one_of_two_shares(reader: Reader) -> None:
    alone = reader.read("ไฟทางดับ").alternatives
    assert [slug for slug, chance in alone if chance >= 0.1] == ["infrastructure"]
    both = reader.read("ขยะเต็มถนน ถนนเป็นหลุม").alternatives
    assert {slug for slug, _ in both[:2]} == {"infrastructure", "environment"}


def test_the_category_alone_is_that_of_the_reading(reader: Reader) -> None:
    assert all(reader.category(text) == reader.read(text).category for _, text in SENTENCES)
