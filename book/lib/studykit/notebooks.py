"""`python -m studykit.notebooks [PATH...]`: execute notebooks, strip what is not deterministic, draw figures, save.

Committed outputs are the book's reference. A second run writes the same bytes; a figure is drawn again only when
its JSON, or the way of drawing, has changed.
"""

import copy
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from studykit.browser import chromium
from studykit.compare import settled
from studykit.theme import FIGURE_COLORS

PLOTLY = "application/vnd.plotly.v1+json"
SVG = "image/svg+xml"
VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET = "application/vnd.studykit.widget.v1+json"
HERE = Path(__file__).parent
BUNDLE = next((HERE / "vendor").glob("plotly-*.js"))
SIZES = {"wide": (720, 400), "narrow": (350, 360)}
DRAWING = 1  # raise when a drawing changes though its figure did not
DRAW = """([figure, width, height]) => Plotly.toImage(figure, {format: "svg", width, height})
    .then((url) => decodeURIComponent(url.slice(url.indexOf(",") + 1)))"""


def execute(path: Path) -> nbformat.NotebookNode:
    """Run a notebook in its folder, strip widget state, timings and live views, and keep numbers that stayed the same."""
    notebook = nbformat.read(path, as_version=4)
    stored = [copy.deepcopy(cell.get("outputs", [])) for cell in notebook.cells]
    NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}, store_widget_state=False
    ).execute()
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell, before in zip(notebook.cells, stored, strict=True):
        cell.metadata.pop("execution", None)
        for output in settled(before, cell.get("outputs", [])):
            output.get("data", {}).pop(VIEW, None)
    return notebook


def figure_of(output: dict[str, Any]) -> dict[str, Any] | None:
    """The Plotly JSON that an output shows: its own, or that of the widget in it."""
    data = output.get("data", {})
    return data.get(PLOTLY) or data.get(WIDGET, {}).get("state", {}).get("figure")


def digest(figure: dict[str, Any]) -> str:
    """What a drawing carries to show that it is still its figure's."""
    content = {"data": figure["data"], "layout": figure["layout"], "drawing": DRAWING, "sizes": SIZES}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def tidy(svg: str, mark: str, name: str) -> str:
    """Plotly's SVG with repeatable ids, the page's colors as variables, scalable, and marked with its figure's digest."""
    seen: dict[str, str] = {}
    for found in re.findall(r'\bid="([^"]+)"', svg):
        seen.setdefault(found, f"{name}{mark[:6]}-{len(seen)}")
    for old in sorted(seen, key=len, reverse=True):
        svg = re.sub(rf'(?<=["#]){re.escape(old)}(?=["\')])', seen[old], svg)
        svg = svg.replace(f"#{old}&quot;", f"#{seen[old]}&quot;")
    for color in FIGURE_COLORS:
        red, green, blue = (int(color[i : i + 2], 16) for i in (0, 2, 4))
        spelled = rf"rgb\({red}, {green}, {blue}\)|#{color}"
        svg = re.sub(spelled, f"var(--c-{color}, #{color})", svg)
    svg = re.sub(r"\.js-plotly-plot[^{}]*\{[^{}]*\}", "", svg)
    width, height = SIZES[name]
    return re.sub(
        r"<svg\b[^>]*>",
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width} {height}" data-figure="{mark}">',
        svg,
        count=1,
    )


def draw(notebooks: list[nbformat.NotebookNode], before: dict[str, tuple[str, str]]) -> None:
    """Give every figure its drawings: those of ``before`` (by digest) where they still hold, fresh ones otherwise."""
    outputs = [out for book in notebooks for cell in book.cells for out in cell.get("outputs", []) if figure_of(out)]
    wanted = {digest(figure_of(out)): figure_of(out) for out in outputs}
    if wanted.keys() - before.keys():
        with chromium() as browser:
            page = browser.new_page()
            page.add_script_tag(path=BUNDLE)
            for mark, figure in wanted.items():
                if mark in before:
                    continue
                layout = {
                    key: value for key, value in figure["layout"].items() if key not in ("title", "width", "height")
                }
                layout["margin"] = {**layout.get("margin", {}), "t": 44}
                plain = {"data": figure["data"], "layout": layout}
                before[mark] = tuple(
                    tidy(page.evaluate(DRAW, [plain, *size]), mark, name) for name, size in SIZES.items()
                )  # fmt: skip
    for out in outputs:
        out["data"][SVG], narrow = before[digest(figure_of(out))]
        out.setdefault("metadata", {})["studykit"] = {"narrow": narrow}


def drawings(path: Path) -> dict[str, tuple[str, str]]:
    """Drawings that a notebook holds, by their figure's digest."""
    kept = {}
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            svg = output.get("data", {}).get(SVG, "")
            if mark := re.search(r'data-figure="(\w+)"', svg):
                kept[mark[1]] = (svg, output["metadata"]["studykit"]["narrow"])
    return kept


def refresh(paths: list[Path]) -> None:
    """Execute, strip, draw and save."""
    notebooks, kept = [], {}
    for path in paths:
        kept |= drawings(path)
        print(f"executing {path}")
        notebooks.append(execute(path))
    draw(notebooks, kept)
    for path, notebook in zip(paths, notebooks, strict=True):
        nbformat.write(notebook, path)


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:]]
    refresh(given or sorted(path for path in Path("book").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts))
