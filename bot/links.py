"""Links to kept files and to what is kept about somebody: signed, and good for a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from bot.clock import now

FILE_LIFE = timedelta(hours=24)
SKEW = timedelta(hours=1)  # by which the clock of who signed may be ahead of ours


class Links:
    """Signed, expiring paths of kept files, and of all that is kept about a person."""

    def __init__(self, secret: bytes, clock: Callable[[], datetime] = now) -> None:
        self._clock = clock
        signed: dict[str, Any] = {"signer": _ClockSigner, "signer_kwargs": {"clock": clock}}
        self._files = URLSafeTimedSerializer(secret, salt="file", **signed)
        self._mine = URLSafeTimedSerializer(secret, salt="mine", **signed)

    def file(self, medium_id: int) -> str:
        """Path of a medium."""
        return f"/files/{self._files.dumps(medium_id)}"

    def medium_of(self, token: str) -> int | None:
        """The medium of a path; None when it was not signed by us or is too old."""
        return self._opened(self._files, token)

    def mine(self, person_id: int) -> str:
        """Path of what is kept about a person."""
        return f"/me/{self._mine.dumps(person_id)}"

    def person_of(self, token: str) -> int | None:
        """The person of such a path; None when it was not signed by us or is too old."""
        return self._opened(self._mine, token)

    def _opened(self, serializer: URLSafeTimedSerializer, token: str) -> int | None:
        try:
            row_id, signed = serializer.loads(token, return_timestamp=True)
            return int(row_id) if -SKEW <= self._clock() - signed <= FILE_LIFE else None
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
