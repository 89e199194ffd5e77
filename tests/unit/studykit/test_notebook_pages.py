"""A notebook's page offers the filled copy, the archive with its size and, where the site has an address, Colab."""

import io
import json
import re
from zipfile import ZipFile

import pytest
from sphinx.application import Sphinx

from tests.unit.studykit.test_directives import CONFIG
from tests.unit.studykit.test_filled import notebook

SITE = "https://example.org/guide"
PROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "a-guide"
version = "1.0"
requires-python = ">=3.11"
[tool.setuptools.packages.find]
where = ["book/lib"]
"""


@pytest.fixture
def root(tmp_path):
    files = {
        "pyproject.toml": PROJECT,
        "requirements.txt": "--only-binary :all:\n\npyyaml==6.0 ; os_name == 'nt' \\\n    --hash=sha256:00\n",
        "README.md": "# Guide",
        "LICENSE": "MIT",
        "conf.py": CONFIG,
        "book/lib/guide/__init__.py": "",
        "book/index.md": "# Home\n\n(run-it)=\n## Run it\n\nTake {notebooks}`all of them`.\n\n```{toctree}\na/one\n```\n",
        "book/a/one.ipynb": notebook("# One\n\nSee [home](#run-it).\n\n:::{tip}\nText.\n:::"),
        "data/facts/facts.yaml": "[]",
        "data/questions/none.yaml": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def build(root) -> str:
    """Build the site; gives its warnings."""
    said = io.StringIO()
    Sphinx(root, root, root / "out", root / "trees", "html", status=None, warning=said).build()
    return "\n".join(line for line in said.getvalue().splitlines() if "already registered" not in line)


def page(root, name: str) -> str:
    return (root / "out" / f"{name}.html").read_text(encoding="utf-8")


def text(root, name: str) -> str:
    cells = json.loads((root / "out" / name).read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells)


def test_a_page_offers_its_copy_and_the_archive_with_its_size(root, monkeypatch):
    monkeypatch.delenv("SITE_URL", raising=False)
    assert build(root) == ""
    assert text(root, "a/one.ipynb") == "# One\n\nSee [home](../index.html#run-it).\n\n> **Tip**\n>\n> Text."
    html, home = page(root, "a/one"), page(root, "index")
    assert re.search(r'class="sk-download[^"]*" href="one\.ipynb"', html)
    assert re.search(r'href="\.\./_static/a-guide\.zip">[^<]*</a> \(0\.0\sMB\)', html)
    assert re.search(r'href="_static/a-guide\.zip">all of them</a> \(0\.0\sMB\)', home)
    assert "colab" not in html
    with ZipFile(root / "out" / "_static" / "a-guide.zip") as made:
        names = {name.removeprefix("a-guide/") for name in made.namelist()}
        assert made.read("a-guide/constraints.txt") == b"pyyaml==6.0 ; os_name == 'nt'\n"
    assert names >= {"a_guide-1.0-py3-none-any.whl", "requirements.txt", "book/a/one.ipynb", "data/facts/facts.yaml"}


def test_a_size_that_has_changed_is_stated_anew_on_pages_that_have_not(root):
    build(root)
    (root / "data" / "large.bin").write_bytes(bytes(hash((n, n)) % 251 for n in range(400_000)))
    assert build(root) == ""
    size = f"{(root / 'out' / '_static' / 'a-guide.zip').stat().st_size / 1e6:.1f}"
    assert size != "0.0"
    for name in ("index", "a/one"):
        assert re.search(rf"\({re.escape(size)}\sMB\)", page(root, name))


def test_with_an_address_the_page_opens_in_colab_what_installs_itself(root, monkeypatch):
    monkeypatch.setenv("SITE_URL", SITE)
    assert build(root) == ""
    assert (
        'href="https://colab.research.google.com/#fileId=https%3A//example.org/guide/_static/colab/a/one.ipynb"'
        in page(root, "a/one")
    )
    opened = text(root, "_static/colab/a/one.ipynb")
    assert f"!wget -q {SITE}/_static/a-guide.zip" in opened
    assert f"See [home]({SITE}/index.html#run-it)." in opened
    assert "wget" not in text(root, "a/one.ipynb")


def test_an_unknown_directive_fails_the_build_and_names_page_and_cell(root):
    (root / "book" / "a" / "one.ipynb").write_text(notebook("# One", ":::{figure} x.svg\n:::"))
    with pytest.raises(Exception, match=r"a/one\.ipynb, cell 2: directive 'figure' has no plain form"):
        build(root)
