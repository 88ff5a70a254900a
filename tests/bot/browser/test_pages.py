"""House rules of the page files: both languages say the same things, and nothing needs a looser security policy."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.pages import CONTENT_SECURITY_POLICY, FOLDER, templates
from tests.bot.browser.talk import IDENTITIES, PROVINCES

TEMPLATES = sorted(FOLDER.glob("*.html"))
SCRIPTS = sorted((FOLDER / "static" / "js").glob("*.js"))
ALONE = "mine.html"  # lies in a file that people take along: its look must be in it


def words(language: str) -> dict[str, Any]:
    found = getattr(templates().get_template(f"words/{language}.jinja").module, "words")  # noqa: B009
    assert isinstance(found, dict)
    return found


def shape(value: Any, path: str = "") -> set[str]:
    """Every key of a catalog with its blanks, lists by their length."""
    if isinstance(value, dict):
        return {line for key, inner in value.items() for line in shape(inner, f"{path}.{key}")}
    if isinstance(value, list):
        return {line for place, inner in enumerate(value) for line in shape(inner, f"{path}[{place}]")}
    blanks = sorted(re.findall(r"\{(\w+)\}", value))
    return {f"{path} {blanks}"}


def test_languages_have_the_same_keys_and_blanks() -> None:
    assert shape(words("th")) == shape(words("en"))


def test_menus_say_the_same_words_in_both_languages() -> None:
    def said(language: str) -> list[str]:
        return [button["text"] for menu in words(language)["menus"].values() for button in menu]

    assert said("en") == said("th")
    assert {"เรื่องใหม่", "สถานะ", "ช่วยเหลือ", "ข้อมูลของฉัน", "เวที", "งานใหม่", "สรุปสัปดาห์นี้"} == set(said("th"))


def test_every_word_is_there_and_is_used() -> None:
    text = "\n".join(path.read_text("utf-8") for path in [*TEMPLATES, *SCRIPTS] if path.name != ALONE)
    used = set(re.findall(r"\b(?:t|words)\.(\w+)", text)) | set(re.findall(r"fill\(\"(\w+)\"", text))
    roles = {"role_villager", "role_volunteer", "role_staff"}
    assert used | roles | {"mine"} == set(words("th"))
    used = set(re.findall(r"\bt\.(\w+)", (FOLDER / ALONE).read_text("utf-8")))
    assert used | {"file_name"} == set(words("th")["mine"])


def test_every_icon_is_drawn() -> None:
    drawn = set(re.findall(r'id="icon-(\w+)"', (FOLDER / "icons.svg").read_text("utf-8")))
    menus = {button["icon"] for menu in words("th")["menus"].values() for button in menu}
    text = "\n".join(path.read_text("utf-8") for path in [*TEMPLATES, *SCRIPTS])
    named = set(re.findall(r"(?:icon|attached)\(\"(\w+)\"", text)) | {identity["role"] for identity in IDENTITIES}
    assert menus | named <= drawn


@pytest.mark.parametrize("path", [*TEMPLATES, *SCRIPTS], ids=lambda path: str(path.name))
def test_nothing_inline_and_nothing_from_elsewhere(path: Any) -> None:
    text = path.read_text("utf-8")
    inline = r"\sstyle=|\son\w+=\"|javascript:[^,]*\"" + ("" if path.name == ALONE else "|<style")
    assert not re.search(inline, text)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|srcdoc", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert 'src="/static/' in tag or 'type="application/json"' in tag


def test_policy_allows_nothing_but_our_own() -> None:
    assert "default-src 'self'" in CONTENT_SECURITY_POLICY
    assert not re.search(r"unsafe|data:|blob:|https?:|\*", CONTENT_SECURITY_POLICY)


def test_names_of_people_cannot_break_out_of_the_page() -> None:
    attack = "</script><img src=x>\"'"
    people = [{**IDENTITIES[0], "name": attack, "hint": attack}]
    html = templates().get_template("try.html").render(identities=people, provinces=PROVINCES, language="th")
    assert "<img src=x>" not in html
    assert html.count("</script>") == 2
