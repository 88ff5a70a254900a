"""What may stand in a line of code."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys

from tests.house.sources import ROOMS, ROOT, docstrings, files, modules

THAI = re.compile(r"[\u0e01-\u0e2e][\u0e01-\u0e4e]")  # a consonant and a letter: a word, not a sign to be counted
RANGE = re.compile(r"\[[^\]]*[\u0e00-\u0e7f]-[\u0e00-\u0e7f][^\]]*\]")  # 'any Thai letter' is a range, not a word
# A code's first letters before its province is known, and an example in what administrators are told.
THAI_AS_YET = {"handlers/filing.py", "bot/provinces/troubles.py"}

WATCH = """
import importlib, json, pkgutil, sys
opened, sockets = [], []
def watch(name, arguments):
    if name == "open" and isinstance(arguments[0], (str, bytes)):
        opened.append(arguments[0] if isinstance(arguments[0], str) else arguments[0].decode())
    elif name == "subprocess.Popen" and list(arguments[1][:1]) == ["file"]:
        pass  # croniter, which Procrastinate brings, asks what kind of interpreter this is
    elif name in ("socket.connect", "socket.bind", "socket.getaddrinfo", "sqlite3.connect", "subprocess.Popen"):
        sockets.append(name)
sys.addaudithook(watch)
loaded = []
for room in ROOMS:
    for found in pkgutil.walk_packages([room], room + "."):
        if found.name not in ("bot.__main__", "storage.migrations.env"):
            importlib.import_module(found.name)
            loaded.append(found.name)
json.dump({"opened": opened, "sockets": sockets, "loaded": loaded, "modules": sorted(sys.modules)}, sys.stdout)
"""


def watched() -> dict[str, list[str]]:
    """Import every module of ours in a fresh process and tell what it touched."""
    script = f"ROOMS = {ROOMS!r}\n{WATCH}"
    # -B: on a fresh checkout the interpreter itself would write what it compiles.
    ran = subprocess.run([sys.executable, "-B", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    told: dict[str, list[str]] = json.loads(ran.stdout)
    return told


def test_importing_touches_no_file_and_no_network() -> None:
    told = watched()
    assert len(told["loaded"]) > 60
    ours = [path for path in told["opened"] if path.startswith(str(ROOT)) or not path.startswith("/")]
    data = [path for path in ours if not path.endswith((".py", ".pyc")) and "/.venv/" not in path]
    assert data == []
    assert told["sockets"] == []


def test_the_conversation_loads_no_platform_and_no_web() -> None:
    script = "import json, sys, handlers, storage.models, nlp.reader; json.dump(sorted(sys.modules), sys.stdout)"
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(ran.stdout)}
    assert loaded & {"linebot", "telegram", "starlette", "uvicorn", "aiohttp", "httpx", "bot"} == set()


def test_nothing_is_printed() -> None:
    found = [
        f"{name}:{one.lineno}"
        for name, node in modules()
        for one in ast.walk(node)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in {"print", "breakpoint"}
    ]
    assert found == []


def thai_words() -> dict[str, set[str]]:
    """Thai in string literals of code, docstrings aside, by file."""
    found: dict[str, set[str]] = {}
    for name, node in modules():
        told = docstrings(node)
        for one in ast.walk(node):
            words = one.value if isinstance(one, ast.Constant) and id(one) not in told else ""
            if isinstance(words, str) and THAI.search(RANGE.sub("", words)):
                found.setdefault(name, set()).add(words)
    return found


def test_thai_words_live_in_catalogs_and_tables() -> None:
    """Ranges of letters, such as 'any consonant', are a matter of code; words are not."""
    found = thai_words()
    assert {name: words for name, words in found.items() if name not in THAI_AS_YET} == {}
    assert THAI_AS_YET - set(found) == set(), "these are clean by now: strike them off the list"


def test_logs_name_no_texts_tokens_or_people() -> None:
    """A log line's fields are ids and states."""
    forbidden = {
        "text",
        "message",
        "user",
        "chat",
        "payload",
        "token",
        "body",
        "words",
        "name",
        "summary",
        "phone",
        "url",
    }
    found = [
        f"{name}:{one.lineno}: {keyword.arg}"
        for name, node in modules()
        for one in ast.walk(node)
        if isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and getattr(one.func.value, "id", "") == "log"
        for keyword in one.keywords
        if keyword.arg in forbidden
    ]
    assert found == []


def test_nobody_asks_for_a_naive_time() -> None:
    naive = [
        f"{name}:{one.lineno}"
        for name, node in modules()
        for one in ast.walk(node)
        if isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and (
            (one.func.attr == "now" and not one.args and not one.keywords)
            or one.func.attr in {"utcnow", "utcfromtimestamp"}
        )
        and getattr(one.func.value, "id", "") in {"datetime", "date"}
    ]
    assert naive == []


def test_the_clock_is_read_in_one_place() -> None:
    """Everybody else is given the time."""
    reads = {
        name
        for name, node in modules("handlers", "nlp", "storage")
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute)
        and one.attr in {"now", "today", "time", "monotonic"}
        and getattr(one.value, "id", "") in {"datetime", "date", "time"}
    }
    assert reads == set()


def test_the_project_speaks_of_itself_alone() -> None:
    """No folder of the machine that it was made on, and none of its neighbours."""
    strangers = ["/" + "work/", "../" + "shared", "." + "library", "/" + "root/"]
    found = [
        f"{name}: {stranger}"
        for name in files()
        if name.endswith((".py", ".toml", ".md", ".js", ".html", ".yaml", ".yml", ".cfg", "Makefile", "Dockerfile"))
        for stranger in strangers
        if stranger in (ROOT / name).read_text("utf-8")
    ]
    assert found == []
