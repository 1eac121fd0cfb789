"""What was read out of a text, made ready for a page and for the forms."""
