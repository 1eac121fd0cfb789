"""The people of an employer: invited and removed by whoever leads it, or by staff for them."""

from dataclasses import dataclass
from typing import NamedTuple

import segno
from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import Forbidden, NotFound
from webapp.core.formfields import EmptyForm
from webapp.core.posting import write_and_redirect
from webapp.employers.blueprint import bp
from webapp.employers.forms import ReasonForm
from webapp.employers.models import Employer, EmployerInvitation
from webapp.employers.services import checks, invitations, members, registration


@dataclass(frozen=True)
class MemberUrls:
    """Where the list of people and its forms are, for the employer or for staff."""

    employer: Employer
    home: str
    people: str

    @property
    def invite(self) -> str:
        """Return the address that makes an invitation."""
        return f"{self.people}/invite"

    def withdraw(self, invitation_id: int) -> str:
        """Return the address that takes one back."""
        return f"{self.people}/invitations/{invitation_id}/withdraw"

    def remove(self, account_id: int) -> str:
        """Return the address that removes one."""
        return f"{self.people}/{account_id}/remove"

    def make_owner(self, account_id: int) -> str:
        """Return the address that lets one lead as well."""
        return f"{self.people}/{account_id}/owner"


class Shown(NamedTuple):
    """An invitation as it is handed on."""

    invitation: EmployerInvitation
    href: str
    text: str
    qr: Markup


def _own() -> MemberUrls:
    employer = registration.own_employer(reader(), current_actor())
    return MemberUrls(employer, url_for("home.employer"), url_for("employers.people"))


def _of(employer_id: int) -> MemberUrls:
    employer = reader().get(Employer, employer_id)
    if employer is None:
        raise NotFound
    return MemberUrls(
        employer,
        url_for("caseload.employer", employer_id=employer_id),
        url_for("employers.staff_people", employer_id=employer_id),
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


@bp.post("/employer/people/invite")
@requires(Permission.EMPLOYER_SELF)
def invite() -> ResponseReturnValue:
    """Make an invitation for a colleague."""
    return _invite(_own())


@bp.post("/staff/employers/<id:employer_id>/people/invite")
@requires(Permission.EMPLOYER_VERIFY)
def staff_invite(employer_id: int) -> ResponseReturnValue:
    """Make an invitation for one more person of an employer."""
    return _invite(_of(employer_id))


@bp.post("/employer/people/invitations/<id:invitation_id>/withdraw")
@requires(Permission.EMPLOYER_SELF)
def withdraw_invitation(invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    return _withdraw(_own(), invitation_id)


@bp.post("/staff/employers/<id:employer_id>/people/invitations/<id:invitation_id>/withdraw")
@requires(Permission.EMPLOYER_VERIFY)
def staff_withdraw_invitation(employer_id: int, invitation_id: int) -> ResponseReturnValue:
    """Take an employer's invitation back."""
    return _withdraw(_of(employer_id), invitation_id)


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


@bp.route("/employer/people/<id:account_id>/owner", methods=["GET", "POST"])
@requires(Permission.EMPLOYER_SELF)
def make_owner(account_id: int) -> ResponseReturnValue:
    """Ask once, then let a colleague lead the employer as well."""
    return _make_owner(_own(), account_id)


@bp.route("/staff/employers/<id:employer_id>/people/<id:account_id>/owner", methods=["GET", "POST"])
@requires(Permission.EMPLOYER_VERIFY)
def staff_make_owner(employer_id: int, account_id: int) -> ResponseReturnValue:
    """Ask once, then let somebody lead the employer as well."""
    return _make_owner(_of(employer_id), account_id)


@bp.route("/employer/close", methods=["GET", "POST"])
@requires(Permission.EMPLOYER_SELF)
def close_own() -> ResponseReturnValue:
    """Say what closing does, then close the own file."""
    urls = _own()
    _refuse_colleague(urls)
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
    leads = members.leads(reader(), current_actor(), urls.employer)
    open_ = invitations.open_invitations(reader(), urls.employer.id) if leads else []
    return render_template(
        "employers/people.html",
        urls=urls,
        people=members.members_of(reader(), urls.employer.id),
        own_id=current_actor().account_id,
        leads=leads,
        invitations=[_shown(one, urls.employer) for one in open_],
    )


def _shown(invitation: EmployerInvitation, employer: Employer) -> Shown:
    href = url_for("employers.join", code=invitation.code, _external=True)
    drawn = segno.make(href, error="m").svg_inline(omitsize=True, border=2, light="#fff")
    words = _("请您加入“%(name)s”，一起看来应聘的人：%(href)s", name=employer.name, href=href)
    return Shown(
        invitation,
        href,
        words,
        Markup(drawn),  # noqa: S704 - drawn by segno from our own address
    )


def _invite(urls: MemberUrls) -> ResponseReturnValue:
    return write_and_redirect(
        invitations.invite,
        _("邀请好了。把下面的链接发给同事，只能用一次"),
        f"{urls.people}#invitations",
        employer_id=urls.employer.id,
    )


def _withdraw(urls: MemberUrls, invitation_id: int) -> ResponseReturnValue:
    return write_and_redirect(
        invitations.withdraw,
        _("收回了，这个链接不能用了"),
        urls.people,
        employer_id=urls.employer.id,
        invitation_id=invitation_id,
    )


def _remove(urls: MemberUrls, account_id: int) -> ResponseReturnValue:
    name = _name_of(urls, account_id)
    own = account_id == current_actor().account_id
    if not own:
        _refuse_colleague(urls)
    if EmptyForm().validate_on_submit():
        return write_and_redirect(
            members.remove_member,
            _("移走了，这个手机号不能再替单位登录"),
            url_for("home.index") if own else urls.people,
            employer_id=urls.employer.id,
            account_id=account_id,
        )
    return render_template(
        "employers/remove_person.html",
        urls=urls,
        name=name,
        own=own,
        action=urls.remove(account_id),
    )


def _make_owner(urls: MemberUrls, account_id: int) -> ResponseReturnValue:
    name = _name_of(urls, account_id)
    _refuse_colleague(urls)
    if EmptyForm().validate_on_submit():
        return write_and_redirect(
            members.make_owner,
            _("好了，%(name)s也能管人了", name=name),
            urls.people,
            employer_id=urls.employer.id,
            account_id=account_id,
        )
    return render_template(
        "employers/make_owner.html", urls=urls, name=name, action=urls.make_owner(account_id)
    )


def _name_of(urls: MemberUrls, account_id: int) -> str:
    people = members.members_of(reader(), urls.employer.id)
    found = [one.name for one in people if one.account_id == account_id]
    if not found:
        raise NotFound
    return found[0]


def _refuse_colleague(urls: MemberUrls) -> None:
    if not members.leads(reader(), current_actor(), urls.employer):
        raise Forbidden
