"""People who sign in and the branch that serves them, for the tests of every part."""

import pytest

from tests.factories import make_account, make_branch, make_employer, make_opening
from webapp.core.access import Role


@pytest.fixture
def branch(write):
    """A branch, which serves everybody."""
    with write() as session:
        return make_branch(session)


@pytest.fixture
def staff(write):
    """The account of a member of staff, of a branch of its own."""
    with write() as session:
        return make_account(session, role=Role.STAFF)


@pytest.fixture
def desk(sign_in, staff):
    """The browser of the member of staff."""
    return sign_in(staff)


@pytest.fixture
def boss(write):
    """The account of an admin."""
    with write() as session:
        return make_account(session, role=Role.ADMIN, name="赵光明")


@pytest.fixture
def house(write, staff):
    """An employer with one account and a published opening, and the member of staff."""
    with write() as session:
        account = make_account(session, role=Role.EMPLOYER)
        employer = make_employer(session, member=account, credit_code="91500107MA5U6N4K38")
        opening = make_opening(session, employer_id=employer.id)
    return employer, account, opening, staff
