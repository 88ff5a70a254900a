"""Everything that is heard of a text before anything is decided: its words, the lists' words, signals, cues."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.classify import CategoryWords, Heard
from nlp.cues import purpose_cues, topic_cues
from nlp.normalize import beginning_and_end, fold
from nlp.signals import Signals, SignalTable
from nlp.taxonomy import Taxonomy
from nlp.tokenize import Tokens, tokens


@dataclass(frozen=True, slots=True)
class Listened:
    """A folded, tokenized text and what was heard in it: `topic` and `purpose` are its cues, by name."""

    tokens: Tokens
    heard: Heard
    topic: tuple[str, ...]
    signals: Signals
    purpose: tuple[str, ...]


class Listener:
    """The lists of words and signals, ready."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        """Read the tables of signals.

        Raises:
            TableError: a table is wrong; it names the file and the key.
        """
        self._words = CategoryWords(taxonomy)
        self._signals = SignalTable(taxonomy)

    def listen(self, cleaned: str) -> Listened:
        """Return what is heard in a cleaned text; of a long one its beginning and end, unless it cries for help."""
        deciding = beginning_and_end(cleaned)
        folded = fold(deciding)
        if len(deciding) < len(cleaned):
            # A cry for help is not passed over because it stands in the middle of a long text.
            all_of_it = fold(cleaned)
            folded = all_of_it if self._signals.grave(all_of_it) else folded
        found = tokens(folded)
        signals = self._signals.find(found)
        heard = self._words.hear(found)
        return Listened(found, heard, topic_cues(heard), signals, purpose_cues(found, signals))

    def topic(self, cleaned: str) -> tuple[Tokens, tuple[str, ...]]:
        """Return only the words of a cleaned text and its cues of what it is about."""
        found = tokens(fold(beginning_and_end(cleaned)))
        return found, topic_cues(self._words.hear(found))
