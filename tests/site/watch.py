"""Watches a browser page: what it says on the console, what it asks for, and how much comes back."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page


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
        self.page: Page = context.new_page()
        self.page.on("console", lambda said: said.type == "error" and self.problems.append(f"console: {said.text}"))
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("requestfailed", lambda request: self.problems.append(f"failed: {request.url}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def _asked(self, request: object) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.netloc != self.host:
            self.problems.append(f"another host: {request.url}")

    def _answered(self, response: object) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")
        self.weight += int(response.headers.get("content-length", 0))

    def open(self, name: str) -> Page:
        """Go to a page of the site and wait until it is quiet."""
        self.page.goto(self.address + name, wait_until="networkidle")
        return self.page

    def mount(self) -> None:
        """Bring every widget into view once and wait until it stands."""
        for widget in self.page.locator(".sk-widget").all():
            widget.scroll_into_view_if_needed()
            widget.and_(self.page.locator("[data-ready]")).wait_for()

    def scroll(self) -> None:
        """Scroll to the end as a reader would, so that everything that waits to be seen is loaded."""
        self.page.evaluate(
            """async () => {
                const frame = () => new Promise((done) => requestAnimationFrame(done));
                for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
                    scrollTo(0, y);
                    await frame();
                    await frame(); // observers are told after the first
                }
            }"""
        )
        self.mount()
        self.page.wait_for_load_state("networkidle")
