from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.commands.columns import ColumnsError, RowError, read_time, recognise
from bot.commands.tables import Record, TableFileError, open_table


def records(path: Path, text: str, encoding: str = "utf-8") -> tuple[list[str], list[Record]]:
    path.write_bytes(text.encode(encoding))
    with open_table(path) as table:
        return list(table.header), list(table.records)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str, ending: str) -> None:
    lines = [("รหัส", "ข้อความ"), ("1", '"ถนนพัง, เป็นหลุม; ลึก"'), ("2", "ไฟดับ")]
    text = ending.join(delimiter.join(line) for line in lines) + ending
    header, rows = records(tmp_path / "a.csv", text, encoding)
    assert header == ["รหัส", "ข้อความ"]
    assert rows == [Record(2, ["1", "ถนนพัง, เป็นหลุม; ลึก"]), Record(3, ["2", "ไฟดับ"])]


def test_lines_are_counted_over_cells_of_many_lines_and_empty_lines(tmp_path: Path) -> None:
    _, rows = records(tmp_path / "a.csv", 'id,text\n1,"a\nb\nc"\n\n2,d,x\n3,e')
    assert [(row.line, bool(row.trouble)) for row in rows] == [(2, False), (6, True), (7, False)]


@pytest.mark.parametrize(
    "broken",
    [
        '1,"never closed,x',  # the next quotation mark closes it in the middle of a good row
        '1,"' + "ก" * 200_000,  # more than a cell may hold
    ],
)
def test_a_quotation_mark_swallows_no_good_row(tmp_path: Path, broken: str) -> None:
    _, rows = records(tmp_path / "a.csv", f'id,text,x\n{broken}\n2,"good",x\n3,good,x\n')
    assert [(row.line, bool(row.trouble)) for row in rows] == [(2, True), (3, False), (4, False)]
    assert rows[1].cells == ["2", "good", "x"]


def test_a_row_that_can_be_read_by_itself_is_no_trouble(tmp_path: Path) -> None:
    _, rows = records(tmp_path / "a.csv", 'id,text,x\n1,"he said "hi" there",x\n2,"good",x\n')
    assert [(row.line, row.trouble) for row in rows] == [(2, ""), (3, "")]


def test_a_row_that_lacks_its_last_cells_is_a_row(tmp_path: Path) -> None:
    header, rows = records(tmp_path / "a.csv", "text,types,note\nถนนพัง\n")
    assert recognise(header).row(rows[0]).source == {"types": "", "note": ""}


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0old", b"PK\x03\x04broken", b"\x1f\x8bbroken"])
def test_what_is_no_table(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(TableFileError, match=r"a\.csv"), open_table(path) as table:
        list(table.records)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2022-06-03 08:30:00", datetime(2022, 6, 3, 1, 30, tzinfo=UTC)),
        ("2022-06-03 08:30:00.123456+00", datetime(2022, 6, 3, 8, 30, 0, 123456, UTC)),
        ("2022-06-03T08:30:00Z", datetime(2022, 6, 3, 8, 30, tzinfo=UTC)),
        ("2022-06-03", datetime(2022, 6, 2, 17, 0, tzinfo=UTC)),
        ("3/6/2565", datetime(2022, 6, 2, 17, 0, tzinfo=UTC)),
        ("03-06-2022 8.30", datetime(2022, 6, 3, 1, 30, tzinfo=UTC)),
        ("2567-02-29 12:00", datetime(2024, 2, 29, 5, 0, tzinfo=UTC)),
    ],
)
def test_times_of_either_era(said: str, meant: datetime) -> None:
    assert read_time(said) == meant


@pytest.mark.parametrize("said", ["เมื่อวาน", "2022-13-01", "0001-01-01", "31/02/2565", "44000", "12:30"])
def test_times_that_are_none(said: str) -> None:
    with pytest.raises(RowError):
        read_time(said)


def test_columns_are_known_by_many_names_and_all_are_kept() -> None:
    layout = recognise(["Ticket-ID", "รายละเอียด", "", "จังหวัด", "จังหวัด", "วันที่ แจ้ง"])
    assert layout.known == {"ticket_id": 0, "text": 1, "province": 3, "timestamp": 5}
    assert layout.names == ["Ticket-ID", "รายละเอียด", "column 3", "จังหวัด", "จังหวัด 5", "วันที่ แจ้ง"]
    with pytest.raises(ColumnsError, match="foo, bar"):
        recognise(["foo", "bar"])


def test_keys_fit_their_column_and_tell_rows_apart() -> None:
    layout = recognise(["id", "text", "types", "timestamp"])
    plain = layout.row(Record(2, ["T-1", "ก", "", ""]))
    assert plain.key(5) == "T-1"
    long = layout.row(Record(2, ["x" * 200, "ก", "", ""]))
    nameless = layout.row(Record(2, ["", "ก", "ข", ""]))
    other = layout.row(Record(2, ["", "กข", "", ""]))
    keys = {long.key(0), nameless.key(0), nameless.key(1), other.key(0)}
    assert len(keys) == 4
    assert all(len(key) <= 64 for key in keys)
