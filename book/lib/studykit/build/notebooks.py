"""`python -m studykit.build.notebooks [PATH...]`: execute notebooks, strip what is not deterministic, draw figures, save.

`python -m studykit.build.notebooks --check PATH...` changes nothing: it names those that stand in another form.

Committed outputs are the book's reference. A second run writes the same bytes: `canonical` puts each output's datum on
one line, so that a diff shows what changed, and a figure is drawn again only when its JSON, or the way of drawing, has.
"""

import copy
import json
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from studykit.build.browser import chromium
from studykit.build.canonical import canonical
from studykit.build.compare import keep_equal_outputs
from studykit.build.drawings import FOLDER, SIZES, digest, drawing_paths, figure_of
from studykit.build.theme import FIGURE_COLORS

BOOK = Path("book")
VIEW = "application/vnd.jupyter.widget-view+json"
BUNDLE = next((Path(__file__).parents[1] / "vendor").glob("plotly-*.js"))
DRAW = """([figure, width, height]) => Plotly.toImage(figure, {format: "svg", width, height})
    .then((url) => decodeURIComponent(url.slice(url.indexOf(",") + 1)))"""


def execute(path: Path) -> nbformat.NotebookNode:
    """Run a notebook in its folder, strip widget state, timings and live views, and keep numbers that stayed the same."""
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    stored = [copy.deepcopy(cell.get("outputs", [])) for cell in notebook.cells]
    NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}, store_widget_state=False
    ).execute()
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell, before in zip(notebook.cells, stored, strict=True):
        cell.metadata.pop("execution", None)
        for output in keep_equal_outputs(before, cell.get("outputs", [])):
            output.get("data", {}).pop(VIEW, None)
    return notebook


def clean_svg(svg: str, mark: str, name: str) -> str:
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


def notebooks() -> list[Path]:
    """All notebooks of the book."""
    return sorted(path for path in BOOK.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)


def figures_by_digest(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The figures that a notebook shows, by digest."""
    outputs = (output for cell in notebook["cells"] for output in cell.get("outputs", []))
    return {digest(figure): figure for figure in map(figure_of, outputs) if figure}


def draw_missing(figures: dict[str, dict[str, Any]]) -> None:
    """Draw the figures that have no drawing yet, in both sizes."""
    missing = {
        mark: figure
        for mark, figure in figures.items()
        if not all(map(Path.exists, drawing_paths(BOOK, figure).values()))
    }
    if not missing:
        return
    (BOOK / FOLDER).mkdir(exist_ok=True)
    with chromium() as browser:
        page = browser.new_page()
        page.add_script_tag(path=BUNDLE)
        for mark, figure in missing.items():
            layout = {key: value for key, value in figure["layout"].items() if key not in ("title", "width", "height")}
            plain = {"data": figure["data"], "layout": layout | {"margin": {**layout.get("margin", {}), "t": 44}}}
            for name, path in drawing_paths(BOOK, figure).items():
                path.write_text(
                    clean_svg(page.evaluate(DRAW, [plain, *SIZES[name]]), mark, name) + "\n", encoding="utf-8"
                )


def remove_unused_drawings() -> None:
    """Remove drawings that no notebook shows."""
    kept = {mark for path in notebooks() for mark in figures_by_digest(json.loads(path.read_text(encoding="utf-8")))}
    for path in (BOOK / FOLDER).glob("*.svg"):
        if path.stem.partition("-")[0] not in kept:
            path.unlink()


def refresh(paths: list[Path]) -> None:
    """Execute, strip, draw and save."""
    for path in paths:
        print(f"executing {path}", flush=True)
        notebook = execute(path)
        draw_missing(figures_by_digest(notebook))
        path.write_text(canonical(json.loads(nbformat.writes(notebook))), encoding="utf-8")
    remove_unused_drawings()


def not_canonical(paths: list[Path]) -> list[Path]:
    """Those notebooks whose file stands in another form, such as JupyterLab's."""
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    return [path for path, text in texts.items() if text != canonical(json.loads(text))]


def main(arguments: list[str]) -> None:
    """Refresh the notebooks named, or all; with ``--check`` exit with a message where one is not canonical."""
    paths = [Path(argument) for argument in arguments if argument != "--check"] or notebooks()
    if "--check" not in arguments:
        refresh(paths)
    elif others := not_canonical(paths):
        sys.exit(f"{', '.join(map(str, others))}: not in canonical form: run `make refresh`")


if __name__ == "__main__":
    main(sys.argv[1:])
