"""A mark beside the site that says from what it was built, so that nobody builds the same site twice.

Only a build that read every page, gave no warning and checked every reference leaves it: a page that is not read again
gives its warnings no more.
"""

import hashlib
import os
import sys
import time
from importlib.metadata import distributions
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from studykit.build.bundle import BUILT_FROM

INPUTS = ("_config.yml", "_toc.yml", *BUILT_FROM, "book", "data")
LEFT_OUT = ("__pycache__", ".ipynb_checkpoints")


def digest(root: Path) -> str:
    """What the site is made of: its sources, the installed versions, and the address it is made for."""
    found = hashlib.sha256()
    installed = sorted(f"{each.name} {each.version}" for each in distributions())
    found.update(repr([sys.version, os.environ.get("SITE_URL"), installed]).encode())
    for path in sorted(file for name in INPUTS for file in [root / name, *(root / name).rglob("*")] if file.is_file()):
        if not any(part in LEFT_OUT or part.endswith(".egg-info") for part in path.parts):
            found.update(f"{path.relative_to(root)}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def stamp_path(html: Path) -> Path:
    """Where the mark of the site in ``html`` stands."""
    return html.parent / "built-from"


def is_current(root: Path, html: Path) -> bool:
    """Whether the site in ``html`` is whole and of the present sources."""
    return stamp_path(html).is_file() and stamp_path(html).read_text(encoding="utf-8") == digest(root)


class Build:
    """One run of Sphinx: what it began with, and whether it reads every page."""

    def __init__(self, app: Sphinx) -> None:
        self.html = Path(app.outdir)
        self.start, self.digest = time.time(), digest(Path(app.confdir))
        self.known = is_current(Path(app.confdir), self.html)
        self.whole = False
        if not self.known:
            stamp_path(self.html).unlink(missing_ok=True)

    def read(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        self.whole = set(docnames) >= env.found_docs

    def left_over(self) -> list[Path]:
        """Pages that an earlier build wrote and this one did not."""
        pages = [path for path in self.html.rglob("*.html") if "_static" not in path.parts]
        return [path for path in pages if path.stat().st_mtime < self.start - 1]

    def finished(self, app: Sphinx, error: Exception | None) -> None:
        if error or app._warncount or not app.config.nitpicky:
            stamp_path(self.html).unlink(missing_ok=True)
        elif not self.known and self.whole and not self.left_over():
            stamp_path(self.html).write_text(self.digest, encoding="utf-8")


def follow_build(app: Sphinx) -> None:
    """Follow a build of pages; other builders leave no site."""
    if app.builder.name == "html":
        build = Build(app)
        app.connect("env-before-read-docs", build.read)
        app.connect("build-finished", build.finished, priority=900)


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", follow_build)
