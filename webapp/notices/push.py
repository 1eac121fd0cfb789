"""Send one message to the push service of one browser.

The address of a subscription is typed by a browser, so by anybody: only https to services that the
settings name is spoken to, never an address inside this network, and no redirect is followed.
"""

import hashlib
import ipaddress
import json
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from webapp.notices.outside import SendFailed
from webapp.notices.push_encryption import authorization, encode, encrypt
from webapp.notices.push_key import PushKey

LONGEST_ENDPOINT = 1000
_SECONDS = 10
_KEPT = 24 * 3600  # seconds for which a service keeps a message for a browser that is off
_GONE = frozenset({404, 410})


class SubscriptionGone(SendFailed):
    """The browser takes no more messages: its subscription is to be forgotten."""


@dataclass(frozen=True)
class Subscription:
    """Where a browser takes messages, and the keys to write them with."""

    endpoint: str
    p256dh: str
    auth: str


def is_allowed(endpoint: str, services: Iterable[str]) -> bool:
    """Return whether the address is of a service that the settings name.

    A service is a host (``fcm.googleapis.com``), the end of hosts (``.notify.windows.com``), both
    by https at its usual port; or in full ``http://127.0.0.1:8900``, for one's own.
    """
    if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable():
        return False
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if parts.username is not None or parts.password is not None or " " in endpoint:
        return False
    for service in services:
        if "://" in service:
            if _origin(endpoint) == service:
                return True
        elif parts.scheme == "https" and port in {None, 443} and _is_host(host, service):
            return True
    return False


def send(
    to: Subscription,
    *,
    title: str,
    body: str,
    key: str,
    sender: PushKey,
    services: Iterable[str],
    now: int,
) -> None:
    """Send a message; raises :class:`SendFailed`, or :class:`SubscriptionGone`.

    ``key`` names the notice: of two with one name the service keeps the later alone.
    """
    services = tuple(services)
    if not is_allowed(to.endpoint, services):
        raise SendFailed("address not allowed by FUMIN_PUSH_SERVICES")
    message = json.dumps({"title": title, "body": body}, ensure_ascii=False)
    try:
        data = encrypt(message.encode(), p256dh=to.p256dh, auth=to.auth)
    except ValueError as error:
        raise SendFailed("keys of the subscription not understood") from error
    headers = {
        "Authorization": authorization(
            to.endpoint, sender.private, contact=sender.contact, now=now
        ),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_KEPT),
        "Topic": encode(hashlib.sha256(key.encode()).digest())[:32],
        "Urgency": "normal",
    }
    status = _post(to.endpoint, data, headers, own=_origin(to.endpoint) in services)
    if status in _GONE:
        raise SubscriptionGone(f"subscription is over ({status})")
    if status not in range(200, 300):
        raise SendFailed(f"not accepted ({status})")


def _is_host(host: str, service: str) -> bool:
    return host == service or (service.startswith(".") and host.endswith(service))


def _origin(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


def _post(endpoint: str, data: bytes, headers: dict[str, str], *, own: bool) -> int:
    """Return the status of the answer; its body is not read, a redirect not followed."""
    parts = urlsplit(endpoint)
    host, port = parts.hostname or "", parts.port
    connection: HTTPConnection
    if parts.scheme == "https":
        connection = HTTPSConnection(
            host, port, timeout=_SECONDS, context=ssl.create_default_context()
        )
    else:
        connection = HTTPConnection(host, port, timeout=_SECONDS)
    try:
        connection.connect()
        # Looked at where the connection has come out, so no name can lead in between.
        reached = ipaddress.ip_address(connection.sock.getpeername()[0])
        if not reached.is_global and not own:
            raise SendFailed("address inside a network of its own")
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request("POST", target, data, headers)
        return connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise SendFailed(type(error).__name__) from error
    finally:
        connection.close()
