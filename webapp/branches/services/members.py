"""Use cases of members: their profile, a branch's secretary, who is away."""

from sqlmodel import Session, select

from webapp.accounts.models import Account
from webapp.branches import policy
from webapp.branches.models import MemberProfile
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import NotFound


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
