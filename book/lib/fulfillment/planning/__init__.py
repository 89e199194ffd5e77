"""What comes and what to have ready: forecasts, stock, peak capacity, decisions in stages."""
