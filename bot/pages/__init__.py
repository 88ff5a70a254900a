"""The web pages: their templates, their static files and the headers under which a browser may show them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"

# Everything is our own and comes from files: a text that slipped through as markup could neither run nor phone home.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "geolocation=(self), microphone=(self), camera=()",
    "cache-control": "no-store",
}
"""Headers of every HTML page. Static files need `x-content-type-options` and `cache-control: no-cache` only."""


def templates() -> Environment:
    """Make the Jinja environment: always escaped, and a name that a page was not given is an error, not a blank.

    Pages: `try.html` (`identities`, `provinces`, `language`) and `error.html` (`language`, `status`, and `title` and
    `advice` where the page's own words for the status do not fit; `status` may be `file` for a link to a file that is
    gone). `language` is `th` or `en`.
    """
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def refusals(language: str) -> dict[str, str]:
    """What a reader is told of a refused message, by the status of its answer."""
    words: Any = templates().get_template(f"words/{language}.jinja").module
    return dict(words.words["refusals"])
