"""Links to kept files, to tracking pages and to what is kept about somebody: signed, and good for a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from bot.clock import now

FILE_LIFE = timedelta(hours=24)
PAGE_LIFE = timedelta(days=180)  # printed on paper and handed on: long enough for a case, too short to outlive it
SKEW = timedelta(hours=1)  # by which the clock of who signed may be ahead of ours


class Links:
    """Signed, expiring paths of kept files, tracking pages and all that is kept about a person.

    The token of one kind opens nothing of another.
    """

    def __init__(self, secret: bytes, clock: Callable[[], datetime] = now) -> None:
        self._clock = clock
        self._files, self._pages, self._mine = (
            URLSafeTimedSerializer(secret, salt=salt, signer=_ClockSigner, signer_kwargs={"clock": clock})
            for salt in ("file", "page", "mine")
        )

    def file(self, medium_id: int) -> str:
        """Path of a medium."""
        return f"/files/{self._files.dumps(medium_id)}"

    def medium_of(self, token: str) -> int | None:
        """The medium of a path; None when it was not signed by us or is too old."""
        return self._opened(self._files, token, FILE_LIFE)

    def tracking(self, report_id: int) -> str:
        """Path of a report's tracking page: some fifty letters, so that an address of a platform's button holds it."""
        return f"/r/{self._pages.dumps(report_id)}"

    def report_of(self, token: str) -> int | None:
        """The report of a tracking page; None when it was not signed by us or is too old."""
        return self._opened(self._pages, token, PAGE_LIFE)

    def mine(self, person_id: int) -> str:
        """Path of what is kept about a person."""
        return f"/me/{self._mine.dumps(person_id)}"

    def person_of(self, token: str) -> int | None:
        """The person of such a path; None when it was not signed by us or is too old."""
        return self._opened(self._mine, token, FILE_LIFE)

    def _opened(self, serializer: URLSafeTimedSerializer, token: str, life: timedelta) -> int | None:
        try:
            number, signed = serializer.loads(token, return_timestamp=True)
            return int(number) if -SKEW <= self._clock() - signed <= life else None
        except (BadSignature, ValueError, TypeError):
            return None


class _ClockSigner(TimestampSigner):
    """Signs with the time of a clock that is passed in."""

    def __init__(self, *args: Any, clock: Callable[[], datetime], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clock = clock

    def get_timestamp(self) -> int:
        """The time, in seconds since 1970."""
        return int(self._clock().timestamp())
