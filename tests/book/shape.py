"""Chapter shape: what a responsibility chapter and a case must hold, and the wishes of the style, printed after every run."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

from tests.book.pages import cells, markdown, notebooks

ASKED = {
    "By the end": "by the end you can",
    "In the room": "in the room",
    "exercises": "exercise",
    "summary": "summary",
}
SECTIONS = ("In the room", "Exercises", "Quiz", "Summary")  # of a responsibility chapter and of a case
CHAPTER = ("What the numbers decide",)  # besides them, of a responsibility chapter
CASE = ("Clarifying questions", "whiteboard", "Strong answer", "Weak answer", "follow-ups", "would change", "Traps")


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


def lacks(path: Path) -> list[str]:
    """What a chapter, or a page in `cases`, must hold and this one does not, with what was found; none for a whole one."""
    case = path.parent.name == "cases"
    page, text = cells(path), markdown(path)
    code = [cell for cell in page if cell["cell_type"] == "code"]
    folded = ["hide-cell" in cell["metadata"].get("tags", []) for cell in page]
    found = {
        "figures": (
            sum("plotly" in kind for cell in code for out in cell["outputs"] for kind in out.get("data", {})),
            4,
        ),
        "folded solutions": (sum(now and not before for before, now in pairwise([False, *folded])), 3),
        "exercises that take a number": (
            sum("exercise" in cell["metadata"].get("tags", []) and "check(" in cell["source"] for cell in code),
            3,
        ),
        "explore or calculator": (
            sum(bool(re.search(r"\b(explore|calculator)\(", cell["source"])) for cell in code),
            1,
        ),
        "quiz": (sum("quiz(" in cell["source"] for cell in code), 1),
        **{
            f"section {name}": (len(re.findall(rf"^##+ {name}", text, re.MULTILINE)), 1)
            for name in (*SECTIONS, *(() if case else CHAPTER))
        },
        **{f"in the room: {part}": (text[text.find("## In the room") :].count(part), 1) for part in CASE if case},
    }
    return [f"{what}: {count}, expected at least {least}" for what, (count, least) in found.items() if count < least]
