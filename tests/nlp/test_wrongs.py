from __future__ import annotations

import pytest

from nlp.reader import Reader

SENSITIVE = [
    ({"self_harm"}, "เพิ่นสิฆ่าโตตาย"),
    ({"violence"}, "ลูกชายเมายาบ้าคลั่งถือมีด"),
    ({"violence"}, "ช่วยด้วย ผัวตีฉัน ตอนนี้ขังอยู่ในห้อง"),
    ({"violence"}, "โดนผัวทำร้าย ช่วยด้วย"),
    ({"sexual", "abuse_child"}, "หนูโดนครูจับนม"),
    ({"violence"}, "ผัวซ้อมหนู"),
    ({"corruption_tip"}, "ตำรวจรีดไถเงิน"),
    ({"abuse_child"}, "เด็กข้างบ้านโดนพ่อแม่ตีทุกวัน"),
    ({"violence"}, "ป้าแดง โทร 081-000-0011 ผัวตีทุกวัน"),
    ({"drugs_tip"}, "ใครขายยาบ้าอยู่ท้ายซอย รู้กันหมด"),
    ({"drugs_tip"}, "ใครขายยาอยู่ท้ายซอย รู้กันหมด"),
    ({"drugs_tip"}, "ใครๆ ก็รู้ว่าขายยาบ้าอยู่ท้ายซอย"),
    ({"violence"}, "ผัวถือมีดไล่ฟัน"),
    ({"violence"}, "พี่ชายคุ้มคลั่งเอามีดจี้แม่"),
    ({"violence"}, "ผัวจะฆ่าหนู"),
    ({"self_harm"}, "อ้ายสิผูกคอต๋าย"),
    ({"self_harm"}, "ไค่ต๋าย"),
    ({"self_harm"}, "เพื่อนหนูกำลังจะกระโดดตึก"),
    ({"self_harm"}, "ลูกกินยานอนหลับหมดแผง"),
    ({"sexual", "abuse_child"}, "พ่อเลี้ยงชอบลูบขาหนู"),
    ({"sexual", "abuse_child"}, "ลุงข้างบ้านจับก้นหลาน"),
    ({"abuse_child"}, "ครูตีเด็กจนเลือดออก"),
    ({"violence"}, "เมียโดนผัวกระทืบ"),
    ({"violence"}, "แฟนตบหน้าหนูทุกวัน"),
    ({"corruption_tip"}, "ผู้ใหญ่บ้านอมเงินน้ำท่วม"),
    ({"corruption_tip"}, "ด่านตำรวจเก็บส่วยรถบรรทุก"),
    ({"corruption_tip"}, "เจ้าหน้าที่เรียกเงินใต้โต๊ะค่าทำบัตร"),
    ({"abuse_child"}, "ลูกสาวโดนเพื่อนรุมตบที่โรงเรียน"),
    ({"abuse_child"}, "ครูฟาดเด็กด้วยไม้เรียว"),
    ({"sexual"}, "ลุงข้างบ้านลูบขาหลาน"),
    ({"violence"}, "สามีชอบลงไม้ลงมือ"),
    ({"violence"}, "ผัวบุบข้อยทุกมื้อ"),
    ({"sexual"}, "บักลุงมันจกนมหลาน"),
    ({"violence"}, "ลูกตบตีแม่ขอเงิน"),
    ({"corruption_tip"}, "อบต.กินหัวคิวทำถนน"),
    ({"corruption_tip"}, "ปลัดขอเงินใต้โต๊ะ"),
    ({"corruption_tip"}, "ตำรวจไถตังวินมอไซ"),
    ({"abuse_child"}, "เด็กโดนล่ามโซ่ไว้หลังบ้าน"),
    ({"violence"}, "ซ่อยแหน่ ผัวสิฆ่าข่อย"),
]

HARMLESS = [
    "ผู้ใหญ่บ้านตีกลองเรียกประชุม",
    "พ่อตีเหล็กขาย",
    "แม่ตื่นตีสี่ไปขายของ",
    "ครูสอนเด็กตีกลองยาว",
    "ชวนเด็กเตะบอล",
    "ลูกชายซ้อมบอลกลับดึก",
    "นายกมากินงานเลี้ยง",
    "ลูกกินนมแม่",
    "นมโรงเรียนบูด",
    "อยากให้ตำรวจตั้งด่านตรวจ",
    "ลูกน้ำยุงลายเยอะ",
]


@pytest.mark.parametrize(("sensitive", "text"), SENSITIVE)
def test_who_does_what_to_whom_must_not_leak(reader: Reader, sensitive: set[str], text: str) -> None:
    assert reader.read(text, "57").sensitive in sensitive


@pytest.mark.parametrize("text", HARMLESS)
def test_the_same_words_without_a_wrong_are_not_sensitive(reader: Reader, text: str) -> None:
    assert reader.read(text, "57").sensitive is None
