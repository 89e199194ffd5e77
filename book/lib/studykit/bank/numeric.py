"""Numeric questions: key and slips computed, variants frozen.

An item has either parameters, drawn for every seed, or the page whose notebook recorded what its expressions name.
"""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any

from studykit.bank.expressions import evaluate, fill, names, slots
from studykit.published import ROOT, page_values

MAX_DRAWS = 1000

Functions = Mapping[str, Callable[..., Any]] | None


def parameter_values(param: dict[str, Any]) -> list[float]:
    """Every value that a parameter can take.

    Raises
    ------
    ValueError for a range that holds fewer than two values.

    >>> parameter_values({"int": [400, 1000], "step": 200})
    [400, 600, 800, 1000]
    >>> parameter_values({"float": [0.5, 1.5], "step": 0.5})
    [0.5, 1.0, 1.5]
    """
    if "choice" in param:
        return list(param["choice"])
    low, high = param.get("int") or param["float"]
    step = param.get("step", 1)
    count = int((high - low) / step + 1e-9) + 1
    if count < 2:
        raise ValueError(f"expected low < high, at least one step apart, got {[low, high]} with step {step}")
    return [round(low + step * i, 10) for i in range(count)]


def variants(item: dict[str, Any], functions: Functions = None, root: Path = ROOT) -> list[dict[str, Any]]:
    """The frozen variants of a numeric item, one for each seed; one in all where a notebook recorded its values.

    A variant holds ``seed``, the texts with their numbers written in (``stem``, ``explain``, ``hints``, ``steps``),
    ``answer`` (``value``, ``tolerance``, ``text``) and ``slips`` (``value``, ``tolerance``, ``feedback``).

    Raises
    ------
    ValueError that begins with the field: an expression that fails, a parameter range that holds too few variants, a
    notebook that is not there or has not recorded what is named, a tolerance narrower than the rounding of ``show``,
    or two of key and slips within twice the tolerance.
    """
    if "recorded" in item:
        values, printed = recorded_values(item, functions, root)
        return [_freeze(item, _mark(values), values, functions, printed)]
    drawn = draw_parameters(item, functions)
    return [_freeze(item, seed, values, functions) for seed, values in zip(item["seeds"], drawn, strict=True)]


def draw_parameters(item: dict[str, Any], functions: Functions = None) -> list[dict[str, Any]]:
    """Parameters and derived values of a numeric item by name, one mapping for each seed.

    Raises
    ------
    ValueError that begins with the field, as `variants` does.
    """
    drawn: list[dict[str, Any]] = []
    for seed in item["seeds"]:
        drawn.append(_draw(item, seed, drawn, functions))
    return drawn


def recorded_values(
    item: dict[str, Any], functions: Functions = None, root: Path = ROOT
) -> tuple[dict[str, Any], dict[str, str]]:
    """What an item with ``recorded`` names: the values by name, and how those of the notebook read in print.

    Parameters
    ----------
    item : a numeric item whose ``recorded`` is the slug of a page.
    functions : name -> function that its expressions may call.
    root : the folder that holds ``book``.

    Raises
    ------
    ValueError that begins with the field: no such notebook, or a name that it has not recorded.
    """
    held = _naming_field("recorded", page_values, item["recorded"], root)
    values: dict[str, Any] = {}
    printed: dict[str, str] = {}
    for field, named in _named(item, functions):
        for name in named:
            if name not in values:
                if name not in held:
                    near = get_close_matches(name, held, n=1)
                    hint = f"; did you mean {near[0]!r}?" if near else ""
                    raise ValueError(f"{field}: {name!r} is not recorded by {item['recorded']}{hint}")
                values[name], printed[name] = held[name]["value"], held[name]["text"]
        if field.startswith("derive."):
            for name, expression in item["derive"][int(field.removeprefix("derive."))].items():
                values[name] = _naming_field(field, evaluate, expression, values, functions)
    return values, printed


def _named(item: dict[str, Any], functions: Functions) -> Iterator[tuple[str, list[str]]]:
    """Each field of an item that may name values, with the names in it, those that others build on first."""
    for step, derived in enumerate(item.get("derive", [])):
        yield f"derive.{step}", sorted(set().union(*(names(source, functions) for source in derived.values())))
    yield "answer.value", sorted(names(item["answer"]["value"], functions))
    for i, slip in enumerate(item["slips"]):
        yield f"slips.{i}.value", sorted(names(slip["value"], functions))
        yield f"slips.{i}.feedback", slots(slip["feedback"])
    for field in ("stem", "explain"):
        yield field, slots(item[field])
    for field in ("hints", "steps"):
        for i, text in enumerate(item.get(field, [])):
            yield f"{field}.{i}", slots(text)


def _mark(values: dict[str, Any]) -> int:
    """A number for these values: where the notebook comes to others, an earlier answer counts as one to another version.

    The last digits of a derived value are another processor's, and left out.
    """
    rounded = sorted((name, f"{value:.9g}" if isinstance(value, float) else value) for name, value in values.items())
    return int(sha256(repr(rounded).encode()).hexdigest()[:8], 16)


def _naming_field(field: str, call: Callable[..., Any], *arguments: Any) -> Any:
    """Result of ``call``; where it refuses, the message begins with the field."""
    try:
        return call(*arguments)
    except ValueError as error:
        raise ValueError(f"{field}: {error}") from error


def _draw(item: dict[str, Any], seed: int, taken: list[dict[str, Any]], functions: Functions) -> dict[str, Any]:
    """Parameters and derived values: the first draw that no earlier seed has and that meets ``require``."""
    choices = {name: _naming_field(f"params.{name}", parameter_values, param) for name, param in item["params"].items()}
    for turn in range(MAX_DRAWS):
        values = {
            # hashed, so that a variant is the same on every machine and Python version
            name: listed[int(sha256(f"{item['id']}/{seed}/{name}/{turn}".encode()).hexdigest(), 16) % len(listed)]
            for name, listed in choices.items()
        }
        for step, derived in enumerate(item.get("derive", [])):
            for name, expression in derived.items():
                values[name] = _naming_field(f"derive.{step}", evaluate, expression, values, functions)
        if values not in taken and all(
            _naming_field(f"require.{i}", evaluate, rule, values, functions)
            for i, rule in enumerate(item.get("require", []))
        ):
            return values
    raise ValueError(
        f"seeds: no new variant for seed {seed} in {MAX_DRAWS} draws; widen params, ease require or cut seeds"
    )


def _freeze(
    item: dict[str, Any],
    seed: int,
    values: dict[str, Any],
    functions: Functions,
    printed: dict[str, str] | None = None,
) -> dict[str, Any]:
    answer = item["answer"]

    def result(field: str, part: dict[str, Any]) -> dict[str, float]:
        value = _naming_field(f"{field}.value", evaluate, part["value"], values, functions)
        allowed = part.get("tolerance", answer["tolerance"])
        tolerance = allowed.get("abs") or allowed["rel"] * abs(value)
        return {"value": float(f"{value:.12g}"), "tolerance": float(f"{tolerance:.12g}")}

    key = result("answer", answer)
    slips = [result(f"slips.{i}", slip) for i, slip in enumerate(item["slips"])]

    shown = format(key["value"], answer["show"])
    if abs(float(shown.replace(",", "")) - key["value"]) > key["tolerance"]:
        raise ValueError(f"answer.tolerance: seed {seed}: {key['value']} rounded to {shown} is not accepted")
    named = [("the key", key), *((f"slips.{i}.value", slip) for i, slip in enumerate(slips))]
    for (first, a), (second, b) in combinations(named, 2):
        if abs(a["value"] - b["value"]) <= 2 * max(a["tolerance"], b["tolerance"]):
            raise ValueError(
                f"{second}: seed {seed}: {b['value']} stands within twice the tolerance of {first}, {a['value']}"
            )

    def text(field: str, source: str) -> str:
        return str(_naming_field(field, fill, source, values, printed))

    frozen: dict[str, Any] = {field: text(field, item[field]) for field in ("stem", "explain")}
    for field in ("hints", "steps"):
        frozen[field] = [text(f"{field}.{i}", part) for i, part in enumerate(item.get(field, []))]
    return frozen | {
        "seed": seed,
        "answer": key | {"text": shown},
        "slips": [
            slip | {"feedback": text(f"slips.{i}.feedback", item["slips"][i]["feedback"])}
            for i, slip in enumerate(slips)
        ],
    }
