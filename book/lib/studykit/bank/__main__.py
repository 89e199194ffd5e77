"""`python -m studykit.bank coverage` prints what the bank covers, `... cues` what a guesser gains without knowing the
subject; `... speech` how its strong answers sound; `... exports FOLDER [FUNCTIONS]` notes which cards have changed,
and writes the bank's exports; `... statistics FILES...` prints how items did with the readers who saved these files on
the progress page."""

import sys
from collections import Counter
from pathlib import Path

from studykit.bank import KINDS, QUESTIONS, RESPONSIBILITIES, STAGES, coverage, is_exercise, load


def table(folder: Path = QUESTIONS) -> str:
    """Items by stage and responsibility with their kinds, the sums by kind, and exercises by page, as plain text."""
    items = load(folder).values()
    cells = coverage(items)
    rows = [["", *RESPONSIBILITIES, "none", "items"]]
    for stage in STAGES:
        row = [cells.get((stage, responsibility), {}) for responsibility in (*RESPONSIBILITIES, "")]
        texts = [" ".join(f"{kind} {cell[kind]}" for kind in KINDS if kind in cell) or "-" for cell in row]
        rows.append([stage, *texts, str(sum(item["stage"] == stage for item in items))])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    kinds = Counter(item["type"] for item in items)
    sums = ", ".join(f"{kind} {kinds[kind]}" for kind in KINDS if kinds[kind])
    pages = Counter(item["recorded"] for item in items if is_exercise(item))
    exercises = ", ".join(f"{page} {count}" for page, count in sorted(pages.items()))
    told = [f"{pages.total()} of them exercises: {exercises}"] if pages else []
    return "\n".join([*lines, "", f"{len(items)} items: {sums}", *told])


def statistics(paths: list[str]) -> str:
    """How items did with the readers of these files; what cannot be read is named on standard error and left out.

    Raises
    ------
    SystemExit where none of them can be read.
    """
    from studykit import progress
    from studykit.bank import item_statistics

    files = []
    for path in paths:
        try:
            answers = progress.read(path).reviews.reset_index().astype(object)
            files.append(answers.where(answers.notna(), None).to_dict("records"))
        except (ValueError, OSError) as error:
            words = f"{Path(path).name}: {error.strerror}" if isinstance(error, OSError) else error
            print(f"skipped {words}", file=sys.stderr)
    if not files:
        sys.exit("statistics: no file could be read, expected files that the progress page saved")
    return item_statistics.table(load(), item_statistics.by_reader(files))


def main(arguments: list[str]) -> None:
    match arguments:
        case ["coverage"]:
            print(table())
        case ["cues"]:
            from studykit.bank import cues

            print(cues.table(load()))
        case ["speech"]:
            from studykit.bank import speech

            print(speech.table(load().values()))
        case ["statistics", _, *_]:
            print(statistics(arguments[1:]))
        case ["exports", folder, *functions]:
            from studykit.bank.exports import load_functions, write
            from studykit.bank.exports.anki_deck import note_times

            called = load_functions(*functions)
            note_times(load(), called)
            for path in write(Path(folder), load(), called):
                print(path)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
