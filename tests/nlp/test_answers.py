from __future__ import annotations

import pytest

from nlp.reader import Reader


@pytest.mark.parametrize(
    ("text", "province", "names"),
    [
        ("ควนขนุน", "93", ("พัทลุง", "ควนขนุน", "")),
        ("บ้านไผ่", "40", ("ขอนแก่น", "บ้านไผ่", "")),
        ("บ้านดู่", "57", ("เชียงราย", "เมืองเชียงราย", "บ้านดู่")),
        ("แม่จัน", "57", ("เชียงราย", "แม่จัน", "")),
        ("อยู่แถวแม่จันค่ะ", "57", ("เชียงราย", "แม่จัน", "")),
        ("ควนขนุน พัทลุง", None, ("พัทลุง", "ควนขนุน", "")),
        ("หมู่ 3 บ้านดู่ เชียงราย", None, ("เชียงราย", "เมืองเชียงราย", "บ้านดู่")),
        ("จ.พัทลุง อ.ควนขนุน ต.มะกอกเหนือ", None, ("พัทลุง", "ควนขนุน", "มะกอกเหนือ")),
        ("ไม่ใช่เชียงราย เชียงใหม่ต่างหาก", "57", ("เชียงใหม่", "", "")),
        ("บ่แม่นขอนแก่น อยู่โคราช", "40", ("นครราชสีมา", "", "")),
    ],
)
def test_a_name_that_is_the_whole_text_is_a_place(
    reader: Reader, text: str, province: str | None, names: tuple[str, str, str]
) -> None:
    for place in (reader.locate(text, province), reader.locate_answer(text, province)):
        assert place is not None
        assert (place.province, place.amphoe, place.tambon) == names


@pytest.mark.parametrize(
    ("text", "province", "names"),
    [
        ("พาน", "57", ("เชียงราย", "พาน", "")),
        ("เมือง", "57", ("เชียงราย", "เมืองเชียงราย", "")),
        ("เลย", None, ("เลย", "", "")),
        ("มะกอกเหนือ", None, ("พัทลุง", "ควนขนุน", "มะกอกเหนือ")),
        ("ในเมือง บ้านไผ่", "40", ("ขอนแก่น", "บ้านไผ่", "ในเมือง")),
        ("ตรงทางไปสวนยาย ที่บ้านดู่ ถัดจากวัดไปหน่อย", "57", ("เชียงราย", "เมืองเชียงราย", "บ้านดู่")),
    ],
)
def test_in_an_answer_a_bare_name_counts_anywhere(
    reader: Reader, text: str, province: str | None, names: tuple[str, str, str]
) -> None:
    place = reader.locate_answer(text, province)
    assert place is not None
    assert (place.province, place.amphoe, place.tambon) == names
    careful = reader.locate(text, province)
    assert careful is None or (careful.province, careful.amphoe, careful.tambon) != names


def test_a_village_number_alone_gives_village_words_only(reader: Reader) -> None:
    place = reader.locate_answer("หมู่ 7", "57")
    assert place is not None
    assert (place.village, place.amphoe_code, place.tambon_code) == ("หมู่ 7", "", "")


def test_an_answer_keeps_the_village_beside_the_name(reader: Reader) -> None:
    place = reader.locate_answer("บ้านดู่ หมู่ 3 ค่ะ", "57")
    assert place is not None
    assert (place.tambon, place.village) == ("บ้านดู่", "หมู่ 3")


def test_a_marked_tambon_with_a_namesake_still_asks(reader: Reader) -> None:
    place = reader.locate_answer("ต.ควนขนุน", "93")
    assert place is not None
    assert (place.tambon_code, len(place.candidates)) == ("", 2)


@pytest.mark.parametrize("text", ["ค่ะ", "ไม่รู้", "ถนนพัง", "วัดป่าซาง", "ซอยแม่จัน 3", "ตลาด", ""])
def test_what_names_no_place_is_none(reader: Reader, text: str) -> None:
    assert reader.locate(text, "57") is None


@pytest.mark.parametrize("text", ["ม.6 จะจบแล้ว", "หลานอยู่ ม.6", "PM 2.5 สูง", "นักเรียน ม.6/2"])
def test_school_years_and_particles_are_no_village(reader: Reader, text: str) -> None:
    place = reader.locate(text, "57")
    assert place is None or place.village == ""


@pytest.mark.parametrize("text", ["หมู่ 3\nม.4\nไฟดับ", "บ้านห้วยขม\nหมู่ 4", "หมู่\n3"])
def test_the_words_of_a_village_stand_in_one_line(reader: Reader, text: str) -> None:
    place = reader.locate(text, "57")
    assert place is None or "\n" not in place.village + place.words


def test_a_report_that_only_holds_a_name_is_read_as_before(reader: Reader) -> None:
    assert reader.locate("ยกพานไหว้ครู", "57") is None
    assert reader.locate("ไปตลาดบ้านดู่มา น้ำท่วมมาก ลุยน้ำกลับบ้าน", "57") is None
