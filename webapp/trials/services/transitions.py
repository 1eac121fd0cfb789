"""How a trial day is found, locked and changes its state, and how its people hear of it."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp import events
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.employers.models import EmployerMember
from webapp.matches.services.access import visible_match
from webapp.matches.services.transitions import lock_resident
from webapp.residents.models import Resident, ResidentState
from webapp.trials import policy
from webapp.trials.lifecycle import BY_STAFF, TRANSITIONS, Heard, Party, TrialAction
from webapp.trials.models import TrialDay


def visible_trial(session: Session, actor: Actor, trial_id: int) -> tuple[TrialDay, Party]:
    """Return a trial day and as whom the actor takes part; :class:`NotFound` for others.

    Those of people who have left are kept, and shown to nobody.
    """
    trial = session.get(TrialDay, trial_id)
    if trial is None:
        raise NotFound
    if session.get_one(Resident, trial.resident_id).state is ResidentState.LEFT:
        raise NotFound
    visible_match(session, actor, trial.match_id)
    party = policy.party_of(actor, resident_id=trial.resident_id, employer_id=trial.employer_id)
    if party is None:
        raise NotFound
    return trial, party


def locked_trial(session: Session, actor: Actor, trial_id: int) -> tuple[TrialDay, Party]:
    """Return the same as it stands now; the person is kept from other writers."""
    trial, party = visible_trial(session, actor, trial_id)
    lock_resident(session, trial.resident_id)
    session.refresh(trial)
    return trial, party


def speaking_side(party: Party, side: Party) -> Party:
    """Return for which side somebody speaks; :class:`Forbidden` for the other's."""
    if not policy.can_speak_for(party, side):
        raise Forbidden
    return side


def way_of(party: Party, heard: Heard | None) -> Heard:
    """Return how a word reached us: one's own by the page, another's as staff say they heard it."""
    if party is not Party.STAFF:
        return Heard.ONLINE
    if heard not in BY_STAFF:
        raise BadField("heard", _("请选这是怎么说的"))
    return heard


def move(session: Session, trial: TrialDay, action: TrialAction, **changes: Any) -> TrialDay:
    """Change a trial day by ``action``; :class:`Conflict` when it does not allow it."""
    before = trial.state
    target = TRANSITIONS.get((before, action))
    if target is None:
        raise Conflict(
            _("这次试岗现在是「%(state)s」，不能再做这一步。请看看最新情况。", state=before.label)
        )
    step = (
        update(TrialDay)
        .where(
            col(TrialDay.id) == trial.id,
            col(TrialDay.state) == before,
            col(TrialDay.version) == trial.version,
        )
        .values(state=target, since=clock.now(), **changes)
        .execution_options(synchronize_session=False)
    )
    if session.exec(step).rowcount != 1:
        raise Conflict(_("刚才已经有人动过这次试岗，请看看最新情况。"))
    session.refresh(trial)
    return trial


def tell(session: Session, trial: TrialDay, parties: Iterable[Party], key: str) -> None:
    """Tell the accounts of these parties outside that there is something new on their pages."""
    accounts: set[int] = set()
    for party in parties:
        if party is Party.RESIDENT:
            own = session.exec(
                select(Resident.account_id).where(Resident.id == trial.resident_id)
            ).one()
            accounts |= {own} if own is not None else set()
        elif party is Party.EMPLOYER:
            members = select(EmployerMember.account_id).where(
                EmployerMember.employer_id == trial.employer_id
            )
            accounts |= set(session.exec(members).all())
    if accounts:
        told = events.AccountsConcerned(tuple(sorted(accounts)), f"trial:{trial.id}:{key}")
        events.announce(session, SYSTEM, told)
