"""A chapter, and a question of each kind, in JupyterLab: the same widgets, with a kernel behind them."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from studykit import bank
from tests.conftest import BOOK
from tests.patience import LONG, PATIENCE
from tests.site.test_quiz import answer, check
from tests.unit.studykit.test_bank import SAMPLES, item

CHAPTER = BOOK / "responsibilities" / "performance-tracking.ipynb"
SETTINGS = {
    # draw every cell, not only those in view, and start the kernel without asking
    "notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
TOKEN = secrets.token_hex(8)
PROBE = (
    'print("answers", sorted(test.answers), "values", show.values, "answer", round(sums.answer, 6), '
    '"did", [event["did"] for event in deal.events], "outcome", deal.outcome)'
)
TERMS = {"rate": {"5.9%": (0, 0), "2.9%": (700, -700)}, "volume": {"free": (0, 0), "80%": (-80, 340)}}
SHOW = """import plotly.graph_objects as go
from studykit.widgets import explore
def weeks(center):
    return go.Figure(go.Bar(y=[1, 2, 3]), {"title": {"text": f"Weeks of {center}"}})
show = explore(weeks, title="Which weeks would you act on?", center=["FC1", "FC2", "FC3", "FC4"])
show"""
DEAL = f"""from fulfillment.procurement import negotiation
from studykit.widgets import negotiate
deal = negotiate(negotiation.negotiation_game({TERMS}, your_batna=300, their_batna=-500), title="Renew", party="Carrier", unit="USD", seed=2)
deal"""


ASKED = """import json
from studykit.widgets.quiz import Quiz
test = Quiz(items=json.loads({items!r}))
test"""
TOLD = 'print("answers", json.dumps(test.answers), "end")'


@pytest.fixture(scope="module")
def kinds() -> list[dict]:
    """One question of each kind as a widget gets it: the bank need not have them all."""
    return [bank.payload(item(kind) | {"file": "some.yaml"}) for kind in SAMPLES]


@pytest.fixture(scope="module")
def lab(tmp_path_factory, kinds):
    """Address of a JupyterLab server on a copy of the chapter whose widgets have names, and on a notebook of our own."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = json.loads(CHAPTER.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        for call, name in (("calculator(", "sums"), ("quiz(", "test")):
            if cell["cell_type"] == "code" and source.startswith(call):
                cell["source"] = f"{name} = {source}\n{name}"
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    extra = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    named = ["".join(cell["source"]).startswith("test = ") for cell in notebook["cells"]].index(True)
    notebook["cells"][named:named] = [extra | {"id": "show", "source": SHOW}, extra | {"id": "deal", "source": DEAL}]
    (folder / "chapter.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    cells = [ASKED.format(items=json.dumps(kinds)), "Quiz(items=test.items[2:3])"]
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    notebook["cells"] = [empty | {"id": f"c{n}", "source": source} for n, source in enumerate(cells)]
    (folder / "kinds.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    for name, content in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    command += [f"--IdentityProvider.token={TOKEN}", "--ServerApp.password=", f"--ServerApp.root_dir={folder}"]
    command += ["--LabApp.expose_app_in_browser=True"]  # the tests ask the application itself, not its menus
    environment = os.environ | {"JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")}
    with open(folder / "lab.log", "w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}/"
    try:
        answers(server, address + "api", folder / "lab.log")
        yield address
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def answers(server: subprocess.Popen, address: str, log: Path) -> None:
    """Wait until the server answers; one that has ended says why."""
    end = time.monotonic() + LONG
    while True:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).read()
            return
        except OSError:
            assert server.poll() is None, log.read_text()[-2000:]
            assert time.monotonic() < end, log.read_text()[-2000:]
            time.sleep(0.2)


OPENED = """() => window.jupyterapp?.shell.currentWidget?.context?.isReady
    && window.jupyterapp.shell.currentWidget.sessionContext?.isReady"""
RUN_ALL = """async () => {
    const { commands, restored, shell } = window.jupyterapp;
    await restored;
    await shell.currentWidget.revealed;
    await commands.execute("notebook:run-all-cells");
}"""
RUN = """async (code) => {
    const { commands, shell } = window.jupyterapp;
    const { content } = shell.currentWidget;
    content.activeCellIndex = content.widgets.length - 1;
    await commands.execute("notebook:insert-cell-below");
    content.activeCell.model.sharedModel.setSource(code);
    await commands.execute("notebook:run-cell");
}"""


@pytest.fixture
def notebook(browser, lab) -> Iterator[Callable[[str], Page]]:
    """Opens a notebook with all its cells run and its last quiz in place."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})

    def run(name: str) -> Page:
        page = context.new_page()
        page.goto(f"{lab}lab/tree/{name}.ipynb?reset&token={TOKEN}", wait_until="domcontentloaded")
        page.wait_for_function(OPENED, timeout=1000 * LONG)
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=1000 * LONG)
        page.evaluate(RUN_ALL)
        ended = page.locator(".sk-quiz").or_(page.locator(".jp-OutputArea-output[data-mime-type*=error]"))
        ended.last.wait_for(timeout=1000 * LONG)  # all cells of a chapter, beside whatever else runs
        assert page.locator(".sk-quiz").count(), ended.first.inner_text()
        return page

    yield run
    context.close()


def ask(page: Page, code: str):
    """Run ``code`` in a new cell at the end; gives that cell's output."""
    page.evaluate(RUN, code)
    said = page.locator(".jp-OutputArea-output", has_text="answers ").last
    said.wait_for()
    return said


def test_widgets_answer_with_a_kernel(notebook):
    page = notebook("chapter")
    # quiz: the answer reaches Python
    form = page.locator(".sk-question").first
    form.locator("input").first.click()
    form.locator("button[type=submit]").click()
    expect(form.locator("[role=status]")).to_contain_text("ight")
    # explore: Python computes, the page draws
    box = page.locator(".sk-explorer", has_text="Which weeks would you act on?")
    before = box.locator(".sk-title").inner_text()
    box.locator("select").first.select_option(index=3)
    expect(box.locator(".sk-title")).not_to_have_text(before)
    expect(box.locator(".sk-canvas .main-svg").first).to_be_visible()
    # calculator: what is typed reaches Python
    page.locator(".sk-calculator").get_by_label("Orders in the sample").fill("1,200")
    expect(page.locator(".sk-calculator output")).to_contain_text("3.2%")
    # negotiation: what was said and signed reaches Python, and arrow keys stay in the list
    table = page.locator(".sk-negotiate")
    table.get_by_label("rate").focus()
    page.keyboard.press("ArrowDown")
    table.get_by_label("volume").select_option(index=1)
    expect(table.locator("output")).to_contain_text("+620 to you")
    for _ in range(2):
        if table.get_by_role("button", name="Send").is_visible():
            table.get_by_role("button", name="Send").click()
    expect(table).to_contain_text("On the frontier")
    # ask the kernel
    said = ask(page, PROBE)
    expect(said).to_contain_text("'center': 3")
    expect(said).to_contain_text("answers ['perf")
    expect(said).to_contain_text("answer 0.032124")
    expect(said).to_contain_text(
        "did ['offer', 'counter', 'offer', 'accept'] outcome {'deal': [1, 1], 'you': 620, 'them': -20}"
    )


def test_every_kind_is_answered_with_keys_and_python_has_the_values(notebook, kinds):
    page = notebook("kinds")
    expect(page.locator(".sk-quiz")).to_have_count(2)
    forms = page.locator(".sk-quiz").first.locator(".sk-question")
    ids = page.locator(".sk-quiz [id]").evaluate_all("found => found.map(({ id }) => id)")
    assert len(ids) == len(set(ids)), "two widgets on a page share no id"
    for form, one in zip(forms.all(), kinds, strict=True):
        right = one["type"] != "match"
        if one["type"] != "card":
            answer(page, form, one, right, keys=True)
        check(page, form, keys=True)
        said = form.locator("[role=status]")
        if one["type"] == "card":
            expect(said).to_contain_text("On time, in full.")
            form.get_by_role("button", name="I knew it").press("Enter")
            expect(said).to_contain_text("you knew it")
        elif one["type"] == "open":
            expect(said).to_contain_text("Strong answer")
            for row in form.locator(".sk-row-score").all():
                row.locator("input[value='3']").press("Space")
            form.get_by_role("button", name="Keep my score").press("Enter")
            expect(said).to_contain_text("Your score is kept.")
        else:
            expect(said).to_contain_text("Right." if right else "Not right.")
    said = ask(page, TOLD)
    told = json.loads(re.search(r"answers (.*) end", said.inner_text())[1])
    assert {id: (entry["answer"], entry["verdict"]) for id, entry in told.items()} == {
        "some-mcq": ("b", "right"),
        "some-multi": (["b", "c"], "right"),
        "some-numeric": (f"{kinds[2]['variants'][0]['answer']['value']:,.2f} hours", "right"),
        "some-order": (["a", "b", "c", "d"], "right"),
        "some-match": (["R1", "R0", "R2"], "wrong"),
        "some-cloze": ([" ddp"], "right"),
        "some-open": ("I <b>counted</b> the orders.", "seen"),
        "some-card": ("", "right"),
    }
    assert told["some-open"]["scores"] == {"one": 3, "two": 3, "three": 3}
    assert told["some-numeric"]["seed"] == kinds[2]["variants"][0]["seed"]
