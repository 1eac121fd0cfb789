"""The people of a piecework order."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.functional.piecework.world import World, make_world
from webapp.accounts.models import Account
from webapp.core.access import Actor
from webapp.core.db import Database


@pytest.fixture
def world(app: Flask, db: Database) -> Iterator[World]:
    """Two households, a company and staff, within the application's context; no order yet."""
    with app.app_context():
        yield make_world(db)


@pytest.fixture
def browse(world: World, sign_in: Callable[[Account], FlaskClient]) -> Callable[[Actor], Any]:
    """Return a browser of an actor."""

    def _browse(actor: Actor) -> FlaskClient:
        with world.db.reader() as session:
            return sign_in(session.get_one(Account, actor.account_id))

    return _browse
