"""The project's own files, as git would keep them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "nlp", "storage")


@cache
def files() -> tuple[str, ...]:
    """Every file that is kept or would be, '/' between folders; without git, what lies in our folders."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        names = sorted(set(listing.stdout.splitlines()))
        return tuple(name.strip('"') for name in names if (ROOT / name.strip('"')).is_file())
    found = (path for room in (*ROOMS, "tests") for path in (ROOT / room).rglob("*") if path.is_file())
    return tuple(str(path.relative_to(ROOT)) for path in sorted(found) if "__pycache__" not in path.parts)


def modules(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """Every Python file of rooms (all four where none is named) with its syntax tree, migrations left out."""
    for name in files():
        if name.endswith(".py") and name.split("/")[0] in (rooms or ROOMS) and "/versions/" not in name:
            yield name, tree(name)


@cache
def tree(name: str) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse((ROOT / name).read_text("utf-8"), name)


def imports(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Every import anywhere in a tree: the module and the name taken from it ('' for the module itself)."""
    for one in ast.walk(node):
        if isinstance(one, ast.Import):
            yield from ((alias.name, "") for alias in one.names)
        elif isinstance(one, ast.ImportFrom) and one.module:
            yield from ((one.module, alias.name) for alias in one.names)


def docstrings(node: ast.Module) -> set[int]:
    """Identities of the nodes that are docstrings."""
    found = set()
    for one in ast.walk(node):
        body = getattr(one, "body", None)
        if isinstance(body, list):
            for statement in body:
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                    found.add(id(statement.value))
    return found
