"""Use cases of rights and income."""
