"""What the words of the categories' lists say of a text: how much for which category, and which words those are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nlp.lexicon import Lexicon
from nlp.taxonomy import Category, Taxonomy
from nlp.tokenize import Tokens

# A list's trust: whose words they are. Sub-topic words speak for the category too.
TRUST = {"keywords": 1.0, "dialect": 1.0, "added": 0.9, "strong": 0.9, "sub": 0.9, "urgency_cues": 0.6, "leaning": 0.35}
WEAK = 0.35


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard: `scores` by category (0 and more), their words' places, and counts of sub-topics' words."""

    scores: Mapping[str, float]
    spans: Mapping[str, tuple[tuple[float, int, int], ...]]
    subs: Mapping[tuple[str, str], int]

    def sub(self, slug: str) -> str:
        """Return the sub-topic of a category that most words are of, '' where there is none."""
        own = {sub: count for (category, sub), count in self.subs.items() if category == slug}
        return max(own, key=own.__getitem__) if own else ""

    def evidence(self, slug: str) -> list[tuple[float, int, int]]:
        """Return the words that speak for a category as (weight, start, end), the weightiest first."""
        return sorted(self.spans.get(slug, ()), reverse=True)


class CategoryWords:
    """The weighted words of a taxonomy, ready to be looked up."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._weights: dict[str, dict[str, float]] = {}
        self._subs: dict[str, list[tuple[str, str]]] = {}
        for category in taxonomy.categories:
            weighted = _weighted(category)
            for word, weight in weighted.items():
                self._weights.setdefault(word, {})[category.slug] = weight
            self._note_subs(category, weighted)
        for shared in self._weights.values():
            for slug in shared:
                shared[slug] /= math.sqrt(len(shared))
        self._lexicon = Lexicon(self._weights)

    def _note_subs(self, category: Category, weighted: Iterable[str]) -> None:
        """Note each word's sub-topics: those whose words it is or holds, of a word inside another the longer."""
        for word in weighted:
            longest = {
                sub.slug: max((part for part in sub.words if part in word), key=len, default="")
                for sub in category.subs
            }
            held = {slug: part for slug, part in longest.items() if part}
            inside = {part for part in held.values() if any(part != other and part in other for other in held.values())}
            if held:
                subs = [slug for slug, part in held.items() if part not in inside]
                self._subs.setdefault(word, []).extend((category.slug, sub) for sub in subs)

    def hear(self, tokens: Tokens) -> Heard:
        """Return what a folded, tokenized text says."""
        scores: dict[str, float] = {}
        subs: dict[tuple[str, str], int] = {}
        spans: dict[str, list[tuple[float, int, int]]] = {}
        seen: set[str] = set()
        for hit in self._lexicon.hits(tokens):
            if hit.phrase in seen:
                continue
            seen.add(hit.phrase)
            for slug, weight in self._weights[hit.phrase].items():
                scores[slug] = scores.get(slug, 0.0) + weight
                spans.setdefault(slug, []).append((weight, hit.start, hit.end))
            for key in self._subs.get(hit.phrase, ()):
                subs[key] = subs.get(key, 0) + 1
        return Heard(scores, {slug: tuple(found) for slug, found in spans.items()}, subs)


def _weighted(category: Category) -> dict[str, float]:
    """Return each word's weight: its list's trust, times how telling its length is, less where it is weak."""
    lists = [(name, getattr(category, name)) for name in ("keywords", "dialect", "added", "urgency_cues")]
    lists += [("sub", sub.words) for sub in category.subs]
    lists += [("strong", category.strong), ("leaning", category.leaning)]
    weights: dict[str, float] = {}
    for name, words in lists:
        for word in words:
            weight = TRUST[name] * _telling(word) * (WEAK if word in category.weak else 1.0)
            weights[word] = max(weights.get(word, 0.0), weight)
    return weights


def _telling(word: str) -> float:
    """Return 0.7 for a word of 3 characters rising to 1.5 for one of 11 and more."""
    return min(1.5, max(0.6, 0.4 + 0.1 * len(word)))
