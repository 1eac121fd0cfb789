"""Words are worded in an application."""

import pytest


@pytest.fixture(scope="module")
def app_context(built):
    """An application's context, for the wording."""
    with built.test_request_context():
        yield
