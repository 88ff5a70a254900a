from __future__ import annotations

import pytest

from tests import rig
from tests.bot.commands.conftest import Installation


def test_a_code_is_printed_alone_and_kept_as_a_hash(here: Installation) -> None:
    done = here.bot("invite", "--role", "staff", "--province", "trat", "--agency", "สปสช.")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    code = done.stdout.decode().strip()
    assert len(code.split()) == 1
    assert here.rows("SELECT role, province, agency FROM invite") == [("staff", "trat", "สปสช.")]
    assert code.encode() not in rig.raw(here.url)


@pytest.mark.parametrize(
    ("option", "value", "known"),
    [
        ("--role", "king", "coordinator"),
        ("--province", "atlantis", "chiang-rai"),
        ("--agency", "ก.", "สปสช."),
        ("--amphoe", "แม่สาย", "แหลมงอบ"),
    ],
)
def test_a_word_that_nobody_knows_is_wrong_use(bare: Installation, option: str, value: str, known: str) -> None:
    given = {"--role": "staff", "--province": "trat"} | {option: value}
    done = bare.bot("invite", *(word for pair in given.items() for word in pair))
    assert done.returncode == 2
    said = done.stderr.decode()
    assert option in said
    assert f"'{value}'" in said
    assert known in said
    assert done.stdout == b""
    assert not rig.file_of(bare.url).exists(), "no table was made"


def test_a_code_for_the_sample_data_says_so(bare: Installation) -> None:
    done = bare.bot("invite", "--role", "staff", "--province", "trat", env={"DATABASE_URL": ""})
    assert done.returncode == 0
    assert len(done.stdout.decode().split()) == 1, "the code alone, for scripts"
    assert "sample database" in done.stderr.decode()
    set_up = {"DATABASE_URL": "", "TELEGRAM_BOT_TOKEN": "1:t"}
    assert bare.bot("invite", "--role", "staff", "--province", "trat", env=set_up).stderr == b""
