"""The HTTP side of a match's buttons: validate the form, run the service, redirect."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from webapp.core.posting import write_and_redirect
from webapp.matches.actions import Act, offered
from webapp.matches.lifecycle import MatchState

Page = Callable[[int, Any, str], str]


def run_action(
    acts: dict[str, Act], step: str, match_id: int, *, page: Page, endpoint: str
) -> ResponseReturnValue:
    """Run the button ``step`` and redirect to ``endpoint``; a wrong form shows ``page`` (400)."""
    act = acts[step]
    form = act.form()
    if not form.validate_on_submit():
        return page(match_id, form, step), 400
    return write_and_redirect(
        act.run,
        act.success_message,
        url_for(endpoint, match_id=match_id),
        match_id=match_id,
        form=form,
    )


def forms_on_page(
    acts: dict[str, Act], state: MatchState, failed: Any, step: str
) -> dict[str, Any]:
    """Return the forms offered in ``state``; ``failed`` replaces the one of ``step``."""
    forms = offered(acts, state)
    if failed is not None and step in forms:
        forms[step] = failed
    return forms
