"""Where facts come from and how old they are: each source once, each old fact with its date."""

import csv
import datetime as dt
import re

import pytest
import yaml

from studykit import sources
from studykit.published import date_phrase, format_date, load_facts, resolve_roles
from tests.conftest import ROOT

FOLDER = ROOT / "data" / "facts"
KINDS = yaml.safe_load((ROOT / "data" / "source_kinds.yaml").read_text())


@pytest.fixture(scope="module")
def groups():
    return sources.group_sources(FOLDER, KINDS)


def test_every_address_of_the_folder_is_listed_once(groups):
    listed = [source.address for group in groups.values() for source in group]
    assert len(listed) == len(set(listed))
    text = "\n".join(path.read_text() for path in FOLDER.glob("*.yaml"))
    named = {fact["source_url"] for fact in load_facts(FOLDER).values()} | set(re.findall(r"source_url: (\S+)", text))
    for path in FOLDER.glob("*.csv"):
        with path.open(newline="") as lines:
            named |= {row["source_url"] for row in csv.DictReader(lines)}
    assert named <= set(listed)


def test_every_source_says_kind_confidence_and_what_it_supports(groups):
    for group in groups.values():
        for source in group:
            assert source.supports, source
            assert source.confidence, source
            assert source.title, source


def test_every_confidence_of_a_fact_has_its_kind():
    lost = {
        fact["confidence"]
        for fact in load_facts(FOLDER).values()
        if not sources.source_kind(fact["confidence"], "", KINDS)
    }
    assert lost == set()


@pytest.mark.parametrize(
    ("confidence", "address", "title"),
    [
        ("official page, excerpt", "", "Official pages"),
        ("third-party copy of official page", "", "Copies of official pages"),
        ("high", "https://www.freightwaves.com/news/x", "Trade press and news"),
        ("high", "https://not-freightwaves.com/", ""),
        ("low (unverified; only the start is official)", "", "Low trust"),
    ],
)
def test_kind(confidence, address, title):
    assert sources.source_kind(confidence, address, KINDS) == title


def test_kinds_without_a_rest_are_refused():
    with pytest.raises(ValueError, match="kinds: none has 'rest'"):
        sources.group_sources(FOLDER, [{"title": "All", "confidence": ["official"]}])


def test_a_folder_that_does_not_say_its_month_is_refused(tmp_path):
    (tmp_path / "facts.yaml").write_text("# Facts.\n")
    with pytest.raises(ValueError, match="Collected up to"):
        sources.collection_month(tmp_path)


REFRESHED = dt.date(2026, 11, 30)


def test_facts_are_printed_oldest_first_with_file_and_confidence(capsys):
    sources.main(FOLDER, REFRESHED)
    lines = capsys.readouterr().out.splitlines()
    facts = [line for line in lines if " months " in line and line.split()[1] == "months"]
    past = [line for line in lines if line.startswith("ended ")]
    assert len(facts) + len(past) == len(load_facts(FOLDER))
    ages = [int(line.split()[0]) for line in facts]
    assert ages == sorted(ages, reverse=True)
    for line in facts:
        assert re.search(r"\d{4}.*\.yaml +\S+$", line), line


def test_no_fact_past_its_end_is_printed_as_current(capsys):
    sources.main(FOLDER, REFRESHED)
    printed_lines = capsys.readouterr()
    current, past = [], []
    for line in printed_lines.out.splitlines():
        if line.split()[-1] in load_facts(FOLDER):
            (past if line.startswith("ended ") else current).append(line.split()[-1])
    assert past
    assert set(past) == {name for name, fact in load_facts(FOLDER).items() if sources.ended(fact, REFRESHED)}
    assert not set(past) & set(current)
    assert printed_lines.err == ""


def test_a_fact_that_ends_after_the_collection_is_warned_of(capsys):
    sources.main(FOLDER, dt.date(2027, 1, 18))
    assert "parcel.usps_fuel_2026" in capsys.readouterr().err
    sources.main(FOLDER, dt.date(2027, 1, 17))
    assert "parcel.usps_fuel_2026" not in capsys.readouterr().err


def test_months():
    assert sources.age_in_months("2026-11", "2026-11") == 0
    assert sources.age_in_months("2025-H2", "2026-11") == 16
    with pytest.raises(ValueError, match="date: 'soon'"):
        sources.first_day("soon")


OLD = [fact["id"] for fact in sources.facts_by_age(FOLDER) if fact["age"] > sources.OLD_MONTHS]


@pytest.mark.parametrize("name", OLD)
def test_an_old_fact_is_never_printed_without_its_date(name):
    fact = load_facts(FOLDER)[name]
    assert resolve_roles(f"{{fact}}`{name}`").startswith(f"{fact['show']} ({date_phrase(fact)}")
    assert format_date(fact["date"])[-4:] in date_phrase(fact) or fact["date"] in date_phrase(fact)


def test_there_are_old_facts_to_hold_to_it():
    assert OLD
