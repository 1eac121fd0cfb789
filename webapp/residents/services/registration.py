"""Use cases of residents: register, be registered, get an account, pause and go on."""

from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.accounts import sessions
from webapp.accounts.models import Account
from webapp.accounts.service import open_account, reset_password
from webapp.branches.models import Branch
from webapp.core import audit, clock, passwords
from webapp.core.access import Actor, Role
from webapp.core.errors import Conflict, Forbidden, NotFound, Refused
from webapp.core.vocabulary import Education, Sex
from webapp.engine.suggestion_requests import request_suggestions
from webapp.residents import policy
from webapp.residents.lifecycle import TRANSITIONS, ResidentAction
from webapp.residents.models import (
    ConsentChannel,
    ConsentPurpose,
    Household,
    Resident,
    ResidentState,
)
from webapp.residents.services import consents
from webapp.residents.services.households import household_of, provisional


class AlreadyRegistered(Conflict):
    """Somebody of this name lives at this unit address; ``resident_id`` says who."""

    def __init__(self, resident_id: int) -> None:
        super().__init__(_("这一户已经登记过同名的人"))
        self.resident_id = resident_id


class Registered(NamedTuple):
    """A resident who registered, and the token of the session opened for them."""

    resident: Resident
    token: str


def get_resident(session: Session, actor: Actor, resident_id: int | None) -> Resident:
    """Return a resident whom the actor may see; others raise :class:`NotFound`."""
    resident = session.get(Resident, resident_id) if resident_id else None
    if resident is None or not policy.can_view(actor, resident):
        raise NotFound
    return resident


def editable(session: Session, actor: Actor, resident_id: int | None) -> Resident:
    """Return a resident whose file the actor may change."""
    resident = get_resident(session, actor, resident_id)
    if not policy.can_edit(actor, resident):
        raise Forbidden(why_closed(resident))
    return resident


def why_closed(resident: Resident) -> str:
    """Return why a file that may be read may not be changed by whoever asks."""
    if resident.state is ResidentState.LEFT:
        return _("这份档案已经停用，不能再改")
    return _("这份档案由富民支部或本人所在的支部来改，您可以看")


def register_self(
    session: Session,
    actor: Actor,
    *,
    phone: str,
    name: str,
    password_hash: str = passwords.NOT_SET,
    unit_address: str = "",
    sensitive: bool = False,
    idempotency_key: str | None = None,
) -> Registered:
    """Register a person by their own hand: account, household, file, consents, session.

    Password and address may be told later. It goes the same way whatever is known of the number
    and of the address: the account is one of those that typed the number, the household is
    provisional. A file that staff opened for the same person is left alone: staff are warned of
    it. Raises :class:`webapp.accounts.service.OpenedAlready` for a form sent twice.
    """
    account = open_account(
        session,
        phone=phone,
        name=name,
        password_hash=password_hash,
        role=Role.RESIDENT,
        idempotency_key=idempotency_key,
    )
    household = provisional(session, unit_address)
    resident = _new_resident(
        session,
        household_id=household.id,
        account_id=account.id,
        branch_id=_serving_branch(session),
        name=name,
        phone=phone,
    )
    purposes = [ConsentPurpose.SERVICE, *([ConsentPurpose.SENSITIVE] if sensitive else [])]
    for purpose in purposes:
        consents.record(
            session,
            resident_id=resident.id,
            purpose=purpose,
            channel=ConsentChannel.PAGE,
            given_by_id=account.id,
        )
    audit.record(session, "resident.register", resident)
    return Registered(resident, sessions.start(session, account))


def register_assisted(
    session: Session,
    actor: Actor,
    *,
    name: str,
    unit_address: str,
    phone: str | None,
    contact_note: str,
    birth_date: date | None,
    sex: Sex | None,
    education: Education | None,
    channel: ConsentChannel,
    note: str,
) -> Resident:
    """Register a person who told staff so; raise :class:`AlreadyRegistered` the second time."""
    if not policy.can_register_assisted(actor):
        raise Forbidden
    household = household_of(session, unit_address)
    known = session.exec(
        select(Resident.id)
        .join(Household, col(Household.id) == Resident.household_id)
        .where(
            Household.place == household.place,
            Household.unit_address == household.unit_address,
            Resident.name == name,
            Resident.state != ResidentState.LEFT,
        )
    ).first()
    if known is not None:
        raise AlreadyRegistered(known)
    resident = _new_resident(
        session,
        household_id=household.id,
        placed=True,
        branch_id=actor.branch_id or _serving_branch(session),
        name=name,
        phone=phone,
        contact_note=contact_note,
        birth_date=birth_date,
        sex=sex,
        education=education,
    )
    for purpose in (ConsentPurpose.SERVICE, ConsentPurpose.ASSISTED):
        consents.record(
            session,
            resident_id=resident.id,
            purpose=purpose,
            channel=channel,
            note=note,
            given_by_id=actor.account_id,
        )
    audit.record(session, "resident.register_assisted", resident, channel=channel)
    return resident


def open_account_for(
    session: Session, actor: Actor, *, resident_id: int, phone: str, password_hash: str
) -> Account:
    """Give an assisted resident an account of their own."""
    resident = get_resident(session, actor, resident_id)
    if not policy.can_open_account(actor, resident):
        raise Conflict(_("这位居民已经有账号，或者已经停用服务"))
    account = open_account(
        session,
        phone=phone,
        name=resident.name,
        password_hash=password_hash,
        role=Role.RESIDENT,
        verified=True,
    )
    given = session.exec(
        update(Resident)
        .where(col(Resident.id) == resident_id, col(Resident.account_id).is_(None))
        .values(account_id=account.id, phone=phone, updated_at=clock.now())
    )
    if given.rowcount != 1:
        raise Conflict(_("刚才已经有人给这位居民开了账号"))
    audit.record(session, "resident.open_account", resident)
    return account


def reset_password_of(
    session: Session, actor: Actor, *, resident_id: int, password_hash: str
) -> Account:
    """Give a resident who came in person a new password; every device signs in anew."""
    resident = get_resident(session, actor, resident_id)
    if not policy.can_reset_password(actor, resident):
        raise Forbidden
    return reset_password(
        session, actor, account_id=resident.account_id or 0, password_hash=password_hash
    )


def assign_responsible(
    session: Session, actor: Actor, *, resident_id: int, account_id: int
) -> Household:
    """Name the member of staff who answers for the resident's household."""
    resident = get_resident(session, actor, resident_id)
    if not policy.can_assign(actor, resident):
        raise Forbidden
    member = session.get(Account, account_id)
    if member is None or member.role is not Role.STAFF or not member.enabled:
        raise Refused(_("责任人要是在岗的社区工作人员"))
    household = session.get_one(Household, resident.household_id)
    household.responsible_id = member.id
    audit.record(session, "household.assign", household, responsible=member.id)
    return household


def change_state(
    session: Session, actor: Actor, *, resident_id: int, action: ResidentAction
) -> Resident:
    """Pause suggestions or ask for them again; doing so twice raises :class:`Conflict`."""
    resident = editable(session, actor, resident_id)
    move(session, resident, action)
    audit.record(session, f"resident.{action}", resident)
    if resident.state is ResidentState.SEEKING:
        request_suggestions(session, resident_id=resident.id)
    return resident


def move(session: Session, resident: Resident, action: ResidentAction) -> None:
    """Take ``action`` if the resident is still in the state they were read in."""
    target = TRANSITIONS.get((resident.state, action))
    if target is None:
        raise Conflict(_("已经是这样了，不用再点"))
    now = clock.now()
    moved = session.exec(
        update(Resident)
        .where(col(Resident.id) == resident.id, col(Resident.state) == resident.state)
        .values(state=target, state_since=now, updated_at=now)
    )
    if moved.rowcount != 1:
        raise Conflict
    session.refresh(resident)


def _new_resident(session: Session, **fields: object) -> Resident:
    now = clock.now()
    resident = Resident(created_at=now, updated_at=now, **fields)  # type: ignore[arg-type]
    session.add(resident)
    session.flush()
    request_suggestions(session, resident_id=resident.id)
    return resident


def _serving_branch(session: Session) -> int:
    """Return the branch for work and business, where those who register themselves belong."""
    found = session.exec(
        select(Branch.id).order_by(col(Branch.serves_all).desc(), col(Branch.id))
    ).first()
    if found is None:
        raise Refused(_("社区的支部还没有设好，请到服务大厅登记"))
    return found
