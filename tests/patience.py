"""How long a test waits: for a state, and long, because what else runs on the machine is nobody's mistake.

Every limit on waiting stands here. A duration is held to a limit in `tests/benchmarks` alone, or to one of the same run.
"""

from collections.abc import Callable

import pytest
from nbval.kernel import RunningKernel
from playwright.sync_api import Browser, BrowserContext, expect

#: Seconds until what should come counts as missing.
PATIENCE = 120
#: For a server or a kernel to start, and for all cells of a notebook.
LONG = 1200


def patient(browser: Browser) -> Browser:
    """The browser, with long limits for whatever is opened in it: the page's own wait for its store too."""
    expect.set_options(timeout=1000 * PATIENCE)
    make: Callable[..., BrowserContext] = browser.new_context

    def new_context(**options: object) -> BrowserContext:
        context = make(**options)
        context.set_default_timeout(1000 * PATIENCE)
        context.add_init_script(f"window.studykitPatience = {1000 * PATIENCE}")
        return context

    browser.new_context = new_context
    return browser


def patient_kernels(config: pytest.Config) -> None:
    """nbval's kernels may take long to start and to answer that they have (nbval: ten seconds, not an option)."""
    config.option.nbval_kernel_startup_timeout = LONG
    reply = RunningKernel.await_reply
    RunningKernel.await_reply = lambda self, msg_id, timeout=None: reply(self, msg_id, max(timeout or 0, LONG))


def patient_cells(items: list[pytest.Item]) -> None:
    """A cell's outputs may come long after its end (nbval: five seconds, not an option)."""
    for item in items:
        if hasattr(item, "output_timeout"):
            item.output_timeout = LONG
