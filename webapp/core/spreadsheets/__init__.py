"""Spreadsheets as people hand them in, read into plain values."""
