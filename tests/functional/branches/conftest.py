"""The team of the world, for all tests of the branches."""

from tests.functional.branches.world import team

__all__ = ["team"]
