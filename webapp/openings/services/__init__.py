"""Services of openings: write, review, publish, close."""
