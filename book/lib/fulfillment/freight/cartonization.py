"""Which carton a parcel goes into."""

import numpy as np
import pandas as pd

from fulfillment import arguments as arg

#: Inches by which a carton's inside is smaller than its outside, on each side; invented
PADDING_IN = 0.2
SIDES = ["length_in", "width_in", "height_in"]
CARTONS: dict[str, arg.Gate] = {
    "packaging_id": arg.names(),
    "kind": arg.names(),
    **dict.fromkeys(SIDES, arg.amounts(0, gaps=True)),  # material has none
    "withdrawn_on": arg.times(gaps=True),
}


@arg.takes(
    contents=arg.table(dict.fromkeys(SIDES, arg.amounts(arg.ABOVE_0))),
    packed_at=arg.times(),
    packaging_items=arg.table(CARTONS, key=["packaging_id"]),
)
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
    if not packed_at.index.equals(contents.index):
        raise ValueError("packed_at: index differs from contents, expected a time for each")
    items = packaging_items[packaging_items["kind"] != "material"].set_index("packaging_id")
    if items.empty:
        raise ValueError("packaging_items: only material, expected a carton or mailer")
    for side in SIDES:
        if items[side].isna().any():
            raise ValueError(
                f"packaging_items: {side} of {items.index[items[side].isna()][0]} is missing, expected inches"
            )
    sides = np.sort(contents[SIDES].to_numpy(), axis=1)
    chosen = pd.Series(items.index[-1], contents.index, name="packaging_id")
    for carton in items[SIDES].prod(axis=1).sort_values(ascending=False, kind="stable").index:
        row = items.loc[carton]
        fits = (sides <= np.sort(row[SIDES].to_numpy(dtype=float)) - PADDING_IN).all(axis=1)
        if pd.notna(row["withdrawn_on"]):
            fits &= (packed_at < row["withdrawn_on"]).to_numpy()
        chosen[fits] = carton
    return chosen
