"""Watches a browser page: what it says on the console, what it asks for, how much comes back, and whom it shuts out."""

import time
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.patience import PATIENCE

SHIFTS = """new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
        if (!hadRecentInput && value >= 0.001) (window.shifts ??= []).push(`${value}: ${sources.map(({ node }) => node?.outerHTML?.slice(0, 200))}`);
    }
}).observe({ type: "layout-shift", buffered: true });"""
#: A browser that paints nothing calls no frame: after a second it counts as passed
FRAMES = """() => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(done));
    setTimeout(done, 1000);
})"""

#: Marks one text of each look: who has the same colors, size and weight on the same chain of grounds has the same contrast
MARK = """(within) => {
    const grounds = new Map([[null, ""]]);
    const ground = (element) => {
        if (!grounds.has(element)) {
            const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
            grounds.set(element, `${ground(element.parentElement)}>${[backgroundColor, backgroundImage, opacity]}`);
        }
        return grounds.get(element);
    };
    const looks = new Set();
    for (const old of document.querySelectorAll("[data-look]")) old.removeAttribute("data-look");
    for (const element of document.querySelectorAll(`${within}, ${within} *`)) {
        const text = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        if (!text || !element.checkVisibility({ visibilityProperty: true })) continue;
        const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
        const look = [ground(element), color, fontSize, fontWeight, textShadow].join();
        element.toggleAttribute("data-look", !looks.has(look));
        looks.add(look);
    }
    return looks.size;
}"""


class Watched:
    """A page in ``context`` with everything that went wrong on it.

    ``problems`` holds console errors, uncaught errors, failed requests, HTTP errors and requests to another host;
    ``weight`` the compressed bytes of all answers so far.
    """

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.host = urlsplit(address).netloc
        self.problems: list[str] = []
        self.weight = 0
        self.asked: set[object] = set()
        self.page: Page = context.new_page()
        self.page.add_init_script(SHIFTS)
        self.page.on("console", lambda said: said.type == "error" and self.problems.append(f"console: {said.text}"))
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("requestfinished", lambda request: self.asked.discard(request))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def _asked(self, request: object) -> None:
        parts = urlsplit(request.url)
        self.asked.add(request)
        if parts.scheme in ("http", "https") and parts.netloc != self.host:
            self.problems.append(f"another host: {request.url}")

    def _answered(self, response: object) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")
        self.weight += int(response.headers.get("content-length", 0))

    def _failed(self, request: object) -> None:
        self.asked.discard(request)
        if request.failure != "net::ERR_ABORTED":  # whoever leaves a page while it loads ends what it asked for
            self.problems.append(f"failed: {request.url}")

    def open(self, name: str) -> Page:
        """Go to a page of the site and wait until it is loaded."""
        self.page.goto(self.address + name)
        return self.page

    def settle(self) -> None:
        """Wait until every answer has come and ten frames later nothing more is asked for."""
        quiet, end = 0, time.monotonic() + PATIENCE
        while quiet < 5:
            self.page.evaluate(FRAMES)
            quiet = 0 if self.asked else quiet + 1
            assert time.monotonic() < end, [request.url for request in self.asked]

    def mount(self) -> None:
        """Bring every widget into view once and wait until it stands."""
        for widget in self.page.locator(".sk-widget").all():
            widget.scroll_into_view_if_needed()
            widget.and_(self.page.locator("[data-ready]")).wait_for()

    def scroll(self) -> None:
        """Scroll to the end as a reader would, who sees no widget before it stands: all that waits to be seen is loaded."""
        self.page.evaluate(
            """async (patience) => {
                const frame = () => new Promise((done) => { requestAnimationFrame(done); setTimeout(done, 1000); });
                const frames = async () => { await frame(); await frame(); }; // observers are told after the first
                const widgets = [...document.querySelectorAll(".sk-widget")];
                const ready = () => widgets.filter(({ dataset }) => "ready" in dataset).length;
                const step = 500;
                const stands = (widget) => "ready" in widget.dataset || widget.getBoundingClientRect().top > innerHeight + step;
                for (let y = 0; y < document.body.scrollHeight; y += step) {
                    const before = ready();
                    scrollTo({ top: y, behavior: "instant" });
                    await frames();
                    while (!widgets.every(stands) && performance.now() < patience) await frame();
                    if (ready() > before) await frames(); // what came is painted before the next step: a step is no shift
                }
            }""",
            1000 * PATIENCE,
        )
        self.mount()
        self.settle()

    def shifts(self) -> list[str]:
        """What moved by itself so far and counts (a thousandth of the view times its way): how much, and the elements."""
        return self.page.evaluate("window.shifts ?? []")


def until(page: Page, script: str, arg: object = None) -> object:
    """Wait until a function of the page gives something true, and give that.

    It may be asynchronous: Playwright's own wait takes the promise for the answer and returns at once.
    """
    end = time.monotonic() + PATIENCE
    while not (found := page.evaluate(script, arg)):
        assert time.monotonic() < end, f"never came true: {script}"
        page.evaluate(FRAMES)
    return found


def violations(page: Page, within: str = "html") -> list[str]:
    """What axe-core finds in a part of a page as it stands, a line each.

    Contrast, by far its slowest rule, is tried on one text of each look: that of all others is the same.
    """
    assert page.evaluate(MARK, within), f"no text in {within}"
    contrast = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
    others = {"rules": {"color-contrast": {"enabled": False}}}
    found = []
    for part, options in ((within, others), ("[data-look]", contrast)):
        run = Axe().run(page, {"include": [[part]]}, {"resultTypes": ["violations"], **options})
        found += run.response["violations"]
    return [
        f"{item['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for item in found
        for node in item["nodes"]
    ]
