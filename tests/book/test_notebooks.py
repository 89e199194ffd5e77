"""What a committed notebook must hold besides outputs that repeat (`pytest --nbval` sees to those)."""

import json
import re

import pytest

from studykit.build.drawings import FOLDER, digest, drawing_paths, figure_of
from studykit.build.notebooks import VIEW, main, not_canonical
from tests.book.pages import cells, notebooks
from tests.book.shape import clever, computed, exceeds, lacks
from tests.conftest import BOOK

NOTEBOOKS = notebooks(BOOK)
FIGURES = [
    pytest.param(output, id=f"{path.stem}-{number}")
    for path in NOTEBOOKS
    for number, cell in enumerate(cells(path))
    for output in cell.get("outputs", [])
    if figure_of(output)
]


@pytest.mark.parametrize("output", FIGURES)
def test_a_figure_is_drawn_in_both_sizes(output):
    mark = digest(figure_of(output))
    for path in drawing_paths(BOOK, figure_of(output)).values():
        assert f'data-figure="{mark}"' in path.read_text(encoding="utf-8"), "run `make refresh`"


def test_every_drawing_is_shown():
    figures = [figure_of(output) for parameter in FIGURES for output in parameter.values]
    shown = {path.name for figure in figures for path in drawing_paths(BOOK, figure).values()}
    assert {path.name for path in (BOOK / FOLDER).iterdir()} == shown


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_file_stands_in_its_canonical_form(path):
    assert not_canonical([path]) == [], "run `make refresh`: JupyterLab saves another form"


def test_the_form_that_jupyterlab_saves_is_found(tmp_path):
    path = tmp_path / "saved.ipynb"
    notebook = json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    main(["--check", str(NOTEBOOKS[0])])
    with pytest.raises(SystemExit, match=r"saved\.ipynb: not in canonical form"):
        main(["--check", str(path)])


@pytest.mark.parametrize("output", FIGURES)
def test_an_exhibit_says_what_it_shows(output):
    layout = figure_of(output)["layout"]
    assert len(layout["title"]["text"]) > 20, "the title states the finding"
    assert len(layout["meta"]["alt"]) > 40, "alt text says what the figure shows"
    for axis in ("xaxis", "yaxis"):
        assert layout[axis]["title"]["text"], f"{axis} needs a label with its unit"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_that_changes_by_itself_is_stored(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"0x[0-9a-f]{6,}", text), "a memory address"
    assert VIEW not in text, "a live view"
    notebook = json.loads(text)
    assert "widgets" not in notebook["metadata"]
    assert [cell["metadata"] for cell in notebook["cells"] if "execution" in cell["metadata"]] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_code_cell_has_run_in_order(path):
    counts = [cell["execution_count"] for cell in cells(path) if cell["cell_type"] == "code" and cell["source"].strip()]
    assert counts == list(range(1, len(counts) + 1))


EXERCISES = [
    pytest.param(cell, id=f"{path.stem}-{cell['id']}")
    for path in NOTEBOOKS
    for cell in cells(path)
    if cell["cell_type"] == "code"
    and (re.search(r"(?<![\w.])check\(", cell["source"]) or "exercise" in cell["metadata"].get("tags", []))
]


@pytest.mark.parametrize("cell", EXERCISES)
def test_an_exercise_begins_without_an_answer(cell):
    assert cell["metadata"].get("tags") == ["exercise"]
    *_, given, asked = cell["source"].splitlines()
    assert re.match(r"answer = \.\.\.(?:  #|$)", given), "the line before the last waits for the answer"
    assert re.fullmatch(r'check\("[a-z0-9-]+", answer\)', asked), "the last line judges it"
    assert "no answer yet" in "".join(cell["outputs"][-1]["data"]["text/plain"])


WORKED = [path for path in NOTEBOOKS if path.parent.name in ("responsibilities", "cases")]


@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_a_chapter_and_a_case_are_whole(path):
    assert lacks(path) == []


@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_a_chapter_is_finished_and_computes_in_view(path):
    assert exceeds(path) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('record(low=(least, "$.2f"), high=(table.loc["a", "usd"], ".0f"), plain=total)', []),
        ('record(low=(min(costs), "$.2f"))', ["(min(costs), '$.2f')"]),
        ('record(gap=(high - low, "$.2f"))', ["(high - low, '$.2f')"]),
        ("least = costs.min()\nrecord(low=least)", ["least = costs.min()"]),
    ],
)
def test_a_calculation_off_the_page_is_found(source, found):
    assert computed(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("costs.map(lambda usd: usd / 2)", []),
        ("if (n := len(costs)) > 3: print(n)", ["(n := len(costs))"]),
        ("f = lambda a: (lambda b: a + b)", ["lambda a: lambda b: a + b"]),
    ],
)
def test_what_a_reader_stumbles_over_is_found(source, found):
    assert clever(source) == found


def test_a_chapter_that_nobody_finishes_is_found(tmp_path):
    whole = json.loads((BOOK / "responsibilities" / "cost-management.ipynb").read_text(encoding="utf-8"))
    long = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "x = 1  # " + "long " * 20 + "\ny = 2" * 20}
    text = {"cell_type": "markdown", "metadata": {}, "source": "word " * 3_500}
    exhibit = {**long, "source": "x", "outputs": [{"data": {"text/html": "<table>"}}]}
    cells_ = [*whole["cells"], text, *[long] * 20, *[exhibit] * 16]
    (tmp_path / "chapter.ipynb").write_text(json.dumps({**whole, "cells": cells_}), encoding="utf-8")
    assert [found.split(":")[0] for found in exceeds(tmp_path / "chapter.ipynb")] == [
        "words",
        "exhibits",
        "visible cells",
        "longest line",
        "cells of at most 12 lines",
    ]


def test_a_case_without_what_it_says_in_the_room_is_found(tmp_path):
    whole = (BOOK / "cases" / "choosing-a-3pl.ipynb").read_text(encoding="utf-8")
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "case.ipynb").write_text(
        whole.replace("Weak answer", "").replace("### Traps", ""), encoding="utf-8"
    )
    assert lacks(tmp_path / "cases" / "case.ipynb") == [
        "in the room: Weak answer: 0, expected at least 1",
        "in the room: Traps: 0, expected at least 1",
    ]


def test_a_chapter_that_is_not_whole_is_found(tmp_path):
    whole = json.loads((BOOK / "responsibilities" / "performance-tracking.ipynb").read_text(encoding="utf-8"))
    dull = [cell for cell in whole["cells"] if "plotly" not in json.dumps(cell) and "hide-cell" not in json.dumps(cell)]
    text = json.dumps({**whole, "cells": dull}).replace("## What the numbers decide", "").replace("quiz(", "")
    (tmp_path / "chapter.ipynb").write_text(text, encoding="utf-8")
    assert [found.split(":")[0] for found in lacks(tmp_path / "chapter.ipynb")] == [
        "figures",
        "folded solutions",
        "quiz",
        "section What the numbers decide",
    ]
