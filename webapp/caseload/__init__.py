"""Caseloads of staff, contacts with residents, saved filters."""
