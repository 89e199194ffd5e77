"""The chapter in JupyterLab: the same widgets, with a kernel behind them."""

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
from pathlib import Path

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.conftest import BOOK

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
DEAL = f"""from fulfillment import negotiation
from studykit.widgets import negotiate
deal = negotiate(negotiation.game({TERMS}, you_walk=300, them_walk=-500), title="Renew", party="Carrier", unit="USD", seed=2)
deal"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Address of a JupyterLab server on a copy of the chapter whose widgets have names."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = json.loads(CHAPTER.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        for call, name in (("explore(\n    late_chart", "show"), ("calculator(", "sums"), ("quiz(", "test")):
            if cell["cell_type"] == "code" and source.startswith(call):
                cell["source"] = f"{name} = {source}\n{name}"
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    extra = {"cell_type": "code", "id": "deal", "metadata": {}, "source": DEAL, "outputs": [], "execution_count": None}
    named = ["".join(cell["source"]).startswith("test = ") for cell in notebook["cells"]]
    notebook["cells"].insert(named.index(True), extra)
    (folder / "chapter.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    for name, content in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    command += [f"--IdentityProvider.token={TOKEN}", "--ServerApp.password=", f"--ServerApp.root_dir={folder}"]
    environment = os.environ | {"JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")}
    with open(folder / "lab.log", "w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}/"
    for _ in range(120):
        try:
            urllib.request.urlopen(address + "api", timeout=1).read()
            break
        except OSError:
            assert server.poll() is None, Path(folder / "lab.log").read_text()[-2000:]
            time.sleep(0.5)
    yield address
    server.terminate()
    server.wait(20)
    shutil.rmtree(folder, ignore_errors=True)


def opened(page: Page, lab: str) -> bool:
    """Open the chapter and run all its cells; False when JupyterLab did not get there, as on a busy machine."""
    try:
        page.goto(f"{lab}lab/tree/chapter.ipynb?reset&token={TOKEN}", wait_until="domcontentloaded")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60_000)
        page.locator(".lm-MenuBar-itemLabel", has_text="Run").click(timeout=10_000)
        page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click(timeout=10_000)
        page.locator(".jp-InputPrompt", has_text=re.compile(r"[*\d]")).first.wait_for(timeout=15_000)
    except TimeoutError:
        return False
    return True


@pytest.fixture
def page(browser, lab) -> Page:
    for _ in range(4):
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        page = context.new_page()
        if opened(page, lab):
            break
        context.close()
    else:
        pytest.fail("JupyterLab ran no cell in four tries")
    ended = page.locator(".sk-quiz").or_(page.locator(".jp-OutputArea-output[data-mime-type*=error]"))
    ended.first.wait_for(timeout=120_000)
    assert page.locator(".sk-quiz").count(), ended.first.inner_text()
    yield page
    context.close()


def test_widgets_answer_with_a_kernel(page):
    # quiz: the answer reaches Python
    form = page.locator(".sk-question").first
    form.locator("input").first.click()
    form.locator("button[type=submit]").click()
    expect(form.locator("[role=status]")).to_contain_text("ight")
    # explore: Python computes, the page draws
    box = page.locator(".sk-explorer", has_text="Which weeks would you act on?")
    before = box.locator(".sk-title").inner_text()
    box.locator("select").first.select_option(index=3)
    expect(box.locator(".sk-title")).not_to_have_text(before, timeout=30_000)
    expect(box.locator(".sk-canvas .main-svg").first).to_be_visible(timeout=30_000)
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
    last = page.locator(".jp-CodeCell").last
    last.locator(".cm-content").click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(PROBE)
    page.keyboard.press("Shift+Enter")
    said = page.locator(".jp-OutputArea-output", has_text="answers [").last
    expect(said).to_contain_text("'center': 3", timeout=30_000)
    expect(said).to_contain_text("answers ['perf")
    expect(said).to_contain_text("answer 0.032124")
    expect(said).to_contain_text(
        "did ['offer', 'counter', 'offer', 'accept'] outcome {'deal': [1, 1], 'you': 620, 'them': -20}"
    )
