"""How long a page takes to read, counted when it is built and printed under its title.

What a reader sees counts: prose by its words, and each code cell that shows a figure, a table or a widget as one exhibit.
Code, quizzes and what is folded (solutions, a question's plan and probes) count nothing: a reader who opens them practices.
"""

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

from studykit.sphinx.outputs import WidgetNode, figure_node
from studykit.sphinx.questions import folded

WORDS_A_MINUTE = 200
SECONDS_AN_EXHIBIT = 45
PRACTICE = {"quiz", "practice", "progress"}  # widgets that are answered, not read
_TABLE = re.compile(r"<table\b")


def minutes(words: int, exhibits: int) -> int:
    """Whole minutes, at least one, for so many words and exhibits.

    >>> minutes(3500, 15), minutes(20, 0)
    (29, 1)
    """
    return max(1, round(words / WORDS_A_MINUTE + exhibits * SECONDS_AN_EXHIBIT / 60))


def is_exhibit(node: nodes.Node) -> bool:
    """Whether an output is looked at: a figure, a widget that is no quiz, a table."""
    if isinstance(node, WidgetNode):
        return node["kind"] not in PRACTICE
    return isinstance(node, figure_node) or (isinstance(node, nodes.raw) and bool(_TABLE.search(node.astext())))


def texts(node: nodes.Node) -> Iterator[str]:
    """The prose below a node, without code cells, raw output, widgets, what is folded and what is not printed."""
    if isinstance(node, nodes.Text):
        yield node.astext()
    if not isinstance(node, nodes.Element) or node.get("nb_element") == "cell_code":
        return
    if isinstance(node, nodes.Invisible | nodes.raw | WidgetNode | folded):
        return
    for child in node.children:
        yield from texts(child)
    if not isinstance(node, nodes.Inline):
        yield "\n"  # the next block begins with another word


def count(doctree: nodes.document) -> tuple[int, int]:
    """Words of a page's prose, and its exhibits: code cells that show one, and widgets that stand in prose."""
    cells = [node for node in doctree.findall(nodes.container) if node.get("nb_element") == "cell_code"]
    shown = [cell for cell in cells if cell.get("hide_mode") != "all"]
    inside = {id(node) for cell in cells for node in cell.findall(WidgetNode)}
    exhibits = sum(any(map(is_exhibit, cell.findall())) for cell in shown)
    exhibits += sum(is_exhibit(node) and id(node) not in inside for node in doctree.findall(WidgetNode))
    return len("".join(texts(doctree)).split()), exhibits


def note_minutes(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the minutes of the page that was read."""
    if app.env.docname not in app.config.studykit_unread:
        app.env.metadata[app.env.docname]["minutes"] = minutes(*count(doctree))


def print_minutes(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Under the title, in HTML: the page's description begins with its first sentence, not with this line."""
    taken: int = app.env.metadata[docname].get("minutes", 0)
    for title in list(doctree.findall(nodes.title))[:1] if taken else ():
        line = f'<p class="sk-minutes">{taken} minute{"s" if taken > 1 else ""} to read</p>'
        title.parent.insert(title.parent.index(title) + 1, nodes.raw("", line, format="html"))


def setup(app: Sphinx) -> None:
    app.add_config_value("studykit_unread", [], "env")
    app.connect("doctree-read", note_minutes)
    app.connect("doctree-resolved", print_minutes, priority=900)  # above what else stands under the title
