"""Send one notice to an apprise address: the only module that contacts other services."""

import logging
import re
import threading
import warnings
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

_ADDRESS = re.compile(r"\S+://\S+")
_LOCK = threading.Lock()  # apprise's log is captured for all threads at once
LONGEST_ERROR = 200

# What apprise logs may hold an address with its secrets: it is read here, and goes no further.
_apprise_log = logging.getLogger("apprise")
_apprise_log.propagate = False
_apprise_log.addHandler(logging.NullHandler())


class SendFailed(Exception):
    """A notice did not arrive; the message says why, without the address and its secrets."""


def is_address(url: str) -> bool:
    """Return whether apprise understands the address."""
    with _LOCK:
        return _plugin(url) is not None


def is_allowed(url: str, allowed: Iterable[str]) -> bool:
    """Return whether the installation's settings name the address.

    ``allowed`` holds a scheme for services at an address of their own (``wecombot``), else
    ``scheme://host`` or ``scheme://host:port``; so nobody can make the server knock at
    addresses inside its own network.
    """
    with _LOCK:
        plugin = _plugin(url)
    if plugin is None:
        return False
    scheme = urlsplit(url).scheme.lower()
    # An e-mail address may name its server apart from the host.
    hosts = {str(getattr(plugin, name, None) or "").lower() for name in ("host", "smtp_host")} - {
        ""
    }
    own_address = not {"host", "domain"} & set(plugin.template_tokens)
    for name in allowed:
        parts = urlsplit(name)
        if not parts.scheme:
            if own_address and name.lower() == scheme:
                return True
            continue
        port_fits = parts.port is None or parts.port == plugin.port
        if parts.scheme.lower() == scheme and hosts == {parts.hostname} and port_fits:
            return True
    return False


def masked(url: str) -> str:
    """Return the address as it may be shown: kind and host, without name, password and path."""
    with _LOCK:
        plugin = _plugin(url)
    if plugin is None:
        return ""
    parts = urlsplit(str(plugin.url(privacy=True)))
    host = parts.netloc.rpartition("@")[2]  # a bot's "host" is its token, which apprise hides
    return f"{parts.scheme}://{host}/…"


def send(url: str, *, title: str, body: str, key: str, allowed: Iterable[str]) -> None:
    """Send a notice; raise :class:`SendFailed` when the receiver did not take it.

    An address that the settings no longer allow is not spoken to.

    ``key`` goes along as the header ``Idempotency-Key`` where the kind of address has headers
    (json, xml, form); a receiver of its own can tell a repeated notice by it.
    """
    import apprise

    if not is_allowed(url, allowed):
        raise SendFailed("address not allowed by FUMIN_NOTICE_ADDRESSES")
    with _LOCK, apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as captured:
        plugin = _plugin(url)
        if plugin is None:
            raise SendFailed("address not understood")
        if isinstance(headers := getattr(plugin, "headers", None), dict):
            headers["Idempotency-Key"] = key
        arrived = plugin.notify(body=body, title=title)
        said = captured.getvalue()
    if not arrived:
        raise SendFailed(_first_line(said) or "not accepted")


def _plugin(url: str) -> Any:
    """Return apprise's plugin for the address, ``None`` when there is none."""
    import apprise

    with warnings.catch_warnings():
        # All plugins load at the first call; one asks for a module that Python is dropping.
        warnings.simplefilter("ignore", DeprecationWarning)
        return apprise.Apprise.instantiate(url, suppress_exceptions=True)


def _first_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return _ADDRESS.sub("…", lines[0])[:LONGEST_ERROR] if lines else ""
