"""Possible duplicates of people and openings: staff merge or keep apart, and may undo it."""
