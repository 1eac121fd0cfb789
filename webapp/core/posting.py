"""Post, redirect, get: write once, then send the browser to a page that may be loaded again."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from webapp.core.access import current_actor
from webapp.core.db import get_db

T = TypeVar("T")


def write_and_redirect(
    verb: Callable[..., T], message: Any, target: str | Callable[[T], str], **arguments: Any
) -> ResponseReturnValue:
    """Call ``verb(session, actor, **arguments)`` in one transaction, flash ``message``, redirect.

    ``verb`` is a service; ``target`` an address, or a function that makes one of what the
    service returned. The redirect is a 303, so that reloading does not write twice. Errors of
    the service go through: nothing is written and no message is shown.
    """
    actor = current_actor()
    with get_db().transaction(actor) as session:
        result = verb(session, actor, **arguments)
    flash(str(message), "success")
    return redirect(target if isinstance(target, str) else target(result), 303)
