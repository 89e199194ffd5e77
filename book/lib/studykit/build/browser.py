"""The Chromium that draws figures and runs the site tests: the system's if there is one, else Playwright's own."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


def _start(playwright: Playwright) -> Browser:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running headless Chromium.

    Raises
    ------
    SystemExit with a plain message when there is none.
    """
    with sync_playwright() as playwright:
        try:
            browser = _start(playwright)
        except Error as error:
            sys.exit(
                f"No Chromium to run: `python -m studykit.build.browser` installs one. ({str(error).splitlines()[0]})"
            )
        try:
            yield browser
        finally:
            browser.close()


def install() -> None:
    """Make sure that `chromium` works: from the system's packages as root on Debian or Ubuntu, else Playwright's download."""
    with sync_playwright() as playwright:
        try:
            return _start(playwright).close()
        except Error:
            pass
    if platform.system() == "Linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update"], check=True)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], check=True)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=True)
    with chromium():
        print("Chromium runs.")


if __name__ == "__main__":
    install()
