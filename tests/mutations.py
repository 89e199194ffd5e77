"""Damage of each kind makes `make test` fail: `python -m tests.mutations [NAME...]` shows it in a copy of the project.

Each mutation is applied alone to a fresh copy; those tests of `make test` that must find it run there and must fail,
while all of them pass on the untouched copy.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CHAPTER = "book/responsibilities/performance-tracking.ipynb"
EXPLORED = "book/responsibilities/order-fulfillment.ipynb"
QUIZ = "book/lib/studykit/widgets/js/quiz.mjs"


def replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    """A mutation that replaces the first ``old`` in ``file``; one that finds nothing to replace is an error."""

    def apply(copy: Path) -> None:
        text = (copy / file).read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"{file}: {old!r} is not there any more, so this mutation shows nothing")
        (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return apply


def in_chapter(change: Callable[[dict[str, Any]], bool], chapter: str = CHAPTER) -> Callable[[Path], None]:
    """A mutation of the first code cell that ``change`` accepts, saying so by True."""

    def apply(copy: Path) -> None:
        notebook = json.loads((copy / chapter).read_text(encoding="utf-8"))
        if not any(change(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"):
            raise ValueError(f"{chapter}: no cell to change, so this mutation shows nothing")
        (copy / chapter).write_text(json.dumps(notebook), encoding="utf-8")

    return apply


def change_a_number(cell: dict[str, Any]) -> bool:
    for output in cell["outputs"]:
        html = "".join(output.get("data", {}).get("text/html", ""))
        changed = re.sub(r'(<td class="n">)(\d)', lambda found: found[1] + str((int(found[2]) + 1) % 10), html, count=1)
        if changed != html:
            output["data"]["text/html"] = changed
            return True
    return False


def change_a_figure(cell: dict[str, Any]) -> bool:
    for output in cell["outputs"]:
        if figure := output.get("data", {}).get("application/vnd.plotly.v1+json"):
            figure["data"][0]["y"][-1] *= 1.0001
            return True
    return False


def raise_an_error(cell: dict[str, Any]) -> bool:
    cell["source"] = ["raise RuntimeError('broken')\n", *cell["source"]]
    return True


def change_a_value(cell: dict[str, Any]) -> bool:
    for output in cell["outputs"]:
        for entry in output.get("data", {}).get("application/vnd.studykit.value.v1+json", []):
            if isinstance(entry["value"], float) and entry["value"]:
                entry["value"] *= 1.0001
                return True
    return False


def change_an_explored_state(cell: dict[str, Any]) -> bool:
    """One digit of what an explorer shows in its last state."""
    for output in cell["outputs"]:
        state = output.get("data", {}).get("application/vnd.studykit.widget.v1+json", {}).get("state", {})
        if grid := state.get("grid"):
            shown = json.dumps(grid[list(grid)[-1]])
            grid[list(grid)[-1]] = json.loads(
                re.sub(r'(?<=": ")(\d)|(?<=, ")(\d)', lambda found: str((int(found[0]) + 1) % 10), shown, count=1)
            )
            return json.dumps(grid[list(grid)[-1]]) != shown
    return False


NOTEBOOK, LINKS, QUIZ_TESTS = [CHAPTER], ["tests/book/test_links.py"], ["tests/site/test_quiz.py"]
HOME = ["tests/site/test_pages.py::test_page[index.html-light-1280]"]
#: damage -> how it is done, and the tests of `make test` that must find it
MUTATIONS: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "nothing": (lambda copy: None, [*NOTEBOOK, *LINKS, *QUIZ_TESTS, *HOME]),
    "a changed digit in a notebook's output": (in_chapter(change_a_number), NOTEBOOK),
    "a changed digit in an explorer's state": (in_chapter(change_an_explored_state, EXPLORED), [EXPLORED]),
    "a figure's value moved by a ten-thousandth": (in_chapter(change_a_figure), NOTEBOOK),
    "a recorded value moved by a ten-thousandth": (in_chapter(change_a_value), NOTEBOOK),
    "a cell that raises": (in_chapter(raise_an_error), NOTEBOOK),
    "a broken internal link": (replace("book/index.md", "](start/process.md)", "](start/gone.md)"), LINKS),
    "a broken anchor": (replace("book/start/process.md", "](#hr-screening)", "](#gone)"), LINKS),
    "a widget module with a syntax error": (replace(QUIZ, "const render =", "const const ="), QUIZ_TESTS),
    "a script from another host": (
        replace("book/index.md", "## Check any", '<script src="https://example.com/a.js"></script>\n\n## Check any'),
        HOME,
    ),
    "a Check button that throws": (
        replace(
            QUIZ.replace("quiz.mjs", "question.mjs"),
            "event.preventDefault();",
            "event.preventDefault(); throw Error('broken');",
        ),
        QUIZ_TESTS,
    ),
}


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of the project as it stands in the checkout, for as long as it is wanted."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy")
        for name in listed.stdout.splitlines():
            if (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, copy / name)
        yield copy


def environment(copy: Path) -> dict[str, str]:
    """The environment for a command in a copy: installed packages are this checkout's, the library is the copy's own."""
    return os.environ | {"PYTHONPATH": str(copy / "book" / "lib")}


def run(apply: Callable[[Path], None], tests: list[str]) -> tuple[int, list[str], float]:
    """Exit code of the tests in a changed copy, those that failed, and the seconds they took."""
    with copied() as copy:
        apply(copy)
        command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-n", "2", "--dist", "loadfile"]
        start = time.monotonic()
        test = subprocess.run(
            [*command, "--maxfail=3", *tests], cwd=copy, env=environment(copy), capture_output=True, text=True
        )
        failed = re.findall(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", test.stdout, re.MULTILINE)
        return test.returncode, failed, time.monotonic() - start


def main(names: list[str]) -> int:
    """Run the mutations whose name contains one of ``names`` (all by default); 0 when each did what it should."""
    surprises = 0
    for name, (apply, tests) in MUTATIONS.items():
        if names and not any(part in name for part in names):
            continue
        code, failed, seconds = run(apply, tests)
        expected = (code == 0) == (name == "nothing")
        surprises += not expected
        print(f"{'as it should' if expected else 'SURPRISE'}: {name}: exit {code} in {seconds:.0f} s", flush=True)
        for test in failed[:3]:
            print(f"    {test}", flush=True)
    return min(surprises, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
