"""The core taxonomy: 18 categories and `other`, their words, sub-topics, first owners and hotlines."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.tables import Table, TableError, read_table, subtable, subtables, text, texts

FILE = "taxonomy.toml"
WORDS = "words/{slug}.toml"


@dataclass(frozen=True, slots=True)
class SubTopic:
    """A sub-topic of a category; `words` speak for it and for its category."""

    slug: str
    name_th: str
    name_en: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """One core category.

    `weak` are words of the other lists that tell little alone; `strong` and `leaning` are those of its own file under
    `words/`; `not_this` is for readers.
    """

    slug: str
    name_th: str
    name_en: str
    description_th: str
    description_en: str
    keywords: tuple[str, ...]
    dialect: tuple[str, ...]
    urgency_cues: tuple[str, ...]
    added: tuple[str, ...]
    weak: frozenset[str]
    strong: tuple[str, ...]
    leaning: tuple[str, ...]
    subs: tuple[SubTopic, ...]
    default_agency: tuple[str, ...]
    asa_review: tuple[str, ...]
    hotlines: tuple[str, ...]
    not_this: str
    privacy: str
    provenance: str
    source: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All categories in their order. `fallback` is the slug of what fits nowhere.

    `critical`, `high` and `chronic` are cues of urgency valid in every category.
    """

    version: str
    fallback: str
    abbreviations: tuple[str, ...]
    critical: tuple[str, ...]
    high: tuple[str, ...]
    chronic: tuple[str, ...]
    categories: tuple[Category, ...]

    @property
    def slugs(self) -> tuple[str, ...]:
        """The core slugs, in order."""
        return tuple(category.slug for category in self.categories)

    def category(self, slug: str) -> Category:
        """Return the category of that slug.

        Raises:
            KeyError: no category has this slug.
        """
        for category in self.categories:
            if category.slug == slug:
                return category
        raise KeyError(slug)


def load_taxonomy(table: Table | None = None) -> Taxonomy:
    """Return the taxonomy of `taxonomy.toml` and `words/`, or of a table of its shape without further words.

    Raises:
        TableError: something is missing or of the wrong shape; it names the file and the key.
    """
    own_words = table is None
    table = read_table(FILE) if table is None else table
    common = subtable(table, "urgency_common", FILE)
    categories = tuple(
        _category(row, number, own_words) for number, row in enumerate(subtables(table, "category", FILE))
    )
    slugs = [category.slug for category in categories]
    fallback = text(table, "fallback", FILE)
    if len(set(slugs)) != len(slugs):
        raise TableError(FILE, "category.slug", "a slug stands twice")
    if fallback not in slugs:
        raise TableError(FILE, "fallback", f"{fallback!r} is no category")
    return Taxonomy(
        version=text(table, "version", FILE),
        fallback=fallback,
        abbreviations=texts(subtable(table, "normalise", FILE), "abbrev", FILE),
        critical=texts(common, "critical", FILE),
        high=texts(common, "high", FILE),
        chronic=texts(common, "chronic", FILE),
        categories=categories,
    )


def _category(row: Table, number: int, own_words: bool) -> Category:
    slug = text(row, "slug", f"{FILE}: category[{number}]")
    where = f"{FILE}: category {slug}"
    file = WORDS.format(slug=slug)
    words = read_table(file) if own_words else {}
    category = Category(
        slug=slug,
        name_th=text(row, "name_th", where),
        name_en=text(row, "name_en", where),
        description_th=text(row, "description_th", where),
        description_en=text(row, "description_en", where),
        keywords=texts(row, "keywords", where),
        dialect=texts(row, "dialect", where, ()),
        urgency_cues=texts(row, "urgency_cues", where, ()),
        added=texts(row, "added", where, ()),
        weak=frozenset(texts(row, "weak", where, ())),
        strong=texts(words, "strong", file, ()),
        leaning=texts(words, "leaning", file, ()),
        subs=tuple(_sub(sub, where) for sub in subtables(row, "sub", where)),
        default_agency=texts(row, "default_agency", where),
        asa_review=texts(row, "asa_review", where),
        hotlines=texts(row, "hotlines", where),
        not_this=text(row, "not_this", where, ""),
        privacy=text(row, "privacy", where, ""),
        provenance=text(row, "provenance", where),
        source=text(row, "source", where),
    )
    stray = category.weak - {*category.keywords, *category.dialect, *category.urgency_cues, *category.added}
    if stray:
        raise TableError(where, "weak", f"{', '.join(sorted(stray))} stands in no other list")
    return category


def _sub(row: Table, where: str) -> SubTopic:
    slug = text(row, "slug", f"{where}: sub")
    where = f"{where}: sub {slug}"
    return SubTopic(slug, text(row, "name_th", where), text(row, "name_en", where), texts(row, "words", where, ()))
