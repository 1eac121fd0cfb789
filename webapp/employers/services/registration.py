"""Use cases of employers: register and edit. Deciding on a file is in ``checks``."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from webapp import events
from webapp.accounts import service as accounts
from webapp.accounts import sessions
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.employers import policy
from webapp.employers.lifecycle import TRANSITIONS, EmployerAction, EmployerState
from webapp.employers.models import Employer, EmployerMember
from webapp.employers.services import members


class Taken(Conflict):
    """The organisation is registered already; ``field`` is the form field that matched."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def register_employer(
    session: Session,
    *,
    name: str,
    credit_code: str,
    industry: str,
    address: str,
    contact_name: str,
    phone: str,
    password_hash: str,
) -> tuple[Employer, str]:
    """Create account, organisation and membership; return the organisation and a session token.

    An organisation known only by name (from a spreadsheet, nobody acts for it) is taken over
    as pending. Raises :class:`Taken`.
    """
    account = accounts.open_account(
        session, phone=phone, name=contact_name, password_hash=password_hash, role=Role.EMPLOYER
    )
    data: dict[str, Any] = {
        "credit_code": credit_code,
        "industry": industry,
        "address": address,
        "contact_name": contact_name,
        "phone": phone,
    }
    _refuse_taken_code(session, credit_code, but=None)
    known = session.exec(select(Employer).where(Employer.name == name)).first()
    if known is None:
        employer = _insert(session, Employer(name=name, created_at=clock.now(), **data))
    else:
        employer = _take_over(session, known, data)
    members.add_member(session, employer, account)
    audit.record(session, "employer.register", employer, known=known is not None)
    return employer, sessions.start(session, account)


def _insert(session: Session, employer: Employer) -> Employer:
    try:
        with session.begin_nested():
            session.add(employer)
    except IntegrityError as error:  # somebody registered it in the same moment
        raise Taken("name", _name_taken()) from error
    return employer


def _take_over(session: Session, known: Employer, data: dict[str, Any]) -> Employer:
    has_members = select(EmployerMember.id).where(EmployerMember.employer_id == known.id).exists()
    claim = (
        update(Employer)
        .where(col(Employer.id) == known.id, col(Employer.credit_code).is_(None), ~has_members)
        .values(
            state=EmployerState.PENDING,
            state_reason="",
            revision=col(Employer.revision) + 1,
            **data,
        )
    )
    if known.state is EmployerState.SUSPENDED or session.exec(claim).rowcount != 1:
        raise Taken("name", _name_taken())
    events.announce(session, SYSTEM, events.EmployerRenamed(known.id))
    session.refresh(known)
    return known


def edit_organisation(
    session: Session,
    actor: Actor,
    *,
    name: str,
    credit_code: str,
    industry: str,
    address: str,
    contact_name: str,
    phone: str,
) -> Employer:
    """Change the actor's own organisation.

    A new name or code needs a new check: the file is pending again and what was published
    goes back to review. A refused file is handed in anew. Raises :class:`Taken`.
    """
    employer = own_employer(session, actor)
    if not policy.can_edit(actor, employer):
        raise Forbidden
    renamed = (name, credit_code) != (employer.name, employer.credit_code)
    if renamed:
        _refuse_change_of(employer)
        _refuse_taken_code(session, credit_code, but=employer.id)
    state = employer.state
    checked_once = state in {EmployerState.VERIFIED, EmployerState.LAPSED}
    anew = (renamed and checked_once) or state is EmployerState.REFUSED
    values: dict[str, Any] = {
        "name": name,
        "credit_code": credit_code,
        "industry": industry,
        "address": address,
        "contact_name": contact_name,
        "phone": phone,
    }
    if anew:
        values |= {"state": TRANSITIONS[state, EmployerAction.RESUBMIT], "state_reason": ""}
    try:
        with session.begin_nested():
            change(session, employer, values)
    except IntegrityError as error:
        raise Taken("name", _name_taken()) from error
    if renamed:
        events.announce(session, actor, events.EmployerRenamed(employer.id))
    audit.record(session, "employer.edit", employer, check_again=anew)
    return employer


def _refuse_change_of(employer: Employer) -> None:
    if employer.state is EmployerState.SUSPENDED:
        raise Conflict(_("单位已被暂停，名称和代码先不能改，请联系社区富民支部"))
    if employer.state is EmployerState.CLOSED:
        raise Conflict(_("单位已注销，名称和代码不能改，请联系社区富民支部"))


def own_employer(session: Session, actor: Actor) -> Employer:
    """Return the employer the actor acts for or raise ``NotFound``."""
    employer = session.get(Employer, actor.employer_id) if actor.employer_id else None
    if employer is None:
        raise NotFound
    return employer


def change(session: Session, employer: Employer, values: dict[str, Any]) -> None:
    """Change the row unless it has changed since it was read (then ``Conflict``)."""
    statement = (
        update(Employer)
        .where(col(Employer.id) == employer.id, col(Employer.revision) == employer.revision)
        .values(revision=employer.revision + 1, **values)
    )
    if session.exec(statement).rowcount != 1:
        raise Conflict(_("这家单位的情况已经变了，请刷新后再看"))
    session.refresh(employer)


def _refuse_taken_code(session: Session, credit_code: str, *, but: int | None) -> None:
    owner = session.exec(select(Employer.id).where(Employer.credit_code == credit_code)).first()
    if owner is not None and owner != but:
        raise Taken(
            "credit_code",
            _("这个代码已经登记过了。要加入这家单位，请管人的同事发邀请，或联系社区富民支部"),
        )


def _name_taken() -> str:
    return _("这家单位已经登记过了。要加入这家单位，请同事发邀请，或找富民支部")
