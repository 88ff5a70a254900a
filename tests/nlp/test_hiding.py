"""What tells where in a tambon somebody lives is taken out of a text; numbers of telephones are, too."""

from __future__ import annotations

import pytest

from nlp.reader import Reader


@pytest.mark.parametrize(
    ("said", "names", "shown"),
    [
        ("น้ำไม่ไหล บ้านห้วยขม หมู่ 5 บ้านหลังสีฟ้าข้างวัดห้วยขม ต.แม่ยาว", (), "น้ำไม่ไหล … ต.แม่ยาว"),
        ("ม.5 ต.ท่าสุด ซอย 3 น้ำท่วม", (), "… ต.ท่าสุด … น้ำท่วม"),
        ("อยู่หมู่ที่ห้าบ้านหนองบัว ไฟดับ", (), "อยู่… ไฟดับ"),
        ("ไปทางแม่ยาว ต.แม่ยาว", ("แม่ยาว",), "ไปทาง… ต.แม่ยาว"),
        ("น้ำไม่ไหลมาสามวัน", (), "น้ำไม่ไหลมาสามวัน"),
        ("บ้าน [บ้านเลขที่] ไฟดับ", (), "บ้าน … ไฟดับ"),
    ],
)
def test_the_area_stays_and_the_spot_goes(reader: Reader, said: str, names: tuple[str, ...], shown: str) -> None:
    assert reader.roughly(said, names) == shown
    assert reader.roughly(shown, names) == shown


@pytest.mark.parametrize(
    ("said", "count", "left"),
    [
        ("น้ำไม่ไหล โทร 081-234-5678 นะคะ", 1, "น้ำไม่ไหล โทร นะคะ"),
        ("0812345678", 1, ""),
        ("โทรมาที่ ศูนย์แปดหนึ่งสองสามสี่ห้าหกเจ็ดแปด ค่ะ", 1, "โทรมาที่ ค่ะ"),
        ("ท่อแตกวันที่ 12/3/2567 จ่ายไป 1500000 บาท", 0, "ท่อแตกวันที่ 12/3/2567 จ่ายไป 1500000 บาท"),
    ],
)
def test_telephone_numbers_are_counted_and_taken_out(reader: Reader, said: str, count: int, left: str) -> None:
    assert reader.phones(said) == count
    assert reader.without_phones(said) == left
    assert reader.phones(left) == 0
