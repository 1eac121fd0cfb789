"""The people of a piecework order."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.functional.piecework.world import World, make_world
from webapp.core.db import Database


@pytest.fixture
def world(app: Flask, db: Database) -> Iterator[World]:
    """Two households, a company and staff, within the application's context; no order yet."""
    with app.app_context():
        yield make_world(db)
