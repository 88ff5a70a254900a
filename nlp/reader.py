"""The one door of the understanding room: a text in, a Reading out."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.answers import Answers
from nlp.classify import WordClassifier
from nlp.geography import PlaceNames
from nlp.kind import kind_of
from nlp.normalize import beginning_and_end, clean, fold
from nlp.places import Gazetteer
from nlp.reading import FoundPlace, Reading
from nlp.redact import Redactor
from nlp.signals import SignalTable
from nlp.summarize import summarize
from nlp.taxonomy import Taxonomy, load_taxonomy
from nlp.tokenize import tokens, warm_up
from nlp.urgency import sensitive_of, urgency_of


@dataclass(frozen=True, slots=True)
class Reader:
    """All lexicons, loaded. Immutable after loading, so threads may share one."""

    taxonomy: Taxonomy
    _classifier: WordClassifier
    _signals: SignalTable
    _gazetteer: Gazetteer
    _answers: Answers
    _redactor: Redactor

    @classmethod
    def load(cls) -> Reader:
        """Return a reader of the tables in this package.

        Raises:
            TableError: a table is wrong; it names the file and the key.
        """
        warm_up()
        taxonomy = load_taxonomy()
        gazetteer = Gazetteer()
        return cls(taxonomy, WordClassifier(taxonomy), SignalTable(taxonomy), gazetteer, Answers(gazetteer), Redactor())

    def read(self, text: str, province: str | None = None) -> Reading:
        """Return what is understood of any text, at most its first `normalize.MAX_CHARACTERS` characters.

        Args:
            text: as it came; empty, broken and hostile texts are read too.
            province: official 2-digit code of the province the conversation knows, None when unknown.
        """
        cleaned = clean(text)
        deciding = beginning_and_end(cleaned)
        # Nobody's cry for help is skipped because it stands in the middle of a long text.
        found = tokens(fold(cleaned if len(deciding) < len(cleaned) and self._signals.grave(cleaned) else deciding))
        signals = self._signals.find(found)
        verdict = self._classifier.classify(found, signals.about)
        category = verdict.category
        if signals.count("self_harm.wish") and not verdict.evidence:
            category = "mental_health"
        urgency = urgency_of(signals, category)
        masked = self._redactor.mask(cleaned)
        evidence = [found.text[start:end] for start, end in verdict.evidence]
        about_something = bool(evidence) and category != self.taxonomy.fallback
        return Reading(
            kind=kind_of(
                signals,
                len(found.text),
                len(found.starts) if any(map(str.isalpha, found.text)) else 0,
                urgency,
                about_something,
                bool({"phone", "line_id"} & {*masked.kinds}),
            ),
            category=category,
            sub=verdict.sub if category == verdict.category else "",
            confidence=dict(verdict.ranked)[category],
            alternatives=verdict.ranked[:3],
            sure=verdict.sure and category == verdict.category,
            urgency=urgency,
            sensitive=sensitive_of(signals, category),
            place=self._answers.find(found, province),
            masked_text=masked.text,
            summary=summarize(masked.text, evidence),
            evidence=_as_written(evidence, text),
            model=self._classifier.version,
        )

    def locate(self, text: str, province: str | None) -> FoundPlace | None:
        """Return only the place a text speaks of: cheap, for when the province becomes known later."""
        return self._answers.find(tokens(fold(beginning_and_end(clean(text)))), province)

    def locate_answer(self, text: str, province: str | None) -> FoundPlace | None:
        """Return the place named by a text that is known to be an answer to "where?".

        As `locate`, but bare names of amphoe, tambons and provinces count anywhere in it, and a place it denies
        does not. Without a province a bare name counts where it is the only one of its kind in the country, and
        a tambon's with up to eight namesakes gives candidates.
        """
        return self._answers.find_answer(tokens(fold(beginning_and_end(clean(text)))), province)

    def mask(self, text: str) -> str:
        """Return a text without the personal data that was recognised in it."""
        return self._redactor.mask(clean(text)).text

    def place_names(self, code: str) -> PlaceNames:
        """Return the official names of a code of 2, 4 or 6 digits and of what it lies in; '' where unknown."""
        return self._gazetteer.geography.place_names(code)


def _as_written(words: list[str], text: str) -> tuple[str, ...]:
    """Return those words that stand in the text letter for letter, in the text's own capitals."""
    lowered = text.lower()
    if len(lowered) != len(text):
        return tuple(word for word in words if word in text)
    spots = [(lowered.find(word), len(word)) for word in words]
    return tuple(text[at : at + length] for at, length in spots if at >= 0)
