"""Every kind of question in a real browser: answered with the mouse and with keys alone, kept over a reload."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fulfillment.formulas import FORMULAS
from studykit import bank
from tests import typed_numbers
from tests.site.bench import again, bench
from tests.site.watch import until, violations
from tests.unit.studykit.test_bank import SAMPLES, choice, exercise, item, record, write

WRONG = {
    "mcq": "a",
    "multi": ["a"],
    "order": ["b", "a", "c", "d"],
    "match": ["R1", "R0", "R2"],
    "cloze": ["EXW"],
}


@pytest.fixture(scope="module")
def items(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bank")
    brief = item("open", id="some-brief")
    del brief["model"], brief["weak"], brief["listens_for"]
    extra = {"hints": ["Think of it."], "learn": "some-page/some-place"}
    loaded = bank.load(write(folder, *(item(kind) | extra for kind in SAMPLES), brief))
    return [bank.payload(one) for one in loaded.values()]


@pytest.fixture
def watched(context, workshop, items):
    watch = bench(context, workshop, ("quiz", {"items": items, "answers": {}}))
    yield watch
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture
def page(watched) -> Page:
    return watched.page


def form(page: Page, id: str, items):
    return page.locator(".sk-question").nth([one["id"] for one in items].index(id))


def press(page: Page, box, keys: bool) -> None:
    if keys:
        box.focus()
        page.keyboard.press("Space")
    else:
        box.click()


def fill(page: Page, field, text: str, keys: bool) -> None:
    if keys:
        field.focus()
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
    else:
        field.fill(text)


def answer(page: Page, box, one: dict, right: bool, keys: bool) -> None:
    """Answer one question of the samples."""
    kind = one["type"]
    if kind in ("mcq", "multi"):
        wanted = [c["id"] for c in one["choices"] if c.get("correct")] if right else WRONG[kind]
        for at, name in enumerate(shown(box)):
            if name not in wanted:
                continue
            if kind == "mcq" and keys:
                box.locator(".sk-choices input").first.focus()
                page.keyboard.press("Space")
                for _ in range(at):
                    page.keyboard.press("ArrowDown")
            else:
                press(page, box.locator(".sk-choices input").nth(at), keys)
    elif kind == "numeric":
        variant = one["variants"][0]
        value = variant["answer"]["value"] if right else variant["slips"][0]["value"]
        fill(page, box.locator("input[type=text]"), f"{value:,.2f} {one['unit']}", keys)
    elif kind == "order":
        wanted = one["solution"] if right else WRONG[kind]
        for target, id in enumerate(wanted):
            row = box.locator(".sk-order > li", has_text=f"Step {id}")
            for _ in range(20):
                now = box.locator(".sk-order > li").all_inner_texts()
                at = next(i for i, text in enumerate(now) if f"Step {id}" in text)
                if at == target:
                    break
                press(page, row.get_by_role("button", name="Move up"), keys)
    elif kind == "match":
        rights = [pair["right"] for pair in one["pairs"]] if right else WRONG[kind]
        for at, wanted in enumerate(rights):
            select = box.locator("select").nth(at)
            if keys:
                select.focus()
                page.keyboard.type(f"{chr(65 + one['rights'].index(wanted))}. ")
            else:
                select.select_option(index=one["rights"].index(wanted) + 1)
    elif kind == "cloze":
        fill(page, box.locator("input[type=text]"), " ddp" if right else WRONG[kind][0], keys)
    elif kind == "open":
        fill(page, box.locator("textarea"), "I <b>counted</b> the orders.", keys)


def shown(box) -> list[str]:
    """Ids of the samples' choices, in the order on the screen."""
    return [text.split()[1] for text in box.locator(".sk-choice").all_inner_texts()]


def check(page: Page, box, keys: bool) -> None:
    press(page, box.locator("button[type=submit]"), keys) if not keys else (
        box.locator("button[type=submit]").focus(),
        page.keyboard.press("Enter"),
    )


def log(page: Page, least: int = 0) -> list[dict]:
    """The entries that the page keeps, as a saved file holds them, once there are ``least``: an answer is kept soon
    after it is graded, not before."""
    saved = until(
        page,
        """async (least) => {
            const { Log } = await import(new URL("_static/studykit/log.mjs", location.href));
            window.reader ??= new Log(`studykit ${new URL(".", location.href).pathname}`);
            const saved = await window.reader.exportText();
            return JSON.parse(saved).entries.length >= least && saved;
        }""",
        least,
    )
    return json.loads(saved)["entries"]


@pytest.mark.parametrize("keys", [False, True], ids=["mouse", "keys"])
@pytest.mark.parametrize("kind", [kind for kind in SAMPLES if kind not in ("open", "card")])
def test_a_graded_kind_answers_and_is_kept(page, workshop, items, kind, keys):
    id = f"some-{kind}"
    one = next(one for one in items if one["id"] == id)
    box = form(page, id, items)
    said = box.locator("[role=status]")
    assert said.inner_text() == ""
    answer(page, box, one, right=False, keys=keys)
    check(page, box, keys)
    expect(said).to_contain_text("Not right")
    box.get_by_role("button", name="Try again").click()
    expect(said).to_be_empty()
    answer(page, box, one, right=True, keys=keys)
    check(page, box, keys)
    expect(said).to_contain_text("Right.")
    expect(said).to_contain_text("Why.")
    assert [entry["verdict"] for entry in log(page, 2)] == ["wrong", "right"]
    again(page, workshop)
    box = form(page, id, items)
    expect(box.locator("[role=status]")).to_contain_text("Right.")
    expect(page.locator(".sk-tools")).to_contain_text(f"1 of {len(items)} answered, 1 right")


@pytest.mark.parametrize("keys", [False, True], ids=["mouse", "keys"])
def test_an_open_question_compares_and_is_scored_by_the_reader(page, workshop, items, keys):
    box = form(page, "some-open", items)
    said = box.locator("[role=status]")
    check(page, box, keys)
    expect(said).to_contain_text("Note at least")
    answer(page, box, {"type": "open"}, right=True, keys=keys)
    check(page, box, keys)
    expect(said).to_contain_text("Strong answer")
    expect(said).to_contain_text("No figure")
    keep = box.get_by_role("button", name="Keep my score")
    keep.click()
    expect(said).to_contain_text("Score every row first: 3 left.")
    for row in box.locator(".sk-row-score").all():
        press(page, row.locator("input[value='3']"), keys)
    keep.click()
    expect(said).to_contain_text("Your score is kept.")
    assert log(page, 2)[-1]["scores"] == {"one": 3, "two": 3, "three": 3}
    again(page, workshop)
    box = form(page, "some-open", items)
    assert box.locator("textarea").input_value() == "I <b>counted</b> the orders."
    assert page.locator("b").count() == 0
    expect(box.locator("input[value='3']:checked")).to_have_count(3)


@pytest.mark.parametrize("keys", [False, True], ids=["mouse", "keys"])
def test_a_card_is_turned_and_rated(page, workshop, items, keys):
    box = form(page, "some-card", items)
    assert "On time" not in box.inner_text()
    check(page, box, keys)
    expect(box.locator("[role=status]")).to_contain_text("On time, in full.")
    assert log(page) == []
    knew = box.get_by_role("button", name="I knew it")
    if keys:
        knew.focus()
        page.keyboard.press("Enter")
    else:
        knew.click()
    expect(box.locator("[role=status]")).to_contain_text("you knew it")
    assert [entry["verdict"] for entry in log(page, 1)] == ["right"]
    again(page, workshop)
    expect(form(page, "some-card", items).locator("[role=status]")).to_contain_text("You knew it.")


def test_a_row_follows_the_pointer(page, items):
    box = form(page, "some-order", items)
    rows = box.locator(".sk-order > li")
    last = rows.nth(3).inner_text()
    rows.nth(3).locator(".sk-grip").hover()
    page.mouse.down()
    target = rows.nth(0).bounding_box()
    page.mouse.move(target["x"] + 20, target["y"] + 40, steps=5)
    page.mouse.move(target["x"] + 20, target["y"] + 2, steps=5)
    page.mouse.up()
    assert rows.nth(0).inner_text() == last
    page.mouse.move(target["x"] + 20, target["y"] + 300)
    assert rows.nth(0).inner_text() == last


def test_certainty_is_asked_on_request_and_summed_up(page, workshop, items):
    page.get_by_label("Ask how sure I am").check()
    box = form(page, "some-mcq", items)
    one = items[0]
    answer(page, box, one, right=True, keys=False)
    check(page, box, keys=False)
    expect(box.locator("[role=status]")).to_contain_text("Say how sure you are first.")
    box.get_by_label("Fairly sure").check()
    check(page, box, keys=False)
    expect(box.locator("[role=status]")).to_contain_text("Right.")
    assert log(page, 1)[-1]["certainty"] == 2
    again(page, workshop)
    assert page.get_by_label("Ask how sure I am").is_checked()


@pytest.fixture
def shuffled(tmp_path) -> list[dict]:
    """Six choices, of which 720 orders can be made, and six that are shown as listed."""
    six = [choice(name, name in "ad") for name in "abcdef"]
    loaded = bank.load(
        write(
            tmp_path,
            *(item("multi", id=f"kept-{kept}", choices=six, keep_order=kept == "so") for kept in ("not", "so")),
        )
    )
    return [bank.payload(one) for one in loaded.values()]


def test_choices_come_in_another_order_at_each_showing_and_keep_it_for_the_attempt(context, workshop, shuffled):
    watched = bench(context, workshop, ("quiz", {"items": shuffled, "answers": {}}))
    page = watched.page
    box, fixed = (form(page, one["id"], shuffled) for one in shuffled)
    seen = set()
    for _ in range(4):  # by a link
        again(page, workshop)
        seen.add(tuple(shown(box)))
        assert shown(fixed) == list("abcdef")
    assert len(seen) > 1
    now = shown(box)
    page.reload()
    expect(box.locator(".sk-choice")).to_have_count(6)
    assert shown(box) == now
    for name in "da":
        box.get_by_label(f"Choice {name}").check()
    check(page, box, keys=False)
    expect(box.get_by_role("status")).to_contain_text("Right.")
    assert [text.split()[3] for text in box.locator(".sk-points > li").all_inner_texts()] == [
        n for n in now if n in "ad"
    ]
    (kept,) = log(page, 1)
    assert kept["answer"] == [one["id"] for one in shuffled[0]["choices"] if one["id"] in "ad"]
    page.reload()
    expect(box.get_by_role("status")).to_contain_text("Right.")
    assert shown(box) == now
    marked = box.locator("label:has(input:checked)").all_inner_texts()
    assert [text.split() for text in marked] == [["Choice", n, "✓", "Right"] for n in now if n in "ad"]
    tried = set()
    for _ in range(4):
        box.get_by_role("button", name="Try again").click()
        tried.add(tuple(shown(box)))
        expect(box.locator("input:checked")).to_have_count(0)
        box.get_by_label("Choice b").check()
        check(page, box, keys=False)
    assert len(tried) > 1
    assert not watched.problems


def test_choices_print_in_the_order_of_the_exports(context, workshop, shuffled):
    page = bench(context, workshop, ("quiz", {"items": shuffled, "answers": {}})).page
    page.emulate_media(media="print")
    for one in shuffled:
        rows = form(page, one["id"], shuffled).locator(".sk-choice").all()
        printed = sorted((row.bounding_box()["y"], row.inner_text().split()[1]) for row in rows)
        assert [name for _, name in printed] == [choice["id"] for choice in one["choices"]]


def test_another_version_of_a_numeric_question(page, items):
    box = form(page, "some-numeric", items)
    first = box.locator("legend").inner_text()
    box.get_by_role("button", name="Another version").click()
    assert box.locator("legend").inner_text() != first
    assert items[2]["variants"][1]["stem"] in box.locator("legend").inner_text()
    variant = items[2]["variants"][1]
    box.locator("input[type=text]").fill(f"{variant['slips'][1]['value']:.2f}")
    check(page, box, keys=False)
    expect(box.locator("[role=status]")).to_contain_text("Multiplied.")
    assert log(page, 1)[-1]["seed"] == variant["seed"]


def test_an_exercise_takes_its_number_and_has_no_other_version(context, workshop, tmp_path):
    loaded = bank.load(write(record(tmp_path), exercise()))["some-exercise"]
    task = bank.payload(loaded, root=tmp_path)
    watch = bench(context, workshop, ("quiz", {"items": [task], "answers": {}}))
    box = form(watch.page, "some-exercise", [task])
    expect(box.locator("legend")).to_have_text(task["variants"][0]["stem"])
    expect(box.get_by_role("button", name="Another version")).to_have_count(0)
    box.locator("input[type=text]").fill("7,000")
    check(watch.page, box, keys=False)
    expect(box.locator("[role=status]")).to_contain_text("That was billed.")
    box.locator("input[type=text]").fill("7.8k")
    check(watch.page, box, keys=False)
    expect(box.locator("[role=status]")).to_contain_text("Right.")
    kept = log(watch.page, 2)
    assert [entry["verdict"] for entry in kept] == ["wrong", "right"]
    assert {(entry["item"], entry["seed"]) for entry in kept} == {("some-exercise", task["variants"][0]["seed"])}
    assert not watch.problems


def test_the_list_is_filtered_and_begun_again(page, workshop, items):
    for right, id in ((False, "some-mcq"), (True, "some-cloze")):
        one = next(one for one in items if one["id"] == id)
        answer(page, form(page, id, items), one, right, keys=False)
        check(page, form(page, id, items), keys=False)
    form(page, "some-mcq", items).get_by_role("button", name="Next unanswered").click()
    expect(form(page, "some-multi", items).locator("input").first).to_be_focused()
    show = page.get_by_label("Show")
    show.select_option("Missed")
    expect(page.locator(".sk-question:visible")).to_have_count(1)
    show.select_option("Not answered")
    expect(page.locator(".sk-question:visible")).to_have_count(len(items) - 2)
    log(page, 2)  # both are kept before the list is begun again
    page.get_by_role("button", name="Answer all again").click()
    expect(page.locator(".sk-question:visible")).to_have_count(len(items))
    expect(page.locator(".sk-tools")).to_contain_text("0 of 9 answered")
    again(page, workshop)
    expect(page.locator(".sk-tools")).to_contain_text("0 of 9 answered")
    assert len(log(page, 2)) == 2


def test_the_summary_names_what_to_read(page, items):
    for one in items:
        box = form(page, one["id"], items)
        if one["type"] != "card":
            answer(page, box, one, right=one["type"] != "cloze", keys=False)
        check(page, box, keys=False)
        if one["type"] == "card":
            box.get_by_role("button", name="I knew it").click()
    expect(page.locator(".sk-summary")).to_contain_text("6 of 7 right")
    expect(page.locator(".sk-summary")).to_contain_text("Some place (Some page)")


def test_an_answer_to_an_older_revision_is_flagged_and_kept(context, workshop, items):
    watched = bench(context, workshop, ("quiz", {"items": items[:2], "answers": {}}))
    answer(watched.page, watched.page.locator(".sk-question").first, items[0], True, keys=False)
    check(watched.page, watched.page.locator(".sk-question").first, keys=False)
    expect(watched.page.locator(".sk-question [role=status]").first).to_contain_text("Right.")
    log(watched.page, 1)
    newer = [items[0] | {"rev": 2}, items[1]]
    page = bench(context, workshop, ("quiz", {"items": newer, "answers": {}})).page
    expect(page.locator(".sk-changed")).to_contain_text("has changed since you answered it")
    expect(page.locator(".sk-tools")).to_contain_text("0 of 2 answered")
    assert len(log(page, 1)) == 1


@pytest.mark.parametrize("stored", ["?", ["?", "?"], [], ""])
def test_a_stored_answer_of_another_form_breaks_no_question(page, workshop, items, stored):
    page.evaluate(
        """async ([items, answer]) => {
            const { Log } = await import(new URL("_static/studykit/log.mjs", location.href));
            const log = new Log(`studykit ${new URL(".", location.href).pathname}`);
            for (const { id: item, rev, variants } of items) {
                await log.add({ item, rev, answer, verdict: "wrong", seed: variants?.[0].seed });
            }
        }""",
        [items, stored],
    )
    again(page, workshop)
    for one in items[:6]:
        box = form(page, one["id"], items)
        retry = box.get_by_role("button", name="Try again")
        if retry.is_visible():
            retry.click()
        answer(page, box, one, right=True, keys=False)
        check(page, box, keys=False)
        expect(box.locator("[role=status]")).to_contain_text("Right.")


def test_printing_puts_the_answers_on_a_last_page(page, items):
    assert page.locator(".sk-answers").count() == 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    answers = page.locator("article > .sk-answers:last-child")
    expect(answers.locator("li")).to_have_count(len(items))
    expect(answers).to_contain_text(items[2]["variants"][0]["answer"]["text"])
    expect(answers).to_have_css("break-before", "page")
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".sk-answers").count() == 0


def test_no_key_stands_in_the_page_before_check(page, items):
    shown = page.locator(".sk-quiz").inner_html()
    for words in ("On time, in full.", "Why.", "Multiplied.", "Model", "DDP", "correct"):
        assert words not in shown


@pytest.mark.parametrize("unit", ["%", "USD per order", "days", "units", "thousand orders"])
def test_what_is_typed_is_graded_as_python_grades_it(page, unit):
    table = json.loads((Path(__file__).parents[1] / "unit" / "numbers.json").read_text(encoding="utf-8"))
    typed = sorted({row["typed"] for row in table["numbers"] + table["answers"]})
    task = {"unit": unit, "units": {unit.lower(): 1, "k units": 1000, "day": 1}}
    found = page.evaluate(
        """async ([task, typed]) => {
            const { parseAnswer } = await import(new URL("_static/studykit/question.mjs", location.href));
            return typed.map((text) => parseAnswer(task, text)).map(({ value, asks }) => [value ?? null, asks ?? null]);
        }""",
        [task, typed],
    )
    for text, (value, asks) in zip(typed, found, strict=True):
        expected, back = None, None
        try:
            expected = pytest.approx(typed_numbers.read(task, text), rel=1e-12)
        except typed_numbers.AskBack as asked:
            back = [typed_numbers.read(task, text) for text in asked.asks]
        except ValueError:
            pass
        assert value == expected, text
        assert (asks and [typed_numbers.read(task, text) for text in asks]) == back, text


def test_a_number_that_reads_in_two_ways_is_asked_back_and_neither_graded_nor_kept(page, items):
    box = form(page, "some-numeric", items)
    for typed, words in (
        ("0,435", "Do you mean 0.435? Type it so."),
        ("1.286,5 hours", "Do you mean 1286.5 hours? Type it so."),
        ("51.000", "Do you mean 51 or 51000? Type the one you mean."),
    ):
        box.locator("input[type=text]").fill(typed)
        check(page, box, keys=False)
        expect(box.get_by_role("status")).to_have_text(words)
    assert log(page) == []


def test_an_answer_that_is_asked_back_by_now_keeps_the_verdict_it_had(page, workshop, items):
    page.evaluate(
        """async (seed) => {
            const { Log } = await import(new URL("_static/studykit/log.mjs", location.href));
            const log = new Log(`studykit ${new URL(".", location.href).pathname}`);
            await log.add({ item: "some-numeric", rev: 1, answer: "0,435", verdict: "right", seed });
        }""",
        items[2]["variants"][0]["seed"],
    )
    again(page, workshop)
    expect(form(page, "some-numeric", items).get_by_role("status")).to_contain_text("Right.")


def keys(task: dict) -> list[tuple[int, object, bool]]:
    """Answers to an item of the bank: version, answer, and whether it is right."""
    match task["type"]:
        case "mcq":
            return [(0, choice["id"], bool(choice.get("correct"))) for choice in task["choices"]]
        case "multi":
            right = [choice["id"] for choice in task["choices"] if choice.get("correct")]
            return [
                (0, right, True),
                (0, [choice["id"] for choice in task["choices"]], len(right) == len(task["choices"])),
            ]
        case "numeric":
            versions = list(enumerate(task["variants"]))
            unit = task["unit"]
            return [(n, f"{variant['answer']['text']} {unit}", True) for n, variant in versions] + [
                (n, f"{slip['value']:.12g} {unit}", False) for n, variant in versions for slip in variant["slips"]
            ]
        case "order":
            return [(0, task["solution"], True), (0, [row["id"] for row in task["rows"]], False)]
        case "match":
            rights = [pair["right"] for pair in task["pairs"]]
            return [(0, rights, True), (0, [rights[1], rights[0], *rights[2:]], False)]
        case "cloze":
            blanks = task["blanks"].values()
            return [(0, [blank["accept"][0] for blank in blanks], True), (0, ["?" for _ in blanks], False)]
    return []


def test_every_item_of_the_bank_is_graded_by_its_key_in_the_browser(page):
    tasks = [bank.payload(one, FORMULAS) for one in bank.load().values()]
    cases = [(task, *key) for task in tasks for key in keys(task)]
    found = page.evaluate(
        """async (cases) => {
            const { KINDS } = await import(new URL("_static/studykit/question.mjs", location.href));
            return cases.map(([item, version, answer]) => {
                const kind = KINDS[item.type]({ ...item, ...item.variants?.[version] });
                kind.showAnswer(answer);
                const lines = kind.feedback(answer);
                return [kind.isRight(answer), lines.flat().filter(Boolean).length];
            });
        }""",
        [[task, version, given] for task, version, given, _ in cases],
    )
    assert len(cases) > len(tasks)
    for (task, version, given, right), (verdict, lines) in zip(cases, found, strict=True):
        assert verdict == right, (task["id"], version, given)
        assert right or lines, (task["id"], "a wrong answer is explained")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_state_of_every_kind_is_accessible(browser, workshop, items, theme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=theme)
    page = bench(context, workshop, ("quiz", {"items": items, "answers": {}})).page
    page.get_by_label("Ask how sure I am").check()

    def sound(state: str) -> None:
        found = violations(page)
        assert not found, (state, found)
        for width in (640, 390):  # a desktop at 200 %, then the phone again
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (state, width)

    sound("fresh")
    for one in items:
        check(page, form(page, one["id"], items), keys=False)
    sound("asked for an answer")
    page.reload()
    for right in (False, True):
        for one in items:
            box = form(page, one["id"], items)
            box.locator("[role=status]").wait_for(state="attached")
            retry = box.get_by_role("button", name="Try again")
            if retry.is_visible():
                retry.click()
            if one["type"] != "card":
                answer(page, box, one, right, keys=False)
            if box.locator(".sk-sure").count():
                box.get_by_label("Sure", exact=True).check()
            check(page, box, keys=False)
            said = {"open": "A good answer goes through", "card": "On time, in full."}
            expect(box.get_by_role("status")).to_contain_text(
                said.get(one["type"], "Right." if right else "Not right.")
            )
        sound(f"answered, {right}")
    for one in items:
        box = form(page, one["id"], items)
        if one["type"] == "card":
            box.get_by_role("button", name="I forgot").click()
            expect(box.get_by_role("status")).to_contain_text("Noted: you forgot it.")
        elif one["type"] == "open":
            box.get_by_role("button", name="Keep my score").click()
            expect(box.get_by_role("status")).to_contain_text("Score every row first")
    sound("asked for a score")
    for row in page.locator(".sk-row-score").all():
        row.locator("input[value='5']").check()
    for keep in page.get_by_role("button", name="Keep my score").all():
        keep.click()
    expect(page.locator(".sk-summary")).to_contain_text("6 of 7 right")
    sound("scored, with the summary")
    context.close()


def test_no_item_of_the_bank_is_wider_than_a_phone_in_any_state(browser, workshop):
    """Every item as it is asked, and answered by each of its keys and slips, in one page."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    watched = bench(
        context, workshop, ("quiz", {"items": [bank.payload(bank.load()["perf-rate-base"])], "answers": {}})
    )
    tasks = [bank.payload(one, FORMULAS) for one in bank.load().values()]
    answers = [
        [(given, task["variants"][n]["seed"] if "variants" in task else None) for n, given, _ in keys(task)]
        or [("words", None)]
        for task in tasks
    ]
    wide = watched.page.evaluate(
        """async (asked) => {
            const { question } = await import(new URL("_static/studykit/question.mjs", location.href));
            const quiz = document.querySelector(".sk-quiz");
            const wide = [];
            const look = (id, state) => document.documentElement.scrollWidth > 390 && wide.push([id, state]);
            for (const [item, answers] of asked) {
                const one = question(item, { save: () => {} });
                quiz.replaceChildren(one.node);
                look(item.id, "asked");
                for (const [answer, seed] of answers) {
                    one.showStored({ rev: item.rev, answer, verdict: "seen", tries: 1, seed: seed ?? undefined });
                    look(item.id, answer);
                }
            }
            return wide;
        }""",
        list(zip(tasks, answers, strict=True)),
    )
    assert not wide
    context.close()
