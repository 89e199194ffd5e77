"""`{question}` and `{questions}`: the answer at once, the rest folded, and links to every open question of the bank."""

import pytest
from bs4 import BeautifulSoup

from tests.unit.studykit.test_bank import item, without, write
from tests.unit.studykit.test_directives import build
from tests.unit.studykit.test_directives import project as project

FULL = item("open", id="a-full", about="Told in full", stem="Why you?", stage="technical")
BRIEF = without(without(without(item("open", id="a-brief", about="Planned"), "model"), "weak"), "listens_for")


@pytest.fixture
def asked(project):
    """A project whose home lists the questions of one page."""
    write(project / "data" / "questions", BRIEF, FULL, name="third")
    home = project / "book" / "index.md"
    home.write_text(home.read_text() + "\n```{questions}\n```\n")
    one = project / "book" / "a" / "one.md"
    text = "```{questions} technical\n```\n\n## Asked\n\n```{question} a-full\n```\n\n```{question} a-brief\n```\n"
    one.write_text(one.read_text() + "\n" + text)
    return project


def read(project, name):
    return BeautifulSoup((project / "out" / name).read_text(encoding="utf-8"), "html.parser")


def test_the_answer_stands_open_and_the_rest_is_folded(asked):
    assert build(asked)[1] == ""
    page = read(asked, "a/one.html")
    full, brief = page.find("section", id="a-full"), page.find("section", id="a-brief")
    assert "Good." in full.find("div", class_="strong").get_text()
    assert not full.find("div", class_="strong").find_parent("details")
    folded = full.find("details", class_="sk-fold").get_text(" ")
    assert [part for part in ("A reason", "Say this", "Bad.", "No figure", "Rubric") if part not in folded] == []
    assert not brief.find("ol").find_parent("details"), "without an answer the plan is what there is"
    assert "Rubric" in brief.find("details").get_text(" ")


def test_every_open_question_is_listed_with_stage_kind_and_link(asked):
    build(asked)
    stage = read(asked, "index.html").find("section", id="questions-technical-interview")
    assert [link["href"] for link in stage.select("li a")] == ["a/one.html#a-full", "a/one.html#a-brief"]
    assert [row.get_text() for row in stage("li")] == [
        "Told in full: “Why you?” A case, model answer.",
        "Planned: “A question?” A case, plan.",
    ]
    links = [found.select("li a") for found in read(asked, "a/one.html")("ul", class_="sk-questions")]
    assert [[link["href"] for link in found] for found in links] == [["#a-full"], ["#a-brief"]]


def test_a_question_that_stands_on_no_page_is_found(asked):
    write(asked / "data" / "questions", BRIEF, FULL, item("open", id="left-out"), name="third")
    assert "left-out" in build(asked)[1]


def test_a_stage_that_is_none_is_an_error_by_name(asked):
    home = asked / "book" / "index.md"
    home.write_text(home.read_text().replace("{questions}", "{questions} hr"))
    assert "no stage 'hr', expected one of technical" in build(asked)[1]
