"""How a command fails: one line that says why and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Failed(Exception):
    """The work of a command failed; the text says why and what to do, in one line."""


@contextmanager
def one_line() -> Iterator[None]:
    """Turn what the disk and the database refuse into `Failed`; broken pipes are the command line's own business.

    :raises Failed: what was refused.
    """
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from storage.database import TooOld  # noqa: PLC0415
    from storage.trouble import in_words  # noqa: PLC0415
    from storage.vault import SealBroken  # noqa: PLC0415

    try:
        yield
    except BrokenPipeError:
        raise
    except DBAPIError as error:  # its own text holds the values of the statement
        raise Failed(f"DATABASE_URL: {in_words(error)}; `python -m bot doctor` says more") from None
    except TooOld as error:
        raise Failed(f"DATABASE_URL: {error}") from None
    except SealBroken:
        raise Failed("SECRET_KEY: another key sealed this database; put the old one back") from None
    except OSError as error:
        raise Failed(f"{error.filename or 'disk'}: {error.strerror or error}") from None
