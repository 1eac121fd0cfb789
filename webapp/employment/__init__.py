"""The working life of residents, as dated stretches of it."""
