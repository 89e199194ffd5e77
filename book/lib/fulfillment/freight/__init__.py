"""A parcel priced and a bill checked: contracts (`rating`, `auditing`), cartons, rate cards quoted for every order.

Contracts (`rating`, `auditing`)
    ``contract_price(parcels, rates, …)`` is a parcel's price under a carrier's contract in four parts: base, fuel,
    residential, peak; their sum is the price. ``freight_audit`` holds a carrier's bill against it.
Cards (`rate_cards`)
    ``load_rate_cards()`` gives the four best and final offers of RFP-2026-02 (``bid_rates``, ``bid_capacity``), each a
    checked `RateCard`; ``build_rate_card(rows, bidder, dim_carrier, dim_divisor)`` checks rows of your own. Every card
    prices the year of the program, July 2025 to June 2026: the request had each bidder price that year's orders again,
    so offers compare order by order. ``valid_from`` and ``valid_to`` are those days, peak surcharges those of that season.
Orders (`quotes`)
    ``program_orders("FC4")`` are the Southeast's parcels (one modeled parcel is 300 national); ``quote(orders, card,
    monthly_orders=…)`` gives a row per order and charge: quantity, rate, amount, rule. ``order_totals(lines)`` sums them;
    ``rating_inputs(orders, card)`` shows zone, dimensional and billable weight. Amounts are rounded line by line, half a
    cent up. Give ``monthly_orders`` nationally (a tier of monthly orders is picked by it): 300 times the modeled month.
Months and years
    ``quote_month`` adds receiving, storage by age, account management, onboarding and the minimum; ``quote_year(orders,
    card, scale=300, accounts=51)`` does both for all months, in national money: its ``amount_usd`` over ``orders`` is the
    cost of an order, and ``scale`` is the volume awarded (150 is half the region), which moves tiers and the minimum.
One parcel
    ``compare_parcel(cards, zone=…, weight_lb=…, residential=…, peak=…)`` is the table for an `explore` of zone × weight
    × home × peak (7 × 5 × 2 × 2 = 140 states); the calculator's formula is ``formulas.PARCEL_CHARGE``.
The platform's seller card (`platform_fees`)
    ``platform_fee(on, weight_lb, units)`` and ``platform_storage(on, days_stored)``, by the card of a day; what has no
    row is refused, never priced at zero.

An order without a rate is refused, or listed with no amount (``missing_rate="keep"``). Carriers whose rounding of
dimensional weight is not published are refused. All rates of bidders are invented within published ranges.
"""
