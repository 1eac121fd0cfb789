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
from webapp.core.formfields import EmptyForm
from webapp.core.posting import write_and_redirect
from webapp.employers.blueprint import bp
from webapp.employers.forms import ColleagueForm, ReasonForm
from webapp.employers.models import Employer
from webapp.employers.services import checks, members, registration


@dataclass(frozen=True)
class MemberUrls:
    """Where the list of people and its forms are, for the employer or for staff."""

    employer: Employer
    home: str
    people: str
    add: str

    def remove(self, account_id: int) -> str:
        """Return the address that removes one."""
        return f"{self.people}/{account_id}/remove"


def _own() -> MemberUrls:
    employer = registration.own_employer(reader(), current_actor())
    return MemberUrls(
        employer,
        url_for("home.employer"),
        url_for("employers.people"),
        url_for("employers.add_person"),
    )


def _of(employer_id: int) -> MemberUrls:
    employer = reader().get(Employer, employer_id)
    if employer is None:
        raise NotFound
    return MemberUrls(
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
    urls = _own()
    form = ReasonForm()
    if not form.validate_on_submit():
        page = render_template("employers/close.html", employer=urls.employer, form=form, own=True)
        return page, 400 if form.is_submitted() else 200
    return write_and_redirect(
        checks.close_employer,
        _("已注销。招聘都结束了，报了名的人会看到"),
        urls.home,
        employer_id=urls.employer.id,
        reason=form.reason.data,
    )


def _list(urls: MemberUrls) -> str:
    return render_template(
        "employers/people.html",
        urls=urls,
        people=members.members_of(reader(), urls.employer.id),
        own_id=current_actor().account_id,
    )


def _add(urls: MemberUrls) -> ResponseReturnValue:
    form = ColleagueForm()
    if form.validate_on_submit():
        hashed = passwords.hash_password(form.password.data)
        actor = current_actor()
        try:
            with get_db().transaction(actor) as session:
                members.add_member(
                    session,
                    actor,
                    employer_id=urls.employer.id,
                    name=form.name.data,
                    phone=form.phone.data,
                    password_hash=hashed,
                )
        except (PhoneTaken, Conflict) as error:
            form.phone.errors = [error.message]
        else:
            flash(_("加好了。请当面把密码告诉本人，提醒登录后改掉。"), "success")
            return redirect(urls.people, 303)
    page = render_template("employers/add_person.html", form=form, urls=urls)
    return page, 400 if form.is_submitted() else 200


def _remove(urls: MemberUrls, account_id: int) -> ResponseReturnValue:
    found = [row for row in members.members_of(reader(), urls.employer.id) if row[0] == account_id]
    if not found:
        raise NotFound
    if EmptyForm().validate_on_submit():
        return write_and_redirect(
            members.remove_member,
            _("移走了，这个手机号不能再替单位登录"),
            urls.people,
            employer_id=urls.employer.id,
            account_id=account_id,
        )
    return render_template(
        "employers/remove_person.html",
        urls=urls,
        name=found[0][1],
        action=urls.remove(account_id),
    )
