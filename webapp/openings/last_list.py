"""The list somebody looks at, kept in their session so that pages of openings lead back to it.

By the browser's session it survives an application, signing in, and a browser without scripts.
Who signs in keeps the list they had before; who signs out leaves nothing to the next.
"""

from urllib.parse import urlsplit

from flask import request, session, url_for

from webapp.core.access import current_actor

_KEY = "openings"
_LONGEST = 600  # characters of a query string: a cookie holds little


def remember(query: str) -> None:
    """Keep a list by its query string; one too long for a cookie is the whole list."""
    kept = [current_actor().account_id or 0, query if len(query) <= _LONGEST else ""]
    if session.get(_KEY) != kept:
        session[_KEY] = kept


def came_from(opening_id: int) -> str:
    """Return the list that the reader came from right now, at the card of an opening; else empty.

    There may be two windows with a list each: the one come from is kept from now on.
    """
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host or came.path != url_for("openings.index"):
        return ""
    remember(came.query)
    return _at(came.query, opening_id)


def address(opening_id: int) -> str:
    """Return the list the reader came from or had last, at the card of an opening; else empty."""
    here = came_from(opening_id)
    owner, query = session.get(_KEY, (0, None))
    if here or query is None or owner not in {0, current_actor().account_id}:
        return here
    return _at(query, opening_id)


def _at(query: str, opening_id: int) -> str:
    return f"{url_for('openings.index')}{'?' if query else ''}{query}#o{opening_id}"
