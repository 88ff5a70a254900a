"""Signals of kind, urgency and sensitivity: cues looked up together in one walk over the words, and alarms."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.alarms import ENGLISH, THAI, AlarmTable
from nlp.lexicon import Lexicon
from nlp.tables import read_table, subtable, texts
from nlp.taxonomy import Taxonomy
from nlp.tokenize import Tokens

FILE = "signals.toml"
_ABOUT = "about."
_ONLY = "only."

_LISTS: dict[str, tuple[str, ...]] = {
    "self_harm": ("wish", "topic"),
    "urgency": ("emergency", "danger", "now", "calm", "high", "cry", "habit", "settled", "alarm", "animal"),
    "sensitive": (
        "violence",
        "abuse_child",
        "sexual",
        "drugs_tip",
        "corruption_tip",
        "health",
        "health_person",
        "health_service",
        "assault",
        "corruption",
        "drugs",
    ),
}
_GRAVE = {
    "self_harm.wish",
    "self_harm.topic",
    "urgency.emergency",
    "urgency.cry",
    "urgency.danger",
    "sensitive.violence",
    "sensitive.abuse_child",
    "sensitive.sexual",
    *(f"hint.{name}.strong" for name in ("emergency_now", "self_harm", "violence", "abuse_child", "sexual")),
}
"""Lists of which a word in the middle of a long text has all of it read."""
HINTS = (
    "emergency_now",
    "now_words",
    "calm",
    "self_harm",
    "violence",
    "abuse_child",
    "sexual",
    "drugs_tip",
    "corruption_tip",
    "health_private",
    "spam",
    "thanks",
    "chitchat",
    "question",
    "proposal",
    "asset",
)
"""Lists under `hints/`: what the linear model weighs, unlike the cues above, which rules know by name."""
_KINDS: dict[str, tuple[str, ...]] = {
    "spam": ("strong",),
    "thanks": ("strong",),
    "proposal": ("strong",),
    "question": ("strong", "weak", "request"),
    "asset": ("strong", "weak"),
    "problem": ("weak", "plain"),
    "chitchat": ("strong", "plain"),
    "bot": ("strong",),
}


@dataclass(frozen=True, slots=True)
class Signals:
    """How many different cues and alarms of each name stand in a text, and where the last one of each ends."""

    counts: dict[str, int]
    last: dict[str, int]

    def count(self, name: str) -> int:
        """Return the number of different cues of the list `name`, such as ``urgency.now``."""
        return self.counts.get(name, 0)

    @property
    def about(self) -> tuple[str, ...]:
        """The categories that alarms speak for."""
        return tuple(name.removeprefix(_ABOUT) for name in self.counts if name.startswith(_ABOUT))

    @property
    def only(self) -> tuple[str, ...]:
        """The categories that alarms speak for so plainly that nothing else is asked."""
        return tuple(name.removeprefix(_ONLY) for name in self.counts if name.startswith(_ONLY))


class SignalTable:
    """All cues, ready for look-up."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        """Read `signals.toml`, the tables of alarms and the taxonomy's common cues of urgency.

        Raises:
            TableError: a list is missing or of the wrong shape.
        """
        table = read_table(FILE)
        self._lists: dict[str, set[str]] = {}
        for section, names in _LISTS.items():
            for name in names:
                self._add(f"{section}.{name}", texts(subtable(table, section, FILE), name, f"{FILE}: {section}"))
        for kind, names in _KINDS.items():
            row = subtable(subtable(table, "kind", FILE), kind, f"{FILE}: kind")
            for name in names:
                self._add(f"kind.{kind}.{name}", texts(row, name, f"{FILE}: kind.{kind}"))
        known = {*self._lists, *texts(subtable(table, "urgency", FILE), "not_alone", f"{FILE}: urgency")}
        self._add("urgency.danger", tuple(word for word in taxonomy.critical if word not in known))
        self._add("urgency.high", tuple(word for word in taxonomy.high if word not in known))
        for category in taxonomy.categories:
            self._add(f"cue.{category.slug}", category.urgency_cues)
        self._add("harmless", texts(subtable(table, "harmless", FILE), "words", f"{FILE}: harmless"))
        self._add_hints()
        self._grave = tuple(word for word, names in self._lists.items() if names & _GRAVE)
        self._lexicon = Lexicon(self._lists)
        self._alarms = tuple(map(AlarmTable, (THAI, ENGLISH)))

    def grave(self, folded: str) -> bool:
        """Whether words of danger or of a wrong stand in a folded text, letter for letter: quick, and too careful."""
        return any(word in folded for word in self._grave)

    def find(self, tokens: Tokens) -> Signals:
        """Return the cues of a folded, tokenized text."""
        counts: dict[str, int] = {}
        last: dict[str, int] = {}
        seen: set[str] = set()
        for hit in self._lexicon.hits(tokens):
            for name in self._lists[hit.phrase]:
                last[name] = hit.end
                if hit.phrase not in seen:
                    counts[name] = counts.get(name, 0) + 1
            seen.add(hit.phrase)
        for name, end in (raised for table in self._alarms for raised in table.raised(tokens.text)):
            counts[name] = counts.get(name, 0) + 1
            last[name] = max(last.get(name, 0), end)
        return Signals(counts, last)

    def _add_hints(self) -> None:
        """Add the lists under `hints/`. The longest phrase at a place wins, so a hint carries the cues inside it."""
        cues = {word: set(names) for word, names in self._lists.items()}
        for name in HINTS:
            file = f"hints/{name}.toml"
            table = read_table(file)
            for strength in ("strong", "weak"):
                hints = texts(table, strength, file)
                self._add(f"hint.{name}.{strength}", hints)
                for hint in hints:
                    self._lists[hint].update(*(cues[part] for part in _parts(hint) if part in cues))

    def _add(self, name: str, words: tuple[str, ...]) -> None:
        for word in words:
            self._lists.setdefault(word, set()).add(name)


def _parts(phrase: str) -> set[str]:
    return {phrase[start:end] for start in range(len(phrase)) for end in range(start + 2, len(phrase) + 1)}
