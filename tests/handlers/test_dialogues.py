"""Every conversation of `tests/dialogues/`, held with the real conversation over a real database."""

from __future__ import annotations

import pytest

from handlers.desk import Desk
from handlers.provinces import Directory
from handlers.texts import Texts
from nlp.reader import Reader
from tests.fitting import misfits
from tests.handlers.talk import CHANNEL, Dialogue, Talk, dialogues
from tests.rig import Clock, Database, make_desk

ALL = list(dialogues())


def desk_of(dialogue: Dialogue, reader: Reader, directory: Directory, texts: Texts) -> Desk:
    return make_desk(reader, directory, texts, {CHANNEL: dialogue.home})


def known(dialogue: Dialogue) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(strict=True, reason=dialogue.known_bug)] if dialogue.known_bug else []


@pytest.mark.parametrize("dialogue", [pytest.param(dialogue, id=name, marks=known(dialogue)) for name, dialogue in ALL])
def test_dialogue(
    dialogue: Dialogue, reader: Reader, directory: Directory, texts: Texts, database: Database, clock: Clock
) -> None:
    talk = Talk(desk_of(dialogue, reader, directory, texts), database, clock)
    for invited in dialogue.invite:
        talk.invite(invited)
    for number, said in enumerate(dialogue.turn, 1):
        try:
            talk.check(said, talk.take(said))
        except AssertionError as error:
            pytest.fail(f"{dialogue.title}: turn {number}, {said.who}: {error}", pytrace=False)
    if dialogue.files_in:
        assert talk.filed_at == dialogue.files_in, "messages and taps until the first report stood"
    # Everything that was said could have been said on LINE and on Telegram.
    assert {chat: wrong for chat, told in talk.told.items() if (wrong := misfits(told))} == {}


def test_there_are_dialogues_of_every_sort() -> None:
    assert len(ALL) >= 20
    assert len({dialogue.title for _, dialogue in ALL}) == len(ALL)
