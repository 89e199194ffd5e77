"""A bench for widgets: a page of ours with any widgets on it, mounted by the site's own runtime, without a build."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

from studykit.build.theme import css_variables
from tests.site.watch import Watched

ADDRESS = re.compile(r"/bench\.html(\?.*)?$")
PAGE = """<!doctype html><html lang="en" data-content_root="./"><head><meta charset="utf-8"><title>Bench</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="_static/studykit/widgets.css"><link rel="stylesheet" href="_static/studykit/guide.css">
<style>body {{ {light}; background: var(--color-background-primary); color: var(--color-foreground-primary); }}
a {{ color: var(--color-link); }}
@media (prefers-color-scheme: dark) {{ body {{ {dark} }} }}</style>
<script type="module" src="_static/studykit/guide.mjs"></script></head>
<body data-theme="auto"><main><article><h1>Bench</h1>{widgets}</article></main></body></html>"""
HOLDER = """<section id="part-{n}"><h2>Part {n}</h2><div class="sk-widget" data-kind="{kind}">
<script type="application/json">{state}</script><div class="sk sk-fallback">…</div></div></section>"""
#: The page's own log, at hand as ``log``, and all that a file of it holds
OPEN = """async () => {
    const { Log } = await import(new URL("_static/studykit/log.mjs", location.href));
    window.log = new Log(`studykit ${new URL(".", location.href).pathname}`);
}"""
SAVED = "async () => JSON.parse(await log.exportText())"
#: A browser that keeps nothing
REFUSED = "IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError'); }"


def variables(position: int) -> str:
    return "; ".join(f"--{name}: {value}" for name, value in css_variables(position).items())


def html(widgets: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """The page's source: each widget a kind and its state, in a section ``part-1``, ``part-2`` of its own."""
    holders = (
        HOLDER.format(n=n, kind=kind, state=json.dumps(state).replace("<", "\\u003c"))
        for n, (kind, state) in enumerate(widgets, 1)
    )
    return PAGE.format(light=variables(0), dark=variables(1), widgets="".join(holders))


def answering(content: Any) -> Callable[[Route], None]:
    return lambda route: route.fulfill(json=content)


def bench(
    context: BrowserContext,
    address: str,
    *widgets: tuple[str, Mapping[str, Any]],
    files: Mapping[str, Any] | None = None,
    query: str = "",
) -> Watched:
    """Open the bench with ``widgets`` and wait until they stand; ``files`` are JSON answers by their name."""
    context.route(ADDRESS, lambda route: route.fulfill(body=html(widgets), content_type="text/html"))
    for name, content in (files or {}).items():
        context.route(f"**/{name}", answering(content))
    watched = Watched(context, address)
    again(watched.page, address, query)
    return watched


def again(page: Page, address: str, query: str = "") -> None:
    """Open the bench in ``page`` (again, or in another tab) and wait until every widget stands."""
    page.goto(f"{address}bench.html{query}")
    for widget in page.locator(".sk-widget").all():
        widget.scroll_into_view_if_needed()
        widget.and_(page.locator("[data-ready]")).wait_for()


def with_log(
    context: BrowserContext,
    address: str,
    *widgets: tuple[str, Mapping[str, Any]],
    files: Mapping[str, Any] | None = None,
) -> Iterator[Page]:
    """The bench's page with its log at hand, for a fixture; at its end nothing may have gone wrong on it."""
    watched = bench(context, address, *widgets, files=files)
    watched.page.evaluate(OPEN)
    yield watched.page
    assert not watched.problems, "\n".join(watched.problems)
