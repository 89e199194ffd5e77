"""`python -m tests.lighthouse [PAGE...]`: Lighthouse on pages of the built site as a phone would load them.

Prints the median of three runs for each page, beside the machine's benchmark index: Lighthouse slows the processor down
by a fixed factor, so that a score from a slow or busy machine says less about the page. Its authors take about 1,000 and
more for a desktop computer.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from studykit.build.browser import ARGUMENTS, NAMES
from tests.conftest import ROOT, built_pages
from tests.server import serve

CLI = ROOT / "_build" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
RUNS = 3
AUDITS = {  # heading -> (audit, format)
    "FCP ms": ("first-contentful-paint", ",.0f"),
    "LCP ms": ("largest-contentful-paint", ",.0f"),
    "TBT ms": ("total-blocking-time", ",.0f"),
    "CLS": ("cumulative-layout-shift", ".3f"),
    "elements": ("dom-size", ",.0f"),
    "bytes": ("total-byte-weight", ",.0f"),
}


def chrome() -> str:
    """The browser of the site's tests."""
    with sync_playwright() as playwright:
        return next(filter(None, map(shutil.which, NAMES)), playwright.chromium.executable_path)


def run(url: str, browser: str) -> dict[str, Any]:
    """One report of Lighthouse, mobile."""
    command = [
        *("node", str(CLI), url, "--quiet", "--output=json", "--only-categories=performance"),
        f"--chrome-flags=--headless {' '.join(ARGUMENTS)}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"CHROME_PATH": browser})
    if done.returncode:
        sys.exit(f"Lighthouse did not run on {url}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def row(reports: list[dict[str, Any]]) -> list[str]:
    """Performance, its parts and the benchmark index: the medians of a page's reports."""
    score = statistics.median(100 * report["categories"]["performance"]["score"] for report in reports)
    index = statistics.median(report["environment"]["benchmarkIndex"] for report in reports)
    parts = [
        format(statistics.median(report["audits"][audit]["numericValue"] for report in reports), spec)
        for audit, spec in AUDITS.values()
    ]
    return [f"{score:.0f}", *parts, f"{index:,.0f}"]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("pages", nargs="*", help="such as practice/quiz; all without one")
    options.add_argument("--folder", type=Path, default=ROOT / "_build" / "html")
    given = options.parse_args()
    pages = [f"{page.removesuffix('.html')}.html" for page in given.pages] or built_pages(given.folder)
    if missing := [page for page in pages if not (given.folder / page).is_file()]:
        sys.exit(f"no page {', '.join(missing)} in {given.folder}")
    print(f"{'page':<46}{'score':>9}" + "".join(f"{name:>9}" for name in [*AUDITS, "index"]), flush=True)
    browser = chrome()
    with serve(given.folder) as address:
        for page in pages:
            found = row([run(address + page, browser) for _ in range(RUNS)])
            print(f"{page:<46}" + "".join(f"{text:>9}" for text in found), flush=True)


if __name__ == "__main__":
    main()
