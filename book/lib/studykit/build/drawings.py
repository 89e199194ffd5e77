"""Figures drawn beforehand: two SVG files for each, in ``book/_figures``, named by the digest of the figure's JSON.

The page shows them until a reader touches the figure. An unchanged figure keeps its files, so that a diff shows only
what was drawn anew.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from studykit.build.theme import FIGURE_COLORS

PLOTLY = "application/vnd.plotly.v1+json"
WIDGET = "application/vnd.studykit.widget.v1+json"
FOLDER = "_figures"  # below `book`
SIZES = {"wide": (720, 400), "narrow": (350, 360)}  # pixels
DRAWING = 1  # raise when a drawing changes though its figure did not


def figure_of(output: dict[str, Any]) -> dict[str, Any] | None:
    """The Plotly JSON that an output shows: its own, or that of the widget in it."""
    data = output.get("data", {})
    figure: dict[str, Any] | None = data.get(PLOTLY) or data.get(WIDGET, {}).get("state", {}).get("figure")
    return figure


def digest(figure: dict[str, Any]) -> str:
    """The name of a figure's drawings: another figure, or another way of drawing, has another."""
    content = {"data": figure["data"], "layout": figure["layout"], "drawing": DRAWING, "sizes": SIZES}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def drawing_paths(book: Path, figure: dict[str, Any]) -> dict[str, Path]:
    """Where a figure's drawings stand, by size."""
    return {size: book / FOLDER / f"{digest(figure)}-{size}.svg" for size in SIZES}


def painted(drawing: str, position: int) -> str:
    """A drawing as a file by itself, which no page's variables reach: in the light theme (position 0) or the dark one (1).

    >>> painted('<path style="stroke: var(--c-0b5f66, #0b5f66)"/>', 1)
    '<path style="stroke: #6fcbd0"/>'
    """
    return re.sub(
        r"var\(--c-(\w{6}), #\w{6}\)", lambda found: f"#{(found[1], FIGURE_COLORS[found[1]])[position]}", drawing
    )
