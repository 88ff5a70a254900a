"""The week in chat: counted, kept as a draft for review, every figure a door to its cases."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from handlers.desk import BANGKOK, Desk, thai_date
from handlers.messages import Button, Card, Reply, Row
from handlers.provinces import Province
from handlers.queue import line
from handlers.tally import Range, tally, week_of
from handlers.turn import STAFF, Turn, spoken
from storage import audit, digests, paused, people, reports
from storage.models import Digest, Report

FEW = 5  # a sensitive figure below this could point at somebody: those off the roster see only that there are some
FIGURES = (
    *("urgent", "unanswered", "ownerless", "confirmed", "unconfirmed", "ended"),
    *("unsure", "proposals", "assets", "relayed", "direct"),
)
PAGE = 5
LISTS = {"g": "groups", "p": "places"}


def this_week(turn: Turn) -> list[Reply]:
    """The ISO week of today."""
    return _asked(turn, 0)


def last_week(turn: Turn) -> list[Reply]:
    """The week before."""
    return _asked(turn, 1)


def _asked(turn: Turn, back: int) -> list[Reply]:
    role = turn.staff
    province = turn.desk.province(role.province) if role else None
    if role is None or province is None:
        return [turn.reply("oops.staff_only", turn.word("new"))]
    amphoe = turn.desk.amphoe_code(province, turn.rest) if turn.rest else role.amphoe
    if turn.rest and (not amphoe or role.amphoe not in ("", amphoe)):
        place = turn.rest[:40]
        return [turn.reply("digest.no_place", turn.word("digest"), place=place, province=province.name(turn.lang))]
    days = week_of(turn.now.astimezone(BANGKOK).date(), back)
    digest = make(turn, province, days, amphoe_code=amphoe)
    others = {role.province for role in turn.roles} - {province.slug}
    switches = [
        Button(p.name(turn.lang), postback=turn.desk.postback("dig.in", p.slug, back))
        for p in turn.desk.directory.provinces.values()
        if p.slug in others
    ]
    other_week = turn.word("digest_last") if back == 0 else turn.word("digest")
    return [shown(turn, digest, other_week, *switches)]


def elsewhere(turn: Turn) -> list[Reply]:
    """The same week of another province that one is staff of."""
    slug = turn.args[0] if turn.args else ""
    if not any(role.province == slug for role in turn.roles):
        return [turn.reply("oops.staff_only", turn.word("new"))]
    turn.person.province = slug
    return _asked(turn, min(turn.number(1), 1))


def make(turn: Turn, province: Province, days: Range, **filters: str) -> Digest:
    """Count a range and keep it; the same question over the same reports is the same digest."""
    return compute(turn.session, turn.desk, province, days, turn.person.id, turn.now, **filters)


def compute(
    session: Session, desk: Desk, province: Province, days: Range, asked_by: int | None, now: datetime, **filters: str
) -> Digest:
    """Count a range of a province's days and keep the answer as a draft."""
    current = digests.lines(session, province.slug, days.starts, days.ends, **filters)
    before = digests.lines(session, province.slug, days.before.starts, days.before.ends, **filters)
    content = tally(province, current, before, desk.texts.say("th", "category.outside_short"))
    chosen = {name: value for name, value in filters.items() if value}
    digest = digests.keep(
        session, province.slug, days.first.isoformat(), days.last.isoformat(), chosen, content, asked_by, now
    )
    audit.note(session, "digest.asked", "digest", now, actor_id=asked_by, subject_id=digest.id)
    return digest


def shown(turn: Turn, digest: Digest, *more: Button) -> Reply:
    """A digest as a card whose lines open their cases."""
    card = card_of(turn.session, turn.desk, digest, turn.lang, sensitive=_on_roster(turn, digest))
    buttons: list[Button] = []
    if digest.status in ("draft", "returned") and digest.content["total"]:
        buttons.append(turn.press("approve", "dig.ok", digest.id))
    if digest.status in ("draft", "approved") and digest.content["total"]:
        buttons.append(turn.press("return", "dig.back", digest.id))
    return Reply(spoken(card), card=card, buttons=(*buttons, *more, turn.word("queue")), quota="digest")


def card_of(session: Session, desk: Desk, digest: Digest, lang: str, *, sensitive: bool) -> Card:
    """A digest in words: title, figures with their change, voices, places, and what it does not show."""
    say = desk.texts.say
    content = digest.content
    province = desk.province(digest.province)
    name = province.name(lang) if province else digest.province
    title = say(lang, "digest.title", province=name, days=days_in_words(desk, digest, lang))
    if amphoe := digest.filters.get("amphoe_code", ""):
        title += " " + say(lang, "place.amphoe", name=desk.reader.place_names(amphoe).amphoe)
    status = say(lang, f"digest.status_{digest.status}", id=digest.id)
    if comment := digests.comment_of(session, digest):
        status += "\n" + say(lang, "digest.comment", text=comment)
    if not content["total"]:
        quiet = [
            Row(
                say(lang, "digest.quiet"),
                say(lang, "digest.before", before=content["before"])
                if content["before"]
                else say(lang, "digest.quiet_before"),
            )
        ]
        return Card(title, (*quiet, *_private(desk, digest, lang, sensitive=sensitive)), "digest", status)
    total = say(lang, "digest.total", count=content["total"])
    opens = desk.postback("dig.of", digest.id, "all", 0)
    rows = [Row(total, change(desk, content["total"], content["before"], lang), opens)]
    for index, group in enumerate(content["groups"]):
        label = say(lang, "digest.group", number=index + 1, label=group["label"], count=len(group["ids"]))
        parts = [change(desk, len(group["ids"]), group["before"], lang), _voice(session, desk, group["voice"], lang)]
        rows.append(Row(label, " ".join(filter(None, parts)), desk.postback("dig.of", digest.id, f"g{index}", 0)))
    figures = content["figures"]
    for figure in FIGURES:
        if figure == "ownerless" and figures["ownerless"] == figures["unanswered"]:
            continue  # the same cases twice help nobody
        if ids := figures.get(figure):  # one that was kept before a figure was counted lacks it
            label = say(lang, f"digest.{figure}")
            rows.append(Row(label, str(len(ids)), desk.postback("dig.of", digest.id, figure, 0)))
    for index, place in enumerate(content["places"]):
        name = _place(desk, place["code"], lang)
        label = say(lang, "digest.place", place=name) if place["code"] else name
        rows.append(Row(label, str(len(place["ids"])), desk.postback("dig.of", digest.id, f"p{index}", 0)))
    rows += _private(desk, digest, lang, sensitive=sensitive)
    return Card(title, tuple(rows), "digest", f"{say(lang, 'digest.tap')} {status}")


def days_in_words(desk: Desk, digest: Digest, lang: str) -> str:
    """The digest's days, such as '16–22 พ.ย. 69'."""
    first, last = (date.fromisoformat(day) for day in (digest.starts_on, digest.ends_on))
    starts, ends = Range(first, first).starts, Range(last, last).starts
    if (first.year, first.month) == (last.year, last.month) and first != last:
        return f"{first.day}–{thai_date(ends, desk.texts, lang)}"
    return f"{thai_date(starts, desk.texts, lang)} – {thai_date(ends, desk.texts, lang)}"


def change(desk: Desk, now: int, before: int, lang: str) -> str:
    """How a figure stands against the same number of days before."""
    if now == before:
        return desk.texts.say(lang, "digest.same")
    key = "digest.more" if now > before else "digest.fewer"
    return desk.texts.say(lang, key, count=abs(now - before))


def _voice(session: Session, desk: Desk, report_id: int, lang: str) -> str:
    report = reports.by_id(session, report_id)
    if (
        report is None
        or report.erased_at is not None
        or report.sensitive is not None
        or report.private
        or not report.summary
    ):
        return ""
    if paused.rests(session, report):
        return ""
    return desk.texts.say(lang, "digest.voice", text=report.summary)


def _place(desk: Desk, code: str, lang: str) -> str:
    names = desk.reader.place_names(code)
    if not names.amphoe:
        return desk.texts.say(lang, "digest.nowhere")
    return desk.texts.say(lang, "place.amphoe", name=names.amphoe)


def _private(desk: Desk, digest: Digest, lang: str, *, sensitive: bool) -> tuple[Row, ...]:
    """The sensitive reports: a figure that opens for the roster, for others a number from five on."""
    count = len(digest.content["figures"]["private"])
    if not count:
        return ()
    label = desk.texts.say(lang, "digest.private")
    if sensitive:
        return (Row(label, str(count), desk.postback("dig.of", digest.id, "private", 0)),)
    return (Row(label, str(count)),) if count >= FEW else (Row(desk.texts.say(lang, "digest.private_few"), ""),)


def _on_roster(turn: Turn, digest: Digest) -> bool:
    return any(role.sensitive and role.province == digest.province for role in turn.roles)


def _opened(turn: Turn) -> Digest | None:
    digest = digests.by_id(turn.session, turn.number())
    fits = digest is not None and any(
        role.province == digest.province
        and role.role in STAFF
        and role.amphoe in ("", digest.filters.get("amphoe_code", ""))
        for role in turn.roles
    )
    return digest if fits else None


def cases(turn: Turn) -> list[Reply]:
    """The cases behind one figure, a page of them."""
    digest = _opened(turn)
    ids = figure_ids(digest, turn.args[1]) if digest and len(turn.args) > 1 else None
    if digest is None or ids is None:
        return [turn.reply("oops.not_your_case", turn.word("digest"))]
    offset = turn.number(2)
    found = reports.by_ids(turn.session, ids, offset, PAGE)
    roster = _on_roster(turn, digest)
    shown_here = [report for report in found if _readable(turn, report, roster=roster)]
    rows = tuple(line(turn, report) for report in shown_here)
    hidden = len(found) - len(shown_here)
    title = turn.say("digest.cases", label=figure_label(turn, digest, turn.args[1]), count=len(ids))
    footer = turn.say("digest.hidden", count=hidden) if hidden else turn.say("queue.tap")
    card = Card(title, rows, "case", footer)
    left = len(ids) - offset - PAGE
    buttons = [turn.press("more", "dig.of", digest.id, turn.args[1], offset + PAGE, left=left)] if left > 0 else []
    buttons.append(turn.press("digest_back", "dig", digest.id))
    return [Reply(spoken(card), card=card, buttons=tuple(buttons))]


def _readable(turn: Turn, report: Report, *, roster: bool) -> bool:
    kept = report.erased_at is None and not paused.rests(turn.session, report)
    return kept and (roster or not report.for_roster)


def figure_ids(digest: Digest, name: str) -> list[int] | None:
    """Report ids behind a figure: 'g0' is the first group, 'p0' the first place; None when there is no such figure."""
    kind, number = name[:1], name[1:]
    if kind in LISTS and number.isascii() and number.isdigit():
        entries = digest.content[LISTS[kind]]
        return entries[int(number)]["ids"] if int(number) < len(entries) else None
    ids: list[int] | None = digest.content["figures"].get(name)
    return ids


def figure_label(turn: Turn, digest: Digest, name: str) -> str:
    """What a figure counts, in words."""
    if name[1:].isdigit():
        entry = digest.content[LISTS[name[0]]][int(name[1:])]
        return str(entry["label"]) if name[0] == "g" else _place(turn.desk, entry["code"], turn.lang)
    return turn.say(f"digest.{name}")


def again(turn: Turn) -> list[Reply]:
    """A kept digest by its button, as it was on its day."""
    digest = _opened(turn)
    return [shown(turn, digest)] if digest else [turn.reply("oops.not_your_case", turn.word("digest"))]


def approve(turn: Turn) -> list[Reply]:
    """Approve a digest: it says what was said."""
    digest = _opened(turn)
    if digest is None:
        return [turn.reply("oops.not_your_case", turn.word("digest"))]
    if digest.status != "approved":
        digests.decide(turn.session, digest, "approved", turn.person.id, turn.now)
        audit.note(turn.session, "digest.approved", "digest", turn.now, actor_id=turn.person.id, subject_id=digest.id)
    return [
        turn.reply("digest.approved", turn.press("digest_back", "dig", digest.id), turn.word("queue"), id=digest.id)
    ]


def back(turn: Turn) -> list[Reply]:
    """Ask for the comment with which a digest is returned."""
    digest = _opened(turn)
    if digest is None:
        return [turn.reply("oops.not_your_case", turn.word("digest"))]
    people.set_dialogue(turn.session, turn.person.id, "digest", {"digest": digest.id}, turn.now)
    return [turn.reply("digest.why", turn.press("never_mind", "case.drop"), id=digest.id)]


def comment(turn: Turn) -> list[Reply] | None:
    """Take a message as the comment that was asked for; None when none was."""
    name, data = people.dialogue_of(turn.session, turn.person.id)
    if name != "digest":
        return None
    if not turn.incoming.text.strip():
        return [turn.reply("case.words_only", turn.press("never_mind", "case.drop"))]
    people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
    digest = _opened(turn.but(args=(str(data["digest"]),)))
    if digest is None:
        return [turn.reply("oops.not_your_case", turn.word("digest"))]
    digests.decide(turn.session, digest, "returned", turn.person.id, turn.now, turn.incoming.text.strip())
    audit.note(turn.session, "digest.returned", "digest", turn.now, actor_id=turn.person.id, subject_id=digest.id)
    return [
        turn.reply("digest.returned", turn.press("digest_back", "dig", digest.id), turn.word("queue"), id=digest.id)
    ]
