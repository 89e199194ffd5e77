"""What an order costs and why it changed: tracing, drivers, break-even, levers."""
