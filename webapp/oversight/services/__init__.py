"""Freezing months, the month under way, corrections, the signed files."""
