"""How concentrated spend is on suppliers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fulfillment.validate import numbers


def concentration(spend: Sequence[float] | pd.Series) -> dict[str, float]:
    """How concentrated spend is on suppliers.

    Parameters
    ----------
    spend : per supplier, in any one unit (USD, or shares).

    Returns
    -------
    dict: ``hhi`` (Herfindahl-Hirschman index, 0 to 10,000 points), ``equal_suppliers`` (as many suppliers of the same
    size would give this index), ``top_1`` and ``top_3`` (share of the greatest, and of the three greatest).

    Raises
    ------
    ValueError if a number is negative or missing, or all are zero.

    Source: US Department of Justice, Herfindahl-Hirschman index.

    >>> {name: round(value, 2) for name, value in concentration([30, 30, 20, 20]).items()}
    {'hhi': 2600.0, 'equal_suppliers': 3.85, 'top_1': 0.3, 'top_3': 0.8}
    """
    values = numbers("spend", spend)
    if not values.any():
        raise ValueError("spend: all zero, expected some")
    shares = np.sort(values / values.sum())[::-1]
    hhi = float((shares**2).sum() * 10_000)
    return {
        "hhi": hhi,
        "equal_suppliers": 10_000 / hhi,
        "top_1": float(shares[0]),
        "top_3": float(shares[:3].sum()),
    }
