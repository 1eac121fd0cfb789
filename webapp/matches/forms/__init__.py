"""Forms of matches; names differ from form to form, since several stand on one page."""
