"""Services of imports: batches and their state, the run of one file, writing its rows."""
