"""Fixtures of the tests of tickets."""

import pytest

from tests.factories import make_account, make_branch
from tests.functional.tickets import world as worlds
from tests.functional.tickets.office import Office
from webapp.core.access import Role


@pytest.fixture
def world(app, db, write):
    """The people of two branches; words are translated as in a request."""
    with app.test_request_context():
        yield worlds.make(db, write)


@pytest.fixture
def office(app, db, write):
    """A branch that works on what was filed through a page: ``office.reply(ticket)``."""
    with write() as session:
        branch = make_branch(session, name="便民支部")
        people = [make_account(session, role=Role.STAFF, branch_id=branch.id) for _one in range(3)]
    return Office(app, db, (branch, *people))
