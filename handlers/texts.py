"""Every sentence the bot says, by key and language, and the words that people type to ask for something."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("th", "en")
LONGEST = 60  # letters: no wish is longer
FOLDER = Path(__file__).parent / "texts"


def load_texts(folder: Path = FOLDER) -> Texts:
    """Read the catalogs, one TOML file a language.

    :raises KeyError: a language lacks a key, or fills other blanks, than Thai.
    """
    catalogs = {lang: _flat(tomllib.loads((folder / f"{lang}.toml").read_text("utf-8"))) for lang in LANGUAGES}
    said = [
        (_plain(word), name.removeprefix("words."))
        for catalog in catalogs.values()
        for name, value in catalog.items()
        if name.startswith("words.")
        for word in value.split("|")
    ]
    words = {word: name for word, name in said if name != "polite"}
    for lang in LANGUAGES[1:]:
        _compare(catalogs["th"], catalogs[lang], lang)
    return Texts(catalogs, words, tuple(word for word, name in said if name == "polite"))


def blanks(sentence: str) -> set[str]:
    """Names of the blanks that a sentence leaves."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _compare(one: Mapping[str, str], other: Mapping[str, str], lang: str) -> None:
    if odd := set(one) ^ set(other):
        raise KeyError(f"texts/{lang}.toml: these keys stand in only one of th and {lang}: {sorted(odd)}")
    for key, sentence in one.items():
        if blanks(sentence) != blanks(other[key]):
            raise KeyError(f"texts/{lang}.toml: {key}: other blanks than in th.toml")


def _flat(table: Mapping[str, object], above: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        name = f"{above}.{key}" if above else key
        if isinstance(value, dict):
            flat |= _flat(value, name)
        elif isinstance(value, list):
            flat[name] = "|".join(value)
        else:
            flat[name] = str(value).strip()
    return flat


def _plain(word: str) -> str:
    return "".join(word.casefold().split()).lstrip("/")


@dataclass(frozen=True, slots=True)
class Texts:
    """The catalogs. `words` maps what people type, without spaces and in lower case, to the name of a wish."""

    catalogs: Mapping[str, Mapping[str, str]]
    words: Mapping[str, str]
    polite: tuple[str, ...]

    def say(self, lang: str, key: str, **values: object) -> str:
        """The sentence of a key in a language (Thai where the language is unknown), its blanks filled."""
        sentence = self.catalogs.get(lang, self.catalogs["th"])[key]
        return sentence.format(**values) if values else sentence

    def has(self, key: str) -> bool:
        """Whether there is a sentence of this key."""
        return key in self.catalogs["th"]

    def word(self, text: str) -> str:
        """The wish that a whole message is, polite endings aside; '' when it is something else.

        A slash and a wish's own name is that wish: so menus of commands say it, in Latin letters.
        """
        if len(text) > LONGEST:
            return ""
        name, rest = self._command(text)
        if name and not rest:
            return name
        plain = _plain(text).rstrip(".!?")
        shorter = next((plain.removesuffix(ending) for ending in self.polite if plain.endswith(ending)), plain)
        return self.words.get(plain, "") or self.words.get(shorter, "")

    def _command(self, text: str) -> tuple[str, str]:
        said, _, rest = text.strip().partition(" ")
        name = said[1:].casefold()
        return (name, rest.strip()) if said.startswith("/") and name in self.words.values() else ("", text)

    def leading_word(self, text: str) -> tuple[str, str]:
        """The wish that a message begins with and the rest of the message; ('', text) when it begins with none.

        A word of ASCII letters ends at a space; a Thai one need not, because Thai has none between words.
        """
        name, after = self._command(text)
        if name:
            return name, after
        stripped = text.strip().removeprefix("/")
        for said, name in sorted(self.words.items(), key=lambda item: -len(item[0])):
            end = _reach(stripped, said)
            rest = stripped[end:]
            if end and not (said.isascii() and rest[:1].isalnum()):
                return name, rest.strip()
        return "", text


def _reach(text: str, said: str) -> int:
    """How many letters of a text spell a word that is written without spaces; 0 when it begins otherwise."""
    matched = 0
    for index, letter in enumerate(text[: 2 * LONGEST]):
        if letter.isspace():
            continue
        if matched == len(said) or letter.casefold() != said[matched]:
            return 0
        matched += 1
        if matched == len(said):
            return index + 1
    return 0
