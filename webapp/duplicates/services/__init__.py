"""Find pairs that look alike, judge them, merge and undo."""
