"""The people of a match, and suggestions in the order of the ranking."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.functional.matches_world import World, make_world
from webapp.accounts.models import Account
from webapp.core.db import Database
from webapp.matches.suggestions import compute


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> World:
    """A resident, an employer, staff and one match of theirs."""
    return make_world(db, write, sign_in)


@pytest.fixture
def in_the_rankings_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """No places are exchanged here; who would be changes by the week."""
    monkeypatch.setattr(compute, "SWAP_RATE", 0.0)
