"""Piecework: orders from companies, shared out to families, every gram and fen accounted for."""
