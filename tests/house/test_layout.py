"""Where lines live: the top level, the size of files, and who may know whom."""

from __future__ import annotations

import ast
import os
import subprocess
import sys

from tests.house.sources import ROOT, files, imports, modules

TOP = {"bot", "handlers", "nlp", "storage", "tests", "pyproject.toml", "Dockerfile", "README.md"}
BESIDE = {".ci", ".gitignore", ".dockerignore", ".env.example", "Makefile", "requirements.lock"}
BESIDE |= {"requirements-dev.lock", "compose.yaml", "compose.sqlite.yaml", "CHANGELOG.md", "LICENSE"}
LONGEST = 300
# What writes or shapes SQL. Types that only name what is passed on (Session, Engine) are everybody's.
SQL = {"select", "insert", "update", "delete", "and_", "or_", "func", "Column", "Table", "create_engine", "MetaData"}
SQL |= {"literal", "case", "exists", "desc", "asc", "join", "relationship", "mapped_column", "DeclarativeBase"}
NOT_YET_CLEAN = {"bot/sample/insert.py"}  # asks once whether anybody was ever here


def test_the_top_level_is_the_house_plan() -> None:
    found = {name.split("/")[0] for name in files()}
    assert found <= TOP | BESIDE, f"not in the plan: {sorted(found - TOP - BESIDE)}"
    assert {"bot", "handlers", "nlp", "storage", "tests", "pyproject.toml"} <= found


def test_no_file_of_code_is_longer_than_three_hundred_lines() -> None:
    code = [name for name in files() if name.endswith((".py", ".js", ".css", ".html")) and "/versions/" not in name]
    lines = {name: len((ROOT / name).read_text("utf-8").splitlines()) for name in code}
    assert {name: count for name, count in lines.items() if count > LONGEST} == {}


def test_there_are_no_utils() -> None:
    heaps = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [name for name in files() if {part.partition(".")[0] for part in name.split("/")} & heaps] == []


def test_the_import_contract_is_kept() -> None:
    script = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    ran = subprocess.run(
        [sys.executable, "-c", script, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "0 broken" in ran.stdout


def importers(package: str) -> set[str]:
    return {
        name
        for name, node in modules()
        for module, _ in imports(node)
        if module == package or module.startswith(package + ".")
    }


def test_only_the_line_channel_knows_its_sdk() -> None:
    found = importers("linebot")
    assert found, "the search finds nothing: it is broken"
    assert all(name.startswith("bot/channels/line") for name in found), found


def test_only_the_telegram_channel_knows_its_sdk() -> None:
    found = importers("telegram")
    assert found, "the search finds nothing: it is broken"
    assert all(name.startswith("bot/channels/telegram") for name in found), found


def test_only_the_web_door_and_its_neighbours_know_the_web() -> None:
    for package in ("starlette", "uvicorn"):
        assert all(name.startswith("bot/") for name in importers(package))


def test_only_settings_read_the_environment() -> None:
    readers = {
        name
        for name, node in modules()
        for one in ast.walk(node)
        if (isinstance(one, ast.Attribute) and one.attr in {"environ", "getenv", "environb"})
        or (
            isinstance(one, ast.ImportFrom)
            and one.module == "os"
            and {a.name for a in one.names} & {"environ", "getenv"}
        )
    }
    assert readers <= {"bot/settings.py"}
    assert {name for name, node in modules() for module, _ in imports(node) if module == "pydantic_settings"} == {
        "bot/settings.py"
    }


def test_only_storage_writes_sql() -> None:
    found = {
        f"{name}: {taken}"
        for name, node in modules("bot", "handlers", "nlp")
        for module, taken in imports(node)
        if module.split(".")[0] in ("sqlalchemy", "alembic", "sqlite3", "psycopg") and taken in SQL
    }
    assert {one for one in found if one.partition(":")[0] not in NOT_YET_CLEAN} == set()


def test_handlers_know_a_session_and_nothing_more_of_the_database() -> None:
    taken = {
        (name, module, what)
        for name, node in modules("handlers")
        for module, what in imports(node)
        if module.startswith("sqlalchemy")
    }
    assert {(module, what) for _, module, what in taken} <= {("sqlalchemy.orm", "Session")}, taken


def test_there_are_two_interfaces() -> None:
    found = {
        f"{name}: {one.name}"
        for name, node in modules()
        for one in ast.walk(node)
        if isinstance(one, ast.ClassDef)
        and {base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in one.bases}
        & {"Protocol", "ABC"}
    }
    assert found == {"bot/channels/base.py: Channel", "bot/drivers/base.py: Driver"}


def test_nothing_of_ours_is_patched() -> None:
    """The environment and the working folder belong to the machine and may be set; our functions may not."""
    patches = [
        f"{name}:{one.lineno}"
        for name, node in modules("tests")
        for one in ast.walk(node)
        if (isinstance(one, ast.Attribute) and one.attr == "setattr" and getattr(one.value, "id", "") == "monkeypatch")
        or (isinstance(one, ast.Import | ast.ImportFrom) and "mock" in ast.unparse(one))
    ]
    assert patches == []
