"""What options cost over volume, and what cash is tied up between paying and being paid."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from fulfillment import arguments as arg
from fulfillment import formulas


@arg.takes(options=arg.each(arg.each(arg.amount(0), 2)), volumes=arg.amounts(0))
def cost_volume(options: Mapping[str, tuple[float, float]], volumes: Sequence[float]) -> pd.DataFrame:
    """Total cost of each option over volume. Where they cross is `fulfillment.tradeoffs.break_even_points` of it.

    Parameters
    ----------
    options : name of each with its fixed cost (USD) and its variable cost (USD per unit).
    volumes : units; costs are straight lines, so that the two ends of a range say all.

    Returns
    -------
    DataFrame, USD: a row per volume, a column per option.

    Raises
    ------
    ValueError if there is no option or no volume, or a number is negative.

    Source: Heizer, Render and Munson, Operations Management, locational cost-volume analysis.

    >>> from fulfillment.tradeoffs import break_even_points
    >>> costs = cost_volume({"Athens": (30_000, 75), "Brussels": (60_000, 45), "Lisbon": (110_000, 25)}, [0, 5000])
    >>> break_even_points(costs)["at"].tolist()
    [1000.0, 1600.0, 2500.0]
    """
    units = np.asarray(volumes, float)
    costs = {name: fixed + variable * units for name, (fixed, variable) in options.items()}
    return pd.DataFrame(costs, index=pd.Index(units, name="volume"))


@arg.takes(
    inventory_usd=arg.amount(0),
    receivables_usd=arg.amount(0),
    payables_usd=arg.amount(0),
    revenue_usd=arg.amount(arg.ABOVE_0),
    cogs_usd=arg.amount(arg.ABOVE_0),
)
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
    days = {
        "days_inventory": formulas.DAYS_OUTSTANDING(balance_usd=inventory_usd, annual_flow_usd=cogs_usd),
        "days_receivable": formulas.DAYS_OUTSTANDING(balance_usd=receivables_usd, annual_flow_usd=revenue_usd),
        "days_payable": formulas.DAYS_OUTSTANDING(balance_usd=payables_usd, annual_flow_usd=cogs_usd),
    }
    return {**days, "cash_to_cash": formulas.CASH_TO_CASH(**days)}
