"""Numeric questions: parameters drawn for every seed, key and slips computed, variants frozen."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from itertools import combinations
from typing import Any

from studykit.bank.expressions import evaluate, fill

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


def variants(item: dict[str, Any], functions: Functions = None) -> list[dict[str, Any]]:
    """The frozen variants of a numeric item, one for each seed.

    A variant holds ``seed``, the texts with their numbers written in (``stem``, ``explain``, ``hints``, ``steps``),
    ``answer`` (``value``, ``tolerance``, ``text``) and ``slips`` (``value``, ``tolerance``, ``feedback``).

    Raises
    ------
    ValueError that begins with the field: an expression that fails, a parameter range that holds too few variants,
    a tolerance narrower than the rounding of ``show``, or two of key and slips within twice the tolerance.
    """
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


def _freeze(item: dict[str, Any], seed: int, values: dict[str, Any], functions: Functions) -> dict[str, Any]:
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
        return str(_naming_field(field, fill, source, values))

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
