"""The desk: all that a conversation may use, handed in from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from itsdangerous import BadSignature, Signer

from handlers.provinces import Directory, Province
from handlers.texts import Texts
from nlp.likeness import Likeness
from nlp.reader import Reader

BANGKOK = ZoneInfo("Asia/Bangkok")
QUIET_WINDOW = timedelta(seconds=120)
ANSWER_WITHIN = timedelta(days=14)  # the alliance's provinces meet every second Wednesday
NOTICE_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Desk:
    """What a conversation may use: understanding, provinces, sentences, and a seal for buttons.

    `homes` maps a channel to the slug of the province its people belong to unless they say otherwise.
    `likeness` is what compares reports, made when it is first needed: that takes a quarter of a second.
    `file_url` makes a signed, expiring path of a kept medium by its id, `page_url` one of a report's tracking page.
    `mine_url` makes one of all that is kept about a person, by channel and the person's id, '' where the channel
    cannot show links of ours.
    """

    reader: Reader
    directory: Directory
    texts: Texts
    signer: Signer
    likeness: Callable[[], Likeness]
    homes: Mapping[str, str] = field(default_factory=dict)
    file_url: Callable[[int], str] = lambda _medium_id: ""
    page_url: Callable[[int], str] = lambda _report_id: ""
    mine_url: Callable[[str, int], str] = lambda _channel, _person_id: ""

    def postback(self, action: str, *arguments: object) -> str:
        """What a button sends: `action:argument:…` and a signature, at most 64 ASCII letters (Telegram's limit)."""
        data = ":".join([action, *(str(argument) for argument in arguments)])
        signed = self.signer.sign(data).decode("ascii")
        if len(signed) > 64:
            raise ValueError(f"a button's data is too long: {action}")
        return signed

    def open_postback(self, data: str) -> list[str] | None:
        """Action and arguments of a button that we made; None when we did not make it."""
        try:
            return self.signer.unsign(data.encode("utf-8", "replace")).decode("utf-8", "replace").split(":")
        except BadSignature:
            return None

    def province(self, slug: str) -> Province | None:
        """The province of a slug; None when it is not loaded."""
        return self.directory.provinces.get(slug)

    def amphoe_code(self, province: Province, name: str) -> str:
        """The official code of an amphoe of a province by its name, with or without its word; '' for none."""
        mark = self.texts.say("th", "place.amphoe", name="")
        place = self.reader.locate(name if name.startswith(mark) else mark + name, province.code)
        return place.amphoe_code if place and place.province_code == province.code else ""

    def home(self, channel: str) -> str:
        """The province of a channel's people, or the only one loaded, or ''."""
        if home := self.homes.get(channel, ""):
            return home
        slugs = list(self.directory.provinces)
        return slugs[0] if len(slugs) == 1 else ""


def make_signer(secret: bytes) -> Signer:
    """The seal of buttons: 27 letters of signature, so that 36 are left for what a button means."""
    return Signer(secret, salt="button", sep="~")


def thai_date(at: datetime, texts: Texts, lang: str) -> str:
    """A day as people write it: 5 ธ.ค. 69 in Thai, 5 Dec 2026 in English."""
    local = at.astimezone(BANGKOK)
    month = texts.say(lang, "date.months").split("|")[local.month - 1]
    return f"{local.day} {month} {(local.year + 543) % 100 if lang == 'th' else local.year}"
