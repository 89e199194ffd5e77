"""Widgets and figures on the static page: pressed with the mouse, then with the keyboard alone, and they answer."""

import json
import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fulfillment.formulas import FORMULAS
from studykit import bank
from tests.book.pages import cells
from tests.conftest import BOOK
from tests.site.watch import Watched, violations

CHAPTER = "responsibilities/performance-tracking.html"
WIDGET = "application/vnd.studykit.widget.v1+json"


def approx(value: object) -> object:
    return pytest.approx(value, rel=1e-12) if isinstance(value, int | float) else value


def states(kind: str, page: str = CHAPTER) -> list[dict]:
    """What a committed chapter holds for its widgets of this kind."""
    found = [
        output["data"][WIDGET]["state"]
        for cell in cells((BOOK / page).with_suffix(".ipynb"))
        for output in cell.get("outputs", [])
        if output.get("data", {}).get(WIDGET, {}).get("kind") == kind
    ]
    assert found
    return found


def state(kind: str, page: str = CHAPTER) -> dict:
    """What a committed chapter holds for its first widget of this kind."""
    return states(kind, page)[0]


IDS = [held["ids"] for held in states("quiz")]
QUIZ = max(range(len(IDS)), key=lambda at: len(IDS[at]))  # each exercise is a quiz of one
ITEMS = {id: bank.payload(bank.load()[id], FORMULAS) for id in IDS[QUIZ]}


@pytest.fixture
def watched(context, address):
    watch = Watched(context, address)
    watch.open(CHAPTER)
    watch.mount()
    yield watch
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture
def page(watched) -> Page:
    return watched.page


# The quiz


def question(page: Page, id: str):
    position = list(ITEMS).index(id)
    return page.locator(".sk-quiz").nth(QUIZ).locator(".sk-question").nth(position)


def choose(page: Page, form, id: str, right: bool, keys: bool) -> None:
    """Answer a question, rightly or wrongly, with the mouse or with keys alone."""
    item = ITEMS[id]
    if item["type"] in ("mcq", "multi"):
        wanted = [choice for choice in item["choices"] if bool(choice.get("correct")) == right]
        wanted = wanted[:1] if item["type"] == "mcq" else wanted
        for choice in wanted:
            row = form.locator(".sk-choice").filter(has_text=choice["text"])
            box = row.locator("input")
            if not keys:
                row.click()
            elif item["type"] == "multi":
                box.focus()
                page.keyboard.press("Space")
            else:
                form.locator("input").first.focus()
                page.keyboard.press("Space")
                while not box.is_checked():
                    page.keyboard.press("ArrowDown")
            expect(box).to_be_checked()
    elif item["type"] == "numeric":
        variant = item["variants"][0]
        value = variant["answer"]["value"] if right else variant["slips"][0]["value"]
        form.locator("input").focus()
        typed = f"{value:,.4f} {item['unit']}"
        page.keyboard.type(typed) if keys else form.locator("input").fill(typed)
    elif item["type"] == "order":
        if not right:
            wrong = list(reversed(item["solution"]))
            arrange(page, form, item, wrong, keys)
        else:
            arrange(page, form, item, item["solution"], keys)
    elif item["type"] == "match":
        for at, pair in enumerate(item["pairs"]):
            target = (
                item["rights"].index(pair["right"])
                if right
                else (item["rights"].index(pair["right"]) + 1) % len(item["rights"])
            )
            select = form.locator("select").nth(at)
            if keys:
                select.focus()
                page.keyboard.type(f"{chr(65 + target)}. ")
            else:
                select.select_option(index=target + 1)


def arrange(page: Page, form, item: dict, wanted: list[str], keys: bool) -> None:
    """Move rows up until they stand as wanted."""
    texts = {row["id"]: row["text"] for row in item["rows"]}
    for target, id in enumerate(wanted):
        while True:
            rows = form.locator(".sk-order > li")
            now = next(i for i in range(rows.count()) if texts[id].split("**")[0][:25] in rows.nth(i).inner_text())
            if now == target:
                break
            up = rows.nth(now).locator("button").first
            if keys:
                up.focus()
                page.keyboard.press("Enter")
            else:
                up.click()


def check(page: Page, form, keys: bool) -> None:
    press(page, form.locator("button[type=submit]"), keys)


def press(page: Page, button, keys: bool) -> None:
    if keys:
        button.focus()
        page.keyboard.press("Enter")
    else:
        button.click()


def rate(page: Page, form, id: str, right: bool, keys: bool = False) -> None:
    """A card grades nothing by itself: its reader says whether the answer was known."""
    if ITEMS[id]["type"] == "card":
        press(page, form.get_by_role("button", name="I knew it" if right else "I forgot"), keys)


@pytest.mark.parametrize("keys", [False, True], ids=["mouse", "keys"])
def test_every_question_of_a_chapter_answers(page, keys):
    count = page.locator(".sk-quiz").nth(QUIZ).locator(".sk-tools > p")
    for number, (id, item) in enumerate(ITEMS.items(), start=1):
        form = question(page, id)
        said = form.locator("[role=status]")
        assert said.inner_text() == ""
        if item["type"] == "card":
            check(page, form, keys)
            expect(said).to_contain_text(item["back"][:30])
            rate(page, form, id, right=True, keys=keys)
            expect(said).to_contain_text(re.compile("Right|knew"))
        else:
            choose(page, form, id, right=False, keys=keys)
            check(page, form, keys)
            expect(said).to_contain_text("Not right")
            press(page, form.get_by_role("button", name="Try again"), keys)
            expect(said).to_be_empty()
            choose(page, form, id, right=True, keys=keys)
            check(page, form, keys)
            expect(said).to_contain_text("Right.")
            explained = item.get("explain") or item["variants"][0]["explain"]
            expect(said).to_contain_text(re.split(r"[*`]|\d ?%", explained)[0][:30])
        expect(count).to_contain_text(f"{number} of {len(ITEMS)} answered, {number} right")


def test_the_quiz_sums_up_and_names_what_to_read(page):
    for number, id in enumerate(ITEMS):
        form = question(page, id)
        choose(page, form, id, right=number > 0, keys=False)
        check(page, form, keys=False)
        rate(page, form, id, right=True)
    expect(page.locator(".sk-quiz").nth(QUIZ).locator(".sk-summary")).to_contain_text(
        f"{len(ITEMS) - 1} of {len(ITEMS)} right"
    )
    link = page.locator(".sk-quiz").nth(QUIZ).locator(".sk-summary a").first
    link.click()
    assert page.evaluate("location.hash.length") > 1


def test_a_question_asks_for_an_answer_before_it_grades(page):
    form = question(page, next(id for id, item in ITEMS.items() if item["type"] == "mcq"))
    check(page, form, keys=False)
    expect(form.locator("[role=status]")).to_contain_text("Choose an answer first")


def test_the_key_is_not_in_the_visible_page_before_check(page):
    html = page.locator(".sk-quiz").nth(QUIZ).inner_html()
    for item in ITEMS.values():
        for choice in item.get("choices", []):
            assert choice["feedback"][:30] not in html
    assert "data-correct" not in html


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_answered_questions_are_accessible(browser, address, theme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=theme)
    watched = Watched(context, address)
    page = watched.open(CHAPTER)
    watched.scroll()
    for number, id in enumerate(ITEMS):
        form = question(page, id)
        choose(page, form, id, right=number % 2 == 0, keys=False)
        check(page, form, keys=False)
        rate(page, form, id, right=number % 2 == 0)
    assert not violations(page, ".sk-quiz")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


# The explore


@pytest.mark.parametrize("keys", [False, True], ids=["mouse", "keys"])
def test_explore_shows_the_state_that_python_computed(context, address, keys):
    """A chapter's explorer, with a slider and a list; figures and texts are driven in `tests/site/test_formulas.py`."""
    name = "responsibilities/order-fulfillment.html"
    held = state("explore", name)
    page = Watched(context, address).open(name)
    box = page.locator(".sk-explorer").first
    box.scroll_into_view_if_needed()
    shown = box.locator("tbody tr")

    def rows(result: dict) -> list[str]:
        return ["\t".join(row) for row in result["rows"]]

    expect(shown).to_have_count(len(held["result"]["rows"]))
    assert shown.all_inner_texts() == rows(held["result"])
    wanted = [3, 1]
    for at, option in enumerate(wanted):
        control = box.locator("input[type=range], select").nth(at)
        if keys:
            control.focus()
            for _ in range(option):
                page.keyboard.press("ArrowRight" if at == 0 else "ArrowDown")
        elif at == 0:
            control.fill(str(option))
        else:
            control.select_option(index=option)
    computed = rows(held["grid"][",".join(map(str, wanted))])
    assert computed != rows(held["result"])
    expect(shown.last).to_have_text(computed[-1].replace("\t", ""))
    assert shown.all_inner_texts() == computed
    reset = box.get_by_role("button", name="Reset")
    if keys:
        reset.focus()
        page.keyboard.press("Enter")
    else:
        reset.click()
    expect(shown.last).to_have_text(rows(held["result"])[-1].replace("\t", ""))
    assert box.locator("select").first.evaluate("list => list.selectedIndex") == 0


# The calculator


def limit(p: float, n: float, k: float) -> float:
    return min(1, p + k * math.sqrt(p * (1 - p) / n))


@pytest.mark.parametrize("keys", [False, True], ids=["mouse", "keys"])
def test_calculator_computes_what_is_typed(page, keys):
    box = page.locator(".sk-calculator")
    share, orders = box.get_by_label("Mean share"), box.get_by_label("Orders in the sample")
    for field, text in ((share, "3.5 %"), (orders, "1,200")):
        if keys:
            field.focus()
            page.keyboard.press("Control+A")
            page.keyboard.type(text)
        else:
            field.fill(text)
    expect(box.locator("output")).to_have_text(f"Result: {limit(0.035, 1200, 3) * 100:.1f}%")
    box.get_by_role("button", name="Reset").click()
    expect(box.locator("output")).to_have_text(f"Result: {limit(0.02, 75, 3) * 100:.1f}%")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("150", "Mean share must be at most 100%; you typed 150%"),
        ("-1", "at least 0%"),
        ("12 kg", "Mean share is wanted in %; you typed kg"),
        ("abc", "Mean share:"),
        ("", "Mean share:"),
    ],
)
def test_calculator_says_what_is_wrong(page, text, said):
    box = page.locator(".sk-calculator")
    field = box.get_by_label("Mean share")
    field.fill(text)
    expect(box.locator("[role=status]")).to_contain_text(said)
    expect(box.locator("output")).to_have_text("")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert field.input_value() == text


def test_the_calculators_tree_equals_python_at_random_points(page):
    points = [[0.001 * i % 1, 1 + 37 * i % 5000, 0.006 * i % 6] for i in range(1, 1001)]
    found = page.evaluate(
        """async ([tree, points]) => {
            const base = document.querySelector('script[src*="guide.mjs"]').src;
            const { evaluate } = await import(new URL("calculator.mjs", base));
            return points.map(([p, n, k]) => evaluate(tree, { p, n, k }));
        }""",
        [state("calculator")["tree"], points],
    )
    assert found == pytest.approx([limit(*point) for point in points], rel=1e-9)


def test_numbers_are_read_as_people_type_them(page):
    table = json.loads((Path(__file__).parents[1] / "unit" / "numbers.json").read_text(encoding="utf-8"))["numbers"]
    found = page.evaluate(
        """async (typed) => {
            const base = document.querySelector('script[src*="guide.mjs"]').src;
            const { parseNumber } = await import(new URL("number.mjs", base));
            return typed.map((text) => parseNumber(text));
        }""",
        [row["typed"] for row in table],
    )
    wrong = [
        (row, got)
        for row, got in zip(table, found, strict=True)
        if any(name not in ("typed", "error", "ask") and got.get(name) != approx(value) for name, value in row.items())
        or bool(row.get("error") or row.get("ask")) != bool(got.get("error"))
    ]
    assert wrong == []


# Figures


def test_a_figure_is_a_drawing_until_it_is_touched(context, address):
    watched = Watched(context, address)
    page = watched.open(CHAPTER)
    watched.scroll()
    before = watched.weight
    figure = page.locator(".sk-figure[data-figure]").first
    assert figure.locator("img:visible").count() == 1
    assert not page.evaluate("Boolean(window.Plotly)")
    figure.get_by_role("button", name="Explore this chart").click()
    expect(figure.locator(".sk-canvas .main-svg").first).to_be_visible()
    watched.settle()
    assert before < watched.weight <= 800_000, f"{watched.weight:,} bytes"
    figure.get_by_role("button", name="Show the still chart").click()
    assert figure.locator(".sk-plot img:visible").count() == 1
    figure.locator(".sk-plot").click()
    expect(figure.locator(".sk-canvas .main-svg").first).to_be_visible()
    assert not watched.problems, "\n".join(watched.problems)


def test_a_live_figure_follows_the_theme(page):
    figure = page.locator(".sk-figure[data-figure]").first
    figure.get_by_role("button").click()
    paper = figure.locator(".sk-canvas .main-svg").first
    expect(paper).to_have_css("background-color", "rgb(255, 255, 255)")
    page.evaluate("document.body.dataset.theme = 'dark'")
    expect(paper).to_have_css("background-color", "rgb(18, 24, 30)")


def test_a_still_figure_follows_the_theme(page):
    shown = page.locator(".sk-plot img:visible").first
    ink = (
        """image => fetch(image.currentSrc).then((answer) => answer.text()).then((text) => text.includes("#e4e9ed"))"""
    )
    assert not shown.evaluate(ink)
    page.evaluate("document.body.dataset.theme = 'dark'")
    expect(page.locator(".only-dark img").first).to_be_visible()
    assert shown.evaluate(ink)


@pytest.mark.parametrize(("width", "drawn"), [(390, 350), (1280, 720)])
def test_only_the_drawing_that_is_needed_is_fetched(browser, address, width, drawn):
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme="dark")
    watched = Watched(context, address)
    asked = []
    watched.page.on("request", lambda request: request.url.endswith(".svg") and asked.append(request.url))
    page = watched.open(CHAPTER)
    watched.scroll()
    shown = page.locator(".sk-plot img:visible").evaluate_all("images => images.map((image) => image.currentSrc)")
    assert set(shown) <= set(asked)
    assert {url for url in asked if "_figures" in url} == set(shown)
    sizes = page.locator(".sk-plot img:visible").evaluate_all(
        "images => images.map(({ naturalWidth, naturalHeight }) => naturalWidth / naturalHeight)"
    )
    assert sizes == pytest.approx([drawn / {350: 360, 720: 400}[drawn]] * len(shown), rel=0.01)
    context.close()


def test_without_a_script_the_page_reads(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + CHAPTER)
    assert "Quiz" in page.locator(".sk-fallback").last.inner_text()
    context.close()


def test_print_shows_drawings_and_hides_buttons(page):
    page.emulate_media(media="print")
    assert not page.locator(".sk-explore").first.is_visible()
    assert page.locator(".sk-plot img").first.is_visible()
