from __future__ import annotations

import json
from typing import Any

from sqlalchemy import insert

from bot.commands.doctoring import RETRY
from storage.models import Inbox
from tests.bot.commands.conftest import Installation
from tests.peers import LINE_SECRET, LINE_TOKEN, TELEGRAM_TOKEN, LinePeer, TelegramPeer
from tests.rig import WEDNESDAY


def examine(here: Installation, **env: str) -> tuple[int, dict[str, list[dict[str, str]]]]:
    done = here.bot("doctor", "--json", env=env)
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["ok"] == (done.returncode == 0)
    assert "Traceback" not in done.stderr.decode()
    checks: dict[str, list[dict[str, str]]] = {}
    for check in found["checks"]:
        checks.setdefault(check["name"], []).append(check)
    return done.returncode, checks


def test_a_fresh_machine_is_told_what_to_do_and_nothing_is_made(blank: Installation) -> None:
    code, checks = examine(blank)
    assert code == 1
    assert "migrate" in checks["database"][0]["detail"]
    assert not (blank.folder / "data").exists()


def test_a_sound_installation_passes_with_its_doubts(blank: Installation) -> None:
    assert blank.bot("migrate").returncode == 0
    code, checks = examine(blank)
    assert code == 0
    assert {check["state"] for name in ("database", "secret", "model", "disk") for check in checks[name]} == {"ok"}
    assert any("chiang-rai" in check["detail"] for check in checks["categories"])
    assert checks["hotlines"][0]["state"] == "warning"
    table = blank.bot("doctor")
    assert table.returncode == 0
    assert "database" in table.stdout.decode()


def test_a_lost_or_foreign_key_and_failed_messages_are_failures(here: Installation) -> None:
    file = here.table("a.csv", [("1", "ถนนพัง", "", "", "", "", "")])
    assert here.bot("import", file, "--province", "trat").returncode == 0
    failed = {"channel": "local", "event_id": "e", "chat_key": b"\0", "state": "failed", "error": "x"}
    here.place.execute(insert(Inbox).values(received_at=WEDNESDAY, **failed))
    code, checks = examine(here)
    assert code == 1
    assert (checks["inbox"][0]["state"], checks["inbox"][0]["detail"]) == ("failure", f"0 waiting, 1 failed: {RETRY}")
    _, checks = examine(here, SECRET_KEY="a-key-that-is-long-enough-but-another-one-than-before")
    assert checks["secret"][0]["state"] == "failure"
    if here.secret:
        return  # there is no file to lose
    (here.folder / "data" / "secret.key").unlink()
    _, checks = examine(here)
    assert "backup" in checks["secret"][0]["detail"]
    assert not (here.folder / "data" / "secret.key").exists(), "no new key over old data"


def test_tokens_are_asked_about_and_never_shown(bare: Installation) -> None:
    assert bare.bot("migrate").returncode == 0
    with LinePeer() as line, TelegramPeer() as telegram:
        line.script(quota=300)
        env = {
            "LINE_CHANNEL_SECRET": LINE_SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": LINE_TOKEN,
            "LINE_API_BASE": line.url,
            "TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN,
            "TELEGRAM_API_BASE": telegram.url,
        }
        code, checks = examine(bare, **env)
        assert code == 0
        assert checks["LINE quota"][0]["detail"] == "300 of 300 pushes left"
        assert checks["Telegram token"][0]["state"] == "ok"
        wrong = bare.bot("doctor", env=env | {"LINE_CHANNEL_ACCESS_TOKEN": "bad-token", "TELEGRAM_BOT_TOKEN": "1:bad"})
        assert wrong.returncode == 1
        assert b"LINE token, Telegram token" in wrong.stderr
        assert b"bad" not in wrong.stdout + wrong.stderr
    gone = bare.bot("doctor", env=env)
    assert gone.returncode == 1
    assert TELEGRAM_TOKEN.encode() not in gone.stdout + gone.stderr
    assert b"no answer" in gone.stdout


def test_a_malformed_setting_is_named(bare: Installation) -> None:
    done = bare.bot("doctor", env={"PORT": "many"})
    assert done.returncode == 1
    assert b"PORT" in done.stderr
