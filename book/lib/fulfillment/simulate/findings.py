"""What was planted, how large, and how far a recovery may lie from it: `tests/unit/fulfillment/simulate/test_findings.py` recovers each.

Sizes are those of the modeled year. Nothing here is an input: each follows from the mechanism named beside it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlantedFinding:
    """A planted finding: its title, the mechanism that makes it, and measure -> (size, tolerance)."""

    title: str
    mechanism: str
    sizes: dict[str, tuple[float, float]]


FINDINGS = {
    "peak": PlantedFinding(
        "One center was not given capacity for the peak",
        "FC3's commitment stays at its ordinary level (`Center.peak_headroom`) and the queue does the rest.",
        {
            "orders received over committed, weeks of November 24 and December 1": (1.31, 0.02),
            "late dispatch of its orders placed November 24 to December 12, share": (0.48, 0.02),
            "late dispatch of the other centers, at most, share": (0.022, 0.005),
            "its late orders caused by capacity, share": (0.94, 0.02),
            "late dispatch of the whole program and year, share": (0.026, 0.001),
        },
    ),
    "noise": PlantedFinding(
        "The smallest center has the worst ordinary week by chance",
        "FC6 meets the same incidents as all others (`flow.INCIDENTS`) on fewer orders.",
        {"its ordinary weeks above 4%": (8, 0), "ordinary center-weeks outside three-sigma limits": (0, 0)},
    ),
    "carrier": PlantedFinding(
        "One carrier is worse",
        "CR3's chance of a delivery exception (`Carrier.exception`).",
        {"its on-time delivery, share": (0.90, 0.01), "the next lowest, share": (0.964, 0.01)},
    ),
    "cost": PlantedFinding(
        "Cost per order creeps up, and no single cause explains it",
        "July 2025 to May 2026, parcel cost per order: slow items moved to one center (`stock.CONSOLIDATED_ON`) raise "
        "zones and splits; fuel and home surcharges rise (`buying.rate_cards`); two cartons were withdrawn "
        "(`buying.PACKAGING`) and sides round up since August 18, 2025; billing errors grow (`billing.ERRORS`).",
        {
            "parcel cost per order in July 2025, USD": (5.70, 0.05),
            "change to May 2026, USD": (1.42, 0.03),
            "of it split shipments, USD": (0.40, 0.02),
            "of it dimensional weight, USD": (0.28, 0.02),
            "of it surcharges, USD": (0.24, 0.02),
            "of it the contracted increase, USD": (0.20, 0.02),
            "of it zone mix, USD": (0.21, 0.02),
            "of it billing errors, USD": (0.11, 0.02),
        },
    ),
    "dock": PlantedFinding(
        "The operator with the best average dock-to-stock has the worst tail, and stock-outs follow the tail",
        "OP2 is fast, but a share of its receipts stand for weeks (`Operator.dock_stuck`, `stock.STUCK_HOURS`).",
        {
            "OP2's mean dock-to-stock, hours": (25.6, 0.5),
            "the next best mean, hours": (31.0, 0.5),
            "OP2's 99th percentile, hours": (684, 20),
            "the next worst 99th percentile, hours": (79, 10),
            "OP2's stock-outs, share of item-days": (0.0084, 0.0005),
            "the others' stock-outs, share of item-days": (0.0049, 0.0005),
            "OP2's items out of stock when a receipt of more than a week became available, share": (0.71, 0.05),
            "the same for its other receipts, share": (0.05, 0.02),
        },
    ),
    "pick": PlantedFinding(
        "The operator cheapest per pick is dearest per delivered, undamaged order",
        "OP3's other fees (`buying.OPERATOR_RATES`) and its packing and picking (`Operator.damage`, `pick_error`).",
        {
            "OP3's order with its first pick over the next cheapest": (0.745, 0.01),
            "OP3's fees and refunds per order delivered undamaged and right, USD": (7.62, 0.1),
            "the next dearest, USD": (5.09, 0.1),
            "OP3's orders damaged or wrong, share": (0.044, 0.002),
        },
    ),
    "viral": PlantedFinding(
        "One unscheduled viral item drains a center in two days",
        "`demand.VIRAL`: a video seen in one center's region.",
        {
            "units available the evening before": (39, 0),
            "days until none was left": (2, 0),
            "days that they would have lasted": (48, 2),
        },
    ),
    "campaign": PlantedFinding(
        "A campaign moved demand and procurement was never told",
        "`demand.SURPRISE` raises orders for four days; forecast and labor plan do not know it.",
        {
            "orders over ordinary days": (1.45, 0.06),
            "agency hours of the week, share of all hours": (0.16, 0.02),
            "the same in the four weeks around it, share": (0.013, 0.01),
        },
    ),
    "doubled": PlantedFinding(
        "A carrier's contractual increase was applied twice",
        "CR2's base rates carry the increase of 4.9% twice since January 5, 2026 (`billing.DOUBLED`).",
        {
            "billed over contract on its base transport": (1.049, 0.001),
            "overbilled on base transport, USD modeled": (1713, 30),
            "lines overbilled, share of its base lines since": (1.0, 0.0),
        },
    ),
}
