from __future__ import annotations

import json
from typing import Any

from tests.bot.commands.conftest import Installation

REPORTS: list[dict[str, Any]] = [
    {"id": "a", "text": "ประปาบ้านแม่เลาะ ต.แม่ยาว ไม่ไหลมาสี่วันแล้ว"},
    {"id": "b", "text": "หมาจรจัดแถวตลาดบ้านดู่กัดคนแก่"},
    {"id": 7, "text": "เปิดก๊อกไม่มีน้ำสักหยด ต้องซื้อน้ำใช้", "place": {"village": "แม่เลาะ", "tambon_code": "570106"}},
    {"id": None, "text": "น้ำไม่ไหล ต้องตักน้ำห้วยมาใช้", "place": "บ้านแม่เลาะ แม่ยาว"},
]


def group(here: Installation, stdin: bytes, *options: str) -> tuple[int, list[dict[str, Any]], str]:
    done = here.bot("group", *options, stdin=stdin)
    return done.returncode, [json.loads(line) for line in done.stdout.decode().splitlines()], done.stderr.decode()


def lines(rows: list[Any]) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def test_reports_of_one_problem_get_one_number_in_their_order(bare: Installation) -> None:
    code, answers, said = group(bare, lines(REPORTS), "--province", "chiang-rai")
    assert code == 0, said
    assert [answer["id"] for answer in answers] == ["a", "b", 7, None]
    assert [sorted(answer) for answer in answers] == [["group", "id"]] * 4
    assert [answer["group"] for answer in answers] == [0, 1, 0, 0]
    assert group(bare, lines(REPORTS))[1] == answers, "without a province too"
    assert not (bare.folder / "data").exists(), "no database, no secret"


def test_bad_lines_are_named_in_their_place_and_the_rest_go_on(bare: Installation) -> None:
    bad = [
        b'{"id": "x", "text": ',
        b'{"id": "y"}',
        b"\xb6\xb9",
        b'{"id": "z", "text": "a", "place": 5}',
    ]
    first, *rest = lines(REPORTS).split(b"\n")
    code, answers, said = group(bare, b"\n".join([first, *bad, *rest]), "--province", "chiang-rai")
    assert code == 1
    assert [answer["id"] for answer in answers] == ["a", 2, "y", 4, "z", "b", 7, None]
    assert ["error" in answer for answer in answers] == [False, *[True] * 4, *[False] * 3]
    assert [answer["group"] for answer in answers if "group" in answer] == [0, 1, 0, 0]
    assert len(said.splitlines()) == 1


def test_what_is_odd_in_a_place_is_left_out(bare: Installation) -> None:
    place = {"village": 3, "tambon_code": "57", "amphoe": None, "lat": "x", "lng": True, "more": []}
    far = {"lat": 10**400, "lng": -990.0}
    rows = [
        {"id": row["id"], "text": row["text"], "place": odd} for row, odd in zip(REPORTS, (place, far), strict=False)
    ]
    assert group(bare, lines(rows), "--province", "chiang-rai")[1] == [{"id": "a", "group": 0}, {"id": "b", "group": 1}]


def test_nothing_in_nothing_out_and_a_wrong_province_is_wrong_use(bare: Installation) -> None:
    assert group(bare, b"", "--province", "chiang-rai") == (0, [], "")
    assert group(bare, b"", "--province", "atlantis")[0] == 2
