"""The HTTP side of a match's buttons: validate the form, run the service, redirect."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from webapp.core import photos
from webapp.core.access import Actor
from webapp.core.db import reader
from webapp.core.errors import BadField
from webapp.core.posting import write_and_redirect
from webapp.core.vocabulary import Kind
from webapp.employment.services import contract_photos
from webapp.matches.actions import Act, offered
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.queries.match_detail import kind_of
from webapp.matches.views.contracts import folder
from webapp.openings.kind_words import by_kind

Page = Callable[[int, Any, str], str]


def run_action(
    acts: dict[str, Act], step: str, match_id: int, *, page: Page, onward: str
) -> ResponseReturnValue:
    """Run the button ``step`` and redirect to ``onward``; a wrong form shows ``page`` (400)."""
    act = acts[step]
    form = act.form()
    if not form.validate_on_submit():
        return page(match_id, form, step), 400
    try:
        return _carry_out(act, form, match_id, onward)
    except BadField as error:
        form[error.field].errors = [error.message]
        return page(match_id, form, step), 400


def _carry_out(act: Act, form: Any, match_id: int, target: str) -> ResponseReturnValue:
    """Run the act; pictures of a contract are kept meanwhile, and for good once it is done."""
    files = form.photos.data if "photos" in form else ()
    with photos.handed_in(folder(), files, most=contract_photos.MOST) as handed:

        def run(session: Session, actor: Actor, match_id: int) -> Match:
            if handed.kept:
                form.kept = handed.kept
            done = act.run(session, actor, match_id, form)
            handed.written = True
            return done

        message = by_kind(act.success_message, kind_of(reader(), match_id))
        return write_and_redirect(run, message, target, match_id=match_id)


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
