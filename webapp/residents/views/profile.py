"""The forms of a resident's file, at /me/profile/… and /staff/residents/<id>/…"""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import Forbidden, NotFound
from webapp.core.formfields import EmptyForm
from webapp.core.paging import asked_id
from webapp.core.posting import write_and_redirect
from webapp.residents import policy, queries
from webapp.residents.blueprint import bp
from webapp.residents.forms.profile import ExperienceForm
from webapp.residents.lifecycle import ResidentAction
from webapp.residents.models import Resident
from webapp.residents.sections import SECTIONS
from webapp.residents.services import profile, registration
from webapp.residents.services.registration import why_closed
from webapp.residents.views.file_urls import FileUrls, my_file, resident_at, staff_file


@bp.route("/me/profile/<section>", methods=["GET", "POST"])
@requires(Permission.RESIDENT_SELF)
def my_section(section: str) -> ResponseReturnValue:
    """One section of one's own file."""
    return _edit(my_file(), section)


@bp.route("/staff/residents/<id:resident_id>/<section>", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def section(resident_id: int, section: str) -> ResponseReturnValue:
    """One section of a resident's file, filled in by staff."""
    return _edit(staff_file(resident_id), section)


@bp.route("/me/profile/experience", methods=["GET", "POST"])
@requires(Permission.RESIDENT_SELF)
def my_experience() -> ResponseReturnValue:
    """One's own past jobs."""
    return _experience(my_file())


@bp.route("/staff/residents/<id:resident_id>/experience", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def experience(resident_id: int) -> ResponseReturnValue:
    """A resident's past jobs."""
    return _experience(staff_file(resident_id))


@bp.post("/me/profile/experience/<id:experience_id>/remove")
@requires(Permission.RESIDENT_SELF)
def my_remove_experience(experience_id: int) -> ResponseReturnValue:
    """Take away one of one's own past jobs."""
    return _remove_experience(my_file(), experience_id)


@bp.post("/staff/residents/<id:resident_id>/experience/<id:experience_id>/remove")
@requires(Permission.RESIDENT_MANAGE)
def remove_experience(resident_id: int, experience_id: int) -> ResponseReturnValue:
    """Take away one of a resident's past jobs."""
    return _remove_experience(staff_file(resident_id), experience_id)


def _edit(urls: FileUrls, key: str) -> ResponseReturnValue:
    if key not in SECTIONS:
        raise NotFound
    section = SECTIONS[key]
    resident = _changeable(urls)
    file = queries.read_file(reader(), resident)
    form = section.form(data=section.load(resident, file.household))

    def page(status: int, **changed: str) -> ResponseReturnValue:
        now = profile.version(resident, key, file.household.unit_address)
        seen = now if changed else request.form.get("seen")
        html = render_template(
            "residents/section.html",
            form=form,
            key=key,
            section=section,
            urls=urls,
            resident=resident,
            seen=seen or now,
            **changed,
        )
        return html, status

    if not form.validate_on_submit():
        return page(400 if form.is_submitted() else 200)
    actor = current_actor()
    try:
        with get_db().transaction(actor) as session:
            profile.update_section(
                session,
                actor,
                resident_id=urls.resident_id,
                section=key,
                values=section.values(form),
                seen=request.form.get("seen"),
            )
    except profile.ChangedMeanwhile:
        reader().rollback()  # what was read before is out of date
        resident = resident_at(urls)
        file = queries.read_file(reader(), resident)
        return page(409, present=section.summary(resident, file.household) or _("没有填"))
    opening_id = asked_id("opening")
    if urls.own and opening_id:  # came from an opening whose rules it does not meet
        return redirect(url_for("matches.apply", opening_id=opening_id), 303)
    flash(_("记下了，马上按新的情况重新找。"), "success")
    return redirect(urls.overview, 303)


def _experience(urls: FileUrls) -> ResponseReturnValue:
    resident = _changeable(urls)
    form = ExperienceForm()
    if not form.validate_on_submit():
        page = render_template(
            "residents/experience.html",
            form=form,
            urls=urls,
            file=queries.read_file(reader(), resident),
        )
        return page, 400 if form.is_submitted() else 200
    return write_and_redirect(
        profile.add_experience,
        _("加上了。还有就接着加。"),
        urls.section("experience"),
        resident_id=urls.resident_id,
        title=form.title.data,
        employer=form.employer.data or "",
        place=form.place.data or "",
        months=form.months,
    )


def _remove_experience(urls: FileUrls, experience_id: int) -> ResponseReturnValue:
    actor = current_actor()
    if EmptyForm().validate_on_submit():
        with get_db().transaction(actor) as session:
            profile.remove_experience(
                session, actor, resident_id=urls.resident_id, experience_id=experience_id
            )
        flash(_("删掉了。"), "success")
    return redirect(urls.section("experience"), 303)


def _changeable(urls: FileUrls) -> Resident:
    resident = resident_at(urls)
    if not policy.can_edit(current_actor(), resident):
        raise Forbidden(why_closed(resident))
    return resident


@bp.get("/me/profile")
@requires(Permission.RESIDENT_SELF)
def my_profile() -> str:
    """All that is in the file, with a way to change each part."""
    urls = my_file()
    return render_template(
        "residents/my_profile.html",
        urls=urls,
        file=queries.read_file(reader(), resident_at(urls)),
        sections=SECTIONS,
    )


@bp.post("/me/pause")
@requires(Permission.RESIDENT_SELF)
def pause() -> ResponseReturnValue:
    """No suggestions for the time being."""
    _change_state(ResidentAction.PAUSE)
    flash(_("先不给您推荐了。想找的时候，回到这里点一下就行。"), "success")
    return redirect(url_for("home.resident"), 303)


@bp.post("/me/resume")
@requires(Permission.RESIDENT_SELF)
def resume() -> ResponseReturnValue:
    """Suggestions again."""
    _change_state(ResidentAction.RESUME)
    flash(_("好，又开始帮您找了。社区看过就推荐给您。"), "success")
    return redirect(url_for("home.resident"), 303)


def _change_state(action: ResidentAction) -> None:
    actor = current_actor()
    with get_db().transaction(actor) as session:
        registration.change_state(session, actor, resident_id=my_file().resident_id, action=action)
