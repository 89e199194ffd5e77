"""The reader's saved answers in a notebook: `read` a file that the progress page saved, and the same report as there."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from jsonschema_rs import Draft202012Validator

FORMAT, VERSIONS = "studykit-log", (1, 2)
MAX_BYTES = 20_000_000
CERTAINTY = {1: "Not sure", 2: "Fairly sure", 3: "Sure"}
CALIBRATION_RANGES = {1: (0, 67), 2: (67, 80), 3: (80, 100)}
"""Where each level pays, as a share of right answers in percent: the marks 1, 2, 3 for right and 0, -2, -6 for wrong."""

STORY_PARTS = ["title", "situation", "task", "action", "result", "hindsight", "figures"]
"""What a story of the story bank is written in, as its page names the fields; lists of tags come beside them."""

_SCHEMA = json.loads((Path(__file__).parent / "widgets" / "js" / "log-entry.schema.json").read_text(encoding="utf-8"))
_VALIDATOR = Draft202012Validator(_SCHEMA)
_KINDS = _SCHEMA["$defs"]
_FIELDS = {
    kind: {
        name: Draft202012Validator({"$ref": f"#/$defs/{kind}/properties/{name}", "$defs": _KINDS})
        for name in _KINDS[kind]["properties"]
    }
    for kind in ("answer", "note")
}
_TEAL, _MIST, _SAND = "#0b5f66", "#a9c7c9", "#d9a86c"


def _file_error(path: Path, problem: str) -> ValueError:
    return ValueError(f"{path.name}: {problem}")


@dataclass(frozen=True)
class Progress:
    """What a reader saved, as tables; what is not known is missing.

    Attributes
    ----------
    reviews : one row an answer in the order of time, indexed by entry id: ``item``, ``rev``, ``time`` (UTC), ``answer``
        (text, or list of texts), ``verdict`` (right, wrong, or seen where nothing is graded), ``certainty`` (1 to 3),
        ``seconds``, ``seed``, ``scores`` (dict), ``grade`` (1 to 4, of a card), ``round``, ``delivery`` (dict).
    spoken : the answers given in a mock interview, indexed and ordered alike: ``round``, ``item``, ``time``, ``answer``,
        ``words``, ``seconds`` and a column for each measure of delivery.
    scores : one row a row of a rubric that the reader scored: ``entry``, ``item``, ``time``, ``row``, ``score`` (1, 3
        or 5).
    stories : one row a story, indexed by its note's name: ``STORY_PARTS``, then lists of tags.
    notes : the latest of every note by name, stories and all else that was set, written or ticked.
    """

    reviews: pd.DataFrame
    spoken: pd.DataFrame
    scores: pd.DataFrame
    stories: pd.DataFrame
    notes: dict[str, dict[str, Any]]


def read(path: str | Path) -> Progress:
    """Everything in a file that the progress page saved.

    Parameters
    ----------
    path : the JSON file.

    Raises
    ------
    ValueError naming file, entry and field where it is not such a file.
    """
    entries = _entries(Path(path))
    reviews = _reviews([entry for entry in entries if "note" not in entry])
    notes: dict[str, dict[str, Any]] = {}
    for entry in sorted(
        (entry for entry in entries if "note" in entry), key=lambda entry: (entry["time"], entry["id"])
    ):
        notes.pop(entry["note"], None)
        if entry["value"] is not None:
            notes[entry["note"]] = entry["value"]
    stories = {name: value for name, value in notes.items() if name.startswith("story-")}
    tags = sorted({part for story in stories.values() for part in story} - set(STORY_PARTS))
    return Progress(
        reviews=reviews,
        spoken=_spoken(reviews),
        scores=_scores(reviews),
        stories=pd.DataFrame.from_dict(stories, orient="index", columns=[*STORY_PARTS, *tags]),
        notes=notes,
    )


def _entries(path: Path) -> list[dict[str, Any]]:
    """The entries of a saved file, each as the schema wants it."""
    if path.stat().st_size > MAX_BYTES:
        raise _file_error(path, f"{path.stat().st_size:,} bytes, expected at most {MAX_BYTES:,}")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise _file_error(path, f"not JSON: {error}") from error
    given = (content.get("format"), content.get("version")) if isinstance(content, dict) else (None, None)
    if given not in [(FORMAT, version) for version in VERSIONS]:
        raise _file_error(path, f"format and version {given}, expected {FORMAT!r} and 1 or 2")
    if not isinstance(content.get("entries"), list):
        raise _file_error(path, "entries: expected a list")
    for number, entry in enumerate(content["entries"], 1):
        if problem := _entry_problem(entry):
            raise _file_error(path, f"entry {number}: {problem}")
    return list(content["entries"])


def _reviews(answers: list[dict[str, Any]]) -> pd.DataFrame:
    columns = [name for name in _KINDS["answer"]["properties"] if name != "id"]
    frame = pd.DataFrame(answers, columns=["id", *columns]).set_index("id")
    frame["time"] = pd.to_datetime(frame["time"], unit="ms", utc=True)
    for name in ("certainty", "seconds", "seed", "grade"):
        frame[name] = frame[name].astype("Int64")
    return frame.sort_values(["time", "id"], kind="stable")


def _spoken(reviews: pd.DataFrame) -> pd.DataFrame:
    spoken = reviews.loc[reviews["round"].notna(), ["round", "item", "time", "answer", "seconds"]]
    words = [len(answer.split()) if isinstance(answer, str) else pd.NA for answer in spoken["answer"]]
    spoken.insert(4, "words", pd.array(words, dtype="Int64"))
    measures = [one if isinstance(one, dict) else {} for one in reviews.loc[spoken.index, "delivery"]]
    return spoken.join(pd.DataFrame(measures, index=spoken.index))


def _scores(reviews: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {"entry": name, "item": entry["item"], "time": entry["time"], "row": row, "score": score}
        for name, entry in reviews.iterrows()
        if isinstance(entry["scores"], dict)
        for row, score in entry["scores"].items()
    ]
    return pd.DataFrame(rows, columns=["entry", "item", "time", "row", "score"])


def _description(field: Mapping[str, Any]) -> str:
    """How the schema ends the sentence "expected ..." for a field."""
    shared = _KINDS["answer"]["properties"].get(str(field.get("$ref", "")).rpartition("/")[2], {})
    return str(field.get("description") or shared.get("description"))


def _entry_problem(entry: Any) -> str:
    """What is wrong with an entry, in words, or nothing."""
    if _VALIDATOR.is_valid(entry):
        return ""
    if not isinstance(entry, dict):
        return "not an entry"
    kind = "note" if "note" in entry else "answer"
    for name, field in _KINDS[kind]["properties"].items():
        if name not in entry:
            if name in _KINDS[kind]["required"]:
                return f"{name}: missing, expected {_description(field)}"
        elif not _FIELDS[kind][name].is_valid(entry[name]):
            return f"{name}: {entry[name]!r}, expected {_description(field)}"
    unknown = sorted(entry.keys() - _KINDS[kind]["properties"].keys())
    return f"{unknown[0]}: not a field of an entry"


def _tally(answers: pd.DataFrame, by: Any) -> pd.DataFrame:
    graded = answers[answers["verdict"] != "seen"]
    grouped = (graded["verdict"] == "right").groupby(by.reindex(graded.index) if isinstance(by, pd.Series) else by)
    return (
        grouped.agg(answers="size", right="sum")
        .astype(int)
        .assign(share=lambda table: table["right"] / table["answers"])
    )


def by_day(answers: pd.DataFrame, timezone: str = "UTC") -> pd.DataFrame:
    """Graded answers, right ones and their share by day (``answers``, ``right``, ``share``).

    Parameters
    ----------
    answers : the ``reviews`` that `read` gives.
    timezone : whose days these are; the progress page takes the browser's.
    """
    return _tally(answers, answers["time"].dt.tz_convert(timezone).dt.strftime("%Y-%m-%d").rename("day"))


def by_certainty(answers: pd.DataFrame) -> pd.DataFrame:
    """Graded answers, right ones and their share by how sure the reader was: calibration."""
    return _tally(answers, answers["certainty"]).rename(index=CERTAINTY)


def _current_ids(answers: pd.DataFrame, items: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Answers under the ids of today: one to an item that was merged counts for the item that took its place."""
    places = {old: name for name, item in items.items() for old in item.get("replaces", [])}
    return answers.assign(item=answers["item"].replace(places)) if places else answers


def item_status(answers: pd.DataFrame, items: Mapping[str, Mapping[str, Any]]) -> pd.Series:
    """The status of each item: unseen, changed (answered before it changed), right, wrong or seen (not graded).

    Parameters
    ----------
    answers : the ``reviews`` that `read` gives.
    items : the bank, as `studykit.bank.load` gives it.
    """
    last = _current_ids(answers, items).groupby("item").tail(1).set_index("item")

    def status_of(name: str, item: Mapping[str, Any]) -> str:
        if name not in last.index:
            return "unseen"
        return last.at[name, "verdict"] if last.at[name, "rev"] == item["rev"] else "changed"

    return pd.Series({name: status_of(name, item) for name, item in items.items()}, name="status", dtype=object)


def coverage(answers: pd.DataFrame, items: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Items, answered ones and those last answered right, by stage and responsibility; an item counts in each of its own.

    Exercises are no part of a set and count in none.
    """
    status = item_status(answers, items)
    rows = [
        {
            "stage": item["stage"],
            "responsibility": responsibility,
            "items": 1,
            "answered": int(status[name] not in ("unseen", "changed")),
            "right": int(status[name] == "right"),
        }
        for name, item in items.items()
        if "recorded" not in item
        for responsibility in item.get("responsibility") or [""]
    ]
    return pd.DataFrame(rows).groupby(["stage", "responsibility"], sort=False).sum()


def weak_spots(answers: pd.DataFrame, items: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Items last answered wrong, the ones missed most often first: ``missed``, ``time`` of the last answer, ``learn``."""
    answers = _current_ids(answers, items)
    status = item_status(answers, items)
    missed = answers[answers["verdict"] == "wrong"].groupby("item").size()
    rows = {
        name: {
            "missed": int(missed[name]),
            "time": answers.loc[answers["item"] == name, "time"].iloc[-1],
            "learn": items[name].get("learn", ""),
        }
        for name in status.index[status == "wrong"]
    }
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["missed", "time", "learn"])
    return frame.sort_values(["missed", "time"], ascending=False, kind="stable")


def _labeled(figure: go.Figure, title: str, x: str, y: str, alt: str) -> go.Figure:
    figure.update_layout(title_text=title, meta={"alt": alt}, showlegend=False)
    figure.update_xaxes(title_text=x)
    figure.update_yaxes(title_text=y)
    return figure


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def accuracy_chart(answers: pd.DataFrame, timezone: str = "UTC") -> go.Figure:
    """Share of graded answers that were right, day by day."""
    days = by_day(answers, timezone)
    shares = (100 * days["share"]).round(1)
    figure = go.Figure(go.Bar(x=days.index.tolist(), y=shares.tolist(), marker_color=_TEAL))
    figure.update_xaxes(type="category")
    figure.update_yaxes(range=[0, 100])
    total = days["right"].sum() / days["answers"].sum()
    title = f"{_percent(total)} of {days['answers'].sum():,} graded answers were right"
    return _labeled(figure, title, "day", "right answers, %", f"Bars of right answers in percent by day. {title}.")


def calibration_chart(answers: pd.DataFrame) -> go.Figure:
    """Share of right answers by how sure the reader was, over the range in which each level pays.

    Raises
    ------
    ValueError where no answer says how sure the reader was.
    """
    table = by_certainty(answers)
    if table.empty:
        raise ValueError("certainty: no answer has one, expected some; tick 'Ask how sure I am' beside the questions")
    names = list(CERTAINTY.values())
    figure = go.Figure()
    figure.add_bar(
        x=names,
        base=[low for low, _ in CALIBRATION_RANGES.values()],
        y=[high - low for low, high in CALIBRATION_RANGES.values()],
        marker_color=_MIST,
        width=0.8,
        name="where it pays",
    )
    figure.add_scatter(
        x=table.index.tolist(),
        y=(100 * table["share"]).round(1).tolist(),
        mode="markers",
        marker={"color": _TEAL, "size": 12, "symbol": "diamond"},
        name="your answers",
    )
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(range=[0, 100])
    spelled = ", ".join(f"{name.lower()} {_percent(share)}" for name, share in table["share"].items())
    title = f"Right answers: {spelled}"
    return _labeled(
        figure, title, "you said", "right answers, %", f"Your share of right answers over the range that pays. {title}."
    )


def coverage_chart(
    answers: pd.DataFrame, items: Mapping[str, Mapping[str, Any]], stages: Iterable[str] = ()
) -> go.Figure:
    """Share of the questions answered, stage by stage, and of those last answered right."""
    status = item_status(answers, items)
    of = pd.Series({name: item["stage"] for name, item in items.items()})
    names = list(stages) or list(dict.fromkeys(of))
    counts = of.value_counts().reindex(names, fill_value=0)
    done = of[~status.isin(["unseen", "changed"])].value_counts().reindex(names, fill_value=0)
    right = of[status == "right"].value_counts().reindex(names, fill_value=0)
    share = [(100 * part / counts.clip(lower=1)).round(1).tolist() for part in (done, right)]
    figure = go.Figure()
    figure.add_bar(y=names, x=share[0], orientation="h", marker_color=_MIST, name="answered")
    figure.add_bar(y=names, x=share[1], orientation="h", marker_color=_TEAL, width=0.4, name="last answered right")
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[0, 100])
    title = f"{done.sum()} of {len(items)} questions answered, {right.sum()} right the last time"
    return _labeled(
        figure, title, "questions, %", "stage", f"Bars by stage: answered and right the last time. {title}."
    )
