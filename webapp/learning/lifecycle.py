"""The life of a model version: asked for, trained, in use, out of use."""

from enum import StrEnum


class VersionState(StrEnum):
    """Where a model version stands."""

    REQUESTED = "requested"  # asked for; the scheduler trains it soon
    CANDIDATE = "candidate"  # trained and kept, not in use
    CURRENT = "current"  # makes the suggestions; exactly one
    RETIRED = "retired"  # was in use
    REFUSED = "refused"  # no model came of it


# What may be put in use: the gate's and a person's choice alike.
CAN_SERVE = frozenset({VersionState.CANDIDATE, VersionState.RETIRED})
