"""Tickets of residents: which branch, how urgent, what to ask back, and which may be one matter."""
