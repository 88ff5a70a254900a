"""Which category a text belongs to, by weighted words; every probability can be explained by words of the text."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from nlp.lexicon import Lexicon
from nlp.taxonomy import Category, Taxonomy
from nlp.tokenize import Tokens

# A list's trust: whose words they are. Sub-topic words speak for the category too.
TRUST = {"keywords": 1.0, "dialect": 1.0, "added": 0.9, "sub": 0.9, "urgency_cues": 0.6}
WEAK = 0.35
TEMPERATURE = 0.3
OTHER = 0.2
"""What speaks for `other` before any word does: below one plain word, above a weak one."""
SURE_AT = 0.5
SURE_MARGIN = 0.2
ABOUT = 0.6
"""What an alarm speaks for its category: a little less than a plain word of three characters."""
CLAUSE = 9
"""Words of a text of one clause, at most."""
PLAIN = 0.65
"""What the words of such a text weigh at least to be telling: one plain word, or weak ones together."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Probabilities of all categories, best first; the sub-topic of the best; `evidence` (start, end) in the text."""

    ranked: tuple[tuple[str, float], ...]
    sub: str
    sure: bool
    evidence: tuple[tuple[int, int], ...]

    @property
    def category(self) -> str:
        """The most probable category."""
        return self.ranked[0][0]


class WordClassifier:
    """The weighted words of a taxonomy, ready to classify."""

    version = "words-1"

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._fallback = taxonomy.fallback
        self._slugs = taxonomy.slugs
        self._weights: dict[str, dict[str, float]] = {}
        self._subs: dict[str, list[tuple[str, str]]] = {}
        for category in taxonomy.categories:
            for word, weight in _weighted(category).items():
                self._weights.setdefault(word, {})[category.slug] = weight
            self._note_subs(category)
        for shared in self._weights.values():
            for slug in shared:
                shared[slug] /= math.sqrt(len(shared))
        self._lexicon = Lexicon(self._weights)

    def _note_subs(self, category: Category) -> None:
        """Note each word's sub-topics: those whose words it is or holds."""
        for word in _weighted(category):
            subs = [sub.slug for sub in category.subs if any(part in word for part in sub.words)]
            if subs:
                self._subs.setdefault(word, []).extend((category.slug, sub) for sub in subs)

    def classify(self, tokens: Tokens, about: Iterable[str] = ()) -> Verdict:
        """Return the verdict on a folded, tokenized text; `about` are categories that something else speaks for."""
        scores = dict.fromkeys(self._slugs, 0.0)
        subs: dict[tuple[str, str], float] = {}
        spans: dict[str, list[tuple[float, int, int]]] = {}
        seen: set[str] = set()
        for hit in self._lexicon.hits(tokens):
            if hit.phrase in seen:
                continue
            seen.add(hit.phrase)
            for slug, weight in self._weights[hit.phrase].items():
                scores[slug] += weight
                spans.setdefault(slug, []).append((weight, hit.start, hit.end))
            for key in self._subs.get(hit.phrase, ()):
                subs[key] = subs.get(key, 0.0) + 1.0
        for slug in about:
            scores[slug] += ABOUT
        scores[self._fallback] += OTHER
        ranked = _softmax(scores)
        best, first = ranked[0]
        clear = first >= SURE_AT and first - ranked[1][1] >= SURE_MARGIN
        # One clause whose words all speak for the same category: the rest only shares out what is left.
        plain = spans.keys() == {best} and len(tokens.starts) <= CLAUSE and scores[best] >= PLAIN
        of_best = {sub: count for (slug, sub), count in subs.items() if slug == best}
        return Verdict(
            ranked=ranked,
            sub=max(of_best, key=lambda sub: of_best[sub]) if of_best else "",
            sure=bool(spans.get(best)) and (clear or plain),
            evidence=tuple((start, end) for _, start, end in sorted(spans.get(best, ()), reverse=True)[:5]),
        )


def _weighted(category: Category) -> dict[str, float]:
    """Return each word's weight: its list's trust, times how telling its length is, less where it is weak."""
    lists = [(name, getattr(category, name)) for name in ("keywords", "dialect", "added", "urgency_cues")]
    lists += [("sub", sub.words) for sub in category.subs]
    weights: dict[str, float] = {}
    for name, words in lists:
        for word in words:
            weight = TRUST[name] * _telling(word) * (WEAK if word in category.weak else 1.0)
            weights[word] = max(weights.get(word, 0.0), weight)
    for word in category.weak:
        weights[word] = min(weights[word], WEAK * _telling(word))
    return weights


def _telling(word: str) -> float:
    """Return 0.7 for a word of 3 characters rising to 1.5 for one of 11 and more."""
    return min(1.5, max(0.6, 0.4 + 0.1 * len(word)))


def _softmax(scores: dict[str, float]) -> tuple[tuple[str, float], ...]:
    top = max(scores.values())
    powers = {slug: math.exp((score - top) / TEMPERATURE) for slug, score in scores.items()}
    total = sum(powers.values())
    return tuple(sorted(((slug, power / total) for slug, power in powers.items()), key=lambda item: -item[1]))
