"""Tables of training: courses with their runs, and people's enrolments in them."""
