"""The log of answers in a real browser: kept, saved, merged, cleared; and what happens where the browser refuses."""

import json
import random
from statistics import median

import pytest
from playwright.sync_api import expect

from studykit import bank
from tests.site.bench import OPEN, REFUSED, SAVED, again, bench, with_log
from tests.site.watch import until
from tests.unit.studykit.test_bank import item, write


@pytest.fixture(scope="module")
def items(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bank")
    loaded = bank.load(write(folder, item("mcq", id="one"), item("mcq", id="two")))
    return [bank.payload(one) for one in loaded.values()]


@pytest.fixture
def page(context, workshop, items):
    yield from with_log(context, workshop, ("quiz", {"items": items, "answers": {}}))


def entry(browser: str, number: int, **changes) -> dict:
    return {
        "id": f"{browser}-{number}",
        "item": "one",
        "rev": 1,
        "time": 1_780_000_000_000 + 1000 * number,
        "answer": "a",
        "verdict": "wrong",
    } | changes


def file(*entries: dict, cleared: dict | None = None, **changes) -> str:
    content = {"format": "studykit-log", "version": 2, "cleared": cleared or {}, "entries": list(entries)}
    return json.dumps(content | changes)


def load(page, content: str):
    return page.evaluate("async (content) => log.importText(content).catch(({ message }) => message)", content)


A, B = "aaaaaaaaaa", "bbbbbbbbbb"


def test_saved_cleared_and_loaded_again_it_is_the_same(page, workshop):
    page.locator(".sk-question").first.get_by_role("radio").first.check()
    page.locator("button[type=submit]").first.click()
    expect(page.locator("[role=status]").first).not_to_be_empty()
    until(page, "async () => (await log.read()).entries.length === 1")
    saved = page.evaluate("() => log.exportText()")
    page.evaluate("() => log.clear()")
    assert page.evaluate(SAVED)["entries"] == []
    again(page, workshop)
    expect(page.locator("[role=status]").first).to_be_empty()
    page.evaluate(OPEN)
    # what was cleared stays cleared, whatever is merged ...
    assert load(page, saved) == 0
    assert page.evaluate(SAVED)["entries"] == []
    # ... and a browser that never cleared it takes it
    other = page.context.browser.new_context()
    fresh = other.new_page()
    fresh.goto(f"{workshop}_static/studykit/favicon.svg")
    fresh.evaluate("""async () => {
        const { Log } = await import(new URL("log.mjs", location.href));
        window.log = new Log("fresh");
    }""")
    assert load(fresh, saved) == 1
    assert fresh.evaluate(SAVED)["entries"] == json.loads(saved)["entries"]
    other.close()


def test_merging_in_either_order_and_twice_gives_the_same_log(page):
    rng = random.Random(8)
    for _ in range(20):
        logs = []
        for _ in range(3):
            numbers = {browser: sorted(rng.sample(range(1, 40), rng.randint(0, 12))) for browser in (A, B)}
            held = [entry(browser, n) for browser in numbers for n in numbers[browser]]
            cleared = {browser: rng.randint(1, 15) for browser in (A, B) if rng.random() < 0.4}
            logs.append({"entries": held, "cleared": cleared})
        found = page.evaluate(
            """async (logs) => {
                const { merge } = await import(new URL("_static/studykit/log.mjs", location.href));
                const [a, b, c] = logs;
                return [
                    merge(merge(a, b), c), merge(merge(c, b), a), merge(a, merge(b, c)), merge(merge(merge(b, a), c), b),
                ].map((log) => JSON.stringify(log));
            }""",
            logs,
        )
        assert len(set(found)) == 1
        merged = json.loads(found[0])
        upto = {browser: max(log["cleared"].get(browser, 0) for log in logs) for browser in (A, B)}
        wanted = {one["id"] for log in logs for one in log["entries"]}
        kept = {id for id in wanted if int(id.split("-")[1]) > upto[id.split("-")[0]]}
        assert {one["id"] for one in merged["entries"]} == kept, "nothing is lost, nothing cleared comes back"


def test_a_changed_copy_of_an_entry_is_the_same_one_everywhere(page):
    pair = [file(entry(A, 1)), file(entry(A, 1, verdict="right"))]
    for content in pair:
        load(page, content)
    first = page.evaluate(SAVED)["entries"]
    page.evaluate("() => indexedDB.deleteDatabase(log.name)")
    again(page, page.url.split("bench")[0])
    page.evaluate(OPEN)
    for content in reversed(pair):
        load(page, content)
    assert page.evaluate(SAVED)["entries"] == first


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("no json", "not JSON"),
        ("[]", "no saved progress"),
        (file(version=3), "version 3"),
        (
            file({"id": f"{A}-1", "time": 1_780_000_000_000, "note": "plan", "value": "soon"}),
            "Entry 1 of the file: value",
        ),
        (file(entries="none"), "list of at most"),
        (file(cleared={"x": 1}), "“cleared”"),
        (file(entry(A, 1), entry(A, 2, verdict="maybe")), "Entry 2 of the file: verdict: expected one of right"),
        (file(entry(A, 1, item="<b>")), "Entry 1 of the file: item"),
        (file(entry(A, 1, answer={"a": 1})), "answer: expected a text"),
        (file(entry(A, 1, answer="x" * 20_001)), "answer"),
        (file(entry(A, 1, surprise=1)), "surprise: not a field"),
        (file(entry("short", 1)), "id: expected"),
        (" " * 20_000_001, "at most 20,000,000"),
    ],
    ids=range(13),
)
def test_a_bad_file_is_refused_whole_and_in_words(page, content, words):
    assert words in load(page, content)
    assert page.evaluate(SAVED)["entries"] == []


def test_a_store_that_knew_no_notes_keeps_its_answers_and_takes_notes(context, workshop, items):
    page = context.new_page()
    page.goto(f"{workshop}_static/studykit/favicon.svg")
    page.evaluate(
        """(entry) => new Promise((resolve) => {
            const request = indexedDB.open("studykit /", 1);
            request.onupgradeneeded = () => {
                request.result.createObjectStore("log", { keyPath: "id" }).createIndex("item", "item");
                request.result.createObjectStore("about");
                request.transaction.objectStore("log").put(entry);
            };
            request.onsuccess = () => { request.result.close(); resolve(); };
        })""",
        entry(A, 1),
    )
    page = bench(context, workshop, ("quiz", {"items": items, "answers": {}})).page
    expect(page.locator(".sk-tools")).to_contain_text("1 of 2 answered")
    page.evaluate(OPEN)
    page.evaluate("() => log.note('plan', { day: '2026-12-10' })")
    assert page.evaluate(SAVED)["entries"][0]["id"] == f"{A}-1"
    assert page.evaluate("async () => Object.fromEntries((await log.read()).notes)") == {"plan": {"day": "2026-12-10"}}


def test_of_a_note_the_latest_counts_in_every_tab(page, workshop):
    other = page.context.new_page()
    again(other, workshop)
    other.evaluate(OPEN)
    plan = "async () => (await log.read()).notes.get('plan')?.day"
    page.evaluate("() => log.note('plan', { day: '2026-12-10' })")
    assert other.evaluate(plan) == "2026-12-10"
    other.evaluate("() => log.note('plan', { day: '2026-12-11' })")
    assert page.evaluate(plan) == "2026-12-11"
    assert len(page.evaluate(SAVED)["entries"]) == 1, "what stood there before is overwritten"
    saved = page.evaluate("() => log.exportText()")
    page.evaluate("() => log.note('plan', null)")
    assert page.evaluate(plan) is None
    load(page, saved)
    assert page.evaluate(plan) is None, "what was forgotten later is not brought back by a merge"


def test_two_tabs_do_not_overwrite_each_other(page, workshop):
    other = page.context.new_page()
    again(other, workshop)
    other.evaluate(OPEN)
    for tab in (page, other):  # both listen before one writes
        tab.evaluate("() => { window.heard = 0; log.on(() => (window.heard += 1)); }")
    write_many = """(item) => {
        window.writing = Promise.all(Array.from({ length: 100 }, (_, i) => log.add({ item, rev: 1, answer: String(i), verdict: "seen" })));
    }"""
    page.evaluate(write_many, "one")
    other.evaluate(write_many, "two")
    for tab in (page, other):
        tab.evaluate("() => window.writing")
    entries = page.evaluate(SAVED)["entries"]
    assert len(entries) == 200
    assert len({one["id"] for one in entries}) == 200
    assert {(one["item"], one["answer"]) for one in entries} == {
        (i, str(n)) for i in ("one", "two") for n in range(100)
    }
    other.wait_for_function("() => window.heard > 100")


def reading(page, rounds: int) -> dict[str, list[float]]:
    """Milliseconds that ten thousand entries take, in turns: as the log reads them, and as the browser hands them out."""
    load(page, file(*(entry(A, n, answer="a choice of usual length") for n in range(1, 10_001))))
    return page.evaluate(
        """async (rounds) => {
            const database = await log.database;
            const all = () => new Promise((done) => {
                database.transaction("log").objectStore("log").getAll().onsuccess = ({ target }) => done({ entries: target.result });
            });
            const ways = { log: () => log.read(), store: all };
            const times = { log: [], store: [] };
            for (let round = 0; round < rounds; round++) {
                for (const [name, read] of Object.entries(ways)) {
                    const start = performance.now();
                    const { entries } = await read();
                    times[name].push(performance.now() - start);
                    if (entries.length !== 10000) throw new Error(entries.length);
                }
            }
            return times;
        }""",
        rounds,
    )


def test_ten_thousand_entries_are_read_in_a_few_times_what_the_browser_takes(page):
    """Reading checks, merges and sorts, each once an entry. `make bench` holds the milliseconds to a limit."""
    times = {name: median(took) for name, took in reading(page, 9).items()}
    assert times["log"] < 6 * times["store"], times


REFUSALS = {
    "no store at all": "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError'); } })",
    "open refused": REFUSED,
    "a store that never answers": "window.studykitPatience = 500; IDBFactory.prototype.open = () => ({})",
    "disk full": "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }",
}


@pytest.mark.parametrize("script", REFUSALS.values(), ids=REFUSALS)
def test_a_refusing_store_is_said_and_answers_count_in_memory(context, workshop, items, script):
    context.add_init_script(script)
    watched = bench(context, workshop, ("quiz", {"items": items, "answers": {}}))
    page = watched.page
    page.locator(".sk-question").first.get_by_role("radio").first.check()
    page.locator("button[type=submit]").first.click()
    expect(page.locator(".sk-tools")).to_contain_text("1 of 2 answered")
    expect(page.locator(".sk-notice")).to_contain_text("cannot be kept in this browser")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save them to a file").click()
    saved = json.loads(download.value.path().read_text())
    assert [one["item"] for one in saved["entries"]] == ["one"]
    assert not watched.problems, "\n".join(watched.problems)


@pytest.mark.parametrize("version", [1, 2])
def test_a_store_of_another_form_breaks_nothing(context, workshop, items, version):
    page = context.new_page()
    page.goto(f"{workshop}_static/studykit/favicon.svg")
    page.evaluate(
        """(version) => new Promise((resolve) => {
            const request = indexedDB.open("studykit /", version);
            request.onupgradeneeded = () => request.result.createObjectStore("something");
            request.onsuccess = () => { request.result.close(); resolve(); };
        })""",
        version,
    )
    watched = bench(context, workshop, ("quiz", {"items": items, "answers": {}}))
    expect(watched.page.locator(".sk-notice")).to_contain_text("cannot be kept in this browser")
    assert not watched.problems


def test_a_newer_store_breaks_nothing(context, workshop, items):
    page = context.new_page()
    page.goto(f"{workshop}_static/studykit/favicon.svg")
    page.evaluate(
        """() => new Promise((resolve) => {
            const request = indexedDB.open("studykit /", 7);
            request.onsuccess = () => { request.result.close(); resolve(); };
        })"""
    )
    watched = bench(context, workshop, ("quiz", {"items": items, "answers": {}}))
    expect(watched.page.locator(".sk-notice")).to_contain_text("cannot be kept in this browser")
    assert not watched.problems


def test_a_corrupt_entry_is_left_out_and_said(page, workshop):
    load(page, file(entry(A, 1)))
    page.evaluate(
        """async () => {
            const database = await log.database;
            const transaction = database.transaction("log", "readwrite");
            const written = new Promise((done) => transaction.addEventListener("complete", done));
            const store = transaction.objectStore("log");
            store.put({ id: "bad", item: "two", answer: { not: "readable" } });
            store.put({ id: "bbbbbbbbbb-1", item: "two", rev: 1, time: 1780000000000, answer: "no such choice", verdict: "right" });
            await written;
        }"""
    )
    again(page, workshop)
    expect(page.locator(".sk-notice")).to_contain_text("One stored entry cannot be read")
    expect(page.locator(".sk-tools")).to_contain_text("2 of 2 answered")
    page.evaluate(OPEN)
    assert [one["id"] for one in page.evaluate(SAVED)["entries"]] == [f"{B}-1", f"{A}-1"]


def test_the_page_reminds_after_five_days_without_a_saved_file(page, workshop):
    day = 86_400_000
    for age, reminded in ((4, False), (6, True)):
        now = page.evaluate("Date.now()")
        load(page, file(entry(A, age, time=now - age * day)))
        again(page, workshop)
        assert bool(page.locator(".sk-notice").count()) == reminded
        page.evaluate(OPEN)
    expect(page.locator(".sk-notice")).to_contain_text("last 6 days are in this browser only")
    with page.expect_download():
        page.get_by_role("button", name="Save them to a file").click()
    expect(page.locator(".sk-notice")).to_contain_text("Saved.")
    again(page, workshop)
    assert page.locator(".sk-notice").count() == 0
