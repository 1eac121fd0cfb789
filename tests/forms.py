"""Fill in and send the forms of real pages."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Form:
    """A form as it stands on the page: where it goes, and what a browser would send."""

    action: str
    data: dict[str, Any] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collect the POST forms of a page with their successful controls (HTML 4.10.22)."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form" and (attributes.get("method") or "").lower() == "post":
            self._open = Form(attributes.get("action") or "")
            self.forms.append(self._open)
        if self._open is None:
            return
        name, value = attributes.get("name"), attributes.get("value") or ""
        if tag == "input" and name:
            kind = attributes.get("type", "text")
            if kind in {"checkbox", "radio"} and "checked" not in attributes:
                return
            if kind not in {"submit", "button", "file"}:
                self._put(name, value or ("y" if kind == "checkbox" else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if self._select not in self._open.data or "selected" in attributes:
                self._open.data[self._select] = value
        elif tag == "textarea":
            self._area = name
            self._put(name or "", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area and self._open is not None:
            self._open.data[self._area] += data.removeprefix("\n")

    def _put(self, name: str, value: str) -> None:
        assert self._open is not None
        if name in self._open.data and isinstance(self._open.data[name], list):
            self._open.data[name].append(value)
        elif name in self._open.data:
            self._open.data[name] = [self._open.data[name], value]
        else:
            self._open.data[name] = value


# Found without parsing the page, as nearly every test wants one.
TOKEN = re.compile(r'<input[^>]* name="csrf_token"[^>]* value="([^"]+)"')


def forms_on(page: TestResponse) -> list[Form]:
    """Return the POST forms of a page."""
    parser = _Forms()
    parser.feed(page.get_data(as_text=True))
    return parser.forms


def csrf_token(browser: FlaskClient, page: str) -> str:
    """Return the token of the first form on ``page``."""
    response = browser.get(page)
    found = TOKEN.search(response.get_data(as_text=True))
    assert found, f"no form with a csrf_token on {page} ({response.status_code})"
    return found[1]


def submit(
    browser: FlaskClient, url: str, data: dict[str, Any] | None = None, *, page: str | None = None
) -> TestResponse:
    """POST ``data`` to ``url`` with the token of ``page`` (default: ``url`` itself)."""
    token = csrf_token(browser, page or url)
    return browser.post(url, data={**(data or {}), "csrf_token": token})


def press(browser: FlaskClient, page: str, action: str = "", **changes: Any) -> TestResponse:
    """Send the form of ``page`` whose action ends in ``action``, with ``changes`` typed in.

    Whatever else stands in the form goes along as it is. Fails when the page has no such form.
    """
    response = browser.get(page)
    path = response.request.path
    for form in forms_on(response):
        target = (form.action or path).split("?")[0]
        if target.endswith(action or path):
            return browser.post(form.action or page, data={**form.data, **changes})
    raise AssertionError(f"no form to …{action} on {page} ({response.status_code})")
