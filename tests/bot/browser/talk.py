"""Canned replies in every shape that the page must show. The words of the real bot live in its catalogs, not here."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

IDENTITIES: list[Json] = [
    {"user": "u1", "role": "villager", "name": "ยายคำ", "hint": "บ้านป่ายาง เชียงราย"},
    {"user": "u2", "role": "volunteer", "name": "พี่นก อสม.", "hint": "เก็บเรื่องจากเวทีหมู่บ้าน"},
    {"user": "u3", "role": "staff", "name": "คุณสมชาย", "hint": "ทีมประสานงานจังหวัด"},
]
PROVINCES: list[Json] = [
    {"slug": "chiang-rai", "name_th": "เชียงราย"},
    {"slug": "khon-kaen", "name_th": "ขอนแก่น"},
    {"slug": "nakhon-sawan", "name_th": "นครสวรรค์"},
    {"slug": "phatthalung", "name_th": "พัทลุง"},
    {"slug": "trat", "name_th": "ตราด"},
]

RECEIPT: Json = {
    "text": "รับเรื่องแล้วค่ะ รหัส ชร-48271",
    "card": {
        "title": "รับเรื่องแล้วค่ะ",
        "tone": "receipt",
        "rows": [
            {"label": "รหัสเรื่อง", "value": "ชร-48271"},
            {"label": "เรื่อง", "value": "ถนนและทางสัญจร"},
            {"label": "ที่ไหน", "value": "ต.ป่าซาง อ.แม่จัน จ.เชียงราย"},
            {"label": "ใครจะเห็น", "value": "อบต.ป่าซาง และทีมประสานงานจังหวัด"},
            {"label": "จะตอบเมื่อไร", "value": "ภายใน 3 วันทำการ"},
        ],
        "footer": "เราเก็บเรื่องนี้ไว้ให้คนที่เกี่ยวข้องดูเท่านั้นค่ะ",
    },
    "buttons": [
        {"label": "เพิ่มรูป", "text": "", "ask": "camera"},
        {"label": "บอกตำแหน่ง", "text": "", "ask": "location"},
        {"label": "แก้หมวดเรื่อง", "postback": "fix:category"},
        {"label": "ไม่ใช่ชื่อฉัน ขอปิดชื่อ", "postback": "hide"},
    ],
}
HOTLINE: Json = {
    "text": "โทร 1669 ได้ทันที",
    "card": {
        "title": "โทรตอนนี้ได้เลยค่ะ มีคนรับสาย",
        "tone": "hotline",
        "rows": [
            {"label": "เจ็บป่วยฉุกเฉิน", "value": "1669"},
            {"label": "คนในบ้านถูกทำร้าย", "value": "1300"},
            {"label": "อยากคุยกับใครสักคน", "value": "1323 หรือ 02-713-6793"},
        ],
        "footer": "ถ้าอันตรายใกล้ตัว โทร 191 ก่อนนะคะ",
    },
    "buttons": [],
}
QUEUE: Json = {
    "text": "งานใหม่ 3 เรื่อง",
    "card": {
        "title": "งานใหม่ 3 เรื่อง",
        "tone": "case",
        "rows": [
            {"label": "ชร-48271 · แม่จัน", "value": "ถนนหน้าโรงเรียนเป็นหลุม", "postback": "case:48271"},
            {"label": "ชร-48270 · เทิง", "value": "น้ำประปาไม่ไหล 3 วัน", "postback": "case:48270"},
        ],
        "footer": "หน้า 1 จาก 2",
    },
    "buttons": [{"label": "หน้าถัดไป", "postback": "page:2"}],
}
DIGEST: Json = {
    "text": "สรุปสัปดาห์นี้",
    "card": {
        "title": "สรุปสัปดาห์ที่ 47",
        "tone": "digest",
        "rows": [
            {"label": "เรื่องใหม่", "value": "42 เรื่อง (เพิ่ม 7)", "postback": "figure:new"},
            {"label": "ยังไม่มีใครรับ", "value": "5 เรื่อง", "postback": "figure:ownerless"},
        ],
        "footer": "",
    },
    "image_url": "/files/picture",
    "file_url": "/files/token",
    "buttons": [
        {"label": "เปิดหน้าสรุป", "url": "https://example.org/d/1"},
        {"label": "ลิงก์ร้าย", "url": "javascript:document.title='broken'"},
    ],
}
LONG: Json = {
    "text": "สรุปยาว",
    "card": {
        "title": "สรุปยาว",
        "tone": "digest",
        "rows": [
            {"label": f"{place}. เด็ก เยาวชน และการเรียนรู้ 4", "value": "เพิ่มขึ้น 4 “เดินไปโรงเรียนไกล รถรับส่งก็ไม่มี”"}
            for place in range(1, 16)
        ],
        "footer": "",
    },
    "buttons": [{"label": f"จังหวัดที่ {place}", "postback": f"here:{place}"} for place in range(1, 12)],
}


def replies_to(body: Json) -> list[Json]:
    """What is said back to one message, by its words."""
    text = body.get("text", "")
    if "ทำร้าย" in text:
        return [HOTLINE, RECEIPT]
    if text.startswith("<"):
        return [{"text": text, "card": {"title": text, "tone": text, "rows": [{"label": text, "value": text}]}}]
    if text == "สรุปยาว":
        return [LONG]
    if text == "งานใหม่":
        return [QUEUE]
    if text == "สรุปสัปดาห์นี้":
        return [DIGEST]
    if body.get("unsend"):
        return []
    if body.get("location"):
        return [{"text": "ได้ตำแหน่งแล้วค่ะ"}]
    if body.get("media"):
        return [{"text": "ได้รูปแล้วค่ะ เพิ่มใน ชร-48271", "buttons": [{"label": "เรื่องใหม่", "text": "เรื่องใหม่"}]}]
    if body.get("postback"):
        return [{"text": f"เลือก {body['postback']} แล้วค่ะ"}]
    return [RECEIPT]
