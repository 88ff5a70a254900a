"""What a text is about and for, how soon somebody must look, and what must never leak: rules and the model together.

A life weighs more than a false alarm: what the rules call an emergency stays one, and the model adds those that no
rule foresaw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from nlp.cues import REACHED
from nlp.kind import kind_of
from nlp.listening import Listened
from nlp.reading import Kind, Sensitive, Urgency
from nlp.urgency import sensitive_of, urgency_of

Answers = Mapping[str, Mapping[str, float]]
EMERGENCY = 0.26
"""Probability from which on a text is an emergency; all thresholds here were chosen on examples left out of training,
recall before precision, with false alarms of an emergency below one in twenty (model/README.md)."""
EMERGENCY_UNHINTED = 0.65
"""The same of a short text in which no word of danger stands."""
EMERGENCY_CALM = 0.95
"""The same where words say that it is past, planned or a way of speaking."""
EMERGENCY_SELF_HARM = 0.12
"""The same where somebody may hurt themselves."""
NEVER = 1.1
HIGH = 0.35
"""Probability from which on a text is urgent."""
GRAVE = 0.3
"""Probability of all wrongs together from which on the likeliest is named, if that has itself at least `LIKELIEST`."""
LIKELIEST = 0.15
GRAVE_HARMLESS = 0.65
"""The same in place of `GRAVE` where a harmless way of speaking stands in the text, or a rule names another wrong."""
KIND_CERTAIN = 0.65
"""Probability from which on small talk or thanks stay what they are though a category is plainly named."""
SURE = 0.78
"""Confidence from which on nobody is asked: a fifth of the messages is."""
CLAUSE = 12
"""Words of a text so short that a cry for help would hold one of the lists' words."""
GRAVEST = (
    "self_harm",
    "abuse_child",
    "sexual",
    "violence",
    "drugs_tip",
    "corruption_tip",
    "health_private",
)
"""Which of two wrongs is named."""
NOTHING = "none"
FEW = 4
"""Words up to which a text is an answer or a nod rather than a message."""
BRIEF = 45
"""Characters up to which a plain trouble is not told for fun."""
DOUBTFUL = 0.3
"""Probability of the fallback below which a text is about something."""
SMALL: frozenset[str] = frozenset({"chitchat", "spam", "thanks"})
"""Kinds that are about no category."""
UNSORTED: frozenset[str] = frozenset({"problem", "proposal"})
"""Kinds that somebody must be found for: of these, what fits nowhere is asked about."""
IDLE_KINDS: frozenset[str] = frozenset({"problem", "proposal", "asset", "question"})
"""Kinds of which what is small talk from end to end is none."""
WRONG = {"violence": "sensitive.assault", "abuse_child": "sensitive.abuse_child", "sexual": "sensitive.sexual"}
"""Signals of what was done to somebody, by sensitivity."""
PRAISED = 0.5
"""Probability below which nothing is believed to be praise of a place: a problem filed as praise is lost."""
IDLE = 0.8
"""Probability from which on a few words that are about nothing are small talk."""
TROUBLE = "kind.problem.plain"
"""What no praise of a place goes with."""
IDLE_TALK = "kind.chitchat.plain"
"""Small talk from end to end."""
TO_US = "kind.bot.strong"
"""Words to the one who answers: nothing is guessed from them."""
LONELY = "mental_health"
"""Where words of self-harm belong when nothing else is known of them."""


@dataclass(frozen=True, slots=True)
class Decision:
    """All that was decided. `ranked` holds every category with its probability, the decided one first."""

    kind: Kind
    ranked: tuple[tuple[str, float], ...]
    sure: bool
    urgency: Urgency
    sensitive: Sensitive | None

    @property
    def category(self) -> str:
        """The decided category."""
        return self.ranked[0][0]


def decide(listened: Listened, answers: Answers, fallback: str) -> Decision:
    """Return the decision on a text; `fallback` is the category of what fits nowhere, unless the model has none."""
    shares = dict(answers["category"])
    likeliest = max(shares, key=shares.__getitem__)
    wordless = not any(map(str.isalnum, listened.tokens.text))
    to_us = bool(listened.signals.count(TO_US))
    best = fallback if (wordless or to_us) and fallback in shares else likeliest
    best = next((slug for slug in listened.signals.only if slug in shares), best)
    about_something = best != fallback
    grave = _sensitive(listened, answers, best)
    urgent = _urgency(listened, answers, best, grave)
    kind = "chitchat" if wordless and urgent != "emergency" else _kind(listened, answers, urgent, about_something)
    certain = answers.get("kind", {}).get(kind, 0.0) >= KIND_CERTAIN and len(listened.tokens.words) > FEW
    if kind in SMALL and not certain and about_something and shares.get(fallback, 1.0) < DOUBTFUL:
        kind = "problem"  # a word or two that name a trouble are no small talk
    if kind in SMALL and grave and about_something and listened.signals.count(WRONG.get(grave, "")):
        kind = "problem"  # however politely a wrong is told
    if kind == "chitchat" and about_something and listened.signals.count("urgency.animal"):
        kind = "problem"  # whose buffalo has died is not passing the time
    about = next((slug for slug in listened.signals.about if slug in shares), "")
    if kind == "asset" and (listened.signals.count(TROUBLE) or answers.get("kind", {}).get("asset", 1.0) < PRAISED):
        kind = "problem"  # a want or a loss is none of the good things of a place, even where "our village" is said
    if kind == "chitchat" and listened.signals.count(TROUBLE) and len(listened.tokens.text) <= BRIEF:
        kind = "problem"  # a plain trouble and the name of a place; a joke about one is longer
    if kind in IDLE_KINDS and not grave and urgent == "normal" and listened.signals.count(IDLE_TALK):
        kind = "chitchat"
    if best == fallback and about:
        best = about
    elif grave == "self_harm" and best == fallback and LONELY in shares:
        best = LONELY
    elif kind in SMALL and grave is None and fallback in shares:
        best = fallback
    ranked = _ranked(shares, best)
    unsorted = best == fallback and kind in UNSORTED
    return Decision(
        kind=kind,
        ranked=ranked,
        sure=ranked[0][1] >= SURE and not (wordless or unsorted or _foreign(listened.tokens.text)),
        urgency=urgent,
        sensitive=grave,
    )


def _ranked(shares: dict[str, float], best: str) -> tuple[tuple[str, float], ...]:
    """Return the categories with their probabilities, the best first.

    One that something else than the model decided for changes places with the model's.
    """
    ranked = sorted(shares.items(), key=lambda item: -item[1])
    likeliest, most = ranked[0]
    if likeliest != best:
        shares = {**shares, best: most, likeliest: shares[best]}
        ranked = sorted(shares.items(), key=lambda item: (item[0] != best, -item[1]))
    return tuple(ranked)


def _urgency(listened: Listened, answers: Answers, category: str, grave: Sensitive | None) -> Urgency:
    said = urgency_of(listened.signals, category)
    if grave == "self_harm" and said == "normal":
        said = "high"
    shares = answers.get("urgency")
    if said == "emergency" or not shares:
        return said
    if shares.get("emergency", 0.0) >= _needed(listened, grave):
        return "emergency"
    return "high" if said == "high" or shares.get("high", 0.0) >= HIGH else "normal"


def _needed(listened: Listened, grave: Sensitive | None) -> float:
    """Return the probability from which on a text is an emergency, by what else stands in it."""
    count = listened.signals.count
    if any(map(count, ("urgency.settled", "urgency.animal", TO_US))):
        return NEVER
    if grave == "self_harm":
        return EMERGENCY_SELF_HARM
    if count("urgency.calm") or count("harmless"):
        return EMERGENCY_CALM
    hinted = any(
        map(count, ("hint.emergency_now.strong", "hint.emergency_now.weak", "urgency.danger", "self_harm.topic"))
    )
    return EMERGENCY if hinted or len(listened.tokens.words) > CLAUSE else EMERGENCY_UNHINTED


def _sensitive(listened: Listened, answers: Answers, category: str) -> Sensitive | None:
    said = sensitive_of(listened.signals, category)
    shares = answers.get("sensitive")
    if not shares or listened.signals.count(TO_US):
        return said
    likeliest = max((name for name in shares if name != NOTHING), key=lambda name: shares[name])
    # What is told between the lines divides itself among several wrongs: together they count.
    grave = 1.0 - shares[NOTHING]
    if said:
        graver = GRAVEST.index(likeliest) < GRAVEST.index(said)
        return cast(Sensitive, likeliest) if graver and shares[likeliest] >= GRAVE_HARMLESS else said
    needed = GRAVE_HARMLESS if listened.signals.count("harmless") else GRAVE
    return cast(Sensitive, likeliest) if grave >= needed and shares[likeliest] >= LIKELIEST else None


def _kind(listened: Listened, answers: Answers, urgent: Urgency, about_something: bool) -> Kind:
    if urgent == "emergency":
        return "emergency"
    if listened.signals.count(TO_US):
        return "question"
    text, words = listened.tokens.text, len(listened.tokens.words)
    reachable = any(cue.startswith(REACHED) for cue in listened.purpose)
    ruled = kind_of(listened.signals, len(text), words, urgent, about_something, reachable)
    shares = answers.get("kind")
    # A word or two, or another language: the model has learned from whole Thai messages.
    if not shares or _foreign(text) or words <= FEW:
        idle = shares and not about_something and not _foreign(text) and shares.get("chitchat", 0.0) >= IDLE
        return "chitchat" if idle and ruled == "problem" and not listened.signals.count("kind.problem.weak") else ruled
    said = max((name for name in shares if name != "emergency"), key=lambda name: shares[name])
    count = listened.signals.count
    if said == "question" and count("kind.question.request") and not count("kind.question.strong"):
        return ruled
    return cast(Kind, said)


def _foreign(text: str) -> bool:
    """Whether less than half of a text's letters are Thai."""
    letters = sum(map(str.isalpha, text))
    return 2 * sum("\u0e01" <= letter <= "\u0e2e" for letter in text) < letters
