"""People who use a served demo over real HTTP, many at once."""

import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from tests.conftest import PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visitor:
    """A browser without pictures or scripts, with cookies of its own."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        """Return a page; ``HTTPError`` for a refusal or a fault of the server."""
        with self._opener.open(self._address + path, timeout=30) as answer:
            return answer.read().decode()

    def send(self, path: str, **typed: str) -> str:
        """Send the form on ``path`` and return the page that follows."""
        found = TOKEN.search(self.get(path))
        assert found, f"no form on {path}"
        data = urllib.parse.urlencode({**typed, "csrf_token": found[1]}).encode()
        with self._opener.open(self._address + path, data, timeout=30) as answer:
            return answer.read().decode()

    def sign_in(self, phone: str) -> str:
        """Sign in and return the page that follows."""
        return self.send("/login", phone=phone, password=PASSWORD)
