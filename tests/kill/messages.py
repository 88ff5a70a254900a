"""What twenty people say: each message carries a number in Thai words, by which it is found again wherever it ends."""

from __future__ import annotations

import random
import re
import time
from dataclasses import dataclass
from typing import Any

DIGITS = ("ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
NEW = "เรื่องใหม่ "
MARK = re.compile(f"บันทึกที่ ((?:{'|'.join(DIGITS)}){{4}})$", re.MULTILINE)
# Longer than what is taken as the answer to a question about the place, and nothing in them is urgent or private.
SAID = (
    "น้ำประปาในหมู่บ้านไหลอ่อนมากมาหลายวันแล้ว ชาวบ้านต้องรองน้ำตอนดึกกันทุกบ้าน อยากให้มาดูให้หน่อย",
    "ไฟส่องทางหน้าตลาดบ้านเราดับมาสองสัปดาห์แล้ว กลางคืนมืดมาก เดินกลับบ้านลำบากกันทุกคน",
    "ถนนเข้าหมู่บ้านเป็นหลุมใหญ่หลายแห่ง รถเก็บผักวิ่งลำบากมาก อยากให้ช่วยมาซ่อมให้ด้วย",
    "ขยะกองอยู่ข้างตลาดนัดไม่มีรถมาเก็บหลายวันแล้ว ส่งกลิ่นเหม็นไปทั้งหมู่บ้าน แมลงวันเยอะมาก",
    "อยากให้มีที่ฝึกอาชีพสำหรับผู้สูงอายุในตำบล จะได้มีรายได้และได้พบปะเพื่อนฝูงกันบ่อย ๆ",
    "ราคาข้าวปีนี้ตกต่ำมาก ปุ๋ยก็แพงขึ้นทุกเดือน ชาวนาแถวนี้ขายแล้วแทบไม่เหลืออะไรเลย",
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `number` rises within a chat; `begins` tells that it opens a report of its own."""

    channel: str
    chat: str
    number: int
    event_id: str
    text: str
    begins: bool
    twice: bool


def mark(number: int) -> str:
    """The words that carry a number."""
    return "บันทึกที่ " + "".join(DIGITS[int(digit)] for digit in f"{number:04}")


def marks_in(text: str) -> list[int]:
    """The numbers that a text carries."""
    each = re.compile("|".join(DIGITS))
    return [int("".join(str(DIGITS.index(word)) for word in each.findall(found))) for found in MARK.findall(text)]


def plan(count: int, chats: int, chance: random.Random) -> list[Message]:
    """All messages, half of the chats on each platform, in an order that mixes the chats and keeps each one's own."""
    each = count // chats
    turns = [chat for chat in range(chats) for _ in range(each)]
    chance.shuffle(turns)
    said = [0] * chats
    planned = []
    for turn, chat in enumerate(turns):
        number = chat * each + said[chat]
        line = chat % 2 == 0
        fresh = chance.random() < 0.25
        planned.append(
            Message(
                channel="line" if line else "telegram",
                chat=f"U{chat + 1:032x}" if line else str(600_000 + chat),
                number=number,
                event_id=f"01K{number:023}" if line else str(70_000 + 2 * turn),  # room for a photo between two
                text=f"{NEW if fresh else ''}{chance.choice(SAID)} {mark(number)}",
                begins=fresh or said[chat] == 0,
                twice=chance.random() < 0.15,
            )
        )
        said[chat] += 1
    return planned


def line_event(message: Message, token: str, *, again: bool) -> dict[str, Any]:
    """The event that LINE's webhook carries."""
    said = {"type": "text", "text": message.text}
    return sent_by_line(message.chat, message.event_id, f"5{message.number:017}", said, token, again=again)


def sent_by_line(
    chat: str, event_id: str, message_id: str, said: dict[str, Any], token: str, *, again: bool
) -> dict[str, Any]:
    """A message event of LINE's."""
    return {
        "type": "message",
        "webhookEventId": event_id,
        "deliveryContext": {"isRedelivery": again},
        "timestamp": int(time.time() * 1000),
        "mode": "active",
        "replyToken": token,
        "source": {"type": "user", "userId": chat},
        "message": {"id": message_id, "quoteToken": "q"} | said,
    }


def telegram_update(message: Message) -> dict[str, Any]:
    """The update that Telegram gives to who polls."""
    who = {"id": int(message.chat), "is_bot": False, "first_name": "n", "language_code": "th"}
    said = {"message_id": message.number + 1, "date": int(time.time()), "text": message.text, "from": who}
    return {"update_id": int(message.event_id), "message": said | {"chat": {"id": who["id"], "type": "private"}}}
