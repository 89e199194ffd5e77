"""`python -m studykit.build.bundle [FOLDER]`: all notebooks filled, beside the data that they read, for JupyterLab.

The site offers the same as one archive that stands alone, with the package as a wheel: unzip, `pip install -r requirements.txt`,
`jupyter lab`. Installed so, the package finds `data` beside the notebooks. The same sources give the same bytes.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from studykit.build.canonical import canonical
from studykit.build.filled import Book
from studykit.published import HELD

LAB = Path("_build/notebooks")
BUILT_FROM = ("pyproject.toml", "README.md", "LICENSE", "requirements.txt")  # beside `book` and `data`
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest time that an archive can hold
PIN = re.compile(r"^([\w.-]+==[^\s;]+(?: ; [^\\\n]+?)?) *\\?$", re.MULTILINE)
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
READ_ME = """# {name}

The notebooks of the guide, with their data and their library. They need Python {python} and nothing else from the guide.

    python -m venv .venv
    .venv/bin/python -m pip install -r requirements.txt
    .venv/bin/jupyter lab

On Windows write `.venv\\Scripts\\` for `.venv/bin/`. Without JupyterLab, open a notebook of `book` in VS Code and choose
the Python of `.venv` as its kernel. The notebooks find `data` beside `book`: keep both in this folder.
"""


def project(root: Path) -> dict[str, Any]:
    """What ``pyproject.toml`` says of the package."""
    found: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def contents(root: Path, site: str = "") -> dict[str, bytes]:
    """Every file of the folder by its place there, without the wheel.

    Parameters
    ----------
    root : the checkout.
    site : the public address of the site, with a slash at its end; empty where there is none.

    Raises
    ------
    ValueError as `studykit.build.filled.Book` does.
    """
    book, about = Book(root, site), project(root)
    values = {
        name: {field: part for field, part in entry.items() if field != "path"} for name, entry in book.values.items()
    }
    wheel = f"./{wheel_name(about)}[lab]"
    pins = PIN.findall((root / "requirements.txt").read_text(encoding="utf-8"))
    texts = {
        "README.md": READ_ME.format(name=about["name"], python=about["requires-python"].replace(">=", "from ")),
        "requirements.txt": f"--constraint constraints.txt\n--only-binary :all:\n{wheel}\n",
        "constraints.txt": "".join(f"{pin}\n" for pin in pins),
        f"book/{HELD}": json.dumps(values, indent=0, ensure_ascii=False) + "\n",
    } | {f"book/{name}.ipynb": text for name, text in book.filled().items()}
    files = [root / "LICENSE", *(path for path in (root / "data").rglob("*") if path.is_file()), *offered(book)]
    shown = [path for path in files if not any(part.startswith(".") for part in path.relative_to(root).parts)]
    return {name: text.encode() for name, text in texts.items()} | {
        path.relative_to(root).as_posix(): path.read_bytes() for path in shown
    }


def offered(book: Book) -> list[Path]:
    """The files that notebooks offer for download from their own folder."""
    links = {
        book.folder / Path(name).parent / target
        for name, text in book.pages.items()
        if book.is_notebook(name)
        for target in re.findall(r"\{download\}`[^`]*<([^<>`]+)>`", text)
    }
    inner = (path.resolve() for path in links)
    return sorted(path for path in inner if path.is_relative_to(book.folder.resolve()))


def wheel_name(about: dict[str, Any]) -> str:
    """The file name of the package's wheel.

    >>> wheel_name({"name": "a-guide", "version": "0.1.0"})
    'a_guide-0.1.0-py3-none-any.whl'
    """
    return f"{about['name'].replace('-', '_')}-{about['version']}-py3-none-any.whl"


def build_wheel(root: Path) -> bytes:
    """The package as a wheel, built beside the checkout from its sources by the setuptools that is installed.

    Raises
    ------
    RuntimeError with what setuptools says where it fails.
    """
    with TemporaryDirectory() as place:
        copy = Path(place, "source")
        left_out = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*")
        shutil.copytree(root / "book" / "lib", copy / "book" / "lib", ignore=left_out)
        for name in BUILT_FROM:
            shutil.copyfile(root / name, copy / name)
        clean = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
        run = subprocess.run([sys.executable, "-c", BUILD, place], cwd=copy, env=clean, capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError(f"the wheel was not built:\n{run.stderr[-2000:]}")
        with ZipFile(Path(place, wheel_name(project(root)))) as made:
            return archive({name: made.read(name) for name in made.namelist()})


def archive(files: dict[str, bytes]) -> bytes:
    """Files as a ZIP archive: by name, on one day, with one set of rights, so that the same files give the same bytes."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as made:
        for name in sorted(files):
            entry = ZipInfo(name, FIRST_DAY)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            made.writestr(entry, files[name])
    return target.getvalue()


def bundle(root: Path, files: dict[str, bytes]) -> bytes:
    """The archive that the site offers: ``files``, as `contents` gives them, and the wheel, in a folder of the package's name."""
    about = project(root)
    whole = files | {wheel_name(about): build_wheel(root)}
    return archive({f"{about['name']}/{name}": content for name, content in whole.items()})


def for_colab(notebook: dict[str, Any], page: str, about: dict[str, Any], address: str) -> str:
    """The text of a filled notebook that begins by installing from the archive at ``address``: in Colab nothing is there."""
    name, folder = about["name"], Path("book", page).parent.as_posix()
    lines = [
        "# Colab starts empty: this fetches the notebooks with their data, and installs their library.",
        "# Where it then asks for a restart, restart and run this cell once more.",
        "%cd -q /content",
        f"!wget -q {address} && unzip -q -o {name}.zip",
        f"%pip install -q ./{name}/{wheel_name(about)}",
        f"%cd -q {name}/{folder}",
    ]
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "colab-install",
        "metadata": {},
        "outputs": [],
        "source": "\n".join(lines).splitlines(keepends=True),
    }
    return canonical(notebook | {"cells": [cell, *notebook["cells"]]})


def colab_address(address: str) -> str:
    """The address under which Colab opens the notebook that stands at ``address``.

    >>> colab_address("https://example.org/a.ipynb")
    'https://colab.research.google.com/#fileId=https%3A//example.org/a.ipynb'
    """
    return f"https://colab.research.google.com/#fileId={quote(address)}"


def write_folder(files: dict[str, bytes], folder: Path) -> list[str]:
    """Write what has changed since the last time; the names of files that were kept because a reader has changed them.

    What was written then and is wanted no more goes, unless it has been changed. What was written last time is known by the digests in the folder's ``.written.json``.
    """
    memory = folder / ".written.json"
    before = json.loads(memory.read_text(encoding="utf-8")) if memory.is_file() else {}
    written, kept = dict[str, str](), list[str]()

    def digest(content: bytes) -> str:
        return sha256(content).hexdigest()

    for name, content in sorted(files.items()):
        path, mark = folder / name, digest(content)
        held = digest(path.read_bytes()) if path.is_file() else None
        if held not in (None, mark, before.get(name)):
            kept.append(name)
            mark = before.get(name, "")
        elif held != mark:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        written[name] = mark
    for name in before.keys() - files.keys():
        if (folder / name).is_file() and digest((folder / name).read_bytes()) == before[name]:
            (folder / name).unlink()
    memory.write_text(json.dumps(written, indent=1), encoding="utf-8")
    return kept


def main(folder: Path = LAB) -> None:
    """Write notebooks and data for JupyterLab on the checkout, where the package is installed already."""
    site = os.environ.get("SITE_URL", "").rstrip("/")
    folder.mkdir(parents=True, exist_ok=True)
    files = contents(Path.cwd(), site and f"{site}/")
    wanted = {name: content for name, content in files.items() if name.startswith(("book/", "data/"))}
    for name in write_folder(wanted, folder):
        print(f"kept {folder / name}: you have changed it; delete it to have it written anew")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
