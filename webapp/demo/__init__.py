"""The demo community: invented people, employers and openings for a first look."""
