"""README, lock files and migrations: what is written is what is there."""

from __future__ import annotations

import re

import pytest

from bot.cli import app
from bot.commands.columns import column_names
from bot.settings import Settings
from tests.house.sources import ROOT

README = ROOT / "README.md"
LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.fixture
def readme() -> str:
    if not README.exists():
        pytest.skip("there is no README.md yet")
    return README.read_text("utf-8")


def test_every_setting_is_in_the_readme(readme: str) -> None:
    missing = [name.upper() for name in Settings.model_fields if not re.search(rf"\b{name.upper()}\b", readme)]
    assert missing == []


def test_every_command_is_in_the_readme(readme: str) -> None:
    names = [command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands]
    assert len(names) >= 4
    missing = [name for name in names if not re.search(rf"\b{name.replace('_', '-')}\b", readme)]
    assert missing == []


def test_every_column_of_an_import_is_in_the_readme_with_all_its_names(readme: str) -> None:
    _, _, table = readme.partition("### Columns of an import")
    rows = {row.split("|")[1].strip(" `"): row.split("|")[3] for row in re.findall(r"^\| `.*\|$", table, re.MULTILINE)}
    for ours, *others in column_names().values():
        assert rows[ours].strip() == ", ".join(others)


def test_every_target_of_the_makefile_is_in_the_readme_or_hidden(readme: str) -> None:
    for target in ("run", "test"):
        assert f"make {target}" in readme


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_index_and_hashes_everything(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    for address in (
        "--index-url",
        "--extra-index-url",
        "--find",
        "--trusted-host",
        "http://",
        "https://",
        "file:",
    ):
        assert address not in text, address
    pinned = re.findall(r"^([A-Za-z0-9_.\[\]-]+)==\S+.*\\\n(\s+--hash=sha256:[0-9a-f]{64})", text, re.MULTILINE)
    packages = re.findall(r"^[A-Za-z0-9_.\[\]-]+", text, re.MULTILINE)
    assert len(packages) > 30
    assert len(pinned) == len(packages), "every package is pinned and hashed"


def test_the_development_lock_holds_what_the_other_does() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([A-Za-z0-9_.-]+==[^\s;]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    assert pins(LOCKS[0]) <= pins(LOCKS[1])


def test_no_blank_of_a_paper_is_left_unfilled() -> None:
    for path in ("README.md", "nlp/model/README.md", "CHANGELOG.md"):
        assert re.findall(r"\{[A-Z_]+\}", (ROOT / path).read_text("utf-8")) == [], path
