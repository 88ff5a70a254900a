"""What was added to the wrong report: made a report of its own, or moved to the other one."""

from __future__ import annotations

from handlers.belonging import hold_open
from handlers.graver import Told
from handlers.messages import Reply
from handlers.report import reread, saying, start, told_the_team
from handlers.turn import Turn
from storage import media, reports
from storage.models import Report, ReportPart


def split(turn: Turn) -> list[Reply]:
    """Make an addition a report of its own after all."""
    found = _part(turn, turn.number())
    if found is None:
        return [turn.reply("oops.button", turn.word("status"))]
    part, report = found
    text, key = reports.part_text(turn.session, part), part.message_key
    reports.drop_part(turn.session, part, turn.now)
    _ = reread(turn, report)  # fewer words make nothing graver
    province = turn.desk.province(report.province)
    reading = turn.desk.reader.read(text, province.code if province else None)
    replies = start(saying(turn, text).but(reading=reading), message=key)
    if key and turn.person.open_report_id:
        media.move(turn.session, key, turn.person.open_report_id)
    return replies


def move(turn: Turn) -> list[Reply]:
    """Move an addition, words or pictures, to another report of the same person."""
    target = reports.by_id(turn.session, turn.number())
    what = turn.args[1] if len(turn.args) > 1 else ""
    row = int(what[1:]) if what[1:].isascii() and what[1:].isdigit() else 0
    if target is None or target.reporter_id != turn.person.id or target.erased_at or target.status in reports.OVER:
        return [turn.reply("oops.button", turn.word("status"))]
    moved = _move_part(turn, target, row) if what.startswith("p") else _move_media(turn, target, row)
    if moved is None:
        return [turn.reply("oops.button", turn.word("status"))]
    hold_open(turn, target)
    said = turn.reply("report.moved", turn.press("look", "rep.show", target.id), code=target.code)
    return [*moved.first, said, *moved.others]


def _move_part(turn: Turn, target: Report, row: int) -> Told | None:
    """What is to be said besides; None where there is no such addition."""
    found = _part(turn, row)
    if found is None:
        return None
    part, report = found
    if report.id == target.id:
        return Told()
    text, key = reports.part_text(turn.session, part), part.message_key
    reports.drop_part(turn.session, part, turn.now)
    if key:
        media.move(turn.session, key, target.id)
    _ = reread(turn, report)
    reports.add_part(turn.session, target, text, turn.now, message=key)
    graver_now = reread(turn, target, adding=True)
    _note(turn, report, target)
    return Told(graver_now.first, (*told_the_team(turn, target, text, lately=False), *graver_now.others))


def _move_media(turn: Turn, target: Report, row: int) -> Told | None:
    medium = media.by_id(turn.session, row)
    report = reports.by_id(turn.session, medium.report_id) if medium and medium.state != "removed" else None
    if medium is None or report is None or report.reporter_id != turn.person.id or medium.message_key is None:
        return None
    if report.id == target.id:
        return Told()
    media.move(turn.session, medium.message_key, target.id)
    _note(turn, report, target)
    return Told(others=tuple(told_the_team(turn, target, "", lately=False)))


def _note(turn: Turn, report: Report, target: Report) -> None:
    for row, kind in ((report, "moved_out"), (target, "added")):
        reports.add_event(turn.session, row.id, kind, turn.now, actor_id=turn.person.id)


def _part(turn: Turn, row: int) -> tuple[ReportPart, Report] | None:
    part = turn.session.get(ReportPart, row)
    report = reports.by_id(turn.session, part.report_id) if part else None
    if part is None or report is None or report.reporter_id != turn.person.id or part.removed_at:
        return None
    return part, report
