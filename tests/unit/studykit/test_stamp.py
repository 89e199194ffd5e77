"""The mark that lets nobody build the same site twice: only a whole, clean build of the present sources leaves it."""

import os
from types import SimpleNamespace

import pytest

from studykit.sphinx.stamp import Build, is_current, stamp_path


@pytest.fixture
def root(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "_build" / "html").mkdir(parents=True)
    (tmp_path / "book" / "page.md").write_text("# Page")
    return tmp_path


def build(root, read=("page",), warnings=0, error=None, nitpicky=True) -> bool:
    """Play a build that reads some pages; gives whether its site counts as current afterwards."""
    html = root / "_build" / "html"
    config = SimpleNamespace(nitpicky=nitpicky)
    app = SimpleNamespace(confdir=root, outdir=html, _warncount=warnings, config=config)
    run = Build(app)
    if read:
        run.read(app, SimpleNamespace(found_docs={"page"}), list(read))
        (html / "page.html").write_text("Page")
    run.finished(app, error)
    return is_current(root, html)


def test_a_whole_build_without_a_warning_leaves_the_mark_and_a_changed_source_ends_it(root):
    assert build(root)
    (root / "book" / "page.md").write_text("# Another")
    assert not is_current(root, root / "_build" / "html")
    assert not build(root, read=()), "a page that is not read again does not repeat its warnings"
    assert build(root)
    assert build(root, read=()), "nothing has changed since"


@pytest.mark.parametrize("fault", [{"warnings": 1}, {"error": ValueError()}, {"nitpicky": False}, {"read": ()}])
def test_any_other_build_leaves_none(root, fault):
    assert not build(root, **fault)


def test_a_page_of_an_earlier_build_is_no_part_of_the_site(root):
    gone = root / "_build" / "html" / "gone.html"
    gone.write_text("Gone")
    os.utime(gone, (1, 1))
    assert not build(root)
    gone.unlink()
    assert build(root)


@pytest.mark.parametrize("change", ["SITE_URL", "a new file", "a file of the library"])
def test_whatever_the_site_is_made_of_counts(root, monkeypatch, change):
    assert build(root)
    if change == "SITE_URL":
        monkeypatch.setenv("SITE_URL", "https://example.org/")
    else:
        file = root / "book" / ("new.md" if change == "a new file" else "lib/code.py")
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
    assert not is_current(root, root / "_build" / "html")
    assert stamp_path(root / "_build" / "html").exists()
