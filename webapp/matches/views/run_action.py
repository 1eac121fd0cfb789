"""The HTTP side of a button: its form, one step, and on to the match's own page."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from webapp.core.access import current_actor
from webapp.core.db import get_db
from webapp.matches.actions import Act, offered
from webapp.matches.lifecycle import MatchState

Page = Callable[[int, Any, str], str]


def press(
    acts: dict[str, Act], step: str, match_id: int, *, page: Page, endpoint: str
) -> ResponseReturnValue:
    """Take ``step`` and go to ``endpoint``; a form with faults comes back on ``page`` (400)."""
    act = acts[step]
    form = act.form()
    if not form.validate_on_submit():
        return page(match_id, form, step), 400
    with get_db().transaction(current_actor()) as session:
        act.do(session, current_actor(), match_id, form)
    flash(str(act.said), "success")
    return redirect(url_for(endpoint, match_id=match_id), 303)


def forms_on_page(
    acts: dict[str, Act], state: MatchState, failed: Any, step: str
) -> dict[str, Any]:
    """Return the forms of what may be done in ``state``, the one with faults in its place."""
    forms = offered(acts, state)
    if failed is not None and step in forms:
        forms[step] = failed
    return forms
