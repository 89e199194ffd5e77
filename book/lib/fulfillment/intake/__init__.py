"""A reader's own files.

A `mapping` (proposed by `proposal`, ready for two public data sets in `public_files`) says which column is which; `reader`
reads the files (`files`, `encodings`), casts the cells (`parsers`, `casting`), sets aside what is no row (`screening`) and
reports what is odd (`reporting`); `delivery_kpis` and `kpi_report` measure what is left.
"""
