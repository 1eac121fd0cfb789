"""Pages of tickets. Importing them adds them to the blueprint."""

from webapp.tickets.blueprint import bp
from webapp.tickets.views import (
    counter,
    filing,
    following,
    long_cases,
    opening_long_cases,
    own_long_cases,
    pictures,
    public,
    resident,
    staff,
)

__all__ = [
    "bp",
    "counter",
    "filing",
    "following",
    "long_cases",
    "opening_long_cases",
    "own_long_cases",
    "pictures",
    "public",
    "resident",
    "staff",
]
