"""The page's modules: each can be served, alone or as one file, and carries no notes on types."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

from studykit.build.modules import MODULES, bundle, served_source
from studykit.sphinx.site import VENDOR, write_assets
from tests.conftest import ROOT

KINDS = sorted(path.stem for path in MODULES.glob("*.mjs"))


def test_what_a_served_module_imports_is_served(tmp_path: Path):
    write_assets(tmp_path)
    served = sorted(tmp_path.rglob("*.mjs"))
    assert {path.name for path in served} > {f"{kind}.mjs" for kind in KINDS}
    missing = [
        (path.name, name)
        for path in served
        for name in re.findall(r'(?:from |import\()"(\.[^"]+)"', path.read_text(encoding="utf-8"))
        if not (path.parent / name).is_file()
    ]
    assert missing == []
    assert not any("@param" in path.read_text(encoding="utf-8") for path in served)


def test_what_is_vendored_is_what_contributing_says_it_is():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `book/lib/studykit/vendor/([^`]+)` \|.*?sha256 `(\w{64})`", text, re.MULTILINE))
    files = [path for path in VENDOR.iterdir() if not path.name.endswith("LICENSE.txt")]
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files} == listed


@pytest.mark.parametrize("kind", KINDS)
def test_a_module_becomes_one_file_with_each_part_once(kind: str):
    text = bundle(kind)
    assert not re.search(r"^import |^export \{", text, re.MULTILINE)
    names = re.findall(r"^(?:export )?(?:const|let|function|class) (\w+)", text, re.MULTILINE)
    assert len(names) == len(set(names))
    own = (MODULES / f"{kind}.mjs").read_text(encoding="utf-8")
    assert len(re.findall(r"^export (?!\{)", text, re.MULTILINE)) == len(
        re.findall(r"^export (?!\{)", own, re.MULTILINE)
    )


@pytest.mark.parametrize("kind", ["practice", "progress", "quiz"])
def test_a_page_with_questions_loads_little(kind: str):
    """The widget with all it imports, the log, and the page's own script."""
    texts = [bundle(kind), served_source(MODULES / "log.mjs"), served_source(MODULES / "guide.mjs")]
    assert sum(len(gzip.compress(text.encode())) for text in texts) < 30_000
