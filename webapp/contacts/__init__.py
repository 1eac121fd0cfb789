"""Calls and visits on record: with residents and with employers, and when to ask again."""
