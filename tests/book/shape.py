"""Chapter shape: what a responsibility chapter and a case must hold, and the wishes of the style, printed after every run."""

import ast
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


#: The most that a reader finishes, by page; other chapters and cases as the last
MOST = {"choosing-a-3pl": {"words": 4500, "exhibits": 20, "visible cells": 35}}
MOST_ELSEWHERE = {"words": 3500, "exhibits": 15, "visible cells": 35}
COLUMNS, SHORT, SHORT_SHARE = 100, 12, 0.9
HIDDEN = {"remove-input", "remove-cell"}
SHOWN = ("application/vnd.plotly.v1+json", "application/vnd.studykit.widget.v1+json", "text/html")


def exceeds(path: Path) -> list[str]:
    """What is too long in a chapter or case, too clever, or computed where a reader does not see it."""
    page = cells(path)
    code = [cell for cell in page if cell["cell_type"] == "code"]
    tags = [set(cell["metadata"].get("tags", [])) for cell in code]
    seen = [cell["source"] for cell, tagged in zip(code, tags, strict=True) if not tagged & HIDDEN]
    lines = [len(source.splitlines()) for source in seen]
    counts = {
        "words": sum(len(cell["source"].split()) for cell in page if cell["cell_type"] == "markdown"),
        "exhibits": sum(any(kind in out.get("data", {}) for out in cell["outputs"] for kind in SHOWN) for cell in code),
        "visible cells": sum(not tagged & {*HIDDEN, "hide-cell"} for tagged in tags),
    }
    found = [
        f"{what}: {counts[what]}, expected at most {most}"
        for what, most in MOST.get(path.stem, MOST_ELSEWHERE).items()
        if counts[what] > most
    ]
    longest = max(len(line) for source in seen for line in source.splitlines())
    if longest > COLUMNS:
        found.append(f"longest line: {longest}, expected at most {COLUMNS}")
    if sum(length <= SHORT for length in lines) < SHORT_SHARE * len(lines):
        found.append(f"cells of at most {SHORT} lines: {sum(length <= SHORT for length in lines)} of {len(lines)}")
    hidden = [cell["source"] for cell, tagged in zip(code, tags, strict=True) if tagged & HIDDEN]
    found += [f"hidden: {part}" for source in hidden for part in computed(source)]
    return found + [f"too clever: {part}" for source in seen for part in clever(source)]


def computed(source: str) -> list[str]:
    """What a cell off the page does besides recording names: nothing, or each such part as it stands there."""
    found = []
    for node in ast.parse(source).body:
        call = node.value if isinstance(node, ast.Expr) else None
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "record"):
            found.append(ast.unparse(node))
            continue
        found += [
            ast.unparse(given) for given in (*call.args, *(word.value for word in call.keywords)) if not _names(given)
        ]
    return found


def _names(value: ast.expr) -> bool:
    """Whether an argument is names, their parts and constants alone."""
    plain = (ast.Tuple, ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.expr_context)
    return all(isinstance(node, plain) for node in ast.walk(value))


def clever(source: str) -> list[str]:
    """What a reader of basic pandas stumbles over: an assignment inside an expression, a function in a function's call."""
    walrus = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.NamedExpr)]
    lambdas = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Lambda)]
    nested = [one for one in lambdas if any(isinstance(part, ast.Lambda) for part in ast.walk(one.body))]
    return [ast.unparse(node) for node in walrus + nested]
