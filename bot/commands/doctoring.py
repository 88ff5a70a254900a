"""`doctor`: what is wrong with an installation, what is doubtful, and what is fine."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from bot.commands.platforms import line_checks, telegram_check
from bot.settings import KEY_FILE, Settings, SettingsError

if TYPE_CHECKING:
    from bot.app import House

State = Literal["ok", "warning", "failure"]
LOW, TOO_LOW = 2_000_000_000, 200_000_000  # bytes
RETRY = "coordinators find failed messages under their queue in the bot, and have them tried again there"
# What no check on this machine can show.
UNPROVED = (
    "the container image: build and start it once where it is to run",
    "LINE and Telegram: tried against stand-ins; send one message through each before villagers do",
    "pictures and PDF of digests: not built yet",
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    detail: str


def examine(settings: Settings) -> list[Check]:
    """Look at everything. Nothing is changed, and no table of the database is made."""
    try:
        checks = list(_examine(settings))
    except SettingsError as error:
        return [Check("settings", "failure", str(error))]
    return checks


def _examine(settings: Settings) -> Iterator[Check]:
    yield Check("settings", "ok", f"LINE {_on(settings.line)}, Telegram {_on(settings.telegram)}")
    yield _disk(settings)
    if (key := _key(settings)).state == "failure":
        yield key
        return
    if settings.database.startswith("sqlite:///") and not _file(settings):
        yield Check("database", "failure", f"there is none at {settings.database}: `python -m bot migrate` makes it")
        yield from _understanding(settings)
    else:
        yield from _with_house(settings)
    yield from line_checks(settings)
    if settings.telegram:
        yield telegram_check(settings)
    yield from (Check("unproved", "warning", what) for what in UNPROVED)


def _on(configured: bool) -> str:
    return "on" if configured else "off"


def _file(settings: Settings) -> bool:
    from pathlib import Path  # noqa: PLC0415

    from sqlalchemy.engine import make_url  # noqa: PLC0415

    path = make_url(settings.database).database
    return bool(path) and Path(str(path)).is_file()


def _disk(settings: Settings) -> Check:
    folder = settings.data_dir.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    state: State = "failure" if free < TOO_LOW else "warning" if free < LOW else "ok"
    return Check("disk", state, f"{free / 1e9:.1f} GB free at {folder}")


def _key(settings: Settings) -> Check:
    """Whether the secret is there; a new one must not be made over data that another one sealed."""
    if settings.secret_key.get_secret_value() or (settings.data_dir / KEY_FILE).is_file():
        return Check("secret", "ok", "there")
    if settings.shared:
        return Check("secret", "failure", "SECRET_KEY must be set with PostgreSQL, the same for every process")
    if settings.database.startswith("sqlite:///") and not _file(settings):
        return Check("secret", "ok", f"not made yet; the first start keeps it in {settings.data_dir / KEY_FILE}")
    where = settings.data_dir / KEY_FILE
    return Check("secret", "failure", f"{where} is gone and SECRET_KEY is not set: put it back from your backup")


def _understanding(settings: Settings) -> Iterator[Check]:
    from bot.commands.opening import open_reader  # noqa: PLC0415

    reader, directory = open_reader(settings)
    yield Check("model", "ok", f"{reader.read('').model}, {len(reader.taxonomy.slugs)} categories")
    yield from _doubts(directory)


def _with_house(settings: Settings) -> Iterator[Check]:
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from bot.app import make_house  # noqa: PLC0415
    from storage.database import TooOld, is_current  # noqa: PLC0415
    from storage.trouble import in_words  # noqa: PLC0415

    house = make_house(settings)
    try:
        if is_current(house.engine):
            yield Check("database", "ok", "reachable and up to date")
            yield from _kept(house)
        else:
            yield Check("database", "failure", "of another release: run `python -m bot migrate`")
    except DBAPIError as error:
        yield Check("database", "failure", f"DATABASE_URL: {in_words(error)}")
    except TooOld as error:
        yield Check("database", "failure", f"DATABASE_URL: {error}")
    finally:
        house.engine.dispose()
    model = house.desk.reader.read("").model
    yield Check("model", "ok", f"{model}, {len(house.desk.reader.taxonomy.slugs)} categories")
    yield from _doubts(house.desk.directory)


def _kept(house: House) -> Iterator[Check]:
    """What lies in the database: whether our key opens it, and what is stuck."""
    from storage import health, inbox, outbox  # noqa: PLC0415
    from storage.vault import SealBroken  # noqa: PLC0415

    with house.readers() as session:
        try:
            opened = health.open_samples(session)
            yield Check("secret", "ok", f"opens what is kept ({opened} kinds looked at)")
        except SealBroken:
            yield Check("secret", "failure", "another key sealed this database: put the old SECRET_KEY back")
        come, gone, media = inbox.counts(session), outbox.counts(session), health.media_counts(session)
    yield _counted("inbox", {"failed": come.get("failed", 0)}, f"{come.get('waiting', 0)} waiting", RETRY)
    unsent: Counter[str] = Counter()
    for (_, state), count in gone.items():
        unsent[state] += count
    yield _counted("outbox", {state: unsent[state] for state in ("failed", "blocked")}, f"{unsent['waiting']} waiting")
    yield _counted("media", {"failed": media.get("failed", 0)}, f"{media.get('waiting', 0)} waiting")


def _counted(name: str, stuck: dict[str, int], waiting: str, way: str = "") -> Check:
    words = [waiting, *(f"{count} {state}" for state, count in stuck.items() if count)]
    hard = any(count for state, count in stuck.items() if state == "failed" and name != "media")
    state: State = "failure" if hard else "warning" if any(stuck.values()) else "ok"
    detail = ", ".join(words)
    return Check(name, state, f"{detail}: {way}" if hard and way else detail)


def _doubts(directory: object) -> Iterator[Check]:
    from bot.provinces import inferred_categories, unverified_hotlines  # noqa: PLC0415
    from handlers.provinces import Directory  # noqa: PLC0415

    assert isinstance(directory, Directory)  # noqa: S101
    named: dict[str, list[str]] = {}
    for province, category in inferred_categories(directory):
        named.setdefault(province.slug, []).append(category.slug)
    for slug, slugs in named.items():
        yield Check("categories", "warning", f"{slug}: no source for {', '.join(slugs)}")
    if hotlines := unverified_hotlines(directory):
        numbers = ", ".join(f"{hotline.number} ({hotline.name_th})" for hotline in hotlines)
        yield Check("hotlines", "warning", f"to be confirmed by the coordinator: {numbers}")


def dump(checks: list[Check]) -> str:
    """The checks as JSON, with `ok` false where something is wrong."""
    wrong = any(check.state == "failure" for check in checks)
    return json.dumps({"ok": not wrong, "checks": [asdict(check) for check in checks]}, ensure_ascii=False, indent=2)


def print_checks(checks: list[Check]) -> None:
    """The checks as a table on stdout."""
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    styles = {"ok": "green", "warning": "yellow", "failure": "bold red"}
    table = Table("check", "state", "what", show_lines=False)
    for check in checks:
        table.add_row(check.name, Text(check.state, styles[check.state]), Text(check.detail))
    Console(highlight=False).print(table)
