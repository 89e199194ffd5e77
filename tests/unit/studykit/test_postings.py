"""What postings ask: counted only over the texts that could show it."""

import pytest

from studykit.postings import ASKED, count, postings, shown
from studykit.published import load_facts
from tests.conftest import ROOT

TABLE = ROOT / "data" / "facts" / "postings.csv"
HEADER = "group,source_title," + ",".join(["requirements", *(column for _, column, _ in ASKED)])
WORDS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def test_what_is_asked_is_counted_among_the_texts_that_show_it(tmp_path):
    path = tmp_path / "postings.csv"
    path.write_text(
        f"{HEADER}\nA,Shows,yes,5,yes,,,,,,yes,\nA,Breaks off,,,,yes,,,,,yes,yes\nB,Other,partly,2,,,,,,,,\n"
    )
    groups = postings(path)
    assert list(groups) == ["A", "B"]
    counts = {column: count(groups["A"], column, required) for _, column, required in ASKED}
    assert counts["years"] == counts["degree"] == (1, 1)
    assert counts["excel"] == (0, 1)
    assert counts["partners"] == (2, 2)
    assert counts["negotiation"] == (1, 2)
    assert count(groups["B"], "years", required=True) == (0, 1)


@pytest.mark.parametrize("cells", ["maybe,5,,,,,,,,", "yes,five,,,,,,,,", "yes,5,no,,,,,,,"])
def test_a_cell_that_is_no_mark_is_refused(tmp_path, cells):
    path = tmp_path / "postings.csv"
    path.write_text(f"{HEADER}\nA,Shows,{cells}\n")
    with pytest.raises(ValueError, match=r"postings\.csv: .* of 'Shows' is"):
        postings(path)


def test_the_fact_says_what_the_table_holds():
    rows = postings(TABLE)["TikTok and ByteDance"]
    said = load_facts(TABLE.parent)["job.postings.count"]["statement"]
    five, base = count(rows, "years", required=True)
    assert f"We read {WORDS[len(rows)]} TikTok and ByteDance" in said
    assert f"{WORDS[len(shown(rows))]} of them show requirements" in said
    assert f"{WORDS[five].title()} of the {WORDS[base]} ask for at least 5 years" in said
    assert f"all {WORDS[count(rows, 'degree', required=True)[0]]} ask for a bachelor's degree" in said
    assert f"{WORDS[count(rows, 'excel', required=True)[0]]} for Excel" in said
    assert f"{WORDS[count(rows, 'bi_tools', required=True)[0]]} for BI tools" in said
    negotiation, read_in_part = count(rows, "negotiation", required=False)
    assert f"{WORDS[negotiation].title()} of the {WORDS[read_in_part]} names negotiation" in said
    assert all(count(rows, column, required=True)[0] == 0 for column in ("sql", "mandarin", "travel"))
