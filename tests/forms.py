"""Fill in and send the forms of real pages."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


def csrf_token(browser: FlaskClient, page: str) -> str:
    """Return the token of the first form on ``page``."""
    response = browser.get(page)
    found = TOKEN.search(response.get_data(as_text=True))
    assert found, f"no form with a csrf_token on {page} ({response.status_code})"
    return found[1] or found[2]


def submit(
    browser: FlaskClient, url: str, data: dict[str, Any] | None = None, *, page: str | None = None
) -> TestResponse:
    """POST ``data`` to ``url`` with the token of ``page`` (default: ``url`` itself)."""
    token = csrf_token(browser, page or url)
    return browser.post(url, data={**(data or {}), "csrf_token": token})
