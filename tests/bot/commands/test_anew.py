"""That the copies which tests run are what is typed: a new interpreter and `python -m bot` say and leave the same."""

from __future__ import annotations

import pytest

from tests.bot.commands.conftest import Installation

WRONG = ("digest", "--province", "chiang-rai", "--amphoe", "atlantis")
MONTH = ("digest", "--province", "chiang-rai", "--from", "2022-06-01", "--to", "2022-06-30")


@pytest.mark.parametrize(
    ("arguments", "env", "code"),
    [
        (["--help"], {}, 0),
        (["import", "none.csv", "--province", "trat"], {}, 2),
        (WRONG, {}, 2),
        (["doctor"], {"PORT": "many"}, 1),
        (["classify"], {"PROVINCES": "trat"}, 0),
    ],
)
def test_a_copy_says_what_a_new_interpreter_says(
    bare: Installation, arguments: list[str], env: dict[str, str], code: int
) -> None:
    given = "น้ำไม่ไหล\n".encode()
    real, copy = (bare.bot(*arguments, stdin=given, env=env, anew=anew) for anew in (True, False))
    assert real.returncode == code
    assert (copy.returncode, copy.stdout, copy.stderr) == (real.returncode, real.stdout, real.stderr)
    assert real.stdout + real.stderr


def test_from_an_empty_folder_to_a_digest_by_new_interpreters(here: Installation) -> None:
    rows = [("1", "น้ำประปาไม่ไหล", "", "", "", "", "2022-06-03 08:30:00")]
    done = here.bot("import", here.table("a.csv", rows), "--province", "chiang-rai", anew=True)
    assert done.returncode == 0, done.stderr.decode()
    assert here.count() == 1
    digest = here.bot(*MONTH, anew=True)
    assert "ทั้งหมด 1 เรื่อง" in digest.stdout.decode(), digest.stderr.decode()
    assert here.bot(*MONTH).stdout == digest.stdout


def test_a_copy_knows_nothing_of_the_one_before(bare: Installation) -> None:
    """Nor does it stand in another's folder, have another's settings, or leave anything behind."""
    for port in ("many", "8080", "none"):
        done = bare.bot("invite", "--role", "staff", "--province", "trat", env={"PORT": port})
        assert (done.returncode == 0, b"PORT" in done.stderr) == (port == "8080", port != "8080")
    (bare.folder / ".env").write_text("PROVINCES=trat\n", "utf-8")
    assert bare.bot("invite", "--role", "staff", "--province", "chiang-rai").returncode == 2
    (bare.folder / ".env").unlink()
    assert bare.bot("invite", "--role", "staff", "--province", "chiang-rai").returncode == 0
