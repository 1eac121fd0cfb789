"""Use cases of members: their profile, a branch's secretary, who is away."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.accounts.models import Account
from webapp.branches import policy
from webapp.branches.models import MemberProfile
from webapp.branches.models.rota import MemberAbsence
from webapp.branches.queries.members import secretary_of
from webapp.branches.services import telephones
from webapp.core import audit, clock
from webapp.core.access import Actor, Permission, Role
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound

_LONGEST_ABSENCE = timedelta(days=366)


def get_member(session: Session, actor: Actor, account_id: int) -> Account:
    """Return a member whose profile the actor may change; any other raises ``NotFound``."""
    account = session.get(Account, account_id)
    if account is None or not policy.can_edit(actor, account):
        raise NotFound
    return account


def get_profile(session: Session, account_id: int) -> MemberProfile | None:
    """Return a member's profile, if one was written."""
    return session.exec(select(MemberProfile).where(MemberProfile.account_id == account_id)).first()


def save_profile(
    session: Session,
    actor: Actor,
    *,
    account_id: int,
    volunteer: bool,
    institution: str,
    trades: list[str],
    languages: list[str],
    hours: list[dict[str, str]],
    duty_phone: str,
) -> MemberProfile:
    """Write what a member knows and when they are here."""
    member = get_member(session, actor, account_id)
    telephones.refuse_own(session, duty_phone, field="duty_phone")
    session.refresh(member, with_for_update=True)  # of two at once, the second finds the first's
    profile = get_profile(session, member.id) or MemberProfile(
        account_id=member.id, updated_at=clock.now()
    )
    profile.volunteer = volunteer
    profile.institution = institution
    profile.trades, profile.languages, profile.hours = trades, languages, hours
    profile.duty_phone = duty_phone
    profile.updated_at = clock.now()
    session.add(profile)
    session.flush()
    audit.record(session, "member.profile", f"account:{member.id}")
    return profile


def name_secretary(session: Session, actor: Actor, *, account_id: int) -> Account:
    """Make a member the secretary of their branch; whoever was it before is no more (admin)."""
    if not actor.may(Permission.ACCOUNT_MANAGE):
        raise Forbidden
    member = session.get(Account, account_id)
    if member is None or member.role is not Role.STAFF:
        raise NotFound
    rows = session.exec(
        select(Account)
        .where(Account.branch_id == member.branch_id, Account.role == Role.STAFF)
        .order_by(col(Account.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    if member not in rows or not member.enabled:
        raise Conflict(_("%(name)s已经不在这个支部了。", name=member.name))
    if member.is_secretary:
        return member
    session.exec(
        update(Account)
        .where(col(Account.branch_id) == member.branch_id, col(Account.is_secretary))
        .values(is_secretary=False)
    )
    member.is_secretary = True
    session.add(member)
    session.flush()
    audit.record(session, "member.secretary", f"account:{member.id}")
    return member


def set_broker(session: Session, actor: Actor, *, account_id: int, broker: bool) -> MemberProfile:
    """Mark a member as a labour broker or take the mark away; their secretary or an admin."""
    member = get_led(session, actor, account_id)
    if member.id == actor.account_id and not policy.can_lead(
        actor, member.branch_id, secretary_id=secretary_of(session, member.branch_id or 0)
    ):
        raise Forbidden
    profile = mark_broker(session, account_id, broker=broker)
    audit.record(session, "member.broker", f"account:{account_id}", on=broker)
    return profile


def mark_broker(session: Session, account_id: int, *, broker: bool) -> MemberProfile:
    """Write the mark of a labour broker into a profile, which is made where there is none."""
    session.exec(select(Account).where(Account.id == account_id).with_for_update(key_share=True))
    profile = get_profile(session, account_id) or MemberProfile(
        account_id=account_id, updated_at=clock.now()
    )
    profile.broker = broker
    session.add(profile)
    session.flush()
    return profile


def note_absence(
    session: Session, actor: Actor, *, account_id: int, from_on: date, until_on: date
) -> MemberAbsence:
    """Write down that a member is away: they themselves, their secretary or an admin."""
    member = get_led(session, actor, account_id)
    session.refresh(member, with_for_update=True)
    if until_on < from_on:
        raise BadField("until_on", _("最后一天要在头一天以后"))
    if until_on < clock.today():
        raise BadField("until_on", _("已经过去了，不用再记"))
    if until_on - from_on > _LONGEST_ABSENCE:
        raise BadField("until_on", _("一次最多记一年"))
    overlapping = session.exec(
        select(MemberAbsence.id).where(
            MemberAbsence.account_id == account_id,
            MemberAbsence.from_on <= until_on,
            MemberAbsence.until_on >= from_on,
            col(MemberAbsence.cancelled_at).is_(None),
        )
    ).first()
    if overlapping is not None:
        raise BadField("from_on", _("这几天里已经记了请假，先去掉原来的"))
    row = MemberAbsence(
        account_id=account_id,
        from_on=from_on,
        until_on=until_on,
        noted_at=clock.now(),
        noted_by_id=actor.account_id,
    )
    session.add(row)
    session.flush()
    audit.record(session, "member.absence", row)
    return row


def cancel_absence(session: Session, actor: Actor, *, absence_id: int) -> MemberAbsence:
    """Take back what is left of an absence."""
    row = session.get(MemberAbsence, absence_id)
    if row is None:
        raise NotFound
    get_led(session, actor, row.account_id)
    session.refresh(row, with_for_update=True)
    if row.cancelled_at is not None or row.until_on < clock.today():
        raise Conflict(_("这次请假已经过去了，或者已经去掉了。"))
    row.cancelled_at = clock.now()
    session.add(row)
    session.flush()
    audit.record(session, "member.absence_cancel", row)
    return row


def get_led(session: Session, actor: Actor, account_id: int) -> Account:
    """Return a member for themselves, their secretary or an admin; else ``NotFound``."""
    member = session.get(Account, account_id)
    if member is None or member.role is not Role.STAFF or member.branch_id is None:
        raise NotFound
    if actor.account_id != member.id and not policy.can_lead(
        actor, member.branch_id, secretary_id=secretary_of(session, member.branch_id)
    ):
        raise NotFound
    return member
