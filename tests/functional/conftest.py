"""People who sign in, for the tests of every part."""

import pytest

from tests.factories import make_account
from webapp.core.access import Role


@pytest.fixture
def staff(write):
    """The account of a member of staff, of a branch of its own."""
    with write() as session:
        return make_account(session, role=Role.STAFF)
