"""Kind answers: to greetings and thanks, to what we cannot read, and to those who ask what this is."""

from __future__ import annotations

from handlers import asking, belonging, report
from handlers.messages import Button, Reply
from handlers.report import message_key, saying
from handlers.turn import Turn
from storage import people
from storage.models import Report

WORDY = 5  # letters from which smalltalk might have been meant as a report


def words(turn: Turn) -> tuple[Button, ...]:
    """The words that always work, by what the person may do."""
    names = ["new", "status", "data"]
    if turn.role("volunteer"):
        names.insert(1, "forum")
    if turn.staff:
        names = ["queue", "digest", "forum", *names]
    return tuple(turn.word(name) for name in names)


def show(turn: Turn) -> list[Reply]:
    """What can be done here."""
    key = "help.staff" if turn.staff else ("help.volunteer" if turn.role("volunteer") else "help.villager")
    other = turn.word("thai" if turn.lang == "en" else "english")
    return [turn.reply(key, *words(turn), other)]


def welcome(turn: Turn) -> list[Reply]:
    """Somebody added us, or came back."""
    return [turn.reply("help.welcome", asking.voice(turn), asking.camera(turn), turn.word("help"))]


def smalltalk(turn: Turn) -> list[Reply]:
    """Thanks, greetings and spam get a kind word, and a button in case it was meant as a report."""
    text = turn.incoming.text.strip()
    key = f"help.{turn.reading.kind}" if turn.reading.kind in ("thanks", "spam") else "help.hello"
    if turn.reading.kind == "thanks" or len(text) < WORDY or turn.desk.reader.manner(text).greets:
        return [turn.reply(key, turn.word("new"), turn.word("help"))]
    people.set_dialogue(turn.session, turn.person.id, "maybe", {"text": text}, turn.now)
    return [turn.reply(key, turn.press("meant", "maybe.yes"), turn.word("help"))]


def nod(turn: Turn, told: Report) -> list[Reply]:
    """A yes or a smile just after a report."""
    return [turn.reply("help.nod", turn.word("status"), code=told.code)]


def meant(turn: Turn) -> list[Reply]:
    """It was meant as a report after all."""
    name, data = people.dialogue_of(turn.session, turn.person.id)
    if name != "maybe":
        return report.begin(turn)
    people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
    province = turn.province
    reading = turn.desk.reader.read(data["text"], province.code if province else None)
    return report.start(saying(turn, data["text"]).but(reading=reading))


def number(turn: Turn) -> list[Reply]:
    """A telephone number instead of words: it is kept for the report that its owner tells next."""
    key = message_key(turn)
    data = {"text": turn.incoming.text.strip(), "message": key.hex() if key else ""}
    people.set_dialogue(turn.session, turn.person.id, "number", data, turn.now)
    return [turn.reply("help.number", asking.voice(turn), asking.camera(turn))]


def empty(turn: Turn) -> list[Reply]:
    """A sticker, or a message in which there is nothing to read; what was asked before is asked once more."""
    if waiting := asking.pending(turn):
        return [waiting]
    if turn.incoming.sticker and (told := belonging.open_report(turn)):
        return nod(turn, told)
    key = "help.sticker" if turn.incoming.sticker else "help.empty"
    return [turn.reply(key, asking.voice(turn), asking.camera(turn), turn.word("help"))]


def thai(turn: Turn) -> list[Reply]:
    """Speak Thai from here on."""
    turn.person.language = "th"
    return show(turn)


def english(turn: Turn) -> list[Reply]:
    """Speak English until somebody writes Thai again."""
    turn.person.language = "en"
    return show(turn)


def group_hello(turn: Turn) -> list[Reply]:
    """We were added to a group, or somebody there asks for what is only done in private."""
    return [turn.reply("help.group")]
