"""``python -m fulfillment.simulate`` writes every table and what is written from their schemas."""

from fulfillment.data import DATA
from fulfillment.simulate import simulate, write_tables
from fulfillment.simulate.describe import describe

write_tables(simulate())
describe(DATA)
