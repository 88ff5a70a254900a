"""The catalogs: both languages say the same, everything said exists, and nothing is kept that nobody says."""

from __future__ import annotations

import ast
import re

from handlers.texts import Texts, blanks
from tests.house.sources import modules

KEY = re.compile(r"^[a-z_]+\.[a-z_0-9]+$")
NEVER_SAID = {"words"}  # what people type
# Sentences that are not said yet: each waits for the feature that says it.
SPARE_AS_YET: set[str] = set()


def said() -> tuple[set[str], set[re.Pattern[str]]]:
    """Keys that stand in code whole, and patterns of those that are put together there."""
    whole: set[str] = set()
    composed: set[re.Pattern[str]] = set()
    for _, node in modules("handlers", "bot"):
        halves = {id(part) for one in ast.walk(node) if isinstance(one, ast.JoinedStr) for part in one.values}
        for one in ast.walk(node):
            if id(one) in halves:
                continue
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and KEY.match(one.value):
                whole.add(one.value)
            elif isinstance(one, ast.JoinedStr):
                parts = [
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_0-9]+"
                    for part in one.values
                ]
                if re.match(r"^[a-z_]+\\\.", parts[0]):
                    composed.add(re.compile("^" + "".join(parts) + "$"))
            elif isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "press":
                # press("look", …) says button.look
                whole |= {f"button.{word.value!s}" for word in one.args[:1] if isinstance(word, ast.Constant)}
    return whole, composed


def test_both_languages_have_the_same_keys_and_blanks(texts: Texts) -> None:
    thai, english = texts.catalogs["th"], texts.catalogs["en"]
    assert set(thai) == set(english)
    assert [key for key in thai if blanks(thai[key]) != blanks(english[key])] == []


def test_every_sentence_that_is_said_exists(texts: Texts) -> None:
    whole, composed = said()
    spaces = {key.partition(".")[0] for key in texts.catalogs["th"]}
    asked = {key for key in whole if key.partition(".")[0] in spaces and not key.startswith("words.")}
    # A word with a dot may be a button's action or a file: only what nobody else is counts as a key.
    actions = {
        "case.accept",
        "case.work",
        "case.ok",
        "case.back",
        "case.reply",
        "case.drop",
        "case.ours",
        "case.send",
    } | {key for key in asked if re.search(r"\.(py|toml|html|typ)$", key)}
    acts = {key for key in asked if key in AUDITED}
    assert {key for key in asked - actions - acts if key not in texts.catalogs["th"]} == set()
    for pattern in composed:
        if pattern.pattern.lstrip("^").partition("\\.")[0] in spaces:
            assert any(pattern.match(key) for key in texts.catalogs["th"]), f"nothing is called {pattern.pattern}"


# Words of the audit trail and of forms of buttons, which look like keys.
AUDITED = {
    "case.seen",
    "case.reopened",
    "case.province",
    "forum.look",
    "forum.submitted",
    "forum.bare",
    "forum.consent",
    "forum.submit",
    "forum.stop",
    "digest.asked",
}
AUDITED |= {"digest.approved", "digest.returned", "role.granted", "role.left"}


def test_every_sentence_is_said_somewhere(texts: Texts) -> None:
    whole, composed = said()
    unsaid = {
        key
        for key in texts.catalogs["th"]
        if key.partition(".")[0] not in NEVER_SAID
        and key not in whole
        and not any(pattern.match(key) for pattern in composed)
    }
    assert unsaid - SPARE_AS_YET == set()
    assert SPARE_AS_YET - unsaid == set(), "these are said by now: strike them off the list"


def test_buttons_fit_the_platforms(texts: Texts) -> None:
    """LINE shows 20 letters of a quick reply's label; blanks are filled with at most four more."""
    for lang, catalog in texts.catalogs.items():
        long = {
            key: label
            for key, label in catalog.items()
            if key.startswith("button.") and len(label) > 20 + len("{count}")
        }
        assert long == {}, lang
        words = {key: words.split("|")[0] for key, words in catalog.items() if key.startswith("words.")}
        assert {key: word for key, word in words.items() if len(word) > 20} == {}, lang


def test_the_bot_speaks_politely_and_as_one_person(texts: Texts) -> None:
    thai = {key: sentence for key, sentence in texts.catalogs["th"].items() if not key.startswith("words.")}
    masculine = [key for key, sentence in thai.items() if re.search(r"ครับ|ผม(?!ู้)", sentence)]
    assert masculine == []


def test_no_two_wishes_share_a_word(texts: Texts) -> None:
    from handlers.texts import _plain  # noqa: PLC0415

    seen: dict[str, str] = {}
    for catalog in texts.catalogs.values():
        for key, words in catalog.items():
            if not key.startswith("words.") or key == "words.polite":
                continue
            for word in words.split("|"):
                assert seen.setdefault(_plain(word), key) == key, word
