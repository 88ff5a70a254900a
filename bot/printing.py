"""Pictures set in type: a Typst template and data become a PNG, the same bytes for the same data.

Data reaches a template as JSON and is set as text, never read as markup: whatever somebody wrote stays words.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from bot import pages

POINTS = 72.0  # pixels of a picture per inch, so that a point of the template is a pixel


def png(template: Path, data: Any, scale: float = 1.0) -> bytes:
    """Set `data`, which a template reads with `json(bytes(sys.inputs.data))`; a picture of its first page.

    :param scale: pixels a point of the template becomes.
    """
    import fontpkg_noto_sans_thai  # type: ignore[import-untyped]  # noqa: PLC0415
    import typst  # noqa: PLC0415  # a compiler: 40 MB

    return typst.compile(
        template,
        format="png",
        ppi=POINTS * scale,
        font_paths=[Path(fontpkg_noto_sans_thai.ROOT) / "files"],
        ignore_system_fonts=True,  # the same picture on every machine
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )


@cache
def icon(name: str, colour: str) -> str:
    """One of the pages' icons as an SVG of its own, drawn in one colour.

    :raises KeyError: there is no such icon.
    """
    sprite = (pages.FOLDER / "icons.svg").read_text("utf-8")
    found = re.search(rf'<symbol id="icon-{re.escape(name)}" viewBox="([^"]+)">(.*?)</symbol>', sprite, re.DOTALL)
    if found is None:
        raise KeyError(name)
    line = f'fill="none" stroke="{colour}" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"'
    drawn = found[2].replace('class="line"', line).replace("currentColor", colour)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{found[1]}">{drawn}</svg>'
