"""The forms of the branches."""
