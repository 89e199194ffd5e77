"""The subject: a fulfillment program's data (`data`, `simulate`), its KPIs (`kpis`), control charts (`control`), figures."""
