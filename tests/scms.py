"""Known answers from USAID's SCMS Delivery History: `python -m tests.scms PATH` (CSV, or CSV in gzip).

The file is public and large, so it is not part of the project. Prints the report of its problems and each figure beside
the known one; ends with 1 where one differs.
"""

import sys

from fulfillment.intake import delivery_kpis, reader
from fulfillment.intake.public_files import SCMS

STOCK = "SCMS from RDC"
#: Rows the figure stands on, and how it reads.
KNOWN = {
    "on-time delivery": (10_324, "88.51%"),
    "on-time delivery by air": (6_113, "90.40%"),
    "on-time delivery by air charter": (650, "88.46%"),
    "on-time delivery by truck": (2_830, "83.92%"),
    "on-time delivery by ocean": (371, "82.48%"),
    "lead time, median, days": (4_592, "92"),
    "lead time, P90, days": (4_592, "208"),
    "freight share of value": (6_198, "5.79%"),
    "vendor concentration": (10_324, "4,602"),
    "vendor concentration without own stock": (4_920, "1,396"),
}


def figures(path: str) -> tuple[reader.Report, dict[str, tuple[int, str]]]:
    """The file's report, and its figures as in ``KNOWN``."""
    reading = reader.read(SCMS, path)
    lines = reading.tables["lines"]
    modes = delivery_kpis.by_group(delivery_kpis.on_time_delivery, lines, "shipment_mode").dropna(
        subset="shipment_mode"
    )
    results = {
        "on-time delivery": (delivery_kpis.on_time_delivery(lines), ".2%"),
        "lead time, median, days": (delivery_kpis.lead_time(lines), ",.10g"),
        "lead time, P90, days": (delivery_kpis.lead_time(lines, quantile=0.9), ",.10g"),
        "freight share of value": (delivery_kpis.freight_share(lines), ".2%"),
        "vendor concentration": (delivery_kpis.vendor_concentration(lines), ",.0f"),
        "vendor concentration without own stock": (delivery_kpis.vendor_concentration(lines, without=[STOCK]), ",.0f"),
    }
    found = {name: (result.n, format(result.value, spec)) for name, (result, spec) in results.items()}
    by_mode = {
        f"on-time delivery by {row.shipment_mode.lower()}": (row.n, f"{row.value:.2%}") for row in modes.itertuples()
    }
    return reading.report, found | by_mode


def main(path: str) -> int:
    report, found = figures(path)
    print(report, end="\n\n")
    for name, known in KNOWN.items():
        n, value = found[name]
        print(
            f"{name}: {value} (n = {n:,}){'' if (n, value) == known else f', expected {known[1]} (n = {known[0]:,})'}"
        )
    return int(any(found[name] != known for name, known in KNOWN.items()))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.scms PATH")
    sys.exit(main(sys.argv[1]))
