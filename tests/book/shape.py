"""Chapter shape beside the wishes of the style: printed after every test run."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.book.pages import cells, markdown, notebooks

ASKED = {
    "By the end": "by the end you can",
    "In the room": "in the room",
    "exercises": "exercise",
    "summary": "summary",
}


def report(book: Path) -> Iterator[str]:
    """One line a notebook: code cells, their median and longest length, widgets, figures, and parts not found."""
    for path in notebooks(book):
        code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
        lines = [len(cell["source"].splitlines()) for cell in code]
        kinds = [kind for cell in code for output in cell["outputs"] for kind in output.get("data", {})]
        text = markdown(path).lower()
        lacking = [name for name, words in ASKED.items() if words not in text]
        short = sum(length <= 16 for length in lines) / len(lines)
        yield (
            f"{path.relative_to(book)}: {len(code)} code cells, median {median(lines):.0f} lines, longest {max(lines)}, "
            f"{short:.0%} at most 16; {sum('plotly' in kind for kind in kinds)} figures, "
            f"{sum('studykit.widget' in kind for kind in kinds)} widgets, {len(text.split()):,} words"
            + (f"; lacks {', '.join(lacking)}" if lacking else "")
        )
