"""No wrong number without a word: every public function, one argument or column damaged at a time.

What is plainly meant gives the answer that it stands for; the rest is refused by name; a row that leaves leaves whole.
"""

import copy
import inspect
import random

import pytest

from tests.unit.fulfillment import damage, good_calls

CALLS = good_calls.all_calls()
PUBLIC = {good_calls.title(module, name) for module in good_calls.modules() for name in good_calls.public(module)}
#: Damages of a function that are tried: one of each kind on each argument, then what its name draws, up to so many
MOST = 20
#: Functions whose call takes tenths of a second: one damage of each kind
SLOW = {
    "costing.order_repricing.build_repricing",
    "costing.cost_drivers.parcel_cost_model",
    "freight.auditing.freight_audit",
    "freight.quotes.quote_year",
}
#: Functions, arguments or columns whose blank has a meaning that the docstring gives, or stays a blank in the answer
BLANK = {
    "calendar",
    "planning.placement.single_center_fill",  # missing if no center held all
    "costing.order_repricing.build_repricing.tables",
    "charts.highlight_lines.table",
    "charts.interval_chart.estimates.planned",
    "charts.line_chart.frame",
    "costing.cost_drivers.parcel_cost_model.rates.valid_to",
    "costing.cost_to_serve.order_costs.tables",
    "costing.cost_to_serve.parcel_costs.tables",
    "costing.cost_to_serve.return_costs",
    "freight.auditing.freight_audit.lines.weight_lb",
    "freight.auditing.freight_audit.lines.zone",
    "freight.auditing.freight_audit.rates.valid_to",
    "freight.auditing.invoice_audit",  # no rate
    "freight.quotes.extended_amount",
    "freight.rating.contract_price.rates.valid_to",
    "freight.rating.rate_on",
    "operations.backlog_recovery.release_queue",
    "operations.backlog_recovery.schedule_backlog",  # not reached
    "operations.network_design.facility_location.service_cost",
    "operations.network_design.transportation.cost",
    "operations.order_cycle",
    "operations.queues.littles_law.left",
    "operations.queues.backlog.capacity",  # none: the wait is infinite
    "operations.queues.open_orders.orders.dispatch_due_at",
    "operations.returns.net_value",
    "planning.forecasting.accuracy.actual",  # mape where an actual is zero
    "procurement.bids.knock_outs.options",
    "procurement.bids.normalize_bids.bids.price",
}
#: Columns that are carried along and not read, keys of any kind, and what the caller's own function is asked
UNREAD = {
    "costing.order_repricing.build_repricing.narrowed",
    "freight.auditing.invoice_audit.lines.shipment_id",
    "freight.quotes.rating_inputs.orders.order_id",
    "freight.quotes.rating_inputs.orders.residential",
    "freight.quotes.rating_inputs.orders.units",
    "freight.rate_cards.build_rate_card.rows.bidder",
    "freight.rate_cards.build_rate_card.rows.rfp_id",
    "planning.peak_capacity.servable_elsewhere.lines.order_id",
    "procurement.negotiation.deal_review.deal",
}


def listed(places: set[str], name: str, argument: str, damaged: damage.Damage) -> bool:
    """Whether a function, its room, an argument or a column stands among the places."""
    where = [f"{name}.{argument}.{field}" for field in damaged.fields] + [f"{name}.{argument}", name]
    return bool(places & {*where, name.rpartition(".")[0], name.partition(".")[0]})


def every_damage(name: str) -> list[tuple[str, damage.Damage]]:
    function, good = CALLS[name]
    parameters = inspect.signature(function).parameters
    every = [
        (argument, damaged)
        for argument, value in good.items()
        for damaged in damage.of_argument(argument, value, parameters[argument].default is None)
    ]
    return [(argument, damaged) for argument, damaged in every if not listed(UNREAD, name, argument, damaged)]


def damages(name: str) -> list[tuple[str, damage.Damage]]:
    """The same ones each time: no kind is left out, and only a slow function leaves out an argument."""
    every = every_damage(name)
    random.Random(name).shuffle(every)
    seen, first, others = set(), [], []
    for argument, damaged in every:
        place = damaged.kind if name in SLOW else (argument, damaged.kind)
        (others if place in seen else first).append((argument, damaged))
        seen.add(place)
    return first if name in SLOW else [*first, *others[: max(0, MOST - len(first))]]


def test_every_public_function_has_a_good_call():
    assert set(CALLS) == PUBLIC


def test_every_place_that_is_excused_is_there():
    rooms = {name.rpartition(".")[0] for name in PUBLIC} | {name.partition(".")[0] for name in PUBLIC}
    arguments = {f"{name}.{argument}" for name, (_, good) in CALLS.items() for argument in good}
    columns = {
        f"{name}.{argument}.{column}"
        for name, (_, good) in CALLS.items()
        for argument, value in good.items()
        for column in getattr(value, "columns", ())
    }
    assert (BLANK | UNREAD) - rooms - PUBLIC - arguments - columns == set()


@pytest.mark.parametrize("name", sorted(CALLS))
@pytest.mark.filterwarnings("ignore")
def test_any_input_is_read_or_refused_by_name(name):
    function, good = CALLS[name]
    base = damage.leaves(function(**copy.deepcopy(good)))
    found = [
        (argument, damaged.kind, damaged.fields[0], wrong)
        for argument, damaged in damages(name)
        if (wrong := damage.outcome(function, good, argument, damaged, base, listed(BLANK, name, argument, damaged)))
    ]
    assert found == []
