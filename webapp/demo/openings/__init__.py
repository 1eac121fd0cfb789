"""What is on offer in the demo community: organisations and their openings."""
