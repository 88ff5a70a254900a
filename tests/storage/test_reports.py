import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage import digests, forums, inbox, people, queues, reports, spots
from storage import media as media_rows
from storage.models import Report, ReportPart
from tests.rig import WEDNESDAY, Database


def make(session: Session, code: str = "ชร-10001", **values: object) -> Report:
    fields: dict[str, object] = {
        "code": code,
        "province": "chiang-rai",
        "kind": "problem",
        "created_at": WEDNESDAY,
        "updated_at": WEDNESDAY,
        "masked_text": "น้ำไม่ไหล",
        "summary": "น้ำไม่ไหล",
        "category": "water",
        "sub": "",
        "confidence": 0.9,
        "urgency": "normal",
        "status": "received",
        "review": "waiting",
        "sure": True,
        "private": False,
        "agency": "",
        "decided_by": "model",
        "amphoe_code": "",
        "tambon_code": "",
    }
    return reports.add(session, Report(**{**fields, **values}), "น้ำไม่ไหล", WEDNESDAY)


class Taken:
    """Codes with fewer digits than this are all given away."""

    def __init__(self, digits: int) -> None:
        self._digits = digits

    def __contains__(self, code: object) -> bool:
        return len(str(code).partition("-")[2]) < self._digits

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_codes_begin_with_the_province_and_hold_digits_only(database: Database) -> None:
    with database.readers() as session:
        codes = {reports.new_code(session, "ชร") for _ in range(200)}
    assert all(code.startswith("ชร-") and code[3:].isdigit() and code[3] != "0" and len(code) == 8 for code in codes)
    assert len(codes) > 190


def test_codes_grow_when_the_short_ones_are_given_away(database: Database) -> None:
    with database.readers() as session:
        assert len(reports.new_code(session, "ชร", Taken(6))) == len("ชร-") + 6
        assert len(reports.new_code(session, "ชร", Taken(8))) == len("ชร-") + 8
        with pytest.raises(RuntimeError, match="no free report code"):
            reports.new_code(session, "ชร", Taken(99))


def test_a_code_is_given_once(database: Database) -> None:
    with database.sessions() as session:
        make(session)
        with pytest.raises(IntegrityError):
            make(session)


def test_a_code_is_found_with_and_without_its_letters(database: Database) -> None:
    with database.sessions.begin() as session:
        one, two = make(session), make(session, "ตร-10001", province="trat")
        assert reports.by_code(session, "ชร-10001") is one
        assert reports.by_digits(session, "10001", ["ชร"]) == [one]
        assert set(reports.by_digits(session, "10001", ["ชร", "ตร"])) == {one, two}
        assert reports.by_digits(session, "10002", ["ชร"]) == []


def test_words_are_the_newest_versions_that_were_not_taken_back(database: Database) -> None:
    with database.sessions.begin() as session:
        report = make(session)
        keys = [inbox.message_key(session, "line", name) for name in ("M1", "M2")]
        part = session.get_one(ReportPart, reports.add_part(session, report, "สามวันแล้ว", WEDNESDAY, message=keys[0]))
        reports.add_part(session, report, "เด็กไม่ได้อาบน้ำ", WEDNESDAY, message=keys[1])
        reports.replace_part(session, report, part, "สี่วันแล้ว", WEDNESDAY)
        # The old version is kept, out of sight, and found by its message as the new one.
        assert keys[0] is not None
        found = reports.by_message(session, keys[0])
        assert found is not None
        assert (found[1].version, found[1].removed_at) == (2, None)
        assert set(reports.words_of(session, report.id).split("\n")) == {"น้ำไม่ไหล", "สี่วันแล้ว", "เด็กไม่ได้อาบน้ำ"}
        assert reports.forget_message(session, keys[0], WEDNESDAY) == [report]
        assert reports.words_of(session, report.id) == "น้ำไม่ไหล\nเด็กไม่ได้อาบน้ำ"
        session.refresh(part)
        assert part.text_sealed is None, "an old version of a message that was taken back is forgotten too"


def test_a_spot_is_sealed(database: Database) -> None:
    with database.sessions.begin() as session:
        report = make(session)
        assert spots.of(session, report) == spots.Spot()
        report.place_sealed = spots.seal(session, spots.Spot("บ้านห้วยขม", 19.9, 99.8))
        assert report.place_sealed is not None
        assert "ห้วยขม".encode() not in report.place_sealed
        assert spots.of(session, report) == spots.Spot("บ้านห้วยขม", 19.9, 99.8)
        assert spots.seal(session, spots.Spot()) is None


def test_a_spot_without_accuracy_and_address_is_one_that_older_releases_read(database: Database) -> None:
    with database.sessions.begin() as session:
        plain, whole = spots.Spot("บ้านห้วยขม", 19.9, 99.8), spots.Spot("", 19.9, 99.8, 65.0, "ต.แม่ยาว")
        for spot, values in ((plain, 3), (whole, 5)):
            sealed = spots.seal(session, spot)
            assert sealed is not None
            assert len(json.loads(database.vault.open(sealed, "place"))) == values
            assert spots.opened(session, sealed) == spot


def queue(session: Session, view: str, **values: object) -> list[str]:
    chosen = {"sensitive": False, **values}
    return [report.code for report in queues.page(session, "chiang-rai", view, **chosen).reports]  # type: ignore[arg-type]


def test_the_queue_shows_the_worst_first_and_only_what_may_be_seen(database: Database) -> None:
    with database.sessions.begin() as session:
        make(session, "ชร-1")
        make(session, "ชร-2", urgency="high")
        make(session, "ชร-3", urgency="emergency", private=True, sensitive="self_harm")
        make(session, "ชร-4", status="accepted", agency="สปสช.", review="reviewed")
        make(session, "ชร-5", sure=False)
        make(session, "ชร-6", kind="thanks")
        make(session, "ชร-7", status="cancelled")
        make(session, "ชร-8", erased_at=WEDNESDAY)
        make(session, "ตร-9", province="trat")
        assert queue(session, "new") == ["ชร-2", "ชร-1", "ชร-5"]
        assert queue(session, "new", sensitive=True) == ["ชร-3", "ชร-2", "ชร-1", "ชร-5"]
        assert queue(session, "sensitive", sensitive=True) == ["ชร-3"]
        assert queue(session, "sensitive") == []
        assert queue(session, "mine", agency="สปสช.") == ["ชร-4"]
        assert queue(session, "unsure") == ["ชร-5"]
        assert queue(session, "review") == ["ชร-2", "ชร-1", "ชร-5"]
        page = queues.page(session, "chiang-rai", "new", sensitive=False, offset=2, limit=2)
        assert ([report.code for report in page.reports], page.total) == (["ชร-5"], 3)


def test_a_medium_is_settled_once(database: Database) -> None:
    with database.sessions.begin() as session:
        report = make(session)
        medium = media_rows.promise(session, report, "photo", "line", "ref-1", WEDNESDAY, name="ภาพ.jpg")
        wanted = media_rows.to_fetch(session, medium.id)
        assert wanted is not None
        assert (wanted.ref, wanted.attempts) == ("ref-1", 0)
        assert media_rows.waiting(session, WEDNESDAY) == [medium.id]
        assert media_rows.settle(session, medium.id, "kept", WEDNESDAY, sha256="aa", size=2)
        assert not media_rows.settle(session, medium.id, "failed", WEDNESDAY)
        session.expire_all()
        assert media_rows.to_fetch(session, medium.id) is None
        assert media_rows.in_use(session, "aa")


def test_a_lost_medium_stands_in_the_timeline(database: Database) -> None:
    with database.sessions.begin() as session:
        report = make(session)
        medium = media_rows.promise(session, report, "photo", "line", "ref-1", WEDNESDAY)
        media_rows.settle(session, medium.id, "failed", WEDNESDAY, error="404")
        assert [event.kind for event in reports.timeline(session, report.id, public_only=True)] == [
            "received",
            "medium_lost",
        ]


def test_a_file_goes_when_no_medium_needs_it_any_more(database: Database) -> None:
    with database.sessions.begin() as session:
        report = make(session)
        keys = [inbox.message_key(session, "line", name) for name in ("M1", "M2")]
        for key in keys:
            medium = media_rows.promise(session, report, "photo", "line", "ref", WEDNESDAY, message=key)
            media_rows.settle(session, medium.id, "kept", WEDNESDAY, sha256="aa")
        session.expire_all()
        assert not media_rows.has_forgotten_files(session)
        assert keys[0] is not None
        assert keys[1] is not None
        reports.forget_message(session, keys[0], WEDNESDAY)
        assert media_rows.has_forgotten_files(session)
        assert media_rows.forget_files(session) == [], "the other message has the same picture"
        reports.forget_message(session, keys[1], WEDNESDAY)
        assert media_rows.forget_files(session) == ["aa"]
        assert media_rows.forget_files(session) == []
        assert not media_rows.has_forgotten_files(session)
        assert media_rows.of_report(session, report.id) == []


def test_digest_lines_are_the_voices_of_those_days(database: Database) -> None:
    day = timedelta(days=1)
    with database.sessions.begin() as session:
        first = make(session, "ชร-1", created_at=WEDNESDAY)
        make(session, "ชร-2", created_at=WEDNESDAY + day)
        make(session, "ชร-3", kind="chitchat")
        make(session, "ชร-4", status="cancelled")
        make(session, "ชร-5", erased_at=WEDNESDAY)
        make(session, "ชร-6", created_at=WEDNESDAY - timedelta(microseconds=1))
        near = make(session, "ชร-7", amphoe_code="5709", relayed_by_id=None)
        found = digests.lines(session, "chiang-rai", WEDNESDAY, WEDNESDAY + day)
        assert [line.id for line in found] == [first.id, near.id]
        filtered = digests.lines(session, "chiang-rai", WEDNESDAY, WEDNESDAY + day, amphoe_code="5709", agency="")
        assert [line.id for line in filtered] == [near.id]


def keep(session: Session, content: dict[str, object], **filters: str) -> int:
    return digests.keep(session, "trat", "2026-11-23", "2026-11-29", filters, content, None, WEDNESDAY).id


def test_the_same_figures_are_the_same_digest(database: Database) -> None:
    with database.sessions.begin() as session:
        one = keep(session, {"total": 1, "groups": []})
        assert keep(session, {"groups": [], "total": 1}) == one
        assert keep(session, {"total": 2, "groups": []}) != one
        assert keep(session, {"total": 1, "groups": []}) == one


def test_two_questions_with_the_same_figures_are_two_digests_that_both_stay(database: Database) -> None:
    with database.sessions.begin() as session:
        whole, part = keep(session, {"total": 0}), keep(session, {"total": 0}, amphoe_code="2301")
        assert whole != part
        assert keep(session, {"total": 0}) == whole
        assert keep(session, {"total": 0}, amphoe_code="2301") == part


def test_a_decision_leaves_the_figures_alone_and_seals_its_comment(database: Database) -> None:
    with database.sessions.begin() as session:
        person = people.person_of(session, "line", "U1", WEDNESDAY)
        session.flush()
        digest = digests.by_id(session, keep(session, {"total": 1}))
        assert digest is not None
        before = digest.sha256, dict(digest.content)
        digests.decide(session, digest, "returned", person.id, WEDNESDAY, "ขอแยกตำบล")
        assert (digest.sha256, digest.content) == before
        assert digest.comment_sealed is not None
        assert "ตำบล".encode() not in digest.comment_sealed


def test_a_forum_forgets_an_item_that_was_taken_back_and_keeps_the_numbers(database: Database) -> None:
    with database.sessions.begin() as session:
        person = people.person_of(session, "line", "U1", WEDNESDAY)
        session.flush()
        forum = forums.open_forum(session, "trat", person.id, WEDNESDAY)
        key = inbox.message_key(session, "line", "M2")
        assert key is not None
        for text, message in (("น้ำ", None), ("ไฟ", key), ("ถนน", None)):
            forums.add_item(session, forum.id, text, "water", WEDNESDAY, message=message)
        forums.forget_message(session, key, person.id, WEDNESDAY)
        kept = forums.items(session, forum.id)
        assert [(item.number, forums.text_of(session, item)) for item in kept] == [(1, "น้ำ"), (3, "ถนน")]
        added = forums.add_item(session, forum.id, "ไฟ", "water", WEDNESDAY)
        assert added.number == 4
