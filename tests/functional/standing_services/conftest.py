"""The world of standing services, for all tests of the folder."""

from tests.functional.standing_services.world import world

__all__ = ["world"]
