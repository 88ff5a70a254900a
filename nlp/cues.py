"""What is known of a text beyond its words, as named features of the linear model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from nlp.classify import Heard
from nlp.signals import Signals
from nlp.tokenize import Tokens

PURPOSE = "\x1e"
"""Begins the name of a cue that says nothing of what a text is about."""
REACHED = f"{PURPOSE}reached by "
"""Begins the name of the cue of a number or a link to answer by, as advertisers leave them."""
_LEVELS = (0.0, 0.6, 1.2, 2.2)
"""What words speak for a category, in steps: any, one plain word, two, more."""
_LENGTHS = (15, 40, 90, 200)
"""Characters of a text, in steps: a cry, a clause, a message, a story."""
_ENDING = 25
"""Characters from the end within which a question is asked at the end."""


@cache
def _reach() -> re.Pattern[str]:
    # A phone number, a link or an address, as advertisers leave them.
    return re.compile(r"(?P<number>(?<!\d)(?:\d[ .-]?){9,10}(?!\d))|(?P<link>https?:|www\.|\.com|line\.me|@\w{3})")


def topic_cues(heard: Heard) -> tuple[str, ...]:
    """Return the names of what the lists' words say a text is about."""
    scores = heard.scores
    if not scores:
        return ()
    cues = [f"heard {slug} {level}" for slug, score in scores.items() for level in _LEVELS if score > level]
    return (*cues, f"most {max(scores, key=scores.__getitem__)}")


def purpose_cues(tokens: Tokens, signals: Signals) -> tuple[str, ...]:
    """Return the names of what says what a folded, tokenized text is for, and how grave it is."""
    length = len(tokens.text)
    cues = [f"{PURPOSE}signal {name}" for name in signals.counts]
    cues += [f"{PURPOSE}twice {name}" for name, count in signals.counts.items() if count > 1]
    cues += [f"{PURPOSE}ends {name}" for name, end in signals.last.items() if length - end <= _ENDING]
    cues += {REACHED + str(found.lastgroup) for found in _reach().finditer(tokens.text)}
    cues += [f"{PURPOSE}longer {limit}" for limit in _LENGTHS if length > limit]
    return (*cues, *_edges(tokens))


def _edges(tokens: Tokens) -> Iterable[str]:
    """Return the first word and the last two: openings and particles say what a text is for."""
    words = tokens.words
    if words:
        yield f"{PURPOSE}first {words[0]}"
        yield f"{PURPOSE}last {words[-1]}"
        yield f"{PURPOSE}last {' '.join(words[-2:])}"
