"""Post, redirect, get: write once, then send the browser to a page that may be loaded again."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, flash, g, redirect, request, session
from flask.typing import ResponseReturnValue

from webapp.core import request_keys
from webapp.core.access import Actor, current_actor
from webapp.core.db import get_db, reader
from webapp.core.request_keys import Answer, Sending

T = TypeVar("T")
FIELD = "idempotency_key"
_NOT_SAID = {FIELD, "csrf_token"}  # of the page, not of the person
_BLOCK = 1 << 20


def write_and_redirect(
    verb: Callable[..., T],
    message: Any,
    target: str | Callable[[T], str],
    **arguments: Any,
) -> ResponseReturnValue:
    """Call ``verb(session, actor, **arguments)`` in one transaction, flash ``message``, redirect.

    ``verb`` is a service; ``target`` an address, or a function that makes one of what the
    service returned; ``message`` words, or such a function, and nothing is said for ``""``. The
    redirect is a 303, so that reloading does not write twice. Errors of the service go through:
    nothing is written and no message is shown. A form sent twice with its key is carried out once
    (:mod:`webapp.core.request_keys`) and answered the same.
    """
    actor = current_actor()
    sending = _sending(actor)
    try:
        with get_db().transaction(actor) as writing:
            if sending is not None:
                request_keys.claim(writing, sending)
            result = verb(writing, actor, **arguments)
            location = target if isinstance(target, str) else target(result)
            words = str(message(result) if callable(message) else message)
            if sending is not None:
                request_keys.keep_answer(writing, sending, location=location, message=words)
    except request_keys.SentBefore as before:
        return _answer_again(before.answer)
    if words:
        flash(words, "success")
    return redirect(location, 303)


def own_key(key: str | None) -> str:
    """Return a form's key as the rows keep it that it makes: another person's is another key."""
    return request_keys.scoped(_owner(current_actor()), key or "")


def register(app: Flask) -> None:
    """Answer a form that was carried out before its view is asked, whatever has changed since.

    Templates get ``request_key()``, the fresh key of a form.
    """
    app.before_request(_answer_before)
    app.jinja_env.globals.update(request_key=request_keys.fresh)


def _answer_before() -> ResponseReturnValue | None:
    sending = _sending(current_actor())
    if sending is None:
        return None
    answer = request_keys.find(reader(), sending)
    return None if answer is None else _answer_again(answer)


def _answer_again(answer: Answer) -> ResponseReturnValue:
    if answer.message:
        flash(answer.message, "success")
    return redirect(answer.location, 303)


def _owner(actor: Actor) -> str:
    return request_keys.owner(actor, session.get("csrf_token", ""))


def _sending(actor: Actor) -> Sending | None:
    """Return what is sent with a key, or ``None``; a malformed key is left to the form."""
    if request.method != "POST" or request.endpoint is None:
        return None
    key = request.form.get(FIELD, "")
    if not request_keys.WELL_FORMED.fullmatch(key):
        return None
    if "digest" not in g:
        g.digest = _digest(key)
    return Sending(_owner(actor), key, request.path, g.digest)


def _digest(key: str) -> str:
    """Return the SHA-256 over address, fields and files; the key salts it."""
    said = hashlib.sha256(repr((key, request.full_path)).encode())
    for name, values in request.form.lists():
        if name not in _NOT_SAID:
            said.update(repr((name, values)).encode())
    for name, files in request.files.lists():
        for file in files:
            said.update(repr((name, file.filename)).encode())
            while block := file.stream.read(_BLOCK):
                said.update(block)
            file.stream.seek(0)
    return said.hexdigest()
