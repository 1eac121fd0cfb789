"""The HTTP side of a match's buttons: validate the form, run the service, redirect."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.core.db import reader
from webapp.core.errors import BadField
from webapp.core.posting import write_and_redirect
from webapp.core.vocabulary import Kind
from webapp.matches.actions import Act, offered
from webapp.matches.lifecycle import MatchState
from webapp.matches.queries.match_detail import kind_of
from webapp.openings.kind_words import by_kind

Page = Callable[[int, Any, str], str]


def run_action(
    acts: dict[str, Act], step: str, match_id: int, *, page: Page, endpoint: str
) -> ResponseReturnValue:
    """Run the button ``step`` and redirect to ``endpoint``; a wrong form shows ``page`` (400)."""
    act = acts[step]
    form = act.form()
    if not form.validate_on_submit():
        return page(match_id, form, step), 400
    try:
        return write_and_redirect(
            act.run,
            by_kind(act.success_message, kind_of(reader(), match_id)),
            url_for(endpoint, match_id=match_id),
            match_id=match_id,
            form=form,
        )
    except BadField as error:
        form[error.field].errors = [error.message]
        return page(match_id, form, step), 400


def forms_on_page(
    acts: dict[str, Act], state: MatchState, kind: Kind, failed: Any, step: str
) -> dict[str, Any]:
    """Return the forms offered in ``state``, in the words of the opening's kind.

    ``failed`` replaces the one of ``step``. ``?start=`` is the first day of a hire, as agreed.
    """
    forms = offered(acts, state, kind)
    if failed is not None and step in forms:
        forms[step] = failed
    if "hire" in forms and forms["hire"] is not failed:
        forms["hire"].start_date.data = _asked_start()
    for form in forms.values():
        for field in form:
            field.label.text = by_kind(field.label.text, kind)
    return forms


def _asked_start() -> date | None:
    try:
        return date.fromisoformat(request.args.get("start", ""))
    except ValueError:
        return None
