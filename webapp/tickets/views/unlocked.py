"""Which tickets' PINs were typed in this browser a little while ago: kept in its signed cookie."""

from datetime import datetime, timedelta

from flask import session

from webapp.core import clock

OPEN_FOR = timedelta(minutes=30)
_MOST = 5
_KEY = "tickets"


def is_open(code: str) -> bool:
    """Return whether a ticket's PIN was typed here and still stands."""
    return code in _kept()


def remember(code: str) -> None:
    """Keep that a ticket's PIN was typed."""
    newest = list(_others(code).items())[1 - _MOST :]
    session[_KEY] = {**dict(newest), code: (clock.now() + OPEN_FOR).isoformat()}


def forget(code: str) -> None:
    """Ask for the PIN again from now on."""
    session[_KEY] = _others(code)


def _others(code: str) -> dict[str, str]:
    return {one: until for one, until in _kept().items() if one != code}


def _kept() -> dict[str, str]:
    kept: dict[str, str] = session.get(_KEY, {})
    now = clock.now()
    return {code: until for code, until in kept.items() if datetime.fromisoformat(until) > now}
