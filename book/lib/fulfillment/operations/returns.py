"""What taking an item back is worth: proceeds against label and handling, and what letting the buyer keep it would save."""

from dataclasses import dataclass

import pandas as pd

from fulfillment import arguments as arg

_MONEY = ["label_usd", "handling_usd", "recovered_usd"]


@arg.takes(returns=arg.table(dict.fromkeys(_MONEY, arg.amounts(gaps=True))))
def net_value(returns: pd.DataFrame) -> pd.Series:
    """What a returned item brought, less its label and handling, in USD.

    The refund is not in it: it is owed whether or not the goods come back.

    Parameters
    ----------
    returns : DataFrame, one row per return; ``label_usd``, ``handling_usd``, ``recovered_usd``.

    Returns
    -------
    Series, USD, index as ``returns``; missing where a step is still to come.

    Raises
    ------
    ValueError if a column is missing or there are no rows.

    >>> net_value(pd.DataFrame({"label_usd": [6.0], "handling_usd": [4.0], "recovered_usd": [12.0]})).tolist()
    [2.0]
    """
    return returns["recovered_usd"] - returns["label_usd"] - returns["handling_usd"]


@dataclass(frozen=True, slots=True)
class ReturnlessRefund:
    """What refunds without a return come to."""

    returns: int
    """How many it covers."""
    saved_usd: float
    """Label and handling, less proceeds given up."""
    claims_usd: float
    """Refunds of further claims."""
    net_usd: float
    break_even: float
    """Share of further claims at which nothing is left; 0 where nothing is saved."""


@arg.takes(
    returns=arg.table(dict.fromkeys(["refund_usd", *_MONEY], arg.amounts(gaps=True))),
    limit_usd=arg.amount(0),
    extra_claim_rate=arg.amount(0),
)
def returnless_refund(returns: pd.DataFrame, limit_usd: float, extra_claim_rate: float = 0.0) -> ReturnlessRefund:
    """What it saves to refund without a return up to a value, and what further claims would take from that.

    Parameters
    ----------
    returns : DataFrame, one row per return; ``refund_usd``, ``label_usd``, ``handling_usd``, ``recovered_usd``. Returns
        that lack one of them are left out.
    limit_usd : refunds of at most this are paid without the goods coming back.
    extra_claim_rate : claims that the offer itself invites, as a share of the returns it covers. Each costs its refund.

    Raises
    ------
    ValueError if a column is missing, there are no rows, or a number is negative.

    Two returns of 20 USD; one brings 12, the other nothing:

    >>> two = pd.DataFrame({"refund_usd": 20.0, "label_usd": 6.0, "handling_usd": 4.0, "recovered_usd": [12.0, 0.0]})
    >>> returnless_refund(two, 25, extra_claim_rate=0.1)
    ReturnlessRefund(returns=2, saved_usd=8.0, claims_usd=4.0, net_usd=4.0, break_even=0.2)
    """
    covered = returns.dropna(subset=["refund_usd", *_MONEY])
    covered = covered[covered["refund_usd"] <= limit_usd]
    saved, refunds = -float(net_value(covered).sum()) if len(covered) else 0.0, float(covered["refund_usd"].sum())
    return ReturnlessRefund(
        returns=len(covered),
        saved_usd=saved,
        claims_usd=extra_claim_rate * refunds,
        net_usd=saved - extra_claim_rate * refunds,
        break_even=max(0.0, saved / refunds) if refunds else 0.0,
    )
