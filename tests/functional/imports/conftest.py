"""A member of staff at the counter, with the spreadsheets that come in."""

import pytest


@pytest.fixture
def browser(sign_in, staff):
    """A browser signed in to the account of :func:`staff`."""
    return sign_in(staff)
