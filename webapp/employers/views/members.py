"""The people of an employer: added and removed by one of them, or by staff for them."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.accounts.service import PhoneTaken
from webapp.core import passwords
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import Conflict, NotFound
from webapp.employers import checks, members, service
from webapp.employers.blueprint import bp
from webapp.employers.forms import ColleagueForm, PlainForm, ReasonForm
from webapp.employers.models import Employer


@dataclass(frozen=True)
class Place:
    """Where the list of people and its forms are, for the employer or for staff."""

    employer: Employer
    home: str
    people: str
    add: str

    def remove(self, account_id: int) -> str:
        """Return the address that removes one."""
        return f"{self.people}/{account_id}/remove"


def _own() -> Place:
    employer = service.own_employer(reader(), current_actor())
    return Place(
        employer,
        url_for("home.employer"),
        url_for("employers.people"),
        url_for("employers.add_person"),
    )


def _of(employer_id: int) -> Place:
    employer = reader().get(Employer, employer_id)
    if employer is None:
        raise NotFound
    return Place(
        employer,
        url_for("caseload.employer", employer_id=employer_id),
        url_for("employers.staff_people", employer_id=employer_id),
        url_for("employers.staff_add_person", employer_id=employer_id),
    )


@bp.get("/employer/people")
@requires(Permission.EMPLOYER_SELF)
def people() -> str:
    """Who acts for the own organisation."""
    return _list(_own())


@bp.get("/staff/employers/<id:employer_id>/people")
@requires(Permission.EMPLOYER_VERIFY)
def staff_people(employer_id: int) -> str:
    """Who acts for an employer."""
    return _list(_of(employer_id))


@bp.route("/employer/people/new", methods=["GET", "POST"])
@requires(Permission.EMPLOYER_SELF)
def add_person() -> ResponseReturnValue:
    """Open an account for a colleague."""
    return _add(_own())


@bp.route("/staff/employers/<id:employer_id>/people/new", methods=["GET", "POST"])
@requires(Permission.EMPLOYER_VERIFY)
def staff_add_person(employer_id: int) -> ResponseReturnValue:
    """Open an account for one more person of an employer."""
    return _add(_of(employer_id))


@bp.route("/employer/people/<id:account_id>/remove", methods=["GET", "POST"])
@requires(Permission.EMPLOYER_SELF)
def remove_person(account_id: int) -> ResponseReturnValue:
    """Ask once, then remove a colleague."""
    return _remove(_own(), account_id)


@bp.route(
    "/staff/employers/<id:employer_id>/people/<id:account_id>/remove", methods=["GET", "POST"]
)
@requires(Permission.EMPLOYER_VERIFY)
def staff_remove_person(employer_id: int, account_id: int) -> ResponseReturnValue:
    """Ask once, then remove somebody who acts for an employer."""
    return _remove(_of(employer_id), account_id)


@bp.route("/employer/close", methods=["GET", "POST"])
@requires(Permission.EMPLOYER_SELF)
def close_own() -> ResponseReturnValue:
    """Say what closing does, then close the own file."""
    place = _own()
    form = ReasonForm()
    if not form.validate_on_submit():
        page = render_template("employers/close.html", employer=place.employer, form=form, own=True)
        return page, 400 if form.is_submitted() else 200
    actor = current_actor()
    with get_db().transaction(actor) as session:
        checks.close_employer(
            session, actor, employer_id=place.employer.id, reason=form.reason.data
        )
    flash(_("已注销。招聘都结束了，报了名的人会看到"), "success")
    return redirect(place.home, 303)


def _list(place: Place) -> str:
    return render_template(
        "employers/people.html",
        place=place,
        people=members.members_of(reader(), place.employer.id),
        own_id=current_actor().account_id,
    )


def _add(place: Place) -> ResponseReturnValue:
    form = ColleagueForm()
    if form.validate_on_submit():
        hashed = passwords.hash_password(form.password.data)
        actor = current_actor()
        try:
            with get_db().transaction(actor) as session:
                members.add_member(
                    session,
                    actor,
                    employer_id=place.employer.id,
                    name=form.name.data,
                    phone=form.phone.data,
                    password_hash=hashed,
                )
        except (PhoneTaken, Conflict) as error:
            form.phone.errors = [error.message]
        else:
            flash(_("加好了。请当面把密码告诉本人，提醒登录后改掉。"), "success")
            return redirect(place.people, 303)
    page = render_template("employers/add_person.html", form=form, place=place)
    return page, 400 if form.is_submitted() else 200


def _remove(place: Place, account_id: int) -> ResponseReturnValue:
    found = [row for row in members.members_of(reader(), place.employer.id) if row[0] == account_id]
    if not found:
        raise NotFound
    actor = current_actor()
    if PlainForm().validate_on_submit():
        with get_db().transaction(actor) as session:
            members.remove_member(
                session, actor, employer_id=place.employer.id, account_id=account_id
            )
        flash(_("移走了，这个手机号不能再替单位登录"), "success")
        return redirect(place.people, 303)
    return render_template(
        "employers/remove_person.html",
        place=place,
        name=found[0][1],
        action=place.remove(account_id),
    )
