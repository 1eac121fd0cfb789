"""Addresses within the site that a request asks to be sent on to."""

from urllib.parse import urlsplit

from flask import request


def local_next() -> str | None:
    """Return the ``next`` of this request if it is local, never another site's (open redirect)."""
    target = str(request.values.get("next", ""))
    parts = urlsplit(target)
    local = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if local and not parts.scheme and not parts.netloc else None
