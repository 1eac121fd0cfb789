"""Threads as each side sees them: access, inbox, timeline."""
