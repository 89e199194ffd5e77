"""Every closed form of the guide, once: a SymPy expression with its symbols, their units and their ranges.

The other modules call a formula, a calculator prints it, a formula sheet lists ``FORMULAS``. Rates are fractions; a
unit of ``"%"`` says that a reader sees and types them as percentages. Where a formula needs the inverse normal, ``z``
is an input. A difference that must be positive stands as ``Max(0, ...)`` in a denominator: where it is not, there is no
result. `positive`, `numbers` and `require` check what the other modules are given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy
from sympy import Max, Min, ceiling, exp, sqrt
from sympy.printing.latex import LatexPrinter


class _Textbook(LatexPrinter):
    """LaTeX as a textbook prints it: what is added before what is subtracted, and one root for a product of roots."""

    def _print_Add(self, expr: sympy.Expr, order: str | None = None) -> str:
        terms = sorted(self._as_ordered_terms(expr, order), key=lambda term: term.could_extract_minus_sign())
        first, *others = [self._print(term) for term in terms]
        return first + "".join(f" - {text[1:].lstrip()}" if text.startswith("-") else f" + {text}" for text in others)

    def _print_Mul(self, expr: sympy.Expr) -> str:
        roots = [part for part in expr.args if part.is_Pow and part.exp == sympy.S.Half]
        if len(roots) < 2:
            return super()._print_Mul(expr)
        under = self._print(sympy.Mul(*(part.base for part in roots)))
        outside = sympy.Mul(*(part for part in expr.args if part not in roots))
        return self._print(outside * sympy.Symbol(rf"\sqrt{{{under}}}"))


@dataclass(frozen=True)
class Symbol:
    """One input of a formula: its name in code, its sign in print, its meaning, its unit, and the range it may take."""

    name: str
    sign: str
    label: str
    unit: str
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Formula:
    """A closed form. Call it with its symbols as keywords: numbers give a number, arrays give an array.

    >>> EOQ(fixed_cost=8, holding_cost=0.225, demand_rate=[1300, 5200]).round(2).tolist()
    [304.05, 608.09]
    """

    name: str
    title: str
    expression: sympy.Expr
    symbols: tuple[Symbol, ...]
    unit: str
    source: str

    @cached_property
    def _function(self) -> Any:
        rounds = [{"ceiling": _up}, "numpy"]
        return sympy.lambdify([symbol.name for symbol in self.symbols], self.expression, rounds)

    @property
    def latex(self) -> str:
        """The expression in LaTeX, with each symbol's sign.

        >>> LITTLES_LAW.latex, EOQ.latex
        ('\\\\lambda W', '\\\\sqrt{\\\\frac{2 D K}{h}}')
        """
        signs = {sympy.Symbol(symbol.name): symbol.sign for symbol in self.symbols}
        return _Textbook({"symbol_names": signs}).doprint(self.expression)

    def __call__(self, **values: Any) -> Any:
        """The formula's value.

        Parameters
        ----------
        **values : every symbol by name, in its own unit (rates as fractions): a number, or arrays that broadcast.

        Returns
        -------
        float, or an array where a value was one; in ``unit``.

        Raises
        ------
        ValueError for a missing or unknown symbol, one outside its range, and values that give no finite result.
        """
        names = [symbol.name for symbol in self.symbols]
        if sorted(values) != sorted(names):
            raise ValueError(f"{self.name}: got {', '.join(sorted(values)) or 'nothing'}, expected {', '.join(names)}")
        arrays = [_inside(self.name, symbol, values[symbol.name]) for symbol in self.symbols]
        with np.errstate(all="ignore"):
            result = np.asarray(self._function(*arrays), float)
        if not np.isfinite(result).all():
            raise ValueError(f"{self.name}: {_listed(values)} give no finite result, expected values that do")
        return result if result.ndim else float(result)


def _up(values: Any) -> Any:
    """The next whole number, where what is whole but for rounding is whole: 0.1 * 30 is 3, not a hair above it."""
    return np.ceil(np.round(values, 6))


def _inside(formula: str, symbol: Symbol, value: Any) -> np.ndarray:
    low = -np.inf if symbol.lower is None else symbol.lower
    high = np.inf if symbol.upper is None else symbol.upper
    try:
        array = np.asarray(value, float)
    except (TypeError, ValueError):
        array = None
    if array is None or isinstance(value, bool):
        raise ValueError(f"{formula}: {symbol.name} = {value!r}, expected a number ({symbol.unit})") from None
    outside = array[~((array >= low) & (array <= high) & np.isfinite(array))]
    if outside.size:
        raise ValueError(f"{formula}: {symbol.name} = {outside.flat[0]}, expected {low:g} to {high:g} ({symbol.unit})")
    return array


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


SYMBOLS: dict[str, Symbol] = {}
FORMULAS: dict[str, Formula] = {}


def _symbol(
    name: str, sign: str, label: str, unit: str, lower: float | None = 0, upper: float | None = None
) -> sympy.Symbol:
    SYMBOLS[name] = Symbol(name, sign, label, unit, lower, upper)
    return sympy.Symbol(name)


def _share(name: str, sign: str, label: str, upper: float | None = 1) -> sympy.Symbol:
    return _symbol(name, sign, label, "%", 0, upper)


def _formula(name: str, title: str, expression: sympy.Expr, unit: str, source: str) -> Formula:
    names = {symbol.name for symbol in expression.free_symbols}
    inputs = tuple(symbol for symbol in SYMBOLS.values() if symbol.name in names)
    FORMULAS[name] = Formula(name, title, expression, inputs, unit, source)
    return FORMULAS[name]


# Control charts -------------------------------------------------------------------------------------------------------

p = _share("p", "p", "Mean share")
n = _symbol("n", "n", "Orders in the sample", "orders", 1)
k = _symbol("k", "k", "Width of the limits", "standard errors", 0, 6)

MONTGOMERY = "Montgomery, Introduction to Statistical Quality Control, control chart for fraction nonconforming"
P_CHART_UPPER = _formula(
    "p_chart_upper", "Upper limit of a p chart", Min(1, p + k * sqrt(p * (1 - p) / n)), "%", MONTGOMERY
)
P_CHART_LOWER = _formula(
    "p_chart_lower", "Lower limit of a p chart", Max(0, p - k * sqrt(p * (1 - p) / n)), "%", MONTGOMERY
)

# Order quantities -----------------------------------------------------------------------------------------------------

fixed_cost = _symbol("fixed_cost", "K", "Fixed cost of an order", "USD per order")
holding_cost = _symbol("holding_cost", "h", "Holding cost", "USD per unit and period")
stockout_cost = _symbol("stockout_cost", "b", "Cost of a unit short", "USD per unit and period")
demand_rate = _symbol("demand_rate", "D", "Demand", "units per period")
production_rate = _symbol("production_rate", "P", "Replenishment rate", "units per period")
order_quantity = _symbol("order_quantity", "Q", "Order quantity", "units")

SNYDER = "Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd ed."
EOQ = _formula(
    "eoq", "Economic order quantity", sqrt(2 * fixed_cost * demand_rate / holding_cost), "units", f"{SNYDER}, ch. 3"
)
CYCLE_COST = _formula(
    "cycle_cost",
    "Ordering and holding cost of an order quantity",
    fixed_cost * demand_rate / order_quantity + holding_cost * order_quantity / 2,
    "USD per period",
    f"{SNYDER}, ch. 3",
)
_both = holding_cost + stockout_cost
EOQ_BACKORDERS = _formula(
    "eoq_backorders",
    "Economic order quantity with planned backorders",
    sqrt(2 * fixed_cost * demand_rate * _both / (holding_cost * stockout_cost)),
    "units",
    f"{SNYDER}, ch. 3",
)
BACKORDER_FRACTION = _formula(
    "backorder_fraction", "Share of demand backordered by plan", holding_cost / _both, "%", f"{SNYDER}, ch. 3"
)
EOQ_BACKORDERS_COST = _formula(
    "eoq_backorders_cost",
    "Ordering, holding and backorder cost at the best quantity",
    sqrt(2 * fixed_cost * demand_rate * holding_cost * stockout_cost / _both),
    "USD per period",
    f"{SNYDER}, ch. 3",
)
EPQ = _formula(
    "epq",
    "Economic production quantity (replenishment arrives at a rate)",
    sqrt(2 * fixed_cost * demand_rate / (holding_cost * Max(0, 1 - demand_rate / production_rate))),
    "units",
    f"{SNYDER}, ch. 3",
)

# Uncertain demand -----------------------------------------------------------------------------------------------------

demand_mean = _symbol("demand_mean", "\\mu", "Mean demand", "units per period")
demand_sd = _symbol("demand_sd", "\\sigma", "Standard deviation of demand", "units per period")
lead_time = _symbol("lead_time", "L", "Lead time", "periods")
review_period = _symbol("review_period", "R", "Time between reviews", "periods")
daily_demand_mean = _symbol("daily_demand_mean", "{\\bar d}", "Mean daily demand", "units per day")
daily_demand_sd = _symbol("daily_demand_sd", "\\sigma_d", "Standard deviation of daily demand", "units per day")
lead_time_mean_days = _symbol("lead_time_mean_days", "{\\bar L}", "Mean lead time", "days")
lead_time_sd_days = _symbol("lead_time_sd_days", "\\sigma_L", "Standard deviation of lead time", "days")
z = _symbol("z", "z", "Safety factor (1.645 for 95 % of cycles without a stock-out)", "standard deviations", -6, 6)
revenue = _symbol("revenue", "r", "Selling price", "USD per unit")
purchase_cost = _symbol("purchase_cost", "c", "Purchase cost", "USD per unit")
salvage_value = _symbol("salvage_value", "v", "Salvage value", "USD per unit")
reserved_cost = _symbol("reserved_cost", "c_r", "Reserved capacity, paid used or not", "USD per order of capacity")
use_cost = _symbol("use_cost", "c_u", "Extra cost of using reserved capacity", "USD per order")
on_demand_cost = _symbol("on_demand_cost", "c_o", "On-demand capacity", "USD per order")
sites = _symbol("sites", "m", "Sites with like demand", "sites", 1)
correlation = _symbol("correlation", "\\rho", "Correlation of demand between sites", "", -1, 1)
safety_stock_units = _symbol("safety_stock_units", "SS", "Safety stock", "units")
on_hand_units = _symbol("on_hand_units", "I", "Stock on hand", "units")
inventory_usd = _symbol("inventory_usd", "V", "Average inventory at cost", "USD")
carrying_rate = _share("carrying_rate", "i", "Carrying cost of a year's inventory", None)
retail = _symbol("retail", "r", "Selling price", "USD per unit")
cost = _symbol("cost", "c", "Cost", "USD per unit")
turns_cogs = _symbol("turns_cogs", "T", "Turns (cost of goods sold over average inventory at cost)", "per year")

SILVER = "Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains, 4th ed."
CRITICAL_RATIO = _formula(
    "critical_ratio", "Newsvendor: share of demand to cover", stockout_cost / _both, "%", f"{SNYDER}, ch. 4"
)
_margin = Max(0, revenue - purchase_cost)
PROFIT_CRITICAL_RATIO = _formula(
    "profit_critical_ratio",
    "Newsvendor: share of demand to cover, from prices",
    _margin / (_margin + Max(0, purchase_cost - salvage_value)),
    "%",
    f"{SNYDER}, ch. 4",
)
_dearer = Max(0, on_demand_cost - use_cost - reserved_cost)
RESERVED_CAPACITY_RATIO = _formula(
    "reserved_capacity_ratio",
    "Share of demand to cover with reserved capacity",
    _dearer / (_dearer + reserved_cost),
    "%",
    f"{SNYDER}, ch. 4: a unit short costs what on-demand capacity costs more, a unit over costs its reservation",
)
ORDER_UP_TO = _formula(
    "order_up_to",
    "Order-up-to level over lead time and review period",
    demand_mean * (lead_time + review_period) + z * demand_sd * sqrt(lead_time + review_period),
    "units",
    f"{SNYDER}, ch. 4",
)
SAFETY_STOCK = _formula(
    "safety_stock",
    "Safety stock when demand and lead time both vary",
    z * sqrt(lead_time_mean_days * daily_demand_sd**2 + daily_demand_mean**2 * lead_time_sd_days**2),
    "units",
    SILVER,
)
REORDER_POINT = _formula(
    "reorder_point",
    "Reorder point",
    daily_demand_mean * lead_time_mean_days + SAFETY_STOCK.expression,
    "units",
    SILVER,
)
POOLING_SAVING = _formula(
    "pooling_saving",
    "Safety stock saved by pooling like sites, of what they held apart",
    1 - sqrt(Max(0, 1 + (sites - 1) * correlation) / sites),
    "%",
    "Eppen 1979, Management Science 25(5)",
)
AVERAGE_INVENTORY = _formula(
    "average_inventory", "Average inventory", order_quantity / 2 + safety_stock_units, "units", SILVER
)
DAYS_OF_SUPPLY = _formula(
    "days_of_supply", "Days of supply", on_hand_units / daily_demand_mean, "days", "SCOR: inventory days of supply"
)
CARRYING_COST = _formula("carrying_cost", "Carrying cost", inventory_usd * carrying_rate, "USD per year", SILVER)
GMROI = _formula(
    "gmroi",
    "Gross margin return on inventory investment",
    (retail - cost) / cost * turns_cogs,
    "USD of margin a year per USD of inventory",
    "Gross margin over average inventory at cost: markup on cost, never margin on sales, times turns of cost",
)

# Queues and staffing --------------------------------------------------------------------------------------------------

arrival_rate = _symbol("arrival_rate", "\\lambda", "Arrivals", "orders per hour")
service_rate = _symbol("service_rate", "\\mu", "Service rate of one server", "orders per hour")
servers = _symbol("servers", "c", "Servers", "servers", 1)
arrival_rate_per_hour = _symbol("arrival_rate_per_hour", "\\lambda", "Arrivals", "orders per hour")
time_in_system_hours = _symbol("time_in_system_hours", "W", "Time in the system", "hours")
average_in_system = _symbol("average_in_system", "L", "Orders in the system", "orders")
orders = _symbol("orders", "N", "Orders in the shift", "orders")
orders_per_hour = _symbol("orders_per_hour", "r", "Productivity while working", "orders per labor hour")
shift_hours = _symbol("shift_hours", "H", "Paid hours of a shift", "hours", 0, 24)
shrinkage = _share("shrinkage", "s", "Paid time not worked (breaks, absence, training)")
utilization = _share("utilization", "u", "Planned utilization of the time worked")
backlog_orders = _symbol("backlog_orders", "B", "Backlog", "orders")
daily_capacity = _symbol("daily_capacity", "C", "Capacity", "orders per day")
daily_orders = _symbol("daily_orders", "N", "New orders", "orders per day")

UTILIZATION = _formula(
    "utilization",
    "Utilization",
    arrival_rate / (servers * service_rate),
    "%",
    "Gross et al., Fundamentals of Queueing Theory, ch. 2",
)
LITTLES_LAW = _formula(
    "littles_law",
    "Little's law: orders in the system",
    arrival_rate_per_hour * time_in_system_hours,
    "orders",
    "Little 1961, Operations Research 9(3)",
)
LITTLES_LAW_TIME = _formula(
    "littles_law_time",
    "Little's law: time in the system",
    average_in_system / arrival_rate_per_hour,
    "hours",
    "Little 1961, Operations Research 9(3)",
)
STAFF_NEEDED = _formula(
    "staff_needed",
    "People a shift needs (round up)",
    orders / (orders_per_hour * shift_hours * utilization * (1 - shrinkage)),
    "people",
    "Workload over productive hours of one person",
)
BACKLOG_DAYS = _formula(
    "backlog_days",
    "Days to clear a backlog",
    backlog_orders / Max(0, daily_capacity - daily_orders),
    "days",
    "Backlog over spare capacity",
)

# Forecasts ------------------------------------------------------------------------------------------------------------

alpha = _share("alpha", "\\alpha", "Smoothing weight of the newest observation")
observation = _symbol("observation", "y_t", "Newest observation", "units", None)
level = _symbol("level", "\\ell_{t-1}", "Level before", "units", None)
SMOOTHED_LEVEL = _formula(
    "smoothed_level",
    "Simple exponential smoothing",
    alpha * observation + (1 - alpha) * level,
    "units",
    "Hyndman and Athanasopoulos, Forecasting: Principles and Practice, ch. on exponential smoothing",
)

# Cost -----------------------------------------------------------------------------------------------------------------

fixed_usd = _symbol("fixed_usd", "F", "Fixed cost", "USD per period")
variable_usd = _symbol("variable_usd", "v", "Variable cost", "USD per order")
period_orders = _symbol("period_orders", "N", "Orders", "orders per period")
price_usd = _symbol("price_usd", "p", "Price", "USD per order")
order_cost_usd = _symbol("order_cost_usd", "c", "Cost of an order", "USD per order")
failure_rate = _share("failure_rate", "f", "Orders late, damaged, lost or wrong")
failure_usd = _symbol("failure_usd", "d", "Cost of putting one right (reship, refund, contact)", "USD per failed order")
make_fixed = _symbol("make_fixed", "F_m", "Fixed cost of making", "USD")
make_variable = _symbol("make_variable", "v_m", "Variable cost of making", "USD per unit")
buy_price = _symbol("buy_price", "p_b", "Price of buying", "USD per unit")
balance_usd = _symbol("balance_usd", "B", "Average balance", "USD")
annual_flow_usd = _symbol("annual_flow_usd", "A", "A year's flow through it", "USD per year")
days_inventory = _symbol("days_inventory", "DIO", "Days inventory outstanding", "days")
days_receivable = _symbol("days_receivable", "DSO", "Days sales outstanding", "days")
days_payable = _symbol("days_payable", "DPO", "Days payables outstanding", "days")
length_in = _symbol("length_in", "l", "Length", "in")
width_in = _symbol("width_in", "w", "Width", "in")
height_in = _symbol("height_in", "h", "Height", "in")
divisor = _symbol("divisor", "\\delta", "Dimensional divisor", "in³ per lb", 1)
actual_weight_lb = _symbol("actual_weight_lb", "m", "Actual weight", "lb")
rate_usd = _symbol("rate_usd", "p_0", "Rate today", "USD")
annual_increase = _share("annual_increase", "g", "Increase a year", None)
years = _symbol("years", "t", "Years", "years")

BREAK_EVEN = _formula(
    "break_even",
    "Break-even volume",
    fixed_usd / Max(0, price_usd - variable_usd),
    "orders per period",
    "Fixed cost over contribution of one order",
)
COST_PER_ORDER = _formula(
    "cost_per_order",
    "Cost per order",
    fixed_usd / period_orders + variable_usd,
    "USD per order",
    "Fixed cost spread over orders, plus variable cost",
)
COST_PER_GOOD_ORDER = _formula(
    "cost_per_good_order",
    "Cost per order that arrived right and undamaged",
    (order_cost_usd + failure_rate * failure_usd) / (1 - failure_rate),
    "USD per good order",
    "All cost, failures included, over the orders that did not fail",
)
MAKE_OR_BUY = _formula(
    "make_or_buy",
    "Volume at which making and buying cost the same",
    make_fixed / Max(0, buy_price - make_variable),
    "units",
    "Heizer, Render and Munson, Operations Management, cost-volume analysis",
)
DAYS_OUTSTANDING = _formula(
    "days_outstanding",
    "Days a balance stands",
    365 * balance_usd / annual_flow_usd,
    "days",
    "Balance over a day's flow: inventory and payables over cost of goods sold, receivables over revenue",
)
CASH_TO_CASH = _formula(
    "cash_to_cash",
    "Cash-to-cash time",
    days_inventory + days_receivable - days_payable,
    "days",
    "SCOR: cash-to-cash cycle time",
)
DIMENSIONAL_WEIGHT = _formula(
    "dimensional_weight",
    "Dimensional weight",
    length_in * width_in * height_in / divisor,
    "lb",
    "UPS and FedEx service guides; sides rounded by the carrier's rule beforehand",
)
BILLABLE_WEIGHT = _formula(
    "billable_weight",
    "Billable weight, every fraction of an inch and of a pound rounded up (UPS and FedEx since 18 August 2025)",
    ceiling(Max(actual_weight_lb, ceiling(length_in) * ceiling(width_in) * ceiling(height_in) / divisor)),
    "lb",
    "UPS and FedEx service guides",
)
RATE_AFTER_INCREASES = _formula(
    "rate_after_increases",
    "Rate after yearly increases",
    rate_usd * (1 + annual_increase) ** years,
    "USD",
    "Compound growth: an increase applied twice is two years of it",
)

base_usd = _symbol("base_usd", "b", "Base rate of the first pound in the zone", "USD per parcel")
pound_usd = _symbol("pound_usd", "u", "Base rate of each pound more", "USD per lb")
fuel_rate = _share("fuel_rate", "f", "Fuel surcharge", None)
home_usd = _symbol("home_usd", "s_h", "Home surcharge", "USD per parcel")
peak_usd = _symbol("peak_usd", "s_p", "Peak surcharge", "USD per parcel")
PARCEL_CHARGE = _formula(
    "parcel_charge",
    "Charge for a parcel: base rate by billed weight, fuel, surcharges",
    (base_usd + pound_usd * (BILLABLE_WEIGHT.expression - 1)) * (1 + fuel_rate) + home_usd + peak_usd,
    "USD per parcel",
    "A card that is linear in pounds and takes fuel on transport alone; UPS and FedEx take it on surcharges as well",
)

# Sourcing and contracts -----------------------------------------------------------------------------------------------

goods = _symbol("goods", "G", "Goods value (FOB)", "USD")
freight = _symbol("freight", "F", "International freight", "USD")
insurance = _symbol("insurance", "I", "Insurance", "USD")
fees = _symbol("fees", "E", "Brokerage, port and processing fees", "USD")
duty_rate = _share("duty_rate", "\\tau", "Duty rate", None)
fee_rate = _share("fee_rate", "\\phi", "Fee rate")
fee_minimum_usd = _symbol("fee_minimum_usd", "E_{min}", "Least fee", "USD")
fee_maximum_usd = _symbol("fee_maximum_usd", "E_{max}", "Greatest fee", "USD")
minutes_per_order = _symbol("minutes_per_order", "t", "Labor", "minutes per order")
wage_usd = _symbol("wage_usd", "w", "Wage", "USD per hour")
burden_rate = _share("burden_rate", "b", "Payroll burden on the wage", None)
packaging_usd = _symbol("packaging_usd", "P", "Packaging", "USD per order")
space_usd = _symbol("space_usd", "S", "Space and equipment", "USD per order")
overhead_rate = _share("overhead_rate", "o", "Overhead on direct cost", None)
margin_rate = _share("margin_rate", "m", "Operator's margin on its price")
value = _symbol("value", "x", "Value on the attribute", "points", None)
lowest = _symbol("lowest", "x_0", "Bottom of the scale", "points", None)
highest = _symbol("highest", "x_1", "Top of the scale", "points", None)
rho = _symbol("rho", "\\rho", "Curvature (risk attitude)", "per point", None)
annual_spend_usd = _symbol("annual_spend_usd", "A", "Annual spend", "USD per year")
capital_rate = _share("capital_rate", "i", "Cost of capital a year", None)
extra_days = _symbol("extra_days", "d", "Days longer to pay", "days", None)
discount_rate = _share("discount_rate", "\\delta", "Discount for early payment")
days_early = _symbol("days_early", "d", "Days paid early", "days")
fee_usd = _symbol("fee_usd", "F", "Fees of the month at risk", "USD per month")
target = _share("target", "T", "Committed share")
actual = _share("actual", "a", "Measured share")
credit_per_point = _share("credit_per_point", "\\kappa", "Credit for each percentage point missed")
credit_cap = _share("credit_cap", "\\kappa_{max}", "Greatest credit")
on_time = _share("on_time", "q_1", "On time")
complete = _share("complete", "q_2", "Complete")
damage_free = _share("damage_free", "q_3", "Undamaged")
accurate_documents = _share("accurate_documents", "q_4", "Correctly documented")
buyer_reservation = _symbol("buyer_reservation", "R_b", "The most the buyer would pay", "USD")
seller_reservation = _symbol("seller_reservation", "R_s", "The least the seller would take", "USD")

LANDED_COST_FOB = _formula(
    "landed_cost_fob",
    "Landed cost, duty on goods value (US practice)",
    goods * (1 + duty_rate) + freight + insurance + fees,
    "USD",
    "19 USC 1401a: transaction value excludes international freight and insurance",
)
LANDED_COST_CIF = _formula(
    "landed_cost_cif",
    "Landed cost, duty on goods, freight and insurance (EU and UK practice)",
    (goods + freight + insurance) * (1 + duty_rate) + fees,
    "USD",
    "Union Customs Code, art. 71: transport and insurance to the border are part of the value",
)
CLAMPED_FEE = _formula(
    "clamped_fee",
    "Fee with a least and a greatest amount",
    Min(Max(fee_rate * goods, fee_minimum_usd), fee_maximum_usd),
    "USD",
    "US merchandise processing fee, 19 CFR 24.23",
)
LABOR_COST = _formula(
    "labor_cost",
    "Labor cost of an order",
    minutes_per_order / 60 * wage_usd * (1 + burden_rate),
    "USD per order",
    "Time at a loaded wage",
)
SHOULD_COST = _formula(
    "should_cost",
    "What an order should cost to buy",
    (LABOR_COST.expression + packaging_usd + space_usd) * (1 + overhead_rate) / (1 - margin_rate),
    "USD per order",
    "Cost build-up; the margin is a share of the price, not a markup on cost",
)
VALUE_SCORE = _formula(
    "value_score",
    "Exponential value of an attribute, 0 to 1",
    (1 - exp(-rho * (value - lowest))) / (1 - exp(-rho * (highest - lowest))),
    "score",
    "Kirkwood, Strategic Decision Making, exponential single attribute value function",
)
PAYMENT_TERMS_VALUE = _formula(
    "payment_terms_value",
    "Worth of paying later",
    annual_spend_usd * capital_rate * extra_days / 365,
    "USD per year",
    "Financing cost of the payables, simple interest",
)
EARLY_PAYMENT_RATE = _formula(
    "early_payment_rate",
    "Yearly return on an early-payment discount",
    discount_rate / (1 - discount_rate) * 365 / days_early,
    "%",
    "Brealey, Myers and Allen, Principles of Corporate Finance, trade credit; simple interest",
)
SERVICE_CREDIT = _formula(
    "service_credit",
    "Service credit for a missed level",
    fee_usd * Min(credit_cap, 100 * credit_per_point * Max(0, target - actual)),
    "USD per month",
    "Credit proportional to the points missed, up to a cap",
)
PERFECT_ORDER_INDEX = _formula(
    "perfect_order_index",
    "Perfect order index",
    on_time * complete * damage_free * accurate_documents,
    "%",
    "APQC measure 101741; equals the counted rate only where failures are independent",
)
ZOPA_WIDTH = _formula(
    "zopa_width",
    "Width of the zone of possible agreement (none where negative)",
    buyer_reservation - seller_reservation,
    "USD",
    "Raiffa, The Art and Science of Negotiation",
)
