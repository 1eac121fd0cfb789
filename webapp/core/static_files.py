"""Files of the interface: named by what they hold, so that a browser asks for each only once.

The address of a file carries a digest of its bytes. Under that address it never changes and may be
kept for a year; under any other, a browser asks each time whether it still stands.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from markupsafe import Markup

_YEAR = 365 * 24 * 3600
_DIGITS = 10


class PageSessions(SecureCookieSessionInterface):
    """Sessions of pages alone.

    A file is the same for everybody. Were its answer to vary by cookie, a browser would fetch it
    again whenever the cookie changes.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Save what a page has changed."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


def register(app: Flask) -> None:
    """Let browsers keep files that are asked for by their digest."""
    app.session_interface = PageSessions()
    app.after_request(_keep)
    app.jinja_env.globals.update(static_url=static_url, drawn_icon=icon)


def static_url(filename: str) -> str:
    """Return the address of a static file as it is now."""
    return _address(request.script_root, current_app.static_folder or "", filename)


def icon(name: str | None) -> Markup:
    """Return the HTML of one line icon of static/icons.svg, nothing for no name."""
    return _icon(request.script_root, name) if name else Markup()


@cache
def _icon(_root: str, name: str) -> Markup:
    return Markup(
        '<svg class="icon" aria-hidden="true" focusable="false" width="20" height="20">'
        '<use href="{}#{}"></use></svg>'
    ).format(static_url("icons.svg"), name)


@cache
def _address(_root: str, folder: str, filename: str) -> str:
    # Names come from templates of ours, so the memory stays small.
    return url_for("static", filename=filename, v=_digest(folder, filename))


@cache
def _digest(folder: str, filename: str) -> str:
    content = Path(folder, filename).read_bytes()
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


def _keep(response: Response) -> Response:
    asked: Any = request.args.get("v")
    if request.endpoint != "static" or asked is None or response.status_code not in {200, 304}:
        return response
    folder, filename = current_app.static_folder or "", (request.view_args or {})["filename"]
    if asked == _digest(folder, filename):
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    return response
