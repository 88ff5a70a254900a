from __future__ import annotations

from time import process_time

import pytest

from nlp.reader import Reader


@pytest.mark.parametrize(
    ("text", "province", "tambon"),
    [
        ("ถนนพัง ต.แม่ยาว", "57", "570106"),
        ("ถนนพัง ตำบลแม่ยาว", "57", "570106"),
        ("ไฟดับที่ ต. แม่ยาว อ.เมือง จ.เชียงราย", None, "570106"),
        ("อบต.แม่ยาวไม่มาเก็บขยะ", "57", "570106"),
        ("น้ำไม่ไหล ต.ในเมือง อ.เมือง", "40", "400101"),
        ("น้ำไม่ไหล ต.ในเมือง บ้านไผ่", "40", "401002"),
    ],
)
def test_tambons_get_their_official_code(reader: Reader, text: str, province: str | None, tambon: str) -> None:
    place = reader.read(text, province).place
    assert place is not None
    assert place.tambon_code == tambon
    assert place.amphoe_code == tambon[:4]


def test_same_named_tambons_become_candidates(reader: Reader) -> None:
    place = reader.read("น้ำไม่ไหล ต.ในเมือง", "40").place
    assert place is not None
    assert place.tambon_code == ""
    assert {"400101", "401002"} <= set(place.candidates)


def test_two_tambons_in_one_text_are_no_tambon(reader: Reader) -> None:
    place = reader.read("ถนนจาก ต.แม่ยาว ไป ต.ห้วยชมภู พัง", "57").place
    assert place is not None
    assert place.tambon_code == ""
    assert len(place.candidates) == 2


def test_a_tambon_of_another_province_is_not_guessed(reader: Reader) -> None:
    place = reader.read("ถนนพัง ต.แม่ยาว", "23").place
    assert place is None or place.tambon_code == ""


def test_another_province_in_the_text_wins(reader: Reader) -> None:
    place = reader.read("ฝุ่นเยอะที่ อ.แม่สอด จ.ตาก", "57").place
    assert place is not None
    assert (place.province_code, place.amphoe) == ("63", "แม่สอด")


def test_an_amphoe_found_nowhere_else_names_its_province(reader: Reader) -> None:
    place = reader.read("ฝุ่นเยอะ อ.แม่สอด", "57").place
    assert place is not None
    assert place.province_code == "63"


@pytest.mark.parametrize("text", ["รถติดในเมือง", "อ.เมือง ไฟดับ", "แถวตัวเมืองน้ำท่วม", "อ.เมืองเชียงราย ไฟดับ"])
def test_town_is_the_provinces_own_amphoe(reader: Reader, text: str) -> None:
    place = reader.read(text, "57").place
    assert place is not None
    assert place.amphoe_code == "5701"


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("ยกพานไหว้ครูไปวัด", "57"),
        ("เขาไปชนบทกันหมด", "40"),
        ("ไม่มีกำลังพลเลย", "40"),
        ("เทิงบ้านเทิงเมืองเดือดร้อน", "57"),
        ("เลยบ้านไปหน่อย", None),
        ("กินปลาตากแห้ง", None),
    ],
)
def test_ordinary_words_are_no_places(reader: Reader, text: str, province: str | None) -> None:
    place = reader.read(text, province).place
    assert place is None or place.amphoe_code in {"", "5701"}
    assert place is None or place.tambon_code == ""


def test_such_a_word_behind_a_marker_is_a_place(reader: Reader) -> None:
    place = reader.read("อ.พาน น้ำท่วม", "57").place
    assert place is not None
    assert place.amphoe == "พาน"


def test_a_hospitals_name_tells_the_amphoe(reader: Reader) -> None:
    place = reader.read("รพ.หนองสองห้อง คิวยาวมาก", "40").place
    assert place is not None
    assert (place.amphoe, place.tambon_code, place.precision) == ("หนองสองห้อง", "", "amphoe")


@pytest.mark.parametrize(
    ("text", "village"),
    [("ประปาเสีย หมู่ 4 ต.แม่ยาว", "หมู่ 4"), ("ม.๗ ต.แม่ยาว ไฟดับ", "ม.7"), ("บ้านห้วยขม หมู่ที่ 2 ต.แม่ยาว", "บ้านห้วยขม หมู่ที่ 2")],
)
def test_village_words_are_kept(reader: Reader, text: str, village: str) -> None:
    place = reader.read(text, "57").place
    assert place is not None
    assert (place.village, place.precision) == (village, "village")


def test_a_school_year_is_no_village(reader: Reader) -> None:
    assert reader.read("หลานเรียนชั้น ม.3 ไม่มีค่าเทอม", "57").place is None


def test_somebody_working_elsewhere_does_not_move_the_report(reader: Reader) -> None:
    place = reader.read("ลูกไปทำงานกรุงเทพ ยายอยู่คนเดียว", "57").place
    assert place is None or place.province_code == "57"


def test_locate_is_the_place_of_read(reader: Reader) -> None:
    text = "ไฟดับ ต.แม่ยาว"
    assert reader.locate(text, None) == reader.read(text, None).place
    assert reader.locate(text, "57") == reader.read(text, "57").place


def test_no_place_is_none(reader: Reader) -> None:
    assert reader.locate("ถนนพัง ช่วยซ่อมหน่อย", "57") is None


@pytest.mark.parametrize("text", ["ไฟดับหน้าโรงเรียนแม่ยาว", "ซอยแม่ยาว 3 น้ำท่วม", "รถติดตรงแยกแม่ยาว"])
def test_a_landmark_with_a_tambons_name_is_no_tambon(reader: Reader, text: str) -> None:
    place = reader.locate(text, "57")
    assert place is None or place.tambon_code == ""


def test_a_bare_tambon_in_a_places_company_is_one(reader: Reader) -> None:
    place = reader.locate("ชาวบ้านแม่ข้าวต้ม เดือดร้อนน้ำท่วม", "57")
    assert place is not None
    assert place.tambon == "แม่ข้าวต้ม"


def test_bangkoks_districts_are_found_without_their_kind(reader: Reader) -> None:
    place = reader.locate("แขวงลาดยาว เขตจตุจักร น้ำท่วม", "10")
    assert place is not None
    assert (place.amphoe, place.tambon) == ("เขตจตุจักร", "ลาดยาว")


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("57", ("เชียงราย", "", "")),
        ("5701", ("เชียงราย", "เมืองเชียงราย", "")),
        ("570106", ("เชียงราย", "เมืองเชียงราย", "แม่ยาว")),
        ("999999", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_a_code_tells_its_names(reader: Reader, code: str, names: tuple[str, str, str]) -> None:
    found = reader.place_names(code)
    assert (found.province, found.amphoe, found.tambon) == names


@pytest.mark.parametrize("text", ["ต.แม่ยาวว", "ต.แมยาว", "ตำบนแม่ยาว", "ตแม่ยาว ไฟดับ", "อยู่ต.แม่ยาวครับ", "ต.แม่ ยาว"])
def test_a_name_written_badly_is_understood(reader: Reader, text: str) -> None:
    place = reader.locate(text, "57")
    assert place is not None
    assert place.tambon_code == "570106"


def test_a_name_that_two_are_equally_near_to_is_asked_about(reader: Reader) -> None:
    place = reader.locate("ต.โคกสีง ไฟดับ", "40")
    assert place is not None
    assert (place.tambon_code, set(place.candidates)) == ("", {"400103", "400801"})


def test_a_name_that_another_province_has_is_not_taken_for_a_misspelt_one(reader: Reader) -> None:
    place = reader.locate("ต.บ้านเป้ด ไฟดับ", "40")
    assert place is not None
    assert place.tambon == "บ้านเป็ด"
    other = reader.locate("ต.แม่ลาว ไฟดับ", "57")
    assert other is not None
    assert (other.tambon_code, other.amphoe) == ("", "แม่ลาว")


def test_a_place_of_work_is_asked_about_or_passed_over(reader: Reader) -> None:
    only = reader.locate("ลูกชายไปทำงานที่ ต.บ้านดู่ ไม่กลับมาเลย", "57")
    assert only is not None
    assert (only.tambon_code, only.candidates) == ("", ("570103",))
    both = reader.locate("ลูกชายไปทำงานที่ ต.บ้านดู่ แม่อยู่คนเดียว ต.แม่กรณ์", "57")
    assert both is not None
    assert both.tambon == "แม่กรณ์"


@pytest.mark.parametrize(
    ("text", "village"),
    [
        ("หมู่ 3,5 ต.แม่ยาว", "หมู่ 3,5"),
        ("หมู่ 4 บ้านสบเปา ต.แม่เปา", "หมู่ 4 บ้านสบเปา"),
        ("บ้านหินแตก ต.แม่สลองใน", "บ้านหินแตก"),
        ("บ้านน้ำท่วม ต.แม่ยาว", ""),
        ("ถนนรามอินทรา กม.5 ต.แม่ยาว", ""),
    ],
)
def test_village_words_end_where_the_name_ends(reader: Reader, text: str, village: str) -> None:
    place = reader.locate(text, "57")
    assert place is not None
    assert place.village == village


@pytest.mark.parametrize("piece", ["ต.แม่ยาว ", "แม่สาย ", "จ.ตาก ", "ต.หนองแวงโส", "ไปตลาด ต.บ้านดู่ ", "หมู่ 5 บ้านโคก "])
def test_a_text_full_of_places_is_read_in_bounded_time(reader: Reader, piece: str) -> None:
    start = process_time()
    reader.locate_answer(piece * 1000, "57")
    # Generous: what it guards against takes seconds.
    assert process_time() - start < 0.5
