"""The subject: a fulfillment program and what a buyer of fulfillment computes on it.

Data: `data` and `schemas` (the program's tables), `simulate` (how they are made), `own`, `cells` and `deliveries` (a
reader's own files). Measures: `kpis`, `catalog`, `workbook`, `control`. Methods: `formulas` (every closed form once),
`sourcing`, `partners`, `inventory`, `demand`, `capacity`, `queueing`, `costs`, `network`, `negotiation`. Figures: `charts`.
"""
