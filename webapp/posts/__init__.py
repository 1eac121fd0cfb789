"""华龙天空: the community's short posts, their feeds, and the weekly page for the board."""
