"""What people send, before it is kept: told by its bytes, freed of where and with what it was made, or refused."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from bot.cleaning.unfit import Cleaned, Unfit
from bot.cleaning.what import fits, told_by
from bot.cleaning.whole import cleaned

# At a time: a large picture takes half a gigabyte for a second, and chats need the processors too. Documents may take
# seconds, for which nobody's picture waits.
HANDS = 1

__all__ = ["Cleaned", "Unfit", "clean", "clean_soon"]


def clean(data: bytes, kind: str, name: str = "") -> Cleaned:
    """What of a medium is kept. `kind` is photo, voice, video or file; `name` is its file's, '' where it has none.

    Cleaning what is clean changes no byte.

    :raises Unfit: it is not what it is said to be, is empty, broken or too big, or nobody should open it.
    """
    if not data:
        raise Unfit("empty", "no bytes")
    found = told_by(data, name)
    if not found or not fits(found, kind):
        raise Unfit("bad", f"{found or 'unknown'} as {kind}")
    try:
        return cleaned(data, found, kind)
    except Unfit:
        raise
    except Exception as error:  # libraries raise all sorts of things at what somebody made to break them
        raise Unfit("bad", f"{found}: {type(error).__name__}") from None


def clean_soon(data: bytes, kind: str, name: str = "") -> Future[Cleaned]:
    """The same in a thread of few: so many pictures at once never take all the memory or all the threads."""
    return _threads("documents" if kind == "file" else "media").submit(clean, data, kind, name)


@cache
def _threads(what: str) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(HANDS, f"clean {what}")
