"""Code cells: large ones are folded, and folded code is plain text until the reader opens it.

Half of a notebook page's elements were the colored words of code that nobody had opened. The words' kinds stand in an
attribute instead, and `fold.mjs` colors the code when it is opened; without it the text is the same in one color.
"""

from collections.abc import Iterable
from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from pygments.token import STANDARD_TYPES, _TokenType
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

OPEN_LINES, OPEN_COLUMNS = 5, 90  # code cells up to this size stay open
PLAIN = ("n", "nn", "p", "w")  # kinds that have the color of all text


class folded_code(nodes.literal_block):
    """The source of a folded cell, with its ``language``."""


def fold(app: Sphinx, doctree: nodes.document) -> None:
    """Fold code cells larger than a glance under "Show the calculation", an exercise's starter code, its solution whole."""
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") != "cell_code" or not cell.children:
            continue
        if cell.get("hide_mode") == "all":
            cell["prompt_show"] = cell["prompt_hide"] = "the solution"
        source = cell.children[0]
        is_source = source.get("nb_element") == "cell_code_source"
        lines = source.astext().splitlines() or [""]
        large = len(lines) > OPEN_LINES or max(map(len, lines)) > OPEN_COLUMNS
        starter = "tag_exercise" in cell["classes"]  # nothing runs on a page: there the field takes the answer
        if not cell.get("hide_mode") and is_source and (large or starter):
            cell["hide_mode"] = "input"
            cell["prompt_show"] = cell["prompt_hide"] = "the starter code" if starter else "the calculation"
        if cell.get("hide_mode") and is_source:
            source["classes"].append("highlight")
            for block in list(source.findall(nodes.literal_block)):
                block.replace_self(folded_code("", block.astext(), language=block["language"]))


def kinds(tokens: Iterable[tuple[_TokenType, str]]) -> str:
    """The tokens of a text as length and kind, neighbors of one kind together: ``3k 1 5nf``; no kind, no color of its own.

    >>> from pygments.lexers import PythonLexer
    >>> kinds(PythonLexer().get_tokens("import this"))
    '6kn 6'
    """
    runs: list[tuple[str, int]] = []
    for token, text in tokens:
        while token not in STANDARD_TYPES:
            token = token.parent
        kind = STANDARD_TYPES[token]
        kind = "" if kind in PLAIN or text.isspace() else kind
        if runs and runs[-1][0] == kind:
            runs[-1] = (kind, runs[-1][1] + len(text))
        else:
            runs.append((kind, len(text)))
    return " ".join(f"{length}{kind}" for kind, length in runs)


def visit_fold(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """The style sheet writes "Show" or "Hide" before what is folded."""
    self.body.append(f'<details class="hide"><summary>{escape(node["prompt_show"])}</summary>')


def depart_fold(self: HTML5Translator, node: HideCodeCellNode) -> None:
    self.body.append("</details>")


def visit_folded(self: HTML5Translator, node: folded_code) -> None:
    tokens = list(self.highlighter.get_lexer(node.astext(), node["language"]).get_tokens(node.astext()))
    text = "".join(part for _, part in tokens)  # what the kinds count along: the lexer ends it with a line break
    self.body.append(f'<pre data-kinds="{kinds(tokens)}">{escape(text)}</pre>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    app.add_node(folded_code, html=(visit_folded, None))
    app.add_node(HideCodeCellNode, override=True, html=(visit_fold, depart_fold))
    app.connect("doctree-read", fold)
