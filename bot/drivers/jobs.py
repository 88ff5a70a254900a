"""What we ask of Procrastinate's tables beside its own calls: the only SQL outside the storage room.

A job says no more than "somebody look after this chat" (or this medium): the rows tell what there is to do. So there
is never more than one waiting job a chat, however much it says, and a job too many finds nothing to do.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, LiteralString

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from storage.database import UPGRADING

CHATS, MEDIA, VOICES = "chats", "media", "voices"  # queues
SUSPECT = 2  # deaths over an event after which its next tries are spread, so that innocents pass alone
SPREAD = 2.0  # seconds by which they are spread, for each death

# A job that waits is not waited on: it is locked until our commit, so that nobody fetches it and looks before our rows
# are there. One that is being worked off counts no more, and another is made behind it.
_WAKE = """
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
SELECT %s, %s, key, key, jsonb_build_object('key', key) FROM unnest(%s::text[]) AS key ORDER BY key
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE SET scheduled_at = NULL
RETURNING xmax <> 0
"""
_WAKE_IF_NONE = """
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
SELECT %s, %s, key, key, jsonb_build_object('key', key) FROM unnest(%s::text[]) AS key
WHERE NOT EXISTS (SELECT FROM procrastinate_jobs WHERE lock = key AND status IN ('todo', 'doing'))
ORDER BY key
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
"""
_WAKE_LATER = """
UPDATE procrastinate_jobs SET scheduled_at = clock_timestamp() + make_interval(secs => %s)
WHERE queueing_lock = %s AND status = 'todo'
"""
_NOTIFY = 'SELECT pg_notify(\'procrastinate_queue_v1#\' || %s, \'{"type": "job_inserted", "job_id": 0}\')'
_RESCUE = """
DELETE FROM procrastinate_jobs AS job WHERE status = 'doing' AND NOT EXISTS (
    SELECT FROM procrastinate_workers AS worker
    WHERE worker.id = job.worker_id AND worker.last_heartbeat >= clock_timestamp() - make_interval(secs => %s)
) RETURNING queue_name, lock
"""
# For a worker whose fetching failed: what it may have fetched unheard is given to whoever fetches next.
LET_GO: LiteralString = """
WITH gone AS (
    DELETE FROM procrastinate_jobs
    WHERE status = 'doing' AND worker_id = %(worker_id)s AND id <> ALL (%(held)s::bigint[])
    RETURNING queue_name, task_name, lock, queueing_lock, args
)
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
SELECT queue_name, task_name, lock, queueing_lock, args FROM gone WHERE lock IS NOT NULL
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
"""
_STALLED = """
SELECT EXISTS (SELECT FROM procrastinate_jobs AS job WHERE status = 'doing' AND NOT EXISTS (
    SELECT FROM procrastinate_workers AS worker
    WHERE worker.id = job.worker_id AND worker.last_heartbeat >= clock_timestamp() - make_interval(secs => %s)
))
"""
_MINE = """
SELECT extract(epoch FROM clock_timestamp() - worker.last_heartbeat) FROM procrastinate_jobs AS job
JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
WHERE job.id = %s AND job.status = 'doing' AND job.worker_id = %s
"""
_FORGET = "DELETE FROM procrastinate_jobs WHERE status IN ('succeeded', 'failed', 'cancelled', 'aborted')"
_COUNT = "SELECT queue_name, count(*) FROM procrastinate_jobs WHERE status = 'todo' GROUP BY queue_name"

# For the connections that fetch jobs. Between two counts a queue grows from nothing to thousands, and the server would
# plan for an empty one, which made a fetch of one among 20,000 take 50 ms. One row by index is right at every length.
PLANNING = " ".join(
    f"-c {setting}"
    for setting in (
        *(f"enable_{way}=off" for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "sort")),
        "plan_cache_mode=force_generic_plan",
    )
)

# The lock query asks of each waiting job for others of its lock: Procrastinate's own indexes find these by id only.
_OURS = (
    "CREATE INDEX IF NOT EXISTS sansiang_jobs_lock ON procrastinate_jobs (lock, priority, id)"
    " WHERE status IN ('todo', 'doing')",
    *(
        f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500,"
        " autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 500)"
        for table in ("procrastinate_jobs", "procrastinate_events")
    ),
)


@dataclass(frozen=True, slots=True)
class Stalled:
    """A job whose worker died. `key` is what it was to look after."""

    queue: str
    key: str


def voice(medium_id: int) -> str:
    """The key of a voice note that is to be heard: another than that of the same medium that is to be fetched."""
    return f"voice {medium_id}"


def voice_of(key: str) -> int:
    """The medium of such a key."""
    return int(key.rpartition(" ")[2])


def wake(session: Session, queue: str, keys: Collection[str]) -> None:
    """Let somebody look after chats or media once this transaction has committed."""
    if not keys:
        return
    connection = session.connection()
    waiting = connection.exec_driver_sql(_WAKE, (queue, queue, sorted(set(keys)))).scalars().all()
    if any(waiting):  # a job that is there already tells nobody; who passed it over while we held it must look again
        connection.exec_driver_sql(_NOTIFY, (queue,))


def wake_idle(session: Session, queue: str, keys: Collection[str]) -> None:
    """Let somebody look after those whom no job looks after: what a lost job left behind."""
    if keys:
        session.connection().exec_driver_sql(_WAKE_IF_NONE, (queue, queue, sorted(set(keys))))


def wake_later(session: Session, queue: str, key: str, deaths: int) -> None:
    """Let somebody look after what may have brought a worker down, the later the more often it did."""
    wake(session, queue, [key])
    if deaths >= SUSPECT:
        wait = random.uniform(0, SPREAD * deaths)  # noqa: S311
        session.connection().exec_driver_sql(_WAKE_LATER, (wait, key))


def any_stalled(session: Session, silent: float) -> bool:
    """Whether there are jobs of workers that have been silent for so many seconds: a look that costs no write."""
    return bool(session.connection().exec_driver_sql(_STALLED, (silent,)).scalar())


def rescue(session: Session, silent: float) -> Sequence[Stalled]:
    """Take away the jobs of workers that have been silent for so many seconds; each is given to one who asks only.

    A job without a lock looks after nobody: it is the one that tidies, and each minute has another of these.
    """
    rows = session.connection().exec_driver_sql(_RESCUE, (silent,)).all()
    return [Stalled(queue, key) for queue, key in rows if key is not None]


def silence(session: Session, job_id: int, worker_id: int) -> float | None:
    """Seconds since a job's worker was last heard of; None when the job is not its any more."""
    said = session.connection().exec_driver_sql(_MINE, (job_id, worker_id)).scalar()
    return None if said is None else float(said)


def tidy(session: Session) -> None:
    """Delete jobs that ended, since their rows tell more, and let the server count its queue anew."""
    session.connection().exec_driver_sql(_FORGET)
    session.connection().exec_driver_sql("ANALYZE procrastinate_jobs")


def counts(session: Session) -> dict[str, int]:
    """How many jobs wait, by queue."""
    rows = session.connection().exec_driver_sql(_COUNT).all()
    return {str(queue): int(count) for queue, count in rows}


def install(connection: Connection) -> None:
    """Make Procrastinate's tables, or bring them to the installed release; does nothing when they are there.

    Its release is noted as the table's comment, since it keeps no note itself.
    """
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (UPGRADING,))
    there = connection.exec_driver_sql("SELECT to_regclass('procrastinate_jobs') IS NOT NULL").scalar_one()
    names = sorted(one.name for one in _migrations().iterdir() if one.name.endswith(".sql"))
    if not there:
        _run(connection, SchemaManager.get_schema())
    else:
        comment = "SELECT obj_description('procrastinate_jobs'::regclass)"
        done = str(connection.exec_driver_sql(comment).scalar() or "")
        for name in names:
            if name > done:
                _run(connection, _migrations().joinpath(name).read_text("utf-8"))
    for statement in _OURS:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"COMMENT ON TABLE procrastinate_jobs IS '{names[-1]}'")


def is_installed(connection: Connection) -> bool:
    """Whether Procrastinate's tables are there."""
    return bool(connection.exec_driver_sql("SELECT to_regclass('procrastinate_jobs') IS NOT NULL").scalar_one())


def _migrations() -> Any:
    return resources.files("procrastinate.sql").joinpath("migrations")


def _run(connection: Connection, script: str) -> None:
    """Run a script of several statements as it stands, within the connection's transaction."""
    raw: Any = connection.connection.dbapi_connection
    raw.execute(script)
