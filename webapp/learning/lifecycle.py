"""The life of a model version: asked for, trained, in use, out of use."""

from webapp.engine.models import VersionState

# What may be put in use: the gate's and a person's choice alike.
CAN_SERVE = frozenset({VersionState.CANDIDATE, VersionState.RETIRED})
