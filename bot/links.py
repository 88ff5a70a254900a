"""Links to kept files: signed, and good for a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from bot.clock import now

FILE_LIFE = timedelta(hours=24)
SKEW = timedelta(hours=1)  # by which the clock of who signed may be ahead of ours


class Links:
    """Signed, expiring paths of kept files."""

    def __init__(self, secret: bytes, clock: Callable[[], datetime] = now) -> None:
        self._clock = clock
        self._serializer = URLSafeTimedSerializer(
            secret, salt="file", signer=_ClockSigner, signer_kwargs={"clock": clock}
        )

    def file(self, medium_id: int) -> str:
        """Path of a medium."""
        return f"/files/{self._serializer.dumps(medium_id)}"

    def medium_of(self, token: str) -> int | None:
        """The medium of a path; None when it was not signed by us or is too old."""
        try:
            medium_id, signed = self._serializer.loads(token, return_timestamp=True)
            return int(medium_id) if -SKEW <= self._clock() - signed <= FILE_LIFE else None
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
