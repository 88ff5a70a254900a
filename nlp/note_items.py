"""The lines of a note gathered into its items: what begins one, what continues one, what is above and between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlp.header import head_lines
from nlp.header_lines import HeadLine
from nlp.minutes import agenda_point, is_formal, is_heading, is_rule, tells
from nlp.note_levels import Item, levelled
from nlp.note_lines import FILE, NoteLine, letters, note_lines
from nlp.patterns import pattern_table

_SHORT = 20
_TITLE = 30
_LONG = 35
_REST = 12
"""Letters that follow a header in its line at least, where they are the note's first issue."""
_LIST = 2
_FEW = 3
"""Items that a note keeps whatever they say."""
_TALK = 60


@dataclass(slots=True)
class _State:
    """Where in a note its reading stands."""

    items: list[Item]
    section: int = 0
    skipping: str = ""
    until: str = ""
    is_open: bool = False
    in_list: bool = False
    has_marks: bool = False
    wraps: bool = False
    headed: bool = False

    def close(self, *, section: bool = False) -> None:
        self.is_open = False
        if section:
            self.section += 1
            self.in_list = False

    def add(self, line: NoteLine) -> None:
        if self.skipping == "others" and not tells(line.text):
            return
        self.items.append(Item(line, line.text, self.section))
        self.is_open = True
        self.in_list = self.in_list or bool(line.kind)
        self.has_marks = self.has_marks or bool(line.kind)


def note_items(lines: Sequence[NoteLine]) -> list[Item]:
    """Return the items of a note, in order, without header, headings and formalities."""
    heads = head_lines(lines)
    bodies = list(_bodies(lines, heads))
    is_list = sum(bool(line.kind) for line in bodies) >= _LIST
    last_mark = max((at for at, line in enumerate(bodies) if line.kind), default=-1)
    state = _State([], headed=bool(heads))
    for at, line in enumerate(bodies):
        following = next((later for later in bodies[at + 1 : at + 5] if not is_formal(later)), None)
        if _is_between(line, following, state):
            continue
        labelled = _zoned(line, following)
        if labelled is None:
            state.close(section=True)
        elif labelled.kind:
            state.add(labelled)
        elif is_list:
            _unmarked(labelled, following, state, more=at < last_mark)
        elif state.is_open and pattern_table(FILE)["goes_on"].match(labelled.text):
            state.items[-1] = state.items[-1].with_line(labelled.text)
        else:
            state.add(labelled)
    return _without_small_talk(levelled(state.items), headed=bool(heads))


def _bodies(lines: Sequence[NoteLine], heads: dict[int, HeadLine]) -> Iterator[NoteLine]:
    for at, line in enumerate(lines):
        if at not in heads:
            yield line
        elif letters(line.whole[heads[at].end :]) >= _REST:
            yield from note_lines(line.whole[heads[at].end :])


def _is_between(line: NoteLine, following: NoteLine | None, state: _State) -> bool:
    """Take in a line that is no part of an item; say whether it was one."""
    point = agenda_point(line, following)
    if point:
        state.close(section=True)
        state.skipping, state.until = point.kind, line.kind
        if point.kind != "announced" and letters(point.content) >= _SHORT // 2:
            state.add(NoteLine(point.content, point.content, "agenda"))
        elif not point.kind and tells(point.title) and (following is None or agenda_point(following)):
            state.add(NoteLine(point.title, point.title, "agenda"))
        return True
    last = state.items[-1].line if state.items else line
    if line.kind == "counted" and last.kind in ("number", "numeral") and line.number <= last.number:
        return True  # "no. 4: somebody objected" refers to an item and is none
    if state.until and line.kind == state.until:
        state.skipping = state.until = ""
    if following and following.kind and pattern_table(FILE)["question"].match(line.text):
        state.close(section=True)
        return True
    told = line.numbered and tells(line.text) and (following is None or following.kind == line.kind)
    heading = is_heading(line) and (not told or line.text.endswith(":"))
    wrapped = state.is_open and letters(state.items[-1].text) >= _LONG and _counts_on(state, following)
    if heading and (line.kind or not wrapped):
        state.close(section=True)
        state.skipping = "" if state.skipping == "others" or not line.kind else state.skipping
        return True
    if state.skipping == "announced":
        return True
    # A list without a header is no minutes: what tells something there is an issue, whatever it begins with.
    if is_rule(line) or (is_formal(line) and (state.headed or not tells(line.text))):
        state.close()
        return True
    return False


def _zoned(line: NoteLine, following: NoteLine | None) -> NoteLine | None:
    """Return a line without the zone or group that it stands under; None where it only names one."""
    if line.numbered:
        return line
    zone = pattern_table(FILE)["zone"].match(line.text)
    if zone and not tells(zone[0]):
        content = line.text[zone.end() :]
        if not content or (following and following.kind and not tells(content)):
            return None
        return NoteLine(line.whole, content, line.kind or "zone")
    if not line.kind and pattern_table(FILE)["village"].match(line.text):
        return replace(line, kind="village")
    if not line.kind and pattern_table(FILE)["label"].match(line.text):
        return replace(line, kind="label")
    return line


def _unmarked(line: NoteLine, following: NoteLine | None, state: _State, *, more: bool) -> None:
    """Take in a line without a mark of a note that marks its items; `more` says that marked ones follow."""
    if more and not state.has_marks and _introduces(line, headed=state.headed):
        return
    if not state.is_open:
        if following and following.kind and letters(line.text) <= _TITLE and not tells(line.text):
            state.close(section=True)
        elif tells(line.text) or more or not state.headed:
            state.add(line)
    elif pattern_table(FILE)["goes_on"].match(line.text) or line.indent > state.items[-1].line.indent:
        state.items[-1] = state.items[-1].with_line(line.text)
    elif not state.in_list or line.after_gap:
        state.add(line)
    elif _counts_on(state, following):
        state.wraps = True
        state.items[-1] = state.items[-1].with_line(line.text)
    elif following and following.kind:
        _between_marks(line, following, state)
    elif _wraps(line, state):
        state.items[-1] = state.items[-1].with_line(line.text)
    elif tells(line.text) or not state.headed:
        state.add(line)
    else:
        state.close()


def _introduces(line: NoteLine, *, headed: bool) -> bool:
    """Whether a line above the first mark introduces the list: it tells nothing, or says in a note who will speak."""
    return not tells(line.text) or (headed and bool(pattern_table(FILE)["introduces"].search(line.text)))


def _wraps(line: NoteLine, state: _State) -> bool:
    """Whether a line under the last item belongs to it: others were wrapped too, or it is too short for its own."""
    if state.wraps and letters(state.items[-1].text) >= _LONG:
        return True
    return not state.headed and letters(line.text) <= _SHORT and not tells(line.text)


def _between_marks(line: NoteLine, following: NoteLine, state: _State) -> None:
    restarts = following.number == 1 and state.items[-1].line.numbered
    short = letters(line.text) <= _SHORT and not tells(line.text)
    if restarts or short:
        state.close(section=True)
    else:
        state.items[-1] = state.items[-1].with_line(line.text)


def _counts_on(state: _State, following: NoteLine | None) -> bool:
    """Whether the next line's number follows that of the last item, so that what is between belongs to the latter."""
    last = state.items[-1].line if state.items else None
    return bool(
        last and following and last.number and following.kind == last.kind and following.number == last.number + 1
    )


def _without_small_talk(items: list[Item], *, headed: bool) -> list[Item]:
    """Return the items without what the note-taker says of the meeting itself at the beginning and at the end.

    In a note with a header, which is a whole one, also what tells nothing is none there.
    """
    last = len(items)
    while last > max(_FEW, len(items) - 2) and _is_small_talk(items[last - 1], headed, headed and last == len(items)):
        last -= 1
    first = 1 if last > _FEW and _is_small_talk(items[0], headed, headed and items[0].section == 0) else 0
    return items[first:last]


def _is_small_talk(item: Item, headed: bool, may_be_idle: bool) -> bool:
    table = pattern_table(FILE)
    if table["labelled"].match(item.text):
        return False
    of_meeting = (
        letters(item.text) <= _TALK and table["meeting"].search(item.text) and not table["wish_first"].match(item.text)
    )
    if item.line.kind or not headed:
        return bool(of_meeting) and not tells(item.text)
    idle = may_be_idle and not tells(item.text) and not table["announced"].match(item.text)
    return bool(of_meeting) or idle
