"""`setup-line` and `setup-telegram` as they are typed."""

from __future__ import annotations

from sqlalchemy.orm import Session, sessionmaker

from storage import people
from storage.database import make_sessions, upgrade
from storage.vault import Vault
from tests import rig
from tests.bot.commands.conftest import Installation
from tests.peers import LINE_SECRET, LINE_TOKEN, TELEGRAM_TOKEN, LinePeer, TelegramPeer


def line(peer: LinePeer) -> dict[str, str]:
    tokens = {"LINE_CHANNEL_SECRET": LINE_SECRET, "LINE_CHANNEL_ACCESS_TOKEN": LINE_TOKEN, "SECRET_KEY": rig.SECRET}
    return tokens | {"LINE_API_BASE": peer.url, "LINE_DATA_API_BASE": peer.url}


def give_roles(bare: Installation) -> None:
    """Two officers, one of them a volunteer too, a volunteer who blocked us, and one who left."""
    (bare.folder / "data").mkdir()
    with rig.engine_of(bare.url) as engine:
        upgrade(engine)
        _give(make_sessions(engine, Vault(rig.SECRET)))


def _give(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for user, roles in (
            ("Ua", ["staff"]),
            ("Ub", ["volunteer", "admin"]),
            ("Uc", ["volunteer"]),
            ("Ud", ["staff"]),
        ):
            person, _ = people.meet(session, "line", user, rig.WEDNESDAY)
            for role in roles:
                people.grant(session, person.id, role, "trat", rig.WEDNESDAY)
            if user == "Ud":
                people.revoke(session, person.id, rig.WEDNESDAY)
        people.set_blocked(session, "line", "Uc", rig.WEDNESDAY)


def test_line_gets_its_menus_and_everybody_theirs(bare: Installation) -> None:
    give_roles(bare)
    with LinePeer() as peer:
        done = bare.bot("setup-line", env=line(peer))
        assert (done.returncode, done.stderr) == (0, b"")
        assert "staff: 2 people have their menu" in done.stdout.decode()
        staff = peer.menus.aliases["sansiang-staff"]
        assert peer.menus.users == {"Ua": staff, "Ub": staff}


def test_a_dry_run_says_so_and_what_is_refused_is_one_line(bare: Installation) -> None:
    with TelegramPeer() as peer:
        env = {"TELEGRAM_API_BASE": peer.url, "TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN}
        dry = bare.bot("setup-telegram", "--dry-run", env=env)
        assert (dry.returncode, dry.stderr) == (0, b"")
        assert "dry run: MyCommands (th): set" in dry.stdout.decode().splitlines()
        assert peer.commands.kept == {}
        refused = bare.bot("setup-telegram", env=env | {"TELEGRAM_BOT_TOKEN": "1:no"})
        assert refused.returncode == 1
        assert refused.stderr.decode().splitlines() == [
            "sansiang: TELEGRAM_BOT_TOKEN: Telegram refuses it; set the one that @BotFather gave"
        ]


def test_a_platform_that_is_not_set_is_named(bare: Installation) -> None:
    done = bare.bot("setup-line")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().count("\n") == 1
    assert "LINE_CHANNEL_SECRET" in done.stderr.decode()
