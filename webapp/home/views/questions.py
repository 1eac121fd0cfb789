"""/me/questions/: one question a screen, by taps, and at once what there is for those words."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import Forbidden, NotFound
from webapp.home.blueprint import bp
from webapp.home.first_finds import first_finds
from webapp.openings.views.public import cards
from webapp.residents import policy, queries
from webapp.residents.forms.questions import When
from webapp.residents.questions import QUESTIONS, next_open
from webapp.residents.services import profile
from webapp.residents.services.registration import why_closed
from webapp.residents.views.file_urls import my_file, resident_at


@bp.get("/me/questions/")
@requires(Permission.RESIDENT_SELF)
def next_question() -> ResponseReturnValue:
    """The first question that is still open; home when there is none."""
    resident = resident_at(my_file())
    household = queries.read_file(reader(), resident).household
    key = next_open(resident, household)
    if key is None:
        return redirect(url_for("home.resident"), 303)
    return redirect(url_for("home.question", key=key), 303)


@bp.route("/me/questions/<key>", methods=["GET", "POST"])
@requires(Permission.RESIDENT_SELF)
def question(key: str) -> ResponseReturnValue:
    """One question; answered, it leads to the next one."""
    if key not in QUESTIONS:
        raise NotFound
    asked = QUESTIONS[key]
    actor = current_actor()
    resident = resident_at(my_file())
    if not policy.can_edit(actor, resident):
        raise Forbidden(why_closed(resident))
    household = queries.read_file(reader(), resident).household
    following = next_open(resident, household, after=key)
    skip = url_for("home.question", key=following) if following else url_for("home.resident")
    form = asked.form(resident)
    if not form.validate_on_submit():
        page = render_template(
            "home/question.html",
            form=form,
            question=asked,
            skip=skip,
            last=following is None,
            found=cards(first_finds(reader(), resident)),
        )
        return page, 400 if form.is_submitted() else 200
    if key == "hours" and form.when.data is When.OWN:
        return redirect(url_for("residents.my_section", section="hours"), 303)
    with get_db().transaction(actor) as session:
        profile.update_section(
            session,
            actor,
            resident_id=resident.id,
            section=asked.section,
            values=asked.values(resident, form),
        )
    if following is None:
        flash(_("都记下了，社区就按这些帮您找。"), "success")
    return redirect(skip, 303)
