"""A reader's own files: cells parsed, rows checked and set aside, KPIs of deliveries."""
