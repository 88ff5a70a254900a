"""Every button that a conversation shows: hours later, twice, and by somebody else's finger."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from handlers.buttons import BUTTONS
from handlers.desk import Desk
from handlers.messages import Incoming, Reply
from handlers.provinces import Directory
from handlers.texts import Texts
from nlp.reader import Reader
from storage.models import Forum, Report
from tests.handlers.talk import CHANNEL, Dialogue, Talk, dialogues, heard
from tests.rig import Clock, Database, make_desk, make_template, open_database

ALL = dict(dialogues())
# Conversations that between them show every button there is; the last test says which are missing.
SHOWING = (
    "02-category-asked",
    "03-place-asked",
    "05-same-named-tambon",
    "08-kind-answers",
    "11-forum",
    "113-all-that-a-volunteer-relayed",
    "13-a-case-moves",
    "14-a-summary-is-returned",
    "15-digest",
    "49-an-officer-of-two-provinces",
    "22-a-correction",
    "38-an-officers-words",
    "39-where-no-province-is-known",
    "43-two-stories-at-once",
    "48-places-abroad-and-wishes",
    "82-me-too-crosswise",
    "50-two-keys",
    "51-not-solved-after-all",
    "52-no-solution",
    "53-told-before",
    "56-solved-in-secret",
    "60-my-data",
    "61-a-pause",
    "62-erased",
    "64-somebody-elses-illness",
    "68-a-number-taken-out",
    "69-leaving-the-team",
    "75-a-button-for-speaking",
    "77-me-too",
    "100-solved-erased-and-not-solved",
)
# Their whole way is told by tests of their own.
ELSEWHERE = (
    {"park", "park.all", "park.one"} | {"heard.yes", "heard.no", "menu.new"} | {"rep.wrong"}
)  # shown by older releases
WORDS = 12  # letters of what somebody said that a stranger must not be shown


def hold(name: str, desk: Desk, database: Database, clock: Clock) -> Talk:
    talk = Talk(desk, database, clock)
    for invited in ALL[name].invite:
        talk.invite(invited)
    for said in ALL[name].turn:
        talk.take(said)
    return talk


def shown(talk: Talk) -> Iterator[tuple[str, str, str]]:
    """Who was shown which button first: chat, action, what it sends."""
    seen = set()
    for chat, replies in talk.told.items():
        for reply in replies:
            rows = reply.card.rows if reply.card else ()
            for data in [*(button.postback for button in reply.buttons), *(row.postback for row in rows)]:
                action = (talk.desk.open_postback(data) or [""])[0] if data else ""
                if action and (chat, action) not in seen:
                    seen.add((chat, action))
                    yield chat, action, data


def press(talk: Talk, who: str, data: str) -> list[Reply]:
    talk.turns += 1
    talk.clock.now += timedelta(hours=3)
    event = f"press-{talk.turns}"
    return talk.answer(Incoming(CHANNEL, event, who, who, "postback", talk.clock(), postback=data))


def kept(talk: Talk) -> list[tuple[object, ...]]:
    """Everything that stands on reports and forums."""
    with talk.read() as session:
        return [
            *map(tuple, session.execute(select(*Report.__table__.columns).order_by(Report.id))),
            *map(tuple, session.execute(select(*Forum.__table__.columns).order_by(Forum.id))),
        ]


@pytest.fixture
def desk(reader: Reader, directory: Directory, texts: Texts) -> Desk:
    return make_desk(reader, directory, texts)


@pytest.mark.sqlite
@pytest.mark.parametrize("name", SHOWING)
def test_every_button_answers_late_twice_and_strangers_kindly(
    name: str, desk: Desk, database: Database, clock: Clock
) -> None:
    dialogue: Dialogue = ALL[name]
    homed = make_desk(desk.reader, desk.directory, desk.texts, {CHANNEL: dialogue.home})
    talk = hold(name, homed, database, clock)
    said = [turn.says[:WORDS] for turn in dialogue.turn if len(turn.says) > WORDS and " " not in turn.says[:WORDS]]
    for chat, action, data in list(shown(talk)):
        before = kept(talk)
        refused = press(talk, "คนแปลกหน้า", data)
        assert refused, f"{action}: a stranger hears nothing"
        told = "\n".join(map(heard, refused))
        assert not [code for code in talk.codes if code in told], f"{action}: a stranger reads a code: {told}"
        assert not [words for words in said if words in told], f"{action}: a stranger reads somebody's words: {told}"
        assert all(reply.to is None for reply in refused), f"{action}: a stranger's finger tells others something"
        assert kept(talk) == before, f"{action}: a stranger's finger changes something"
        assert press(talk, chat, data), f"{action}: silent hours later"
        assert press(talk, chat, data), f"{action}: silent the second time"


@pytest.mark.sqlite
def test_these_conversations_show_every_button(desk: Desk, clock: Clock, tmp_path: Path) -> None:
    empty = make_template(tmp_path)
    found = set()
    for name in SHOWING:
        path = shutil.copy(empty, tmp_path / f"{name}.db")
        homed = make_desk(desk.reader, desk.directory, desk.texts, {CHANNEL: ALL[name].home})
        database = open_database(f"sqlite:///{path}")
        found |= {action for _, action, _ in shown(hold(name, homed, database, clock))}
        database.engine.dispose()
    assert set(BUTTONS) - found - ELSEWHERE == set()
