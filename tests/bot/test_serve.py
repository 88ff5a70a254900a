"""The first start: a database that upgrades itself, sample data once, a port that is taken."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.invites import make_invite
from bot.serve import bind, only_worker, prepare, serve
from bot.settings import SettingsError
from handlers.filing import Filing, file_many
from storage import people
from storage.models import Person, Report, Role
from tests.bot.doors import Place, settings_for
from tests.rig import WEDNESDAY

ROOT = Path(__file__).parents[2]


def count(session: Session) -> tuple[int, int, int]:
    return session.query(Report).count(), session.query(Person).count(), session.query(Role).count()


def test_sample_data_is_inserted_once(fresh_place: Place) -> None:
    settings = fresh_place.settings()
    first = prepare(settings, sample=True)
    with first.readers() as session:
        before = count(session)
        assert before[0] >= 50
        assert {report.province for report in session.query(Report)} == set(first.desk.directory.provinces)
    first.engine.dispose()
    second = prepare(settings, sample=True)
    with second.readers() as session:
        assert count(session) == before
    second.engine.dispose()


def test_the_three_people_are_ready(fresh_place: Place) -> None:
    house = prepare(fresh_place.settings(provinces="trat,chiang-rai"), sample=True)
    with house.sessions.begin() as session:
        roles = {
            user: {role.role for role in people.roles_of(session, person.id)}
            for user in ("villager", "volunteer", "staff")
            for person in [people.person_of(session, "local", user, WEDNESDAY)]
        }
        assert roles == {"villager": set(), "volunteer": {"volunteer"}, "staff": {"coordinator"}}
        assert {report.province for report in session.query(Report)} == {"trat", "chiang-rai"}
    house.engine.dispose()


def test_without_sample_data_nobody_is_there(fresh_place: Place) -> None:
    house = prepare(fresh_place.settings(), sample=False)
    with house.readers() as session:
        assert count(session) == (0, 0, 0)
    house.engine.dispose()


def test_invented_reports_are_not_mixed_with_imported_ones(fresh_place: Place) -> None:
    settings = fresh_place.settings()
    first = prepare(settings, sample=False)
    with first.sessions.begin() as session:
        province = first.desk.directory.provinces["trat"]
        filings = [Filing("น้ำท่วมถนน", first.desk.reader.read("น้ำท่วมถนน", province.code), WEDNESDAY, {}, "row-1")]
        file_many(session, province, filings, WEDNESDAY)
    first.engine.dispose()
    second = prepare(settings, sample=True)
    with second.readers() as session:
        reports_count, people_count, _ = count(session)
        assert (reports_count, people_count) == (1, 3)
    second.engine.dispose()


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"PORT.*{port}"):
            bind(settings_for(tmp_path, port=port))
    with pytest.raises(SettingsError, match="HOST"):
        bind(settings_for(tmp_path, host="203.0.113.9", port=0))


def test_an_invite_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    for arguments, named in (
        (("king", "trat"), "--role"),
        (("staff", "atlantis"), "--province"),
    ):
        with pytest.raises(SettingsError, match=named):
            make_invite(settings, *arguments)
    with pytest.raises(SettingsError, match="--agency"):
        make_invite(settings, "staff", "trat", agency="ก.ไม่มี")
    with pytest.raises(SettingsError, match="--amphoe"):
        make_invite(settings, "staff", "trat", amphoe="แม่สาย")


def test_a_second_worker_on_one_database_is_refused_and_a_killed_one_is_not_in_the_way(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    held = (
        "import sys, time; from bot.serve import only_worker; from bot.settings import load_settings\n"
        "with only_worker(load_settings(_env_file=None, data_dir=sys.argv[1])):\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", held, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(SettingsError, match=r"DATABASE_URL: another run serves .*\.db: stop it first"):
            serve(settings_for(tmp_path, port=0))
        other.kill()
        other.wait()
    with only_worker(settings), pytest.raises(SettingsError, match="DATABASE_URL"), only_worker(settings):
        pass
    with only_worker(settings):
        pass


def test_other_databases_have_workers_of_their_own(tmp_path: Path) -> None:
    with only_worker(settings_for(tmp_path / "one")), only_worker(settings_for(tmp_path / "two")):
        pass
