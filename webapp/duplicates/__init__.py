"""Files that may be one: two of a person, two of an opening. People decide, and may undo it."""
