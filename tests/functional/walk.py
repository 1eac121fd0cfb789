"""Somebody who finds their way by what stands on the pages, and whose clicks are counted."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.forms import forms_on
from tests.functional.pages import text

_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
_SEARCH = re.compile(r'<form\b[^>]*\baction="([^"]+)"[^>]*class="search-box"', re.DOTALL)


class Walk:
    """A browser on one page at a time; ``clicks`` are links, buttons, and ticks of choices.

    Typing is no click. What is followed or sent has to stand on the page.
    """

    def __init__(self, browser: FlaskClient, start: str) -> None:
        self.browser, self.clicks = browser, 0
        self.page = self._settle(browser.get(start))

    @property
    def words(self) -> str:
        """What the page says."""
        return text(self.page)

    @property
    def path(self) -> str:
        """Where one is."""
        return self.page.request.path

    def follow(self, words: str) -> "Walk":
        """Click the link that says ``words``, or else the first that holds them."""
        links = [
            (re.sub(r"<[^>]+>", "", inner).strip(), unescape(href))
            for href, inner in _LINK.findall(self.words)
        ]
        held = [href for said, href in links if words in said]
        said_so = [href for said, href in links if words == said] or held
        assert said_so, f"no link {words} on {self.path}"
        self.clicks += 1
        self.page = self._settle(self.browser.get(said_so[0].split("#")[0]))
        return self

    def search(self, words: str) -> "Walk":
        """Type into the page's search box and press its button."""
        action = _SEARCH.search(self.words)
        assert action, f"no search box on {self.path}"
        self.clicks += 1
        self.page = self._settle(self.browser.get(f"{action[1]}?{urlencode({'q': words})}"))
        return self

    def send(self, action: str, ticked: dict[str, Any] | None = None, **typed: Any) -> "Walk":
        """Press the button of the form to ``action``; each choice in ``ticked`` is a click more."""
        chosen = ticked or {}
        for form in forms_on(self.page):
            if (form.action or self.path).split("?")[0].endswith(action):
                self.clicks += 1 + len(chosen)
                data = {**form.data, **chosen, **typed}
                target = form.action or self.page.request.full_path
                self.page = self._settle(self.browser.post(target, data=data))
                return self
        raise AssertionError(f"no form to …{action} on {self.path}")

    def _settle(self, answer: TestResponse) -> TestResponse:
        """Go where the answer sends one, as browsers do."""
        while answer.status_code in {302, 303}:
            answer = self.browser.get(answer.headers["Location"])
        assert answer.status_code == 200, (answer.request.path, answer.status_code)
        return answer
