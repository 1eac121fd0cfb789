"""The households whose doors others knock at."""

import pytest

from tests.functional.residents.village import Village


@pytest.fixture
def village(app, db, write, sign_in):
    """One household with two grown-ups and a child, and somebody alone."""
    return Village(app, db, write, sign_in)
