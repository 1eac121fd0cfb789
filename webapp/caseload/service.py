"""Services of staff's own work: calls people wait for, households shared out, filters kept."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlmodel import Session, col, delete, func, select, update

from webapp.accounts.models import Account, FilteredList, SavedFilter
from webapp.caseload import parties, policy
from webapp.caseload.models import WorkNeed
from webapp.contacts.models import Contact
from webapp.contacts.service import Said, note_employer, note_resident
from webapp.core import audit, clock
from webapp.core.access import Actor, Role
from webapp.core.errors import Conflict, Forbidden, NotFound, Refused
from webapp.events import NeedForWork
from webapp.residents.models import Household, Resident

MOST_FILTERS = 20


def log_call(session: Session, actor: Actor, *, called: str, id_: int, said: Said) -> Contact:
    """Note a call from where one works: with whom, about what, and when to call again."""
    party = parties.party(session, actor, called, id_)
    if not party.may_call(actor):
        raise Forbidden
    if party.resident is not None:
        return note_resident(
            session, actor, resident_id=party.resident.id, said=said, match_id=party.match_id
        )
    return note_employer(
        session,
        actor,
        employer_id=party.employer.id if party.employer else 0,
        said=said,
        match_id=party.match_id,
        opening_id=party.opening.id if party.opening else None,
    )


def note_work_need(session: Session, actor: Actor, need: NeedForWork) -> str:
    """Have the branch for work call somebody who wants some; return in whose hands it is, in words.

    One call waits for a resident at a time.
    """
    home = None
    if need.resident_id is not None:
        resident = session.get_one(Resident, need.resident_id)
        session.refresh(resident, with_for_update=True)  # a second tap waits for the first
        waits = select(WorkNeed.id).where(
            WorkNeed.resident_id == resident.id, col(WorkNeed.called_at).is_(None)
        )
        if session.exec(waits).first() is not None:
            return _("富民支部已经记着了，还没打电话。")
        home = session.get_one(Household, resident.household_id)
    row = WorkNeed(
        resident_id=need.resident_id,
        outside_name=None if home else need.name,
        outside_address=None if home else need.address,
        outside_phone=None if home else need.phone or None,
        words=need.words,
        noted_at=clock.now(),
        noted_by_id=actor.account_id or 0,
    )
    session.add(row)
    session.flush()
    audit.record(session, "work_need.note", row)
    if home is None:
        return _("转给富民支部了。这位还没有居民档案，他们打电话时先登记。")
    member = session.get(Account, home.responsible_id) if home.responsible_id else None
    if member is None:
        return _("转给富民支部了。这一户还没有责任人，排在他们「今天要办」里。")
    return _("转给富民支部了，%(name)s会打电话。", name=member.name)


def settle_work_need(
    session: Session,
    actor: Actor,
    *,
    need_id: int,
    said: Said,
) -> WorkNeed:
    """Note what came of calling; who was not reached still waits.

    For a resident it goes on their file; of somebody without one nothing is kept.
    """
    need = session.get(WorkNeed, need_id)
    if need is None or not policy.can_call(actor, _resident_of(session, need)):
        raise NotFound
    session.refresh(need, with_for_update=True)
    if need.called_at is not None:
        raise Conflict(_("刚才已经有人打过电话了"))
    if need.resident_id is not None:
        note_resident(session, actor, resident_id=need.resident_id, said=said)
    if said.reached:
        need.called_at, need.called_by_id = clock.now(), actor.account_id
        need.outside_name = need.outside_address = need.outside_phone = None
        need.words = ""
        session.add(need)
    session.flush()
    audit.record(session, "work_need.call", need, reached=said.reached)
    return need


def forget_work_needs(session: Session, *, resident_id: int) -> None:
    """Delete what was heard of somebody whose facts are erased."""
    session.exec(delete(WorkNeed).where(col(WorkNeed.resident_id) == resident_id))


def _resident_of(session: Session, need: WorkNeed) -> Resident | None:
    return session.get(Resident, need.resident_id) if need.resident_id else None


def share_out(
    session: Session, actor: Actor, *, household_ids: Sequence[int], account_id: int
) -> int:
    """Assign several households to one member of staff; return how many changed."""
    member = session.get(Account, account_id)
    if member is None or member.role is not Role.STAFF or not member.enabled:
        raise Refused(_("责任人要是在岗的社区工作人员"))
    changed = session.exec(
        update(Household)
        .where(
            col(Household.id).in_(household_ids),
            col(Household.responsible_id).is_distinct_from(account_id),
        )
        .values(responsible_id=account_id)
    ).rowcount
    if changed:
        audit.record(session, "household.share_out", f"account:{account_id}", households=changed)
    return changed


def keep_filter(
    session: Session, actor: Actor, *, name: str, shown: FilteredList, query: str
) -> SavedFilter:
    """Save a filter under a name, replacing one of the same name."""
    own = (col(SavedFilter.account_id) == actor.account_id, col(SavedFilter.list) == shown)
    kept = session.exec(select(SavedFilter).where(*own, SavedFilter.name == name)).first()
    if kept is None:
        if session.exec(select(func.count()).where(*own)).one() >= MOST_FILTERS:
            raise Refused(_("最多存 %(n)d 个，请先删掉不用的", n=MOST_FILTERS))
        kept = SavedFilter(account_id=actor.account_id or 0, list=shown, name=name, query=query)
        session.add(kept)
    kept.query = query
    session.flush()
    audit.record(session, "filter.keep", kept)
    return kept


def drop_filter(session: Session, actor: Actor, *, filter_id: int) -> SavedFilter:
    """Delete the actor's own filter; raises :class:`NotFound` for anyone else's."""
    kept = session.get(SavedFilter, filter_id)
    if kept is None or kept.account_id != actor.account_id:
        raise NotFound
    session.delete(kept)
    session.flush()
    audit.record(session, "filter.drop", kept)
    return kept
