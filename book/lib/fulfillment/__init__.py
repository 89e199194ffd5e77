"""The subject: a fulfillment program (`data`, `simulate`), its KPIs (`kpis`), control charts (`control`), figures."""
