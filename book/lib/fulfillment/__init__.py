"""The subject: a fulfillment program, and what a buyer of fulfillment computes on it.

Where to look
    ``formulas`` every closed form once; ``validate`` what input must be, ``arguments`` the same said beside a function;
    ``calendar`` weeks, business and delivery days; ``optimization`` programs with one answer; ``tradeoffs`` where options
    cross and which none beats; ``charts`` figures.

    ========================  ==========================================================================================
    ``data``                  tables of the program and their schemas; published facts, rates and rules; what is given
    ``intake``                a reader's own files: mapped, read, checked, reported, measured
    ``kpis``                  one function a KPI, their catalog (SQL, spreadsheet), control charts, the workbook
    ``operations``            queues, the order cycle, backlogs, returns, which center serves whom
    ``planning``              forecasts, stock and where it lies, peak capacity
    ``procurement``           spend, bids, scores, scorecards, negotiation
    ``freight``               a parcel priced, rate cards and quotes, bills audited, cartons
    ``costing``               what an order costs, why it changed, what it would cost otherwise, break-even
    ``cases``                 what one case alone uses, named as its notebook
    ``simulate``              how the program was made; nothing outside imports it
    ``__main__``              ``python -m fulfillment``: a mapping proposed, files reported
    ========================  ==========================================================================================

A module imports from its own room and from rooms below it: ``tests/unit/test_architecture.py`` holds the floors.
"""
