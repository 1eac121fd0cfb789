"""/staff/openings/<id>/people: from an opening to people, several asked at once."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, requires
from webapp.core.db import reader
from webapp.core.posting import write_and_redirect
from webapp.matches import presentation
from webapp.matches.blueprint import bp
from webapp.matches.forms.suggesting import AskPeopleForm
from webapp.matches.queries import opening_people as queries
from webapp.matches.reason_codes import Channel
from webapp.matches.services.opening_invitations import Asked, MoreThanPlaces, ask_for_opening

_PAGE = "/staff/openings/<id:opening_id>/people"


@bp.get(_PAGE)
@requires(Permission.MATCH_DECIDE)
def opening_people(opening_id: int) -> str:
    """Whom the ranking found, best first, and whom it was offered to already."""
    return _page(opening_id, AskPeopleForm(formdata=None))


@bp.post(_PAGE)
@requires(Permission.MATCH_DECIDE)
def ask_people(opening_id: int) -> ResponseReturnValue:
    """Offer it to those ticked; where that is more than places, say so first."""
    form = AskPeopleForm()
    if not form.validate_on_submit():
        return _page(opening_id, form), 400
    try:
        return write_and_redirect(
            ask_for_opening,
            _done_words,
            url_for("matches.opening_people", opening_id=opening_id),
            opening_id=opening_id,
            match_ids=form.ids.data,
            channel=Channel(form.how.data),
            more_than_places=bool(form.more.data),
        )
    except MoreThanPlaces as more:
        return _page(opening_id, form, more=more), 409


def _done_words(done: Asked) -> str:
    words = ""
    if done.names:
        words = _(
            "推荐给 %(n)d 个人了：%(names)s。", n=len(done.names), names="、".join(done.names)
        )
    for name, why in done.refused:
        words += _("%(who)s没有推荐：%(why)s", who=name, why=why)
    return words


def _page(opening_id: int, form: AskPeopleForm, more: MoreThanPlaces | None = None) -> str:
    people = queries.read_people(reader(), opening_id)
    ticked = set(form.ids.data or ()) if form.is_submitted() else people.proposed
    return render_template(
        "matches/opening_people.html",
        people=people,
        form=form,
        ticked=ticked,
        more=more,
        match_state=presentation.in_a_list,
    )
