"""Read spreadsheets: which column means what, and each kind of cell and row."""
