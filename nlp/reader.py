"""The one door of the understanding room: a text in, a Reading out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from nlp import romanised
from nlp.anger import Anger
from nlp.answers import Answers
from nlp.decide import Decision, decide
from nlp.geography import Local, PlaceNames
from nlp.hiding import Hiding
from nlp.listening import Listened, Listener
from nlp.manner import Manner, Manners
from nlp.model import LinearModel, load_model
from nlp.normalize import beginning_and_end, clean, fold
from nlp.places import Gazetteer
from nlp.reading import FoundPlace, Reading
from nlp.redact import Redactor
from nlp.summarize import summarize
from nlp.taxonomy import Taxonomy, load_taxonomy
from nlp.tokenize import Tokens, tokens, warm_up

SHOWN = 5
"""Words of evidence at most."""
DANGER = ("hint.emergency_now.strong", "hint.emergency_now.weak", "urgency.danger", "urgency.emergency", "urgency.cry")
"""Cues of which one is enough to believe that a life is in danger."""
SELDOM = ("water", "infrastructure", "agriculture", "environment", "land_housing", "income_debt", "governance", "other")
"""Categories in which a life is seldom in danger without a word that says so."""
TIP = "corruption_tip"
"""The wrong of which an office or public money is part."""
LINES = 12
"""Lines of a text at most that are looked at one by one; more are a document, not a report and what was added."""
MODEL = Path(__file__).parent / "model"
"""The shipped model."""


@dataclass(frozen=True, slots=True)
class Reader:
    """All lexicons, loaded. Immutable after loading, so threads may share one."""

    taxonomy: Taxonomy
    model: LinearModel
    _listener: Listener
    _gazetteer: Gazetteer
    _answers: Answers
    _redactor: Redactor
    _manners: Manners
    _hiding: Hiding
    _anger: Anger

    @classmethod
    def load(cls, model: Path = MODEL) -> Reader:
        """Return a reader of the tables in this package with the model in a folder.

        Raises:
            ModelError: there is no model in the folder.
            TableError: a table is wrong; it names the file and the key.
        """
        warm_up()
        taxonomy = load_taxonomy()
        gazetteer = Gazetteer()
        return cls(
            taxonomy,
            load_model(model),
            Listener(taxonomy),
            gazetteer,
            Answers(gazetteer),
            Redactor(),
            Manners(),
            Hiding(),
            Anger(),
        )

    def read(self, text: str, province: str | None = None) -> Reading:
        """Return what is understood of any text, at most its first `normalize.MAX_CHARACTERS` characters.

        Args:
            text: as it came; empty, broken and hostile texts are read too.
            province: official 2-digit code of the province the conversation knows, None when unknown.
        """
        cleaned = clean(text)
        whole, decided = self._judge(cleaned)
        listened = whole
        if decided.category == self.taxonomy.fallback and (telling := self._telling(cleaned, decided)):
            listened, decided = self._judge(telling)
        place = self._answers.find(whole.tokens, province)
        if decided.urgency == "emergency":
            decided = self._calmer(cleaned, whole, decided, place)
        if decided.sensitive == TIP:
            decided = self._open(cleaned, decided)
        masked = self._redactor.mask(cleaned)
        evidence = self._evidence(listened, decided.category, fold(masked.text))
        return Reading(
            kind=decided.kind,
            category=decided.category,
            sub=listened.heard.sub(decided.category),
            confidence=decided.ranked[0][1],
            alternatives=decided.ranked[:3],
            sure=decided.sure,
            urgency=decided.urgency,
            sensitive=decided.sensitive,
            place=place,
            masked_text=masked.text,
            summary=summarize(masked.text, evidence),
            evidence=_as_written(evidence, text),
            model=self.model.card.version,
        )

    def category(self, text: str) -> str:
        """Return only the likeliest category of a text.

        It is that of `read` but for small talk, spam and cries of despair, which `read` sorts by what they are for.
        """
        return self.model.likeliest(*self._listener.topic(clean(text)))

    def topics(self, text: str) -> tuple[Tokens, dict[str, float]]:
        """Return a text's words and the probabilities of the model's categories."""
        listened = self._listener.listen(clean(text))
        return listened.tokens, self.model.answer(listened.tokens, listened.topic, listened.purpose)["category"]

    def local_names(self, province: str) -> Local | None:
        """Return the names of amphoe and tambons of a province by its 2-digit code, None for an unknown one."""
        return self._gazetteer.geography.local.get(province)

    def _judge(self, cleaned: str) -> tuple[Listened, Decision]:
        listened = self._listener.listen(cleaned)
        answers = self.model.answer(listened.tokens, listened.topic, listened.purpose)
        return listened, decide(listened, answers, self.taxonomy.fallback)

    def _calmer(self, cleaned: str, whole: Listened, decided: Decision, place: FoundPlace | None) -> Decision:
        """Return a decision without the emergency that only the name of a place made of it.

        The model has learned from texts with places in them, and a village's name says nothing about danger. Where any
        word of danger stands it is believed.
        """
        if place is None or decided.category not in SELDOM or any(map(whole.signals.count, DANGER)):
            return decided
        bare = fold(cleaned)
        for words in (place.words, place.village, *place.words.split()):
            bare = bare.replace(words, " ") if words else bare
        if bare == fold(cleaned):
            return decided
        again = self._judge(bare)[1]
        return decided if again.urgency == "emergency" else replace(decided, urgency=again.urgency, kind=again.kind)

    def _open(self, cleaned: str, decided: Decision) -> Decision:
        """Return a decision without the tip on corruption that only an angry word or a plea for silence made of it.

        A tip hides the whole case. "He cheats" about a neighbour, or "do not tell the headman, they are cousins",
        beside dead buffaloes gives no office away.
        """
        folded = fold(cleaned)
        bare = self._anger.without(folded)
        if bare == folded:
            return decided
        left = self._judge(bare)[1].sensitive if any(map(str.isalpha, bare)) else None
        return decided if left == TIP else replace(decided, sensitive=left)

    def _telling(self, cleaned: str, whole: Decision) -> str:
        """Return the lines that are about something, where the others made the whole be about nothing, else ''.

        A report and what is added to it are lines of one text: thanks and chatter must not outweigh the trouble.
        """
        lines = cleaned.split("\n")
        if not 1 < len(lines) <= LINES or whole.urgency != "normal" or whole.sensitive:
            return ""
        telling: list[str] = []
        for line in lines:
            judged = self._judge(line)[1]
            if judged.kind == "thanks" and not telling:
                return ""  # who begins with thanks goes on with what was done, not with a trouble
            if judged.category != self.taxonomy.fallback:
                telling.append(line)
        return "\n".join(telling)

    def _evidence(self, listened: Listened, category: str, shown: str) -> list[str]:
        """Return the words that speak most for a category: those of its lists first, then those the model learned.

        Only words that still stand in the masked text are shown: a name or a number gives nobody away here either.
        """
        text = listened.tokens.text
        spans = [*listened.heard.evidence(category), *self.model.strength(listened.tokens, category)]
        chosen: list[tuple[int, int]] = []
        words: list[str] = []
        for _, start, end in spans:
            word = text[start:end].strip()
            apart = not any(start < taken_end and taken_start < end for taken_start, taken_end in chosen)
            if apart and word not in words and any(map(str.isalpha, word)) and word in shown:
                chosen.append((start, end))
                words.append(word)
            if len(words) == SHOWN:
                break
        return words

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

    def locate_address(self, address: str, province: str | None) -> FoundPlace | None:
        """Return the place of an address that a map wrote, in Thai or in Latin letters; `province` as in `locate`."""
        if code := romanised.find(address):
            return self._gazetteer.place(code, (), address)
        return self.locate_answer(address, province)

    def manner(self, text: str) -> Manner:
        """Return how a text is said, whatever it is about."""
        return self._manners.of(text)

    def denied(self, text: str) -> str:
        """Return the words of which a text says that they are not so ("not Ban Lao"), folded; '' for none."""
        return self._answers.denied(fold(beginning_and_end(clean(text))))

    def village(self, text: str) -> str:
        """Return the name of the village that a text is and nothing else, '' where it is none."""
        return self._manners.village(text)

    def mask(self, text: str) -> str:
        """Return a text without the personal data that was recognised in it."""
        return self._redactor.mask(clean(text)).text

    def harmless(self, masked: str) -> bool:
        """Return whether a masked text may be shown to a stranger: nobody is named in it, or called names."""
        return not (self._redactor.holds_mask(masked) or self._manners.of(masked).abuse)

    def roughly(self, text: str, names: Iterable[str]) -> str:
        """Return a text without what tells where in a tambon it is: the names given, villages, houses, lanes."""
        found = self._gazetteer.villages(tokens(fold(beginning_and_end(clean(text)))))
        return self._hiding.hide(text, [*names, *found])

    def phones(self, text: str) -> int:
        """Return how many telephone numbers stand in a text."""
        return self._redactor.mask(clean(text)).kinds.count("phone")

    def without_phones(self, text: str) -> str:
        """Return a text, cleaned, without its telephone numbers."""
        return self._redactor.without(clean(text), "phone")

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
