"""Answers compressed as browsers understand it, also where no server stands in front of this one.

A page of 60 kB is sent as 10 kB: on a bad connection that is the difference between reading and
waiting. Files of the interface are compressed once and kept.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, current_app, request

_TEXT = frozenset(
    {
        "application/atom+xml",
        "application/feed+json",
        "application/javascript",
        "application/json",
        "application/ld+json",
        "application/manifest+json",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)
_LEAST = 600  # bytes; less fits one packet as it is
_PAGE, _FILE = 5, 9  # levels: a page is compressed for each reader, a file once
_OURS = frozenset({"", "none", "same-origin"})


def register(app: Flask) -> None:
    """Compress what is sent."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    from_file = request.endpoint == "static"
    if response.mimetype not in _TEXT or response.status_code in {204, 206, 304}:
        return response
    if response.is_streamed and not from_file:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality("gzip") or _may_be_probed():
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) < _LEAST:
        return response
    response.set_data(_file(content) if from_file else gzip.compress(content, _PAGE, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    tag, weak = response.get_etag()
    if tag and not weak:
        response.set_etag(tag, weak=True)  # the same page in other bytes
    return response


@lru_cache(maxsize=64)
def _file(content: bytes) -> bytes:
    return gzip.compress(content, _FILE, mtime=0)


def _may_be_probed() -> bool:
    """Whether another site has the browser ask with a session; lengths could tell of the page.

    That is BREACH: see ``.github/decisions/0013-compressed-answers.md``.
    """
    with_session = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    return with_session and request.headers.get("Sec-Fetch-Site", "") not in _OURS
