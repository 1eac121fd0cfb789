"""What a page says."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def text(response: TestResponse) -> str:
    """Return what an answer says."""
    return response.get_data(as_text=True)


def see(browser: FlaskClient, url: str) -> str:
    """Return what the page at ``url`` says; fails when there is none for this reader."""
    response = browser.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return text(response)
