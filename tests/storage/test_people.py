from datetime import timedelta

from storage import people
from tests.rig import WEDNESDAY, Database

CODE = "SS-7K2M-Q9XD"


def test_an_account_is_one_person_however_often_it_writes(database: Database) -> None:
    with database.sessions.begin() as session:
        first = people.person_of(session, "line", "U1", WEDNESDAY)
        session.flush()
        assert people.person_of(session, "line", "U1", WEDNESDAY).id == first.id
        assert people.person_of(session, "telegram", "U1", WEDNESDAY).id != first.id
        assert people.account_of(session, first.id) == ("line", "U1")


def test_a_blocked_account_is_not_written_to_until_it_comes_back(database: Database) -> None:
    with database.sessions.begin() as session:
        person = people.person_of(session, "line", "U1", WEDNESDAY)
        session.flush()
        people.set_blocked(session, "line", "U1", WEDNESDAY)
        assert people.account_of(session, person.id) is None
        people.set_blocked(session, "line", "U1", None)
        assert people.account_of(session, person.id) == ("line", "U1")


def test_an_invite_is_used_once(database: Database) -> None:
    with database.sessions.begin() as session:
        invite = people.add_invite(session, CODE, "staff", "trat", WEDNESDAY)
        one = people.person_of(session, "line", "U1", WEDNESDAY)
        two = people.person_of(session, "line", "U2", WEDNESDAY)
        found = people.find_invite(session, CODE)
        assert found is not None
        assert found.id == invite.id
        assert people.find_invite(session, "SS-0000-0000") is None
        assert people.use_invite(session, invite.id, one.id, WEDNESDAY)
        assert not people.use_invite(session, invite.id, two.id, WEDNESDAY)
        assert not people.use_invite(session, invite.id, one.id, WEDNESDAY)


def test_an_invite_ends_after_seven_days(database: Database) -> None:
    with database.sessions.begin() as session:
        person = people.person_of(session, "line", "U1", WEDNESDAY)
        late = people.add_invite(session, CODE, "staff", "trat", WEDNESDAY)
        just = people.add_invite(session, "SS-1111-1111", "staff", "trat", WEDNESDAY)
        week = WEDNESDAY + timedelta(days=7)
        assert not people.use_invite(session, late.id, person.id, week)
        assert people.use_invite(session, just.id, person.id, week - timedelta(seconds=1))


def test_roles_end_at_once_and_stay_on_record(database: Database) -> None:
    with database.sessions.begin() as session:
        person = people.person_of(session, "line", "U1", WEDNESDAY)
        session.flush()
        people.grant(session, person.id, "volunteer", "trat", WEDNESDAY)
        newest = people.grant(session, person.id, "staff", "trat", WEDNESDAY)
        assert [role.role for role in people.roles_of(session, person.id)] == ["staff", "volunteer"]
        assert people.revoke(session, person.id, WEDNESDAY) == 2
        assert people.revoke(session, person.id, WEDNESDAY) == 0
        assert people.roles_of(session, person.id) == []
        session.refresh(newest)
        assert newest.revoked_at == WEDNESDAY


def test_the_newest_consent_holds(database: Database) -> None:
    with database.sessions.begin() as session:
        person = people.person_of(session, "line", "U1", WEDNESDAY)
        session.flush()
        assert people.consent_given(session, person.id, "general") is None
        for given in (True, False):
            people.consent(session, person.id, "general", "1", WEDNESDAY, given=given)
            session.flush()
            assert people.consent_given(session, person.id, "general") is given
        assert people.consent_given(session, person.id, "forum") is None


def test_a_person_is_in_the_middle_of_one_thing(database: Database) -> None:
    with database.sessions.begin() as session:
        person = people.person_of(session, "line", "U1", WEDNESDAY)
        session.flush()
        assert people.dialogue_of(session, person.id) == ("", {})
        people.set_dialogue(session, person.id, "ask", {"report": 1}, WEDNESDAY)
        session.flush()
        people.set_dialogue(session, person.id, "forum", {"forum": 2, "step": "หัว"}, WEDNESDAY)
        session.flush()
        assert people.dialogue_of(session, person.id) == ("forum", {"forum": 2, "step": "หัว"})
        people.set_dialogue(session, person.id, "", {}, WEDNESDAY)
        assert people.dialogue_of(session, person.id) == ("", {})
        people.set_dialogue(session, person.id, "", {}, WEDNESDAY)
