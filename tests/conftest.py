"""What tests share: the pages' sources, the site (built once), its server and one browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from playwright.sync_api import Browser, BrowserContext
from xdist.scheduler import LoadFileScheduling

from studykit.build.browser import chromium
from studykit.sphinx.site import write_assets
from studykit.sphinx.stamp import is_current
from tests.patience import patient, patient_cells, patient_kernels
from tests.server import serve

# Laws are tried on 100 examples, the same in every run; how long one takes says nothing on a machine that others share
LAWS = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("laws", LAWS)
settings.register_profile("quick", LAWS, max_examples=10)  # for `make check`
settings.load_profile("laws")
# Hypothesis draws constants from all local modules that are loaded, so that the examples would hang on what else a worker ran
assert callable(providers._get_local_constants)
providers._get_local_constants = providers.Constants

ROOT = Path(__file__).parent.parent
BOOK = ROOT / "book"


@pytest.fixture(scope="session")
def site() -> Path:
    """Folder of the built site: that of `make site` where it is of the present sources, or built whole by one worker."""
    html = ROOT / "_build" / "html"
    html.parent.mkdir(exist_ok=True)
    with FileLock(f"{html.parent}/lock"):
        if not is_current(ROOT, html):
            build()
            assert is_current(ROOT, html), "the sources changed while the site was built, or a page went unread"
    return html


def build() -> None:
    """Build every page with warnings as errors: one that is not read again would not repeat its warnings."""
    shutil.rmtree(ROOT / "_build" / "html", ignore_errors=True)
    command = [
        str(Path(sys.executable).with_name("jupyter-book")),
        "build",
        ".",
        "-W",
        "-n",
        "--keep-going",
        "-q",
        "--all",
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, f"the build failed:\n{run.stderr[-4000:]}"


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Address of a local server that shows the site, gzipped as a host would."""
    with serve(site) as url:
        yield url


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that has the site's runtime and no pages: `tests.site.bench` puts widgets there."""
    folder = tmp_path_factory.mktemp("workshop")
    write_assets(folder / "_static" / "studykit")
    (folder / "404.html").write_text("Not found")
    with serve(folder) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    with chromium() as running:
        yield patient(running)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile, desktop size."""
    fresh = browser.new_context(viewport={"width": 1280, "height": 900})
    yield fresh
    fresh.close()


def pytest_configure(config: pytest.Config) -> None:
    patient_kernels(config)
    config.option.loadscopereorder = False  # the order of `turn`, not the number of tests


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    patient_cells(items)
    items.sort(key=lambda item: turn(item.nodeid))


#: What takes longest and cannot be divided comes first, by the start of its path; so does what builds the site, which
#: the browser's tests wait for. They come last: they are short, so that both workers end together.
FIRST = (
    "tests/site/test_lab.py",
    "book/cases/choosing-a-3pl.ipynb",
    "tests/book/test_links.py",
    "tests/book/test_archive.py",
    "book/cases/logistics-bottleneck.ipynb",
    "book/cases/",
    "book/responsibilities/",
    "tests/unit/fulfillment/kpis/test_catalog.py",
    "tests/unit/fulfillment/freight/test_quotes.py",
    "tests/unit/fulfillment/simulate/test_simulate.py",
)


class Spread(LoadFileScheduling):
    """A file's tests on one worker (a notebook's cells need one kernel), but each test in a browser on whichever is free."""

    def _split_scope(self, nodeid: str) -> str:
        alone = nodeid.startswith("tests/site/") and not nodeid.startswith(FIRST)
        return nodeid if alone else super()._split_scope(nodeid)


def turn(nodeid: str) -> int:
    """Where a test stands in the order: the long ones, everything else, the browser's."""
    found = [place for place, start in enumerate(FIRST) if nodeid.startswith(start)]
    return found[0] if found else len(FIRST) + nodeid.startswith("tests/site/")


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Spread:
    return Spread(config, log)


def built_pages(site: Path) -> list[str]:
    """Addresses of all HTML pages below the site's root."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html") if "_static" not in path.parts)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report each chapter's shape beside STYLE's wishes: a report, not a gate."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        return
    from tests.book.shape import report

    terminalreporter.section("chapter shape")
    for line in report(BOOK):
        terminalreporter.write_line(line)
