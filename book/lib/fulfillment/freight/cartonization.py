"""Which carton a parcel goes into."""

import numpy as np
import pandas as pd

from fulfillment.validate import require

#: Inches by which a carton's inside is smaller than its outside, on each side; invented
PADDING_IN = 0.2
SIDES = ["length_in", "width_in", "height_in"]


def cartonize(contents: pd.DataFrame, packed_at: pd.Series, packaging_items: pd.DataFrame) -> pd.Series:
    """The smallest carton or mailer in use that holds the contents; the largest if none does.

    Parameters
    ----------
    contents : DataFrame, ``length_in``, ``width_in``, ``height_in`` of what goes in, in any order.
    packed_at : Series of datetimes, when; indexed as ``contents``.
    packaging_items : DataFrame, a row per item: ``packaging_id``, ``kind`` (``"material"`` is left out), the three
        sides in inches outside, ``withdrawn_on`` (missing while in use).

    Returns
    -------
    Series ``packaging_id``, indexed as ``contents``.

    Raises
    ------
    ValueError if a column is missing or no item holds anything.

    >>> items = pd.DataFrame({"packaging_id": ["S", "L"], "kind": "carton", "length_in": [8.2, 12.2], "width_in": [6.2, 9.2],
    ...                       "height_in": [4.2, 6.2], "withdrawn_on": pd.to_datetime(["2025-11-03", None])})
    >>> one = pd.DataFrame({"length_in": [3.0, 3.0], "width_in": [7.0, 7.0], "height_in": [5.0, 5.0]})
    >>> cartonize(one, pd.Series(pd.to_datetime(["2025-11-02", "2025-11-03"])), items).tolist()
    ['S', 'L']
    """
    require("contents", contents, SIDES)
    require("packaging_items", packaging_items, ["packaging_id", "kind", *SIDES, "withdrawn_on"])
    items = packaging_items[packaging_items["kind"] != "material"].set_index("packaging_id")
    if items.empty:
        raise ValueError("packaging_items: only material, expected a carton or mailer")
    sides = np.sort(contents[SIDES].to_numpy(), axis=1)
    chosen = pd.Series(items.index[-1], contents.index, name="packaging_id")
    for carton in items[SIDES].prod(axis=1).sort_values(ascending=False, kind="stable").index:
        row = items.loc[carton]
        fits = (sides <= np.sort(row[SIDES].to_numpy(dtype=float)) - PADDING_IN).all(axis=1)
        if pd.notna(row["withdrawn_on"]):
            fits &= (packed_at < row["withdrawn_on"]).to_numpy()
        chosen[fits] = carton
    return chosen
