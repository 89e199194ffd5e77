"""Where two cost lines cross, and what cash is tied up between paying and being paid."""

from collections.abc import Mapping
from itertools import combinations

import pandas as pd

from fulfillment import formulas
from fulfillment.validate import numbers, positive


def cost_volume(options: Mapping[str, tuple[float, float]], volume: float) -> pd.Series:
    """Total cost of each option at a volume, the cheapest first.

    Parameters
    ----------
    options : name of each with its fixed cost (USD) and its variable cost (USD per unit).
    volume : units.

    Returns
    -------
    Series of USD.

    Raises
    ------
    ValueError if there is no option or a number is negative.

    Source: Heizer, Render and Munson, Operations Management, locational cost-volume analysis.

    >>> cost_volume({"Athens": (30_000, 75), "Brussels": (60_000, 45), "Lisbon": (110_000, 25)}, 2000).to_dict()
    {'Brussels': 150000.0, 'Lisbon': 160000.0, 'Athens': 180000.0}
    """
    numbers("volume", [volume])
    lines = {name: numbers(f"options of {name}", line) for name, line in options.items()}
    if not lines:
        raise ValueError("options: none, expected at least one")
    return pd.Series({name: fixed + variable * volume for name, (fixed, variable) in lines.items()}).sort_values(
        kind="stable"
    )


def crossovers(options: Mapping[str, tuple[float, float]]) -> pd.DataFrame:
    """Volumes at which two options cost the same: below, the one with less fixed cost is cheaper; above, the other.

    Parameters
    ----------
    options : as `cost_volume`.

    Returns
    -------
    DataFrame, a row per pair that crosses, by volume: ``below``, ``above`` (the cheaper option of the pair on each
    side), ``volume`` (units), ``cost_usd`` (of both, there).

    Raises
    ------
    ValueError if a number is negative.

    >>> sites = {"Athens": (30_000, 75), "Brussels": (60_000, 45), "Lisbon": (110_000, 25)}
    >>> crossovers(sites)[["below", "volume"]].values.tolist()
    [['Athens', 1000.0], ['Athens', 1600.0], ['Brussels', 2500.0]]
    """
    lines = {name: numbers(f"options of {name}", line) for name, line in options.items()}
    rows = []
    for pair in combinations(lines, 2):
        low, high = sorted(pair, key=lambda name: lines[name][0])
        (fixed, variable), (more_fixed, less_variable) = lines[low], lines[high]
        if more_fixed > fixed and variable > less_variable:
            volume = formulas.MAKE_OR_BUY(
                make_fixed=more_fixed - fixed, make_variable=less_variable, buy_price=variable
            )
            rows.append((low, high, volume, fixed + variable * volume))
    table = pd.DataFrame(rows, columns=["below", "above", "volume", "cost_usd"])
    return table.sort_values("volume", ignore_index=True, kind="stable")


def cash_to_cash(
    inventory_usd: float, receivables_usd: float, payables_usd: float, revenue_usd: float, cogs_usd: float
) -> dict[str, float]:
    """Days between paying suppliers and being paid by customers.

    Parameters
    ----------
    inventory_usd, receivables_usd, payables_usd : average balances, USD.
    revenue_usd, cogs_usd : of the year, USD.

    Returns
    -------
    dict, days: ``days_inventory``, ``days_receivable``, ``days_payable``, ``cash_to_cash`` (negative where suppliers
    finance the business).

    Raises
    ------
    ValueError if a balance is negative or a flow is not above 0.

    Source: SCOR, cash-to-cash cycle time.

    >>> {name: round(days, 1) for name, days in cash_to_cash(2e6, 0.5e6, 1.5e6, 20e6, 12e6).items()}
    {'days_inventory': 60.8, 'days_receivable': 9.1, 'days_payable': 45.6, 'cash_to_cash': 24.3}
    """
    positive(revenue_usd=revenue_usd, cogs_usd=cogs_usd)
    days = {
        "days_inventory": formulas.DAYS_OUTSTANDING(balance_usd=inventory_usd, annual_flow_usd=cogs_usd),
        "days_receivable": formulas.DAYS_OUTSTANDING(balance_usd=receivables_usd, annual_flow_usd=revenue_usd),
        "days_payable": formulas.DAYS_OUTSTANDING(balance_usd=payables_usd, annual_flow_usd=cogs_usd),
    }
    return {**days, "cash_to_cash": formulas.CASH_TO_CASH(**days)}
