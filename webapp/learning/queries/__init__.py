"""What is learned from, the versions, and how they compare."""
