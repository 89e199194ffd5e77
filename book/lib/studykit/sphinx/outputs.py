"""Notebook outputs on the page: figures drawn beforehand, widgets mounted without a kernel, values for prose."""

import hashlib
import json
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.core.render import MimeData, MimeRenderPlugin, NbElementRenderer
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole
from sphinx.writers.html5 import HTML5Translator

from studykit.build.drawings import PLOTLY, SIZES, WIDGET, drawing_paths, painted
from studykit.published import VALUE, load_values, value_name

DATA_FOLDER = "_figures"


class figure_node(nodes.General, nodes.Element):
    """A Plotly figure: ``plotly`` (its JSON), ``wide`` and ``narrow`` (its SVG drawings)."""


class WidgetNode(nodes.General, nodes.Element):
    """A widget: ``kind``, ``state``, ``fallback`` (text) and, where it shows a figure, that figure as its child."""


def figure_with_drawings(plotly: dict[str, Any], book: Path) -> figure_node:
    """The node of one figure and its drawings."""
    try:
        return figure_node(
            plotly=plotly, **{size: path.read_text("utf-8") for size, path in drawing_paths(book, plotly).items()}
        )
    except FileNotFoundError as error:
        raise ValueError(f"{Path(error.filename).name}: a figure has no drawing: run `make refresh`") from None


class Outputs(MimeRenderPlugin):
    """Sits in front of myst-nb's renderers (entry point in ``pyproject.toml``)."""

    mime_priority_overrides = [("*", WIDGET, 1), ("*", PLOTLY, 1)]

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        _, outputs = renderer.renderer.nb_client.code_cell_outputs(data.cell_index)
        bundle, book = outputs[data.output_index]["data"], Path(renderer.renderer.sphinx_env.srcdir)
        if VALUE in bundle:
            return []  # a value shows where prose asks for it
        if data.mime_type == PLOTLY:
            return [figure_with_drawings(data.content, book)]
        if data.mime_type == WIDGET:
            node = WidgetNode(fallback=bundle.get("text/plain", ""), **data.content)
            if figure := data.content["state"].get("figure"):
                node += figure_with_drawings(figure, book)
            return [node]
        return None


def write_text(translator: HTML5Translator, text: str, ending: str, folder: str = DATA_FOLDER) -> str:
    """Write ``text`` to a file named by its hash; return its address from the site's root."""
    address = f"{folder}/{hashlib.sha256(text.encode()).hexdigest()[:16]}.{ending}"
    path = Path(translator.builder.outdir, address)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return address


def write_json(translator: HTML5Translator, content: Any, folder: str = DATA_FOLDER) -> str:
    """Write ``content`` to a JSON file named by its hash; return its address from the site's root."""
    text = json.dumps(content, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return write_text(translator, text, "json", folder)


def picture(translator: HTML5Translator, node: figure_node, position: int, alt: str) -> str:
    """A figure's drawings in the light theme (position 0) or the dark one (1): one file, fetched when it comes near.

    The theme hides the picture of the other theme, and what is hidden never comes near. Both sizes are given, so that
    nothing moves when the file has come.
    """
    root = "../" * translator.builder.current_docname.count("/")
    size = {
        name: f'"{root}{write_text(translator, painted(node[name], position), "svg")}" width="{width}" height="{height}"'
        for name, (width, height) in SIZES.items()
    }
    return (
        f'<picture class="only-{("light", "dark")[position]}">'
        f'<source media="(max-width: 600px)" srcset={size["narrow"]}>'
        f'<img loading="lazy" src={size["wide"]} alt="{escape(alt)}"></picture>'
    )


def visit_figure(self: HTML5Translator, node: figure_node) -> None:
    plotly = node["plotly"]
    layout = plotly["layout"]
    title = layout.get("title", {}).get("text", "").replace("<br>", " ")
    alt = layout.get("meta", {}).get("alt", title)
    source = "" if isinstance(node.parent, WidgetNode) else f' data-figure="{write_json(self, plotly)}"'
    self.body.append(
        f'<figure class="sk-figure"{source}>'
        f'<figcaption class="sk-title">{escape(title)}</figcaption>'
        f'<div class="sk-plot">{picture(self, node, 0, alt)}{picture(self, node, 1, alt)}</div>'
        + ('<button type="button" class="sk-explore">Explore this chart</button>' if source else "")
        + "</figure>"
    )
    raise nodes.SkipNode


def visit_widget(self: HTML5Translator, node: WidgetNode) -> None:
    state = dict(node["state"])
    # a listener adds what the site knows, and returns links that stand before the widget
    before = self.builder.app.emit("studykit-widget", self, node["kind"], state)
    if "grid" in state:  # every result of an explore: fetched when the reader first moves a control
        state["grid"] = write_json(self, state["grid"])
    # `</` and `<!--` would end the script element early
    text = json.dumps(state, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    self.body += filter(None, before)
    self.body.append(
        f'<div class="sk-widget" data-kind="{escape(node["kind"])}"><script type="application/json">{text}</script>'
        f'<div class="sk sk-fallback">{escape(node["fallback"])}</div>'
    )


def depart_widget(self: HTML5Translator, node: WidgetNode) -> None:
    self.body.append("</div>")


class ValueRole(SphinxRole):
    """A recorded value as text: ``{value}`name``` on its own notebook's page, ``{value}`notebook/name``` elsewhere."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name = value_name(Path(self.env.docname).name, self.text)
        entry = vars(self.env)["studykit_values"].get(name)
        if entry is None:
            return [], [self.inliner.reporter.error(f"no recorded value {name!r}: see `record`", line=self.lineno)]
        self.env.note_dependency(entry["path"])
        return [nodes.Text(entry["text"])], []


def setup(app: Sphinx) -> None:
    app.add_event("studykit-widget")
    app.add_node(figure_node, html=(visit_figure, None))
    app.add_node(WidgetNode, html=(visit_widget, depart_widget))
    app.add_role("value", ValueRole())

    def read_values(app: Sphinx) -> None:
        vars(app.env)["studykit_values"] = load_values(Path(app.srcdir))

    app.connect("builder-inited", read_values)
