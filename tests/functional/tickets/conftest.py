"""Fixtures of the tests of tickets."""

import pytest

from tests.functional.tickets import world as worlds


@pytest.fixture
def world(app, db, write):
    """The people of two branches; words are translated as in a request."""
    with app.test_request_context():
        yield worlds.make(db, write)
