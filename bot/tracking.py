"""The tracking page: how a report stands, for the one who told it and whomever they hand the address to.

An address is forwarded and printed, so nothing stands there that tells a person or a home: of the place tambon and
amphoe, no pin, no picture (faces are seen on it), no words but masked ones. Of a private report, that it is kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot import pages
from bot.links import PAGE_LIFE, Links
from handlers import backing, left_behind
from handlers.desk import ANSWER_WITHIN, BANGKOK, Desk, thai_date
from handlers.texts import LANGUAGES
from handlers.wording import category_name, heading, place_name, readers_name
from storage import backing as households
from storage import reports
from storage.models import Person, Report, ReportEvent

Page = tuple[int, Mapping[str, Any]]
Look = Callable[[Callable[[Session], Page]], Awaitable[Page]]
HEADERS = {"cache-control": pages.HEADERS["cache-control"], "x-robots-tag": "noindex, nofollow"}
OVER = ("closed_confirmed", "closed_unconfirmed", "not_ours", "cannot")
ANSWER = "answered"


def tracking_route(links: Links, desk: Desk, read: Look, clock: Callable[[], datetime]) -> Route:
    """The page's route. `read` looks something up in the database."""
    template, error = (pages.templates().get_template(name) for name in ("track.html", "error.html"))

    async def track(request: Request) -> Response:
        report_id = links.report_of(request.path_params["token"])
        asked = request.query_params.get("lang", "")
        lang = asked if asked in LANGUAGES else ""
        if report_id is None:
            status, page = _error(desk, 404, "unknown", lang)
        else:
            status, page = await read(lambda session: look(session, desk, report_id, lang, clock()))
        return HTMLResponse((template if status == 200 else error).render(page), status, headers=HEADERS)

    return Route("/r/{token}", track)


def look(session: Session, desk: Desk, report_id: int, lang: str, now: datetime) -> Page:
    """HTTP status and what the page says. `lang` '' means the language of the one who told it."""
    report = reports.by_id(session, report_id)
    if report is None:
        return _error(desk, 404, "unknown", lang)
    teller = session.get(Person, report.reporter_id) if report.reporter_id else None
    lang = lang or (teller.language if teller and teller.language in LANGUAGES else LANGUAGES[0])
    if report.erased_at is not None or report.status == "cancelled":
        return _error(desk, 410, "gone", lang)
    joint = backing.joint_of(session, report)
    return 200, _page(session, desk, report, joint, lang, now)


def _error(desk: Desk, status: int, key: str, lang: str) -> Page:
    lang = lang or LANGUAGES[0]
    said = {"title": desk.texts.say(lang, f"track.{key}_title"), "advice": desk.texts.say(lang, f"track.{key}")}
    return status, {"language": lang, "status": status, **said}


def _page(
    session: Session, desk: Desk, report: Report, joint: Report | None, lang: str, now: datetime
) -> dict[str, Any]:
    shown = joint or report
    ended = left_behind.lost(session, report) or shown
    told = not _hidden(report)
    open_too = joint is None or households.readable(session, joint)  # who told it may rest, or it turned grave
    whole = told and open_too
    since = desk.texts.say(lang, "track.since"), thai_date(report.created_at, desk.texts, lang)
    rows = [*(_rows(session, desk, report, joint, lang) if told else _private_row(desk, lang)), since]
    steps = _steps(session, desk, shown, joint is not None, lang) if whole else []
    return {
        "language": lang,
        "other_language": next(each for each in LANGUAGES if each != lang),
        "code": report.code,
        "title": desk.texts.say(lang, "track.title", code=report.code),
        "now": desk.texts.say(lang, "status.now"),
        "status": _status(desk, ended, lang),
        "next": desk.texts.say(lang, "track.next"),
        "coming": _coming(session, desk, ended, lang, now) if whole else "",
        "rows": [(label, value) for label, value in rows if value],
        "past": desk.texts.say(lang, "track.past"),
        "steps": steps,
        "ask": desk.texts.say(lang, "track.ask"),
        "how": desk.texts.say(lang, "track.how", code=report.code),
        "open_to": desk.texts.say(lang, "track.open_to", days=PAGE_LIFE.days),
        "other": desk.texts.say(lang, "track.other_language"),
    }


def _hidden(report: Report) -> bool:
    """Whether an address that is handed on may not tell what a report is about."""
    return report.private or report.sensitive is not None


def _private_row(desk: Desk, lang: str) -> list[tuple[str, str]]:
    return [(desk.texts.say(lang, "receipt.heard"), desk.texts.say(lang, "track.private"))]


def _status(desk: Desk, report: Report, lang: str) -> str:
    """A status without the agency, which has a row of its own: who holds a private report tells what it is about."""
    key = "status.nowhere" if report.status == "received" and not report.province else f"status.{report.status}"
    return desk.texts.say(lang, key) if desk.texts.has(key) else ""


def _rows(session: Session, desk: Desk, report: Report, joint: Report | None, lang: str) -> list[tuple[str, str]]:
    shown = joint or report
    own = (desk.texts.say(lang, "receipt.heard"), heading(desk, report, lang))
    if joint and not households.readable(session, joint):
        return [own]
    count = households.households(session, shown.id)
    return [
        own,
        (desk.texts.say(lang, "backing.joint"), joint.summary if joint else ""),
        (desk.texts.say(lang, "receipt.category"), category_name(desk, shown, lang)),
        (desk.texts.say(lang, "receipt.place"), place_name(session, desk, shown, lang, exact=False)),
        (desk.texts.say(lang, "track.held_by"), shown.agency or readers_name(desk, shown, lang)),
        (
            desk.texts.say(lang, "backing.together"),
            desk.texts.say(lang, "backing.households", count=count) if count > 1 else "",
        ),
    ]


def _steps(session: Session, desk: Desk, report: Report, joined: bool, lang: str) -> list[dict[str, str]]:
    """What happened, oldest first. Officers' words are for the one who told the report, and masked here."""
    steps = []
    for event in reports.timeline(session, report.id, public_only=True):
        step = event.kind in backing.STEPS
        if not desk.texts.has(f"event.{event.kind}") or (joined and not step):
            continue
        words = _words(session, desk, event) if not joined and (step or event.kind == ANSWER) else ""
        steps.append(
            {
                "date": event.at.astimezone(BANGKOK).date().isoformat(),
                "day": thai_date(event.at, desk.texts, lang),
                "what": " ".join(part for part in (event.agency, desk.texts.say(lang, f"event.{event.kind}")) if part),
                "words": words,
            }
        )
    return steps


def _words(session: Session, desk: Desk, event: ReportEvent) -> str:
    note = reports.note_of(session, event)
    return desk.reader.mask(note) if note else ""


def _coming(session: Session, desk: Desk, report: Report, lang: str, now: datetime) -> str:
    """What happens next and by when."""
    if not report.province:
        return desk.texts.say(lang, "track.next_nowhere")
    if report.status in OVER:
        return desk.texts.say(lang, "track.next_over")
    if report.status == "received":
        until, team, key = report.created_at + ANSWER_WITHIN, readers_name(desk, report, lang), "track.next_received"
    else:
        moved = [event.at for event in reports.timeline(session, report.id, public_only=True) if event.agency]
        until = max(moved, default=report.updated_at) + ANSWER_WITHIN
        team, key = report.agency or readers_name(desk, report, lang), "track.next_held"
    if until.astimezone(BANGKOK).date() < now.astimezone(BANGKOK).date():
        return desk.texts.say(lang, "track.next_late")
    return desk.texts.say(lang, key, team=team, date=thai_date(until, desk.texts, lang))
