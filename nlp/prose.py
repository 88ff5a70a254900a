"""Issues that are told one after the other in one line: where the next begins, and what of the words is not its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.minutes import is_formal, tells
from nlp.note_lines import FILE, NoteLine, letters
from nlp.patterns import PatternTable, pattern_table

_LEAST = 6
"""Letters that an issue has at least."""
_PREAMBLE = 10
_SPEAKERS = ("", "2", "3", "4", "5", "6", "7")
_SAYINGS = ("", "2", "3", "4")
"""Groups of the pattern of speakers, by what follows their names."""
_READ = 400
"""Letters of an issue told in prose that are looked through for its end."""
_LAST = 40
"""Letters of what is told last at most, where it is small talk."""
_CLAUSE = 18
_CLAUSES = 5


@dataclass(frozen=True, slots=True)
class _Turn:
    """Where an issue ends and the next begins; between them stands who says it, or "the second thing is".

    `weight` is 1 for words that may also go on, 2 for words that mostly begin an issue, 3 for "another thing".
    """

    ends: int
    begins: int
    weight: int
    spoken: bool


def numbered_within(line: str) -> list[str]:
    """Return the items of one line that counts them 1, 2, … or bullets them itself; empty where it does not."""
    table = pattern_table(FILE)
    counted = list(table["inline"].finditer(line))
    numbers = [_number(found) for found in counted]
    if len(counted) >= 2 and numbers == list(range(1, len(counted) + 1)):
        closing = table["closing"].search(line, counted[-1].end())
        return _between(line[: closing.start()] if closing else line, counted, counted[0].start())
    bullets = list(table["inline_bullet"].finditer(line))
    if len(bullets) >= 3 or (len(bullets) == 2 and bullets[0].start() == 0):
        return _between(line, bullets, bullets[0].start())
    return []


def listed_within(line: str, *, commas: int) -> list[str]:
    """Return the issues of one line that separates them by semicolons, by slashes, or by commas into so many at least.

    With `commas` 0 they separate nothing.
    """
    table = pattern_table(FILE)
    for separator, least in (("semicolon", 2), ("slash", 2), *((("comma", commas),) if commas else ())):
        pieces = [piece for piece in table[separator].split(line) if letters(piece)]
        sure = len(pieces) > 2 or (separator == "comma" and least == 2) or all(map(tells, pieces))
        if len(pieces) >= least and sure and all(letters(piece) >= _LEAST for piece in pieces):
            return pieces
    return []


def told_within(line: str, *, note: bool) -> list[str]:
    """Return the issues that a line of prose tells one after the other; empty where it does not.

    `note` says that the line is part of a whole note, in which two speakers have two issues. In a message of its
    own two people may speak of one.
    """
    table = pattern_table(FILE)
    turns = _turns(line, table)
    sure = sum(turn.weight >= 2 for turn in turns)
    introduced = bool(turns) and bool(table["heading"].match(line[: turns[0].ends].strip()))
    if not turns or not (introduced or _enough(turns, sure, note)):
        return []
    promised = next((turn.ends for turn in turns[1:] if table["will_do"].match(line[turn.ends :].lstrip())), len(line))
    turns = [turn for turn in turns if turn.ends < promised]
    closing = table["closing"].search(line, turns[-1].begins, promised)
    ends = [*(turn.ends for turn in turns[1:]), closing.start() if closing else promised]
    told = [line[turn.begins : end].strip() for turn, end in zip(turns, ends, strict=True)]
    preamble = line[: turns[0].ends].strip()
    if letters(preamble) >= _PREAMBLE and tells(preamble) and not table["heading"].search(preamble):
        told.insert(0, preamble)
    told = [_without_ending(one, table) for one in told]
    if len(told) > 2 and letters(told[-1]) <= _LAST and table["meeting"].search(told[-1]):
        told.pop()
    return [one for one in told if letters(one) >= _LEAST and not is_formal(NoteLine(one, one))]


def clauses_within(line: str) -> list[str]:
    """Return the clauses of a line of prose that says nowhere where an issue begins; empty where they are few.

    About half of them are issues. That is better to correct than one item of ten issues.
    """
    clauses: list[list[str]] = []
    length = 0
    for words in line.split():
        if clauses and min(length, letters(words)) < _CLAUSE:
            clauses[-1].append(words)
            length += letters(words)
        else:
            clauses.append([words])
            length = letters(words)
    return [" ".join(words) for words in clauses] if len(clauses) >= _CLAUSES else []


def without_hearsay(text: str) -> str:
    """Return an issue without what somebody adds about a person at its end."""
    table = pattern_table(FILE)
    for turn in _turns(text, table):
        added = text[turn.begins :]
        if turn.spoken and letters(text[: turn.ends]) >= _PREAMBLE and not tells(added):
            return text[: turn.ends].rstrip() if table["hearsay"].match(added) else text
    return text


def without_opening(text: str) -> str:
    """Return an issue without who says it and without "another thing is" before it."""
    table = pattern_table(FILE)
    label = table["label"].match(text)
    if label and letters(text[label.end() :]) >= _LEAST and not tells(label["who"]):
        text = text[label.end() :]
    for turn in _turns(text, table):
        if turn.ends > 0 or letters(text[turn.begins :]) < _LEAST:
            break
        return text[turn.begins :]
    return text


def _without_ending(text: str, table: PatternTable) -> str:
    """Return an issue without what follows it that is none: thanks, promises, what was eaten."""
    for space in re.finditer(r"\s+", text[:_READ]):
        clause = text[space.end() :].split(" ", 1)[0]
        rest = text[space.end() :]
        idle = table["meeting"].search(clause) and not tells(clause)
        if letters(text[: space.start()]) >= _LEAST and (idle or is_formal(NoteLine(rest, rest))):
            return text[: space.start()]
    return text


def _enough(turns: list[_Turn], sure: int, note: bool) -> bool:
    if all(turn.spoken for turn in turns):
        return len(turns) >= (2 if note else 3)
    if len(turns) == 1:
        return turns[0].weight > 2
    return bool(sure) or len(turns) >= 3


def _turns(line: str, table: PatternTable) -> list[_Turn]:
    found = [
        _Turn(one.start(), one.end(), 3 if table["another"].match(one[0]) else 2, False)
        for one in table["opener"].finditer(line)
    ]
    found += [_Turn(one.start(), one.end(), 1, False) for one in table["weak_opener"].finditer(line)]
    found += [turn for one in table["speaker"].finditer(line) if (turn := _spoken(one, table))]
    found.sort(key=lambda turn: (turn.ends, -turn.begins))
    turns: list[_Turn] = []
    for turn in found:
        before = turns[-1] if turns else None
        if before and turn.ends <= before.begins + 1:
            # "the second thing: uncle Daeng says": one turn
            begins, weight = max(before.begins, turn.begins), max(before.weight, turn.weight)
            turns[-1] = _Turn(before.ends, begins, weight, before.spoken and turn.spoken)
        elif letters(line[before.begins if before else 0 : turn.ends]) >= _LEAST or not before:
            turns.append(turn)
    return turns


def _spoken(found: re.Match[str], table: PatternTable) -> _Turn | None:
    groups = found.groupdict()
    who = next((groups[f"who{number}"] for number in _SPEAKERS if groups[f"who{number}"]), "")
    if table["no_name"].search(who):
        return None
    sure = any(groups[f"that{number}"] for number in _SAYINGS)
    return _Turn(found.start(), found.end(), 2 if sure else 1, True)


def _number(found: re.Match[str]) -> int:
    said = found["n"] or found["n2"]
    if said:
        return int(said)
    sign = found["sign"]
    return int(sign[0]) if sign[0].isdigit() else ord(sign[0]) - (0x245F if sign[0] < "\u2776" else 0x2775)


def _between(line: str, marks: list[re.Match[str]], begins: int) -> list[str]:
    ends = [*(mark.start() for mark in marks[1:]), len(line)]
    items = [line[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
    table = pattern_table(FILE)
    items[-1] = _without_ending(items[-1], table)
    before = line[:begins].strip()
    if letters(before) >= _PREAMBLE and tells(before) and not table["heading"].search(before):
        items.insert(0, before)
    return [item for item in items if item]
