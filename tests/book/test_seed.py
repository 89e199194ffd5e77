"""The built pages answer what the article asks: its questions in full, and each thing that it lists with a page to read."""

import re
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from bs4 import BeautifulSoup, Tag

from tests.book.seed import INSIGHTS, QUALIFICATIONS, QUESTIONS, RESPONSIBILITIES, TIPS

CHAPTERS = ("responsibilities/", "cases/", "reference/", "stages/")  # where a reader is taught


def plain(text: str) -> str:
    """Text without typographic quotes, dashes and runs of spaces."""
    text = re.sub("[“”]", '"', re.sub("[‘’]", "'", text)).replace("–", "-")
    return " ".join(text.replace("¶", " ").replace("#", " ").split())


def page(site: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")


def leads_to(part: Tag, site: Path, name: str) -> set[str]:
    """Pages of the site that exist and to which a part of the page ``name`` links."""
    found = {
        normpath(join(dirname(name), link["href"].partition("#")[0] or Path(name).name))
        for link in part("a", href=True)
    }
    return {target for target in found if (site / target).is_file()}


def after(part: Tag, label: str, kind: str) -> Tag | None:
    """The element right after the label of a question's part, if it is of the kind."""
    head = next((found for found in part("p", class_="sk-part") if plain(found.get_text()).startswith(label)), None)
    follows = head and head.find_next_sibling()
    return follows if follows and follows.name == kind else None


def question(whole: BeautifulSoup, stem: str) -> Tag | None:
    """The block of the question whose stem this is."""
    blocks = whole("section", class_="sk-interview")
    asked = {plain(block.find(class_="sk-asked").get_text()).strip('" '): block for block in blocks}
    return asked.get(stem)


def lacks(block: Tag | None, full: bool = True) -> list[str]:
    """What an interview question must show and this block does not; a likely question has no answers."""
    if block is None:
        return ["question"]
    plan, probes = after(block, "Plan", "ol"), after(block, "Probes", "dl")
    rubric = block.find("dl", class_="sk-rubric")
    beats = [plain(beat.get_text()) for beat in plan("li")] if plan else []
    rows = [[plain(level.get_text())[0] for level in row("li")] for row in rubric("dd")] if rubric else []
    strong = block.find("div", class_=["strong", "invented"])
    weak = block.find("div", class_="weak")
    spoken = len(plain(strong.get_text()).split()) if strong else 0
    found = {
        "plan with seconds": len(beats) >= 3
        and all(re.search(r"\((?:[\d½]+ (?:second|minute)s?)\)$", beat) for beat in beats),
        "probes with replies": bool(probes) and 2 <= len(probes("dt")) == len(probes("dd")) <= 4,
        "rubric with anchors": 3 <= len(rows) <= 5 and all(row == ["1", "3", "5"] for row in rows),
        "where to read": bool(block.find("p", class_="sk-read")) and bool(block.find("p", class_="sk-read")("a")),
    }
    if full:
        found |= {
            "what is listened for": bool(after(block, "What the interviewer listens for", "ul")),
            "strong answer": 100 <= spoken <= 420,
            "weak answer and why it loses": bool(weak)
            and "It loses because" in weak.get_text()
            and len(weak("li")) >= 2,
            "strong before weak": bool(strong) and bool(weak) and strong.sourceline < weak.sourceline,
        }
    return [part for part, there in found.items() if not there]


ALL = [(name, stem) for name, stems in QUESTIONS.items() for stem in stems]


def test_there_are_fourteen():
    assert len(ALL) == len({stem for _, stem in ALL}) == 14


@pytest.mark.parametrize(("name", "stem"), ALL, ids=lambda text: text[:40])
def test_each_question_is_answered_in_full(site, name, stem):
    assert lacks(question(page(site, name), stem)) == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_stage_has_four_likely_questions(site, name):
    others = [
        block
        for block in page(site, name)("section", class_="sk-interview")
        if plain(block.find(class_="sk-asked").get_text()).strip('" ') not in QUESTIONS[name]
    ]
    assert len(others) >= 4
    assert [found for block in others if (found := lacks(block, full=False))] == []


@pytest.mark.parametrize(
    ("part", "selector"),
    [
        ("plan with seconds", "ol"),
        ("rubric with anchors", "dl.sk-rubric"),
        ("strong answer", "div.invented"),
        ("weak answer and why it loses", "div.weak"),
        ("where to read", "p.sk-read"),
        ("what is listened for", "ul"),
        ("probes with replies", "dl:not(.sk-rubric)"),
        ("question", ".sk-asked p"),
    ],
)
def test_a_part_that_is_gone_is_found(site, part, selector):
    whole = page(site, "stages/hr-screening.html")
    stem = QUESTIONS["stages/hr-screening.html"][0]
    question(whole, stem).select_one(selector).decompose()
    assert part in lacks(question(whole, stem))


@pytest.mark.parametrize("name", RESPONSIBILITIES)
def test_each_responsibility_leads_to_its_chapter_cases_and_questions(site, name):
    rows = {
        plain(row.find("strong").get_text()).lower().rstrip("."): row
        for row in page(site, "start/role.html")("tr")
        if row.find("strong")
    }
    row = rows[name.lower()]
    assert set(RESPONSIBILITIES[name]) <= leads_to(row, site, "start/role.html")
    assert [link for link in row("a", href=True) if link["href"].startswith("../stages/") and "#" in link["href"]]


@pytest.mark.parametrize("anchor", QUALIFICATIONS)
def test_each_qualification_leads_to_its_chapter_or_case(site, anchor):
    words, targets = QUALIFICATIONS[anchor]
    section = page(site, "start/qualifications.html").find(id=anchor).find_parent("section") or page(
        site, "start/qualifications.html"
    ).find("section", id=anchor)
    text = plain(section.get_text()).lower()
    assert [word for word in words if word not in text] == []
    assert [part for part in ("Proof.", "Equivalent.", "Gap.") if part not in section.get_text()] == []
    assert all(target.startswith(CHAPTERS) for target in targets)
    assert set(targets) <= leads_to(section, site, "start/qualifications.html")


@pytest.mark.parametrize("anchor", INSIGHTS)
def test_each_insight_leads_to_its_case(site, anchor):
    words, targets = INSIGHTS[anchor]
    whole = page(site, "start/process.html")
    section = whole.find(id=anchor)
    section = section if section.name == "section" else section.find_parent("section")
    text = plain(section.get_text()).lower()
    assert [word for word in words if word not in text] == []
    assert set(targets) <= leads_to(section, site, "start/process.html")


@pytest.mark.parametrize("tip", TIPS)
def test_each_tip_leads_to_its_chapter_or_case(site, tip):
    rows = {plain(row.find("td").get_text()): row for row in page(site, "start/role.html")("tr") if row.find("td")}
    assert set(TIPS[tip]) <= leads_to(rows[tip], site, "start/role.html")


def test_a_link_that_leads_nowhere_does_not_count(site):
    part = BeautifulSoup('<p><a href="../cases/gone.html">x</a><a href="role.html#x">y</a></p>', "html.parser")
    assert leads_to(part, site, "start/process.html") == {"start/role.html"}
