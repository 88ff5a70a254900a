"""How a report is put into words: its category, its place, its status, its card."""

from __future__ import annotations

import math
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.desk import ANSWER_WITHIN, Desk, thai_date
from handlers.messages import Button, Reply
from handlers.turn import card, spoken
from storage import media, spots
from storage.models import Report
from storage.spots import Spot

CAPITAL = "10"  # begins the codes of Bangkok, which has khwaeng and khet


def category_name(desk: Desk, report: Report, lang: str) -> str:
    """The province's own category of a report; outside its list the house's words for that and the core name."""
    core = core_name(desk, report.category, lang)
    province = desk.province(report.province)
    if report.category == desk.reader.taxonomy.fallback:
        return desk.texts.say(lang, "category.none")
    if province is None:
        return core
    own = province.category_for(report.category, report.sub)
    return own.name(lang) if own else desk.texts.say(lang, "category.outside", core=core)


def core_name(desk: Desk, slug: str, lang: str) -> str:
    """A core category's name; the slug itself when the taxonomy no longer has it."""
    if slug not in desk.reader.taxonomy.slugs:
        return slug
    category = desk.reader.taxonomy.category(slug)
    return category.name_en if lang == "en" else category.name_th


def place_name(session: Session, desk: Desk, report: Report, lang: str, *, exact: bool, numbers: bool = False) -> str:
    """Where a report is. `exact` adds the village's words and that there is a pin, which may tell a home.

    `numbers`: the pin's degrees, accuracy and address too, for those who go there; to a villager they say nothing.
    """
    words = []
    if exact:
        spot = spots.of(session, report)
        words = [spot.words] if spot.words else []
        if spot.label and (numbers or not (spot.words or report.tambon_code)):
            words.append(spot.label)  # what tells a villager nothing new is left out
        if spot.lat is not None and spot.lng is not None:
            words.append(_degrees(desk, spot, lang) if numbers else desk.texts.say(lang, "place.pin"))
    names = desk.reader.place_names(report.tambon_code or report.amphoe_code)
    capital = report.amphoe_code.startswith(CAPITAL)
    if names.tambon:
        words.append(desk.texts.say(lang, "place.khwaeng" if capital else "place.tambon", name=names.tambon))
    if names.amphoe:  # the capital's are called by their word already
        words.append(names.amphoe if capital else desk.texts.say(lang, "place.amphoe", name=names.amphoe))
    if not words and (province := desk.province(report.province)):
        words.append(desk.texts.say(lang, "place.province", name=province.name(lang)))
    return " ".join(words)


def _degrees(desk: Desk, spot: Spot, lang: str) -> str:
    """A pin for whoever goes there, with the metres within which it lies."""
    within = f" {desk.texts.say(lang, 'place.within', metres=math.ceil(spot.accuracy))}" if spot.accuracy else ""
    return f"({spot.lat:.5f}, {spot.lng:.5f}{within})"


def status_name(desk: Desk, report: Report, lang: str, *, yours: bool = False, holder: bool = True) -> str:
    """A report's status in words, with the agency that holds it. `yours`: said to whoever may confirm its closing.

    `holder`: whether that agency is said.
    """
    nowhere = report.status == "received" and not report.province
    key = "status.nowhere" if nowhere else f"status.{report.status}"
    if yours and report.status == "proposed":
        key = "status.proposed_yours"
    name = desk.texts.say(lang, key) if desk.texts.has(key) else report.status
    if yours and report.for_roster:
        return name  # phones are shared: who holds it tells what it is about
    return f"{name} ({report.agency})" if report.agency and holder else name


def readers_name(desk: Desk, report: Report, lang: str, *, elsewhere: bool = False) -> str:
    """Who gets to read a report: what its reporter is promised.

    `elsewhere`: it lies in a province that takes no part.
    """
    province = desk.province(report.province)
    if report.for_roster:
        return desk.texts.say(lang, "receipt.readers_private")
    if province is None:
        return desk.texts.say(lang, "receipt.readers_elsewhere" if elsewhere else "receipt.readers_nowhere")
    return desk.texts.say(lang, "receipt.readers", province=province.name(lang))


def receipt(
    session: Session,
    desk: Desk,
    report: Report,
    now: datetime,
    lang: str,
    footer: str,
    *buttons: Button,
    elsewhere: bool = False,
) -> Reply:
    """The honest receipt: code, what was understood, who reads it, when to expect an answer."""
    code = (desk.texts.say(lang, "receipt.code"), report.code)
    readers = readers_name(desk, report, lang, elsewhere=elsewhere)
    where = place_name(session, desk, report, lang, exact=True) or desk.texts.say(lang, "place.unknown")
    if report.private:  # phones are shared: nothing of it is repeated, but where to help must be right
        rows = [code, (desk.texts.say(lang, "receipt.who"), readers)]
        if not report.for_roster:
            rows.insert(1, (desk.texts.say(lang, "receipt.place"), where))
        kept = card(desk.texts.say(lang, "receipt.title_private"), rows, "receipt", footer)
        return Reply(text=spoken(kept), card=kept, buttons=buttons)
    title = f"receipt.title_{report.kind}"
    answer_by = thai_date(now + ANSWER_WITHIN, desk.texts, lang)
    promised = desk.texts.say(lang, "receipt.by", readers=readers, date=answer_by) if report.province else readers
    shown = card(
        desk.texts.say(lang, title if desk.texts.has(title) else "receipt.title"),
        [
            code,
            (desk.texts.say(lang, "receipt.heard"), report.summary or _sent(session, desk, report, lang)),
            # Of a picture nobody has looked at yet nothing is understood, and to say so helps nobody.
            (desk.texts.say(lang, "receipt.category"), _known_category(desk, report, lang)),
            (desk.texts.say(lang, "receipt.place"), where),
            (desk.texts.say(lang, "receipt.who"), promised),
        ],
        "receipt",
        footer,
    )
    return Reply(text=spoken(shown), card=shown, buttons=buttons)


def _known_category(desk: Desk, report: Report, lang: str) -> str:
    known = report.summary and report.category != desk.reader.taxonomy.fallback
    return category_name(desk, report, lang) if known else ""


def _sent(session: Session, desk: Desk, report: Report, lang: str) -> str:
    """What came without words: a voice, a picture, a place."""
    kinds = {medium.kind for medium in media.of_report(session, report.id)}
    first = next((kind for kind in ("voice", "photo", "video", "file") if kind in kinds), "pin")
    return desk.texts.say(lang, f"receipt.only_{first}")


def heading(desk: Desk, report: Report, lang: str) -> str:
    """What a report is about, for its reporter; a private one is not named on a phone that may be shared."""
    if report.private:
        return desk.texts.say(lang, "status.private" if report.for_roster else "status.urgent")
    return report.summary or desk.texts.say(lang, "status.wordless")
