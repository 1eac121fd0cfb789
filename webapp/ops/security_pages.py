"""Where to tell of a hole (RFC 9116), and where browsers tell what the page's policy refused."""

import json
import logging
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, HTTPException

from webapp.core import clock, rate_limits
from webapp.core.access import SYSTEM, public
from webapp.core.db import get_db
from webapp.core.rate_limits import Limit

bp = Blueprint("security_pages", __name__)
log = logging.getLogger(__name__)

VALID = timedelta(days=180)  # RFC 9116: less than a year
MOST_BYTES = 16 * 1024
PER_ADDRESS = 30
WINDOW = timedelta(hours=1)


@bp.get("/.well-known/security.txt")
@public
def security_txt() -> ResponseReturnValue:
    """Whom to tell of a hole: the address that is set, else the community's feedback page."""
    contact = current_app.extensions["settings"].security_contact
    lines = [
        f"Contact: {contact or url_for('tickets.new', _external=True)}",
        f"Expires: {clock.now() + VALID:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en",
        f"Canonical: {url_for('.security_txt', _external=True)}",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.post("/csp-reports")
@public
def csp_report() -> ResponseReturnValue:
    """Log what a page tried to load against its policy: by whom and on which address, never.

    Addresses may hold codes that open somebody's case, so the view is named instead.
    """
    with get_db().transaction(SYSTEM) as session:
        address = request.remote_addr or ""
        rate_limits.take(session, [Limit(f"csp-address:{address}", PER_ADDRESS, WINDOW)])
    report = _report()
    log.warning(
        "refused by the page's policy: %s of %s on %s",
        _word(report.get("effective-directive") or report.get("violated-directive")),
        _origin(report.get("blocked-uri")),
        _view(report.get("document-uri")),
    )
    return "", 204


def _report() -> dict[str, object]:
    if (request.content_length or 0) > MOST_BYTES:
        raise BadRequest
    try:
        report = json.loads(request.get_data())["csp-report"]
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        raise BadRequest from error
    if not isinstance(report, dict):
        raise BadRequest
    return report


def _word(value: object) -> str:
    """Return a directive's name; anything else a stranger may have written is not logged."""
    word = str(value).split(" ")[0]
    return word if word.replace("-", "").isalpha() and word.isascii() else "?"


def _origin(value: object) -> str:
    """Return scheme and host, or the keyword (``inline``, ``eval``, ``data``)."""
    text = str(value)
    if "://" not in text:
        return _word(text)
    try:
        parts = urlsplit(text)
        return f"{_word(parts.scheme)}://{(parts.hostname or '?').encode('idna').decode()[:100]}"
    except ValueError:
        return "?"


def _view(value: object) -> str:
    """Return the name of the view at one of our addresses."""
    try:
        path = urlsplit(str(value)).path
        return current_app.url_map.bind("").match(path)[0]
    except (HTTPException, ValueError):
        return "?"
