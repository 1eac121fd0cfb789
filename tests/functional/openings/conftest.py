"""Who writes openings and who reviews them."""

import pytest

from tests.factories import make_account, make_employer
from webapp.core.access import Role


@pytest.fixture
def people(write, sign_in, desk):
    """An employer's browser and a member of staff's, and the employer."""
    with write() as session:
        account = make_account(session, role=Role.EMPLOYER)
        employer = make_employer(session, member=account)
    return sign_in(account), desk, employer
