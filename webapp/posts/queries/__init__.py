"""What pages and feeds show of posts."""
