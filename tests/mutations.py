"""Damage of each kind makes `make test` fail: `python -m tests.mutations [NAME...]` shows it in a copy of the project.

Each mutation is applied alone to a fresh copy, `make test` runs there and must fail; the untouched copy must pass.
Not part of `make test`: a run takes as long as nine of them.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CHAPTER = "book/responsibilities/performance-tracking.ipynb"
QUIZ = "book/lib/studykit/widgets/quiz.mjs"


def replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    """A mutation that replaces the first ``old`` in ``file``; one that finds nothing to replace is an error."""

    def apply(copy: Path) -> None:
        text = (copy / file).read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"{file}: {old!r} is not there any more, so this mutation shows nothing")
        (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return apply


def in_chapter(change: Callable[[dict[str, Any]], bool]) -> Callable[[Path], None]:
    """A mutation of the first code cell that ``change`` accepts, saying so by True."""

    def apply(copy: Path) -> None:
        notebook = json.loads((copy / CHAPTER).read_text(encoding="utf-8"))
        if not any(change(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"):
            raise ValueError(f"{CHAPTER}: no cell to change, so this mutation shows nothing")
        (copy / CHAPTER).write_text(json.dumps(notebook), encoding="utf-8")

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
            figure["data"][0]["y"][0] += 0.01
            return True
    return False


def raise_an_error(cell: dict[str, Any]) -> bool:
    cell["source"] = ["raise RuntimeError('broken')\n", *cell["source"]]
    return True


MUTATIONS: dict[str, Callable[[Path], None]] = {
    "nothing": lambda copy: None,
    "a changed number in a notebook's output": in_chapter(change_a_number),
    "a changed value in a figure": in_chapter(change_a_figure),
    "a broken internal link": replace("book/index.md", "](start/process.md)", "](start/gone.md)"),
    "a broken anchor": replace("book/start/process.md", "](#hr-screening)", "](#gone)"),
    "a cell that raises": in_chapter(raise_an_error),
    "a widget module with a syntax error": replace(QUIZ, "const render =", "const const ="),
    "a script from another host": replace(
        "book/index.md", "## What is", '<script src="https://example.com/a.js"></script>\n\n## What is'
    ),
    "a Check button that throws": replace(
        QUIZ.replace("quiz.mjs", "question.mjs"),
        "event.preventDefault();",
        "event.preventDefault(); throw Error('broken');",
    ),
}


def run(apply: Callable[[Path], None]) -> tuple[int, list[str], float]:
    """Exit code of `make test` in a changed copy, the tests that failed, and the seconds it took."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy")
        for name in listed.stdout.splitlines():
            if (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, copy / name)
        (copy / ".venv").symlink_to(ROOT / ".venv")
        apply(copy)
        # the environment's packages are this checkout's: the copy's own come first
        environment = os.environ | {"PYTHONPATH": str(copy / "book" / "lib"), "PYTEST_ADDOPTS": "--maxfail=3"}
        start = time.monotonic()
        test = subprocess.run(["make", "test"], cwd=copy, env=environment, capture_output=True, text=True)
        failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", test.stdout, re.MULTILINE)
        return test.returncode, failed, time.monotonic() - start


def main(names: list[str]) -> int:
    """Run the mutations whose name contains one of ``names`` (all by default); 0 when each did what it should."""
    surprises = 0
    for name, apply in MUTATIONS.items():
        if names and not any(part in name for part in names):
            continue
        code, failed, seconds = run(apply)
        expected = (code == 0) == (name == "nothing")
        surprises += not expected
        print(f"{'as it should' if expected else 'SURPRISE'}: {name}: exit {code} in {seconds:.0f} s", flush=True)
        for test in failed[:3]:
            print(f"    {test}", flush=True)
    return min(surprises, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
