"""Minutes to read a page: prose and exhibits count, code, solutions and quizzes do not."""

import re

import pytest
from docutils import nodes
from docutils.utils import new_document

from studykit.sphinx.minutes import count, minutes
from studykit.sphinx.outputs import WidgetNode, figure_node
from studykit.sphinx.questions import folded
from tests.unit.studykit.test_directives import build
from tests.unit.studykit.test_directives import project as project


def widget(kind):
    return WidgetNode(kind=kind, state={}, fallback="words that nobody sees")


def cell(*outputs, **attributes):
    source = nodes.literal_block("", "code = 'that is not read'")
    return nodes.container("", source, *outputs, nb_element="cell_code", **attributes)


def table():
    return nodes.raw("", '<div class="sk-table"><table><tr><td>one</td></tr></table></div>', format="html")


def page(*parts):
    document = new_document("page")
    document += parts
    return document


@pytest.mark.parametrize(
    ("words", "exhibits", "expected"), [(200, 0, 1), (0, 4, 3), (4000, 0, 20), (3500, 15, 29), (1, 0, 1), (450, 1, 3)]
)
def test_minutes(words, exhibits, expected):
    assert minutes(words, exhibits) == expected


def test_prose_counts_by_its_words_wherever_it_stands():
    inline = nodes.paragraph("", "", nodes.Text("Late is "), nodes.strong("", "four"), nodes.Text("% of it."))
    listed = nodes.bullet_list("", nodes.list_item("", nodes.paragraph("", "One two.")), nodes.list_item("", inline))
    row = nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in ("a b", "c")))
    group = nodes.tgroup("", nodes.tbody("", row), cols=2)
    box = nodes.admonition("", nodes.title("", "Trap"), nodes.paragraph("", "Three more words"))
    assert count(page(nodes.title("", "A title"), listed, nodes.table("", group), box)) == (2 + 2 + 5 + 3 + 4, 0)


def test_a_cell_is_one_exhibit_whatever_it_shows():
    assert count(page(cell(figure_node()), cell(widget("explore")), cell(table()))) == (0, 3)
    assert count(page(cell(table(), figure_node()), cell(widget("calculator")), cell())) == (0, 2)
    assert count(page(cell(nodes.raw("", "<p>text</p>", format="html")))) == (0, 0)
    assert count(page(widget("explore"), widget("quiz"))) == (0, 1)


def test_what_is_folded_or_answered_counts_nothing():
    solution = cell(table(), nodes.paragraph("", "The solution in words"), hide_mode="all")
    assert count(page(solution, cell(widget("quiz")))) == (0, 0)
    assert count(page(cell(figure_node(), hide_mode="input"))) == (0, 1)
    assert count(page(folded("", nodes.paragraph("", "Three more words"), title="Probes"))) == (0, 0)


def test_a_page_prints_its_minutes_unless_it_is_looked_up(project):
    conf = project / "conf.py"
    conf.write_text(conf.read_text() + "studykit_unread = ['b/practice']\n")
    path = project / "book" / "a" / "one.md"
    path.write_text(path.read_text() + "\n" + "word " * 1000 + "\n")
    assert build(project)[1] == ""
    html = (project / "out" / "a/one.html").read_text()
    assert re.search(r'</h1>\s*<p class="sk-minutes">5 minutes to read</p>', html)
    assert '<p class="sk-minutes">1 minute to read</p>' in (project / "out" / "index.html").read_text()
    assert "sk-minutes" not in (project / "out" / "b/practice.html").read_text()
