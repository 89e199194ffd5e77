"""How much of the library the unit tests hold: `python -m tests.mutants [COUNT] [ROOM...]` damages single lines of it.

COUNT damages (100) are drawn from ROOMS, as many from each and the same ones every time. Each is tried alone in a copy
of the project: on the tests of its room and the doctests of its module, and if those pass, on all unit tests.
Cosmic Ray finds the places and writes the damaged code; ``make mutations LINES=100`` installs it apart.
"""

import ast
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from tests.mutations import ROOT, copied, environment

LIBRARY = "book/lib"
ROOMS = [
    "fulfillment/freight",
    "fulfillment/costing",
    "fulfillment/procurement",
    "fulfillment/kpis",
    "fulfillment/intake",
    "studykit/bank",
]
#: what a slip of the pen looks like; replacements that only raise a TypeError would flatter the tests
SLIPS = [
    *("AddNot", "NumberReplacer", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceTrueWithFalse"),
    *("ReplaceFalseWithTrue", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ZeroIterationForLoop"),
    *("ReplaceUnaryOperator_Delete_USub", "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_Invert"),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul")),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("BitAnd_BitOr", "BitOr_BitAnd")),
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Eq_NotEq", "NotEq_Eq")),
]
SECONDS = 900  # a damaged loop may never end


class Mutant(NamedTuple):
    """One damage: the module's path under ``book/lib``, its line, what is replaced, and which of such places."""

    module: str
    line: int
    slip: str
    occurrence: int


def annotations(code: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """(line, column) where each annotation begins and ends: damage there is no behavior."""
    tops = [getattr(node, name, None) for node in ast.walk(ast.parse(code)) for name in ("annotation", "returns")]
    return [
        ((top.lineno, top.col_offset), (top.end_lineno or 0, top.end_col_offset or 0))
        for top in tops
        if isinstance(top, ast.expr)
    ]


def mutants(module: str, code: str) -> Iterator[Mutant]:
    """Every damage that SLIPS can do to what a module does, and that is still Python."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator

    tree, silent = get_ast(code), annotations(code)
    for slip in SLIPS:
        operator = get_operator(f"core/{slip}")()
        places = [place for node in ast_nodes(tree) for place in operator.mutation_positions(node)]
        for occurrence, (start, _) in enumerate(places):
            if not any(first <= start < last for first, last in silent):
                yield Mutant(module, start[0], slip, occurrence)


def damaged(mutant: Mutant, code: str) -> str | None:
    """The module's code with the damage done, None where that is no Python."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    changed = mutate_code(code, get_operator(f"core/{mutant.slip}")(), mutant.occurrence)
    try:
        ast.parse(changed)
    except SyntaxError:
        return None
    return changed


def sample(count: int, rooms: list[str]) -> list[Mutant]:
    """As many mutants of each room, drawn line by line, so that a line with many operators counts once."""
    drawn: list[Mutant] = []
    for index, room in enumerate(rooms):
        lines: dict[tuple[str, int], list[Mutant]] = {}
        for path in sorted((ROOT / LIBRARY / room).glob("*.py")):
            name = path.relative_to(ROOT / LIBRARY).as_posix()
            for mutant in mutants(name, path.read_text(encoding="utf-8")):
                lines.setdefault((name, mutant.line), []).append(mutant)
        draw = random.Random(room)
        share = count * (index + 1) // len(rooms) - count * index // len(rooms)
        picked = (draw.choice(lines[line]) for line in draw.sample(sorted(lines), len(lines)))
        whole = (mutant for mutant in picked if damaged(mutant, (ROOT / LIBRARY / mutant.module).read_text("utf-8")))
        drawn += islice(whole, share)
    return drawn


def tests(mutant: Mutant) -> list[list[str]]:
    """The tests that are tried on a mutant, first the nearest."""
    room = Path(mutant.module).parent
    near = f"tests/unit/{room}" if room.parts[0] == "fulfillment" else f"tests/unit/{room.parts[0]}"
    return [[f"{LIBRARY}/{mutant.module}", near], ["tests/unit", LIBRARY]]


def survives(mutant: Mutant, copy: Path) -> bool:
    """Whether every unit test passes on a mutant; the copy is whole again afterwards."""
    path = copy / LIBRARY / mutant.module
    code = path.read_text(encoding="utf-8")
    path.write_text(damaged(mutant, code) or "", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-n0",
        "-p",
        "no:cacheprovider",
        "--hypothesis-profile=quick",
    ]
    try:
        return all(
            subprocess.run(
                [*command, *some], cwd=copy, env=environment(copy), capture_output=True, timeout=SECONDS
            ).returncode
            == 0
            for some in tests(mutant)
        )
    except subprocess.TimeoutExpired:
        return False
    finally:
        path.write_text(code, encoding="utf-8")


def shown(mutant: Mutant) -> str:
    """A mutant as a reader finds it: file, line, slip, and the line as it stands."""
    line = (ROOT / LIBRARY / mutant.module).read_text(encoding="utf-8").splitlines()[mutant.line - 1]
    return f"{LIBRARY}/{mutant.module}:{mutant.line} {mutant.slip}: {line.strip()}"


def main(arguments: list[str]) -> int:
    """Print each mutant's fate as it is known, then the share of them that was found; 0 when that is 90 % or more."""
    count = int(arguments[0]) if arguments else 100
    drawn = sample(count, arguments[1:] or ROOMS)
    with copied() as one, copied() as two, ThreadPoolExecutor(2) as workers:
        copies: SimpleQueue[Path] = SimpleQueue()
        copies.put(one)
        copies.put(two)

        def fate(mutant: Mutant) -> bool:
            copy = copies.get()
            try:
                alive = survives(mutant, copy)
            finally:
                copies.put(copy)
            print(f"{'SURVIVES' if alive else 'found'}: {shown(mutant)}", flush=True)
            return alive

        alive = list(workers.map(fate, drawn))
    print(f"{len(drawn) - sum(alive)} of {len(drawn)} found")
    for mutant, survivor in zip(drawn, alive, strict=True):
        if survivor:
            print(f"    {shown(mutant)}")
    return int(sum(alive) > 0.1 * len(drawn))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
