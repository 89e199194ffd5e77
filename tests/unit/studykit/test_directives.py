"""`{quiz}` and its sisters on a Markdown page: the same widget as in a notebook, with links across pages."""

import io
import json
import re

import pytest
import yaml
from sphinx.application import Sphinx

from studykit import bank
from studykit.widgets import quiz
from studykit.widgets.base import MIME
from tests.unit.studykit.test_bank import exercise, item, record, write

CONFIG = """
extensions = ["myst_nb", "studykit.sphinx"]
html_theme = "furo"
nb_execution_mode = "off"
studykit_stages = {"technical": "Technical interview"}
studykit_responsibilities = {"cost": "Cost"}
studykit_practice = "b/practice"
"""
PAGES = {
    "index": "# Home\n\n```{toctree}\na/one\nb/practice\n```\n\n```{quiz} q-mcq q-card\n```\n",
    "a/one": "# One\n\n(taught-here)=\n## What is taught\n\nText.\n\n```{quiz}\n:bank: questions\n:also: older\n```\n",
    "b/practice": "# Practice\n\n```{practice}\n```\n\n```{progress}\n```\n\n```{coverage}\n```\n\n```{exports}\n```\n",
}


@pytest.fixture
def project(tmp_path):
    (tmp_path / "conf.py").write_text(CONFIG)
    for name, text in PAGES.items():
        path = tmp_path / "book" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    folder = tmp_path / "data" / "questions"
    folder.mkdir(parents=True)
    place = {"learn": "one/taught-here", "responsibility": ["cost"]}
    write(folder, *(item(kind, id=f"q-{kind}") | place for kind in ("mcq", "numeric", "card")), name="questions")
    write(folder, item("mcq", id="older"), name="second")
    return tmp_path


def build(project):
    said = io.StringIO()
    app = Sphinx(project, project, project / "out", project / "trees", "html", status=None, warning=said)
    app.build()
    # a second build in one process finds what the first has registered
    lines = [line for line in said.getvalue().splitlines() if "already registered" not in line]
    return app, "\n".join(lines)


def states(project, page: str) -> dict[str, dict]:
    html = (project / "out" / f"{page}.html").read_text(encoding="utf-8")
    found = re.findall(r'data-kind="(\w+)"><script type="application/json">(.*?)</script>', html, re.DOTALL)
    return {kind: json.loads(state) for kind, state in found}


def test_the_site_gets_what_a_notebook_gets_and_where_to_read(project):
    _, said = build(project)
    assert said == ""
    folder = project / "data" / "questions"
    home = states(project, "index")["quiz"]
    assert home["items"] == quiz("q-mcq", "q-card", folder=folder).items
    assert home["places"] == {"one/taught-here": {"href": "a/one.html#taught-here", "title": "What is taught"}}
    assert home["practice"] == "b/practice.html"
    one = states(project, "a/one")["quiz"]
    assert [each["id"] for each in one["items"]] == ["q-mcq", "q-numeric", "q-card", "older"]
    assert one["places"]["one/taught-here"]["href"] == "#taught-here"


def test_the_practice_page_has_an_index_files_by_hash_the_table_and_the_exports(project):
    build(project)
    found = states(project, "b/practice")
    found["practice"] = json.loads((project / "out" / found["practice"]["from"]).read_text())
    items = bank.load(project / "data" / "questions")
    assert [row["id"] for row in found["practice"]["index"]] == list(items)
    assert "Why" not in json.dumps(found["practice"]["index"])
    assert set(found["practice"]["files"]) == {"questions", "second"}
    for name, address in found["practice"]["files"].items():
        held = json.loads((project / "out" / address).read_text())
        assert held == {id: bank.payload(one) for id, one in items.items() if one["file"] == f"{name}.yaml"}
    assert set(found["practice"]["openers"]) == {"q-mcq", "older"}, "one of each bank"
    assert found["practice"]["openers"]["q-mcq"] == bank.payload(items["q-mcq"])
    assert found["progress"]["index"][1]["stem"] == "Add … and …."
    html = (project / "out" / "b/practice.html").read_text()
    assert '<th scope="row">Cost</th><td class="n">3</td>' in html
    for name in ("questions.apkg", "questions.gift"):
        assert f'href="../_downloads/{name}"' in html
        assert (project / "out" / "_downloads" / name).stat().st_size > 100


def test_the_practice_page_fetches_its_modules_at_once(project):
    build(project)
    html = (project / "out" / "b/practice.html").read_text()
    found = re.findall(r'<link rel="modulepreload" href="\.\./([^"]+)">', html)
    assert {name.rpartition("/")[2] for name in found} == {"practice.mjs", "log.mjs"}
    sources = [(project / "out" / name).read_text() for name in found]
    assert not any(re.search("^import ", source, re.MULTILINE) for source in sources), "no chain of files"
    state = states(project, "b/practice")["practice"]["from"]
    assert f'<link rel="preload" as="fetch" href="../{state}" crossorigin>' in html
    assert "modulepreload" not in (project / "out" / "index.html").read_text()


def test_an_exercise_is_a_field_on_its_page_and_no_question_of_a_set(project):
    asks = {"kind": "quiz", "state": {"answers": {}, "ids": ["some-exercise"]}}
    output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}}
    cell = {"cell_type": "code", "execution_count": 1, "id": "ask", "metadata": {"tags": ["exercise"]}}
    cell |= {"source": "check(...)", "outputs": [output | {"data": {MIME: asks, "text/plain": "No answer yet."}}]}
    path = record(project, page="a/some-page") / "book" / "a" / "some-page.ipynb"
    (kept,) = json.loads(path.read_text())["cells"]
    value = {"output_type": "display_data", "metadata": {}, "data": kept["outputs"][0]["data"]}
    kept = {"cell_type": "code", "execution_count": 1, "id": "kept", "metadata": {}, "source": "", "outputs": [value]}
    title = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Some page"}
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python"}, "language_info": {"name": "python"}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": [title, cell, kept]}
    path.write_text(json.dumps(notebook))
    one = exercise(recorded="a/some-page", responsibility=["cost"])
    folder = write(project / "data" / "questions", one, item("card"), name="third")
    home = project / "book" / "index.md"
    home.write_text(home.read_text().replace("a/one\n", "a/one\na/some-page\n"))
    assert build(project)[1] == ""
    loaded = bank.load(folder)
    assert states(project, "a/some-page")["quiz"]["items"] == [bank.payload(loaded["some-exercise"], root=project)]
    html = (project / "out" / "a/some-page.html").read_text()
    assert "<summary>the starter code</summary>" in html
    assert "1. 1,200 parcels; the mean is 6.50." in html
    found = json.loads((project / "out" / states(project, "b/practice")["practice"]["from"]).read_text())
    assert [row["id"] for row in found["index"] if row.get("exercise")] == ["some-exercise"]
    assert '<th scope="row">Cost</th><td class="n">3</td>' in (project / "out" / "b/practice.html").read_text()


def test_a_changed_bank_is_built_again(project):
    build(project)
    path = project / "data" / "questions" / "second.yaml"
    content = yaml.safe_load(path.read_text())
    content["items"][0]["stem"] = "Reworded?"
    path.write_text(yaml.safe_dump(content))
    build(project)
    assert states(project, "a/one")["quiz"]["items"][-1]["stem"] == "Reworded?"


@pytest.mark.parametrize(
    ("directive", "words"),
    [
        ("{quiz} q-mqc", "no item 'q-mqc'"),
        ("{quiz}", "expected one of ids, learn and bank"),
        ("{quiz} q-mcq q-mcq", "stands twice"),
    ],
)
def test_a_wrong_name_is_an_error_of_the_build(project, directive, words):
    (project / "book" / "index.md").write_text(f"# Home\n\n```{directive}\n```\n")
    _, said = build(project)
    assert words in said


def test_an_anchor_of_every_chapter_may_stand_in_each(project):
    for name in ("a/one", "b/practice"):
        path = project / "book" / f"{name}.md"
        path.write_text(path.read_text() + "\n(in-the-room)=\n## In the room\n\nText.\n")
    assert build(project)[1] == ""
    for name in ("a/one", "b/practice"):
        path = project / "book" / f"{name}.md"
        path.write_text(path.read_text() + "\n(other)=\n## Other\n\nText.\n")
    assert "duplicate label other" in build(project)[1]


def test_an_invalid_bank_stops_the_build_by_name(project):
    write(project / "data" / "questions", item("mcq", id="older", choices=[]), name="second")
    with pytest.raises(Exception, match=r"second\.yaml: item 'older': choices"):
        build(project)
