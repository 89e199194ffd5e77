"""The archive of all notebooks, unpacked where nothing of the checkout can be imported, and executed there.

`make test-archive` does what a reader does: a fresh environment, `pip install -r requirements.txt`, then every notebook,
in two processes. `tests/book/test_archive.py` runs three of them in an environment that borrows the packages of the
present one, so that only the guide's own package is installed anew.
"""

import os
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from studykit.build.bundle import bundle, contents, project

ROOT = Path(__file__).parent.parent
RUN = """
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

import fulfillment
import studykit

for package in (fulfillment, studykit):
    assert Path(package.__file__).is_relative_to(sys.prefix), package.__file__
for path in map(Path, sys.argv[1:]):
    print(path, flush=True)
    resources = {"metadata": {"path": str(path.parent)}}
    NotebookClient(nbformat.read(path, as_version=4), timeout=600, resources=resources).execute()
"""


def unpack(folder: Path) -> Path:
    """The folder that a reader has after unzipping into ``folder``."""
    with ZipFile(BytesIO(bundle(ROOT, contents(ROOT)))) as made:
        made.extractall(folder)
    return folder / project(ROOT)["name"]


def interpreter(environment: Path) -> Path:
    """The Python of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(command: list[str | Path], folder: Path) -> str:
    """What a command in ``folder`` prints; it finds no package but its own environment's.

    Raises
    ------
    AssertionError with the end of what it said, where it fails.
    """
    clean = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(list(map(str, command)), cwd=folder, env=clean, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout[-500:]}\n{done.stderr[-4000:]}"
    return done.stdout


def install(guide: Path) -> Path:
    """A fresh environment with all that the archive's ``requirements.txt`` asks for; gives its Python."""
    venv.create(guide / ".venv", with_pip=True)
    python = interpreter(guide / ".venv")
    run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", "requirements.txt"], guide)
    return python


def borrow(guide: Path) -> Path:
    """An environment with the archive's wheel and the packages of the present one; gives its Python.

    They come by a path file. Python does not read the path files that lie behind such a path, and by one of those the
    checkout is installed: of the guide only what is in the wheel can be imported.
    """
    venv.create(guide / ".venv", with_pip=False)
    python = interpreter(guide / ".venv")
    (wheel,) = guide.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
    run([*pip, "install", "-q", "--no-deps", "--no-index", wheel], guide)
    place = run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], guide).strip()
    lent = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    Path(place, "lent.pth").write_text("\n".join(lent) + "\n", encoding="utf-8")
    return python


def main() -> int:
    """Install, execute all notebooks in two processes, print how long each part took; 1 if one of them fails."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        guide = unpack(Path(folder))
        python = install(guide)
        print(f"installed in {time.monotonic() - start:.0f} s", flush=True)
        start = time.monotonic()
        paths = sorted(guide.glob("book/**/*.ipynb"), key=lambda path: -path.stat().st_size)
        clean = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
        processes = [
            subprocess.Popen([python, "-c", RUN, *paths[part::2]], cwd=guide, env=clean, stdout=subprocess.DEVNULL)
            for part in range(2)
        ]
        failed = sum(process.wait() != 0 for process in processes)
        print(f"{len(paths)} notebooks executed in {time.monotonic() - start:.0f} s, {failed} processes failed")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
