"""Send one notice to an apprise address: the only place that speaks to the world outside."""

import logging
import re
import threading
from urllib.parse import urlsplit

_ADDRESS = re.compile(r"\S+://\S+")
_LOCK = threading.Lock()  # apprise's log is captured for all threads at once
LONGEST_ERROR = 200


class SendFailed(Exception):
    """A notice did not arrive; the message says why, without the address and its secrets."""


def is_address(url: str) -> bool:
    """Return whether apprise understands the address."""
    import apprise

    with _LOCK, apprise.LogCapture():
        return apprise.Apprise.instantiate(url, suppress_exceptions=True) is not None


def masked(url: str) -> str:
    """Return the address as it may be shown: kind and host, without name, password and path."""
    import apprise

    with _LOCK, apprise.LogCapture():
        plugin = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if plugin is None:
        return ""
    parts = urlsplit(str(plugin.url(privacy=True)))
    host = parts.netloc.rpartition("@")[2]  # a bot's "host" is its token, which apprise hides
    return f"{parts.scheme}://{host}/…"


def send(url: str, *, title: str, body: str, key: str) -> None:
    """Send a notice; raise :class:`SendFailed` when the receiver did not take it.

    ``key`` goes along as the header ``Idempotency-Key`` where the kind of address has headers
    (json, xml, form); a receiver of its own can tell a repeated notice by it.
    """
    import apprise

    with _LOCK, apprise.LogCapture(level=logging.WARNING) as captured:
        plugin = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        if plugin is None:
            raise SendFailed("address not understood")
        if isinstance(headers := getattr(plugin, "headers", None), dict):
            headers["Idempotency-Key"] = key
        arrived = plugin.notify(body=body, title=title)
        said = captured.getvalue()
    if not arrived:
        raise SendFailed(_first_line(said) or "not accepted")


def _first_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return _ADDRESS.sub("…", lines[0])[:LONGEST_ERROR] if lines else ""
