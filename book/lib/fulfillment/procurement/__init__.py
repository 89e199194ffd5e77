"""Whom to buy from and on which terms: spend, bids, scores, scorecards, negotiation."""
