"""What the public sees of openings: catalogue, search, filters."""
