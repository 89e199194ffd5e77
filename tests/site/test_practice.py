"""The practice page in a real browser: sets, filters, the exam, the address, print; and the progress page after it."""

import json
import random
import re
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest
from playwright.sync_api import Page, expect

from studykit import bank, progress
from tests.site.bench import ADDRESS, again, bench, html
from tests.site.test_log import A, entry, file
from tests.site.test_quiz import answer, check, log
from tests.site.test_quiz import shown as shown_choices
from tests.site.watch import Watched, violations
from tests.unit.studykit.test_bank import SAMPLES, item, write

NAMES = {
    "stages": {"technical": "Technical", "case": "Case"},
    "responsibilities": {"cost": "Cost", "tracking": "Tracking"},
    "kinds": {kind: kind.capitalize() for kind in SAMPLES},
}
FILES = ("alpha", "beta", "gamma")


@pytest.fixture(scope="module")
def items(tmp_path_factory):
    """Three files, each with one item of each kind and three more of one choice."""
    folder = tmp_path_factory.mktemp("bank")
    for number, name in enumerate(FILES):
        extra = {"learn": f"page-{name}/place", "stage": "case" if number == 2 else "technical", "level": "apply"}
        extra |= {"responsibility": [["cost"], ["tracking"], ["cost", "tracking"]][number]}
        made = [item(kind, id=f"{name}-{kind}") | extra for kind in SAMPLES]
        made += [item("mcq", id=f"{name}-mcq-{i}") | extra for i in range(3)]
        write(folder, *made, name=name)
    return bank.load(folder)


@pytest.fixture(scope="module")
def widgets(items):
    fields = ("id", "rev", "type", "stage", "responsibility", "level", "learn")
    index = [
        {field: one[field] for field in fields} | {"bank": one["file"].removesuffix(".yaml"), "stem": one["stem"]}
        for one in items.values()
    ]
    state = NAMES | {
        "index": index,
        "places": {"page-alpha/place": {"href": "alpha.html#place", "title": "The place"}},
        "files": {name: f"_bank/{name}.json" for name in FILES},
        "practice": "bench.html",
        "openers": {"beta-mcq": bank.payload(items["beta-mcq"]) | {"stem": "Which came with the page?"}},
    }
    files = {name: {} for name in FILES}
    for one in items.values():
        files[one["file"].removesuffix(".yaml")][one["id"]] = bank.payload(one)
    return {"state": state, "files": {f"_bank/{name}.json": content for name, content in files.items()}}


@pytest.fixture
def opened(context, workshop, widgets):
    watched = []

    def open_bench(query: str = "", kind: str = "practice") -> Page:
        watched.append(bench(context, workshop, (kind, widgets["state"]), files=widgets["files"], query=query))
        return watched[-1].page

    yield open_bench
    assert not [problem for watch in watched for problem in watch.problems]


def shown(page: Page):
    return page.locator(".sk-question:visible")


def titles(page: Page) -> str:
    return shown(page).locator("legend > .sk-quiet").inner_text()


def one_of(items, page: Page) -> dict:
    """The item that the page shows, found by the set in the address."""
    ids = re.search(r"set=([^&]*)", page.url)[1].split(",")
    at = int(re.search(r"Question (\d+) of", titles(page))[1]) - 1
    return bank.payload(items[ids[at]])


def test_ten_mixed_questions_come_first_from_all_banks(opened, items):
    page = opened()
    expect(shown(page)).to_have_count(1)
    assert titles(page).startswith("Question 1 of 10 · ")
    page.get_by_role("button", name="Ten mixed questions").click()
    page.wait_for_url("**?set=*")
    ids = re.search(r"set=([^&]*)", page.url)[1].split(",")
    assert len(set(ids)) == 10
    assert {items[id]["file"] for id in ids} == {f"{name}.yaml" for name in FILES}
    assert all(items[id]["type"] != "open" for id in ids)


def test_the_first_question_is_one_that_came_with_the_page_until_it_is_answered(context, workshop, items, widgets):
    watched = bench(context, workshop, ("practice", widgets["state"]), files=widgets["files"])
    page = watched.page
    page.get_by_role("button", name="Ten mixed questions").click()  # pressed later, all may come first
    page.wait_for_url("**?set=*")
    again(page, workshop, "?exam=1")
    assert "Which came with the page?" in shown(page).inner_text()
    again(page, workshop)
    assert "Which came with the page?" in shown(page).inner_text()
    answer(page, shown(page), bank.payload(items["beta-mcq"]), right=True, keys=False)
    check(page, shown(page), keys=False)
    log(page, 1)
    again(page.context.new_page(), workshop)
    page = context.pages[-1]
    page.wait_for_selector(".sk-question:visible")
    assert "Which came with the page?" not in shown(page).inner_text()
    assert not watched.problems


def test_the_first_question_waits_for_no_file_of_the_bank(context, address):
    missing = [True]
    context.route(
        "**/_bank/*.json",
        lambda route: route.abort() if missing[0] and "openers" not in route.fetch().text() else route.continue_(),
    )
    watched = Watched(context, address)
    page = watched.open("practice/quiz.html")
    shown(page).locator("input").first.check()
    shown(page).locator("button[type=submit]").click()
    expect(shown(page).get_by_role("status")).to_contain_text("ight")
    expect(page.locator(".sk-practice > [role=status]")).to_contain_text("did not load")
    watched.settle()  # every file asked for so far has failed
    missing[0] = False
    page.locator(".sk-practice > [role=status]").get_by_role("button", name="Try again").click()
    expect(page.locator(".sk-question")).to_have_count(10)
    expect(page.locator(".sk-tools")).to_contain_text("1 of 10 answered")


QUESTION = ".sk-widget[data-ready] .sk-question:not([hidden]) :is(input, button)"


def on_a_slow_phone(browser, address: str, name: str, wanted: str) -> float:
    """Milliseconds until ``wanted`` shows, in Lighthouse's mobile setting: a slow 4G line, a fourth of the processor."""
    context = browser.new_context(viewport={"width": 412, "height": 823})
    page = context.new_page()
    page.add_init_script(
        f"""const look = () => {{
            if (document.querySelector("{wanted}")?.checkVisibility()) window.stood = performance.now();
            else requestAnimationFrame(look);
        }};
        look();"""
    )
    line = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
    session = context.new_cdp_session(page)
    session.send("Network.emulateNetworkConditions", line)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"{address}{name}")
    stood = page.wait_for_function("window.stood").json_value()
    context.close()
    return stood


def test_on_a_slow_phone_the_first_question_stands_soon_after_a_page_to_read(browser, address):
    """Its modules come in one more round than a page's text. `make bench` holds the milliseconds to a limit."""
    pages = {"practice/quiz.html": QUESTION, "start/process.html": "article h2"}
    times = {name: [] for name in pages}
    for _ in range(3):
        for name, wanted in pages.items():
            times[name].append(on_a_slow_phone(browser, address, name, wanted))
    question, text = (median(took) for took in times.values())
    assert question < 3 * text, times


def test_a_set_is_answered_to_its_result_with_keys_alone(opened, items, workshop):
    page = opened("?set=alpha-mcq,alpha-numeric,beta-card")
    for number in range(3):
        expect(shown(page).locator("legend > .sk-quiet")).to_contain_text(f"Question {number + 1} of 3")
        one = one_of(items, page)
        if one["type"] != "card":
            answer(page, shown(page), one, right=number == 1, keys=True)
        check(page, shown(page), keys=True)
        if one["type"] == "card":
            shown(page).get_by_role("button", name="I knew it").press("Enter")
        elif number < 2:
            shown(page).get_by_role("button", name="Next question").press("Enter")
    page.reload()
    expect(page.locator(".sk-tools")).to_contain_text("3 of 3 answered, 2 right")
    page.get_by_role("button", name="See the result").last.click()
    expect(page.locator(".sk-summary")).to_contain_text("2 of 3 right")
    expect(page.locator(".sk-summary")).to_be_focused()
    expect(page.locator(".sk-summary a")).to_have_attribute("href", "alpha.html#place")
    expect(shown(page)).to_have_count(3)
    page.get_by_role("button", name="The missed ones again").click()
    page.wait_for_url("**?set=alpha-mcq")
    answer(page, shown(page), one_of(items, page), right=True, keys=False)
    check(page, shown(page), keys=False)
    page.reload()
    expect(page.locator(".sk-tools")).to_contain_text("1 of 1 answered, 1 right")
    again(page, workshop, "?set=alpha-mcq")
    expect(page.locator(".sk-tools")).to_contain_text("0 of 1 answered")


def test_a_set_keeps_its_orders_over_a_reload_and_to_the_end_of_its_exam(opened, items):
    """Six sets of three choices: one in 46,656 keeps all of them by chance."""
    query = "?set=" + ",".join(f"{name}-mcq-{i}" for name in ("alpha", "beta") for i in range(3))
    page = opened(query + "&exam=20")

    def orders() -> list[list[str]]:
        expect(page.locator(".sk-question")).to_have_count(6)
        page.emulate_media(media="print")  # all of them
        found = [shown_choices(box) for box in page.locator(".sk-question").all()]
        page.emulate_media(media="screen")
        return found

    first = orders()
    page.reload()
    assert orders() == first
    check(page, shown(page), keys=False)
    answer(page, shown(page), one_of(items, page), right=False, keys=False)
    check(page, shown(page), keys=False)
    page.get_by_role("button", name="Finish the exam").last.click()
    expect(shown(page)).to_have_count(6)
    assert orders() == first
    page.get_by_role("button", name="Ten mixed questions").click()
    page.goto(f"{page.url.partition('?')[0]}{query}")
    assert orders() != first


def test_filters_say_how_many_fit_and_start_them(opened, items):
    page = opened()
    page.locator(".sk-choose summary").click()
    box = page.locator(".sk-choose")
    box.get_by_label("Stage").select_option("Case")
    box.get_by_label("Kind").select_option("Mcq")
    expect(box).to_contain_text("4 of 33 questions fit.")
    box.get_by_role("button", name="Start").click()
    page.wait_for_url("**?set=*")
    assert titles(page).startswith("Question 1 of 4 · Case")
    page.locator(".sk-choose summary").click()
    box.get_by_label("Answered").select_option("Missed last time")
    expect(box).to_contain_text("No question fits.")
    box.get_by_role("button", name="Start").press("Enter")
    assert titles(page).startswith("Question 1 of 4")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("?set=beta", {"beta"}),
        ("?set=page-gamma/place", {"gamma"}),
        ("?stage=case", {"gamma"}),
        ("?responsibility=tracking&kind=numeric", {"beta-numeric", "gamma-numeric"}),
    ],
)
def test_the_address_names_a_set(opened, items, query, wanted):
    page = opened(query)
    known = [id for id in items if id in wanted or id.split("-")[0] in wanted]
    count = min(len(known), 10 if "stage" in query or "kind" in query else len(known))
    expect(page.locator(".sk-question")).to_have_count(count)
    page.get_by_role("button", name="Next").click()
    expect(shown(page).locator("legend > .sk-quiet")).to_contain_text(f"Question 2 of {count}")


def test_what_the_bank_does_not_know_is_said(opened):
    page = opened("?set=nothing,alpha-mcq")
    expect(page.locator(".sk-practice > [role=status]")).to_contain_text("Not in the bank: nothing.")
    assert titles(page).startswith("Question 1 of 1")


def test_an_exam_keeps_quiet_until_its_end(opened, context, items):
    context.clock.set_fixed_time(datetime.now(UTC))
    page = opened("?set=alpha-mcq,alpha-card,alpha-order,beta-cloze&exam=20")
    expect(page.get_by_role("timer")).to_contain_text("left")
    for number, right in enumerate((False, True, True)):
        assert f"Question {number + 1} of 3" in titles(page), "a card cannot be graded, so it is no exam question"
        one = bank.payload(items[("alpha-mcq", "alpha-order", "beta-cloze")[number]])
        assert shown(page).get_by_text("Hint").count() == 0
        answer(page, shown(page), one, right=right, keys=False)
        check(page, shown(page), keys=False)
        expect(shown(page).locator("[role=status]")).to_contain_text("Kept. You can change it")
        assert "Why." not in page.locator(".sk-practice").inner_text()
        page.reload()
        page.wait_for_selector(".sk-question:visible")
        if number < 2:
            page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("button", name="Five more minutes").click()
    expect(page.get_by_role("timer")).to_have_text("25:00 left")
    page.get_by_role("button", name="Finish the exam").last.click()
    expect(page.locator(".sk-summary")).to_contain_text("2 of 3 right")
    expect(shown(page)).to_have_count(3)
    expect(page.locator(".sk-practice")).to_contain_text("Why.")
    assert page.get_by_role("timer").count() == 0


def test_an_exam_without_an_answer_does_not_say_that_all_is_known(opened):
    page = opened("?set=alpha-mcq,alpha-order&exam=20")
    page.get_by_role("button", name="Finish the exam").last.click()
    expect(page.locator(".sk-summary")).to_contain_text("0 of 2 right, 2 not answered")
    expect(page.locator(".sk-summary")).not_to_contain_text("Nothing to read again")


def test_the_clock_speaks_at_its_marks_and_never_cuts_off(opened, context):
    start = datetime.now(UTC)
    context.clock.install(time=start)
    page = opened("?set=alpha-mcq&exam=20")
    said, timer = page.locator(".sk-practice > [role=status]"), page.get_by_role("timer")
    context.clock.pause_at(start + timedelta(minutes=5))  # from here no second passes but those that are run
    minutes, seconds = map(int, re.match(r"(\d+):(\d\d) left", timer.inner_text()).groups())
    context.clock.run_for(1000 * (60 * minutes + seconds - 600 + 1))
    expect(said).to_have_text("Half of the time is left.")
    context.clock.run_for(300_000)
    expect(said).to_have_text("Five minutes are left.")
    context.clock.run_for(300_000)
    expect(said).to_contain_text("Time is up.")
    expect(timer).to_have_text("0:00 left")
    assert shown(page).locator("button[type=submit]").is_enabled()


def test_questions_that_do_not_load_can_be_asked_for_again(context, workshop, widgets):
    failing = [True]

    def maybe(route):
        route.abort() if failing[0] else route.fulfill(json=widgets["files"]["_bank/alpha.json"])

    page = context.new_page()
    source = html([("practice", widgets["state"])])
    context.route(ADDRESS, lambda route: route.fulfill(body=source, content_type="text/html"))
    context.route("**/_bank/alpha.json", maybe)
    again(page, workshop, "?set=alpha-mcq")
    expect(page.locator(".sk-practice > [role=status]")).to_contain_text("did not load")
    failing[0] = False
    page.get_by_role("button", name="Try again").click()
    expect(shown(page)).to_have_count(1)


def test_a_set_prints_whole_with_its_answers_last(opened):
    page = opened("?set=alpha")
    expect(page.locator(".sk-question")).to_have_count(11)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".sk-question:visible").count() == 11
    expect(page.locator("article > .sk-answers:last-child li:visible").first).to_be_visible()
    assert page.locator(".sk-practice button:visible").count() == 0


def test_an_exam_prints_no_answers(opened):
    page = opened("?set=alpha-mcq&exam=10")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".sk-answers li").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_practice_and_progress_are_accessible(browser, workshop, widgets, items, theme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=theme)

    def sound(page: Page) -> None:
        assert not violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

    state, files = widgets["state"], widgets["files"]
    asked = [f"alpha-{kind}" for kind in SAMPLES if kind not in ("open", "card")]
    query = f"?set={','.join(asked)}&exam=10"
    page = bench(context, workshop, ("practice", state), files=files, query=query).page
    page.locator(".sk-choose summary").click()
    sound(page)
    for number, name in enumerate(asked):
        answer(page, shown(page), bank.payload(items[name]), right=number > 0, keys=False)
        check(page, shown(page), keys=False)
        expect(shown(page).get_by_role("status")).to_contain_text("Kept.")
        if number == 0:
            sound(page)
        page.locator(".sk-steps").get_by_role("button", name="Finish" if name == asked[-1] else "Next").click()
    expect(page.locator(".sk-summary")).to_contain_text("5 of 6 right")
    expect(shown(page)).to_have_count(6)
    sound(page)
    page = bench(context, workshop, ("progress", state)).page
    expect(page.locator(".sk-progress")).to_contain_text("6 of 33 questions answered")
    sound(page)
    context.close()


def test_at_two_hundred_percent_nothing_is_cut(browser, workshop, widgets):
    context = browser.new_context(viewport={"width": 640, "height": 450}, device_scale_factor=2)
    page = bench(context, workshop, ("practice", widgets["state"]), files=widgets["files"], query="?set=alpha").page
    page.locator(".sk-choose summary").click()
    for _ in range(10):
        assert page.evaluate("document.documentElement.scrollWidth") <= 640
        page.get_by_role("button", name="Next", exact=True).click()
    context.close()


# Progress


def load(page: Page, content: str) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": "saved.json", "mimeType": "application/json", "buffer": content.encode()}
    )


def sample() -> list[dict]:
    day = 86_400_000
    start = 1_780_000_000_000
    answers = [
        ("alpha-mcq", "wrong", 3, 1),
        ("alpha-mcq", "wrong", 2, 1),
        ("alpha-numeric", "right", 3, 1),
        ("beta-order", "wrong", None, 1),
        ("beta-order", "right", None, 1),
        ("gamma-match", "wrong", 1, 1),
        ("gamma-open", "seen", None, 1),
        ("beta-cloze", "right", 1, 7),
        ("gone-away", "right", 1, 1),
    ]
    return [
        entry(A, n, item=id, verdict=verdict, rev=rev, time=start + (n // 3) * day + n * 1000)
        | ({"certainty": sure} if sure else {})
        for n, (id, verdict, sure, rev) in enumerate(answers, 1)
    ]


def test_progress_reports_what_a_file_holds(opened):
    page = opened(kind="progress")
    expect(page.locator(".sk-progress")).to_contain_text("Nothing is answered yet")
    load(page, file(*sample()))
    box = page.locator(".sk-progress")
    expect(box.get_by_role("status")).to_contain_text("9 entries added from the file.")
    expect(box).to_contain_text("5 of 33 questions answered. 8 graded answers, 50% right.")
    expect(box).to_contain_text("1 question has changed since you answered: answer again.")
    weak = box.locator("h3:text-is('Weak spots') ~ ul").first.locator("li")
    assert [re.search(r"Missed (.*?)\.", text)[1] for text in weak.all_inner_texts()] == ["2 times", "once"]
    expect(weak.first.locator("a").first).to_have_attribute("href", "bench.html?set=alpha-mcq")
    expect(weak.first).to_contain_text("The place")
    table = page.get_by_role("table", name="Questions answered and last answered right")
    assert table.locator("tbody tr").first.inner_text().split() == [
        "Technical", "2", "of", "11", "50%", "right", "1", "of", "11", "100%", "right",
    ]  # fmt: skip
    sure = page.get_by_role("table", name="Right answers by how sure you were").locator("tbody tr")
    assert [row.inner_text().split("\t")[:3] for row in sure.all()] == [
        ["Not sure", "3", "67"],
        ["Fairly sure", "1", "0"],
        ["Sure", "2", "50"],
    ]
    load(page, file(*sample()))
    expect(box.get_by_role("status")).to_contain_text("0 entries added from the file. All of it was here already")
    load(page, "nonsense")
    expect(box.get_by_role("status")).to_contain_text("not JSON")


def test_progress_is_saved_cleared_with_a_question_and_restored_elsewhere(opened, browser, workshop, widgets):
    page = opened(kind="progress")
    load(page, file(*sample()))
    expect(page.get_by_role("status")).to_contain_text("9 entries added")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").press("Enter")
    saved = json.loads(download.value.path().read_text())
    assert saved["entries"] == sample()
    assert re.fullmatch(r"study-progress-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename)
    page.get_by_role("button", name="Clear everything").press("Enter")
    page.get_by_role("button", name="No", exact=True).press("Enter")
    expect(page.locator(".sk-progress")).to_contain_text("5 of 33")
    page.get_by_role("button", name="Clear everything").press("Enter")
    page.get_by_role("button", name="Yes, clear it").press("Enter")
    expect(page.locator(".sk-progress")).to_contain_text("Nothing is answered yet")
    load(page, json.dumps(saved))
    expect(page.get_by_role("status")).to_contain_text("or had been cleared")
    other = browser.new_context()
    elsewhere = bench(other, workshop, ("progress", widgets["state"])).page
    load(elsewhere, json.dumps(saved))
    expect(elsewhere.locator(".sk-progress")).to_contain_text("5 of 33 questions answered")
    other.close()


def test_the_page_counts_as_the_notebook_does(opened, items, tmp_path):
    page = opened(kind="progress")
    rng = random.Random(5)
    answers = []
    for n in range(1, 301):
        one = items[rng.choice(list(items))]
        sure = rng.choice([None, 1, 2, 3])
        verdict = "seen" if one["type"] == "open" else rng.choice(["right", "wrong"])
        extra = {"certainty": sure} if sure and one["type"] != "open" else {}
        when = 1_780_000_000_000 + rng.randrange(20 * 86_400_000)
        answers.append(entry(A, n, item=one["id"], verdict=verdict, rev=rng.choice([1, 1, 1, 2]), time=when, **extra))
    path = tmp_path / "saved.json"
    path.write_text(file(*answers))
    table = progress.read(path).reviews
    index = [{"id": id} | {key: one[key] for key in ("rev", "stage", "responsibility")} for id, one in items.items()]
    found = page.evaluate(
        """async ([entries, index]) => {
            const stats = await import(new URL("_static/studykit/stats.mjs", location.href));
            entries.sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
            return {
                days: stats.byDay(entries), levels: stats.byCertainty(entries), cells: [...stats.coverage(index, entries)],
                weak: stats.weakSpots(index, entries).map(({ item, missed }) => [item.id, missed]), all: stats.accuracy(entries),
            };
        }""",
        [answers, index],
    )
    days = progress.by_day(table, page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone"))
    assert {day: (told["answers"], told["right"]) for day, told in found["days"]} == {
        day: (row["answers"], row["right"]) for day, row in days.iterrows()
    }
    levels = progress.by_certainty(table)
    assert [(told["answers"], told["right"]) for _, told in found["levels"]] == [
        tuple(row) for row in levels.loc[["Not sure", "Fairly sure", "Sure"], ["answers", "right"]].to_numpy().tolist()
    ]
    cells = progress.coverage(table, items)
    assert {tuple(key.split("/")): list(cell.values()) for key, cell in found["cells"]} == {
        key: row.tolist() for key, row in cells.iterrows()
    }
    weak = progress.weak_spots(table, items)
    assert found["weak"] == [[name, row["missed"]] for name, row in weak.iterrows()]
    assert found["all"]["answers"] == days["answers"].sum()


def test_another_tabs_answer_shows(opened, context, workshop, widgets, items):
    progress = opened(kind="progress")
    expect(progress.locator(".sk-progress")).to_contain_text("Nothing is answered yet")
    other = context.new_page()
    other.goto(f"{workshop}_static/studykit/favicon.svg")
    other.evaluate("""async () => {
        const { Log } = await import(new URL("log.mjs", location.href));
        await new Log("studykit /").add({ item: "alpha-mcq", rev: 1, answer: "a", verdict: "wrong" });
    }""")
    expect(progress.locator(".sk-progress")).to_contain_text("1 of 33 questions answered")
