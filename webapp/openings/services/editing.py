"""Use cases of openings: create, edit, hand in, close, expire. Reviewing is in ``review``."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from webapp import events
from webapp.core import audit, clock, errors
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import BadField, Conflict, Forbidden, Incomplete, NotFound
from webapp.core.vocabulary import Kind
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.engine import records
from webapp.openings import policy
from webapp.openings.fields import OpeningFields
from webapp.openings.kind_words import by_kind
from webapp.openings.lifecycle import TRANSITIONS, OpeningAction, OpeningState
from webapp.openings.models import Opening, OpeningSource
from webapp.openings.services import wording
from webapp.rulebook import grounds
from webapp.rulebook.figures import rule

# A larger figure is a typing error; it would not fit the column either.
_MOST_FEN = 1_000_000_000


def create_opening(
    session: Session,
    actor: Actor,
    *,
    kind: Kind,
    fields: OpeningFields,
    idempotency_key: str,
    employer_name: str = "",
    source: OpeningSource | None = None,
) -> Opening:
    """Write a draft; staff may name any employer, an employer writes its own.

    ``source`` is how it came in, by default the form of whoever writes.

    The same ``idempotency_key`` again returns the draft it made the first time. Raises
    :class:`BadField` for an unknown employer or pay that makes no sense.
    """
    known = session.exec(select(Opening).where(Opening.idempotency_key == idempotency_key)).first()
    if known is not None and policy.can_edit(actor, known):
        return known
    opening = Opening(
        kind=kind,
        employer_id=_employer_id(session, actor, employer_name),
        source=source
        or (OpeningSource.STAFF if policy.can_review(actor) else OpeningSource.EMPLOYER),
        responsible_id=actor.account_id if policy.can_review(actor) else None,
        created_at=clock.now(),
        updated_at=clock.now(),
        idempotency_key=idempotency_key,
        **_columns(fields),
    )
    if not policy.can_edit(actor, opening):
        raise Forbidden
    try:
        with session.begin_nested():
            session.add(opening)
    except IntegrityError as error:  # the same form in the same moment
        raise Conflict(_("这一条已经存好了，请回列表看")) from error
    audit.record(session, "opening.create", opening, kind=kind)
    return opening


def edit_opening(
    session: Session,
    actor: Actor,
    *,
    opening_id: int,
    fields: OpeningFields,
    employer_name: str = "",
) -> Opening:
    """Change an opening; one that was published or paused goes back to review.

    Raises :class:`BadField`, ``Conflict`` when it is closed or was changed meanwhile.
    """
    opening = get_opening(session, actor, opening_id)
    if opening.state not in policy.EDITABLE:
        raise Conflict(_("已经结束，不能再改；可以重新写一条"))
    if fields.headcount < opening.hired_count:
        taken = _("已经有 %(n)d 人上岗，不能少于这个数", n=opening.hired_count)
        raise BadField("headcount", by_kind(taken, opening.kind))
    values = _columns(fields)
    if policy.can_review(actor):
        values["employer_id"] = _employer_id(session, actor, employer_name)
    state = opening.state
    if state in {OpeningState.PUBLISHED, OpeningState.PAUSED}:
        values["state"] = TRANSITIONS[state, OpeningAction.SUBMIT]
    change(session, opening, values)
    audit.record(session, "opening.edit", opening, was=state)
    return opening


def submit_opening(session: Session, actor: Actor, *, opening_id: int) -> Opening:
    """Hand an opening in for review.

    Raises :class:`Incomplete` with what is missing or forbidden, ``Conflict`` when it is
    under review or published already.
    """
    opening = get_opening(session, actor, opening_id)
    target = target_state(opening, OpeningAction.SUBMIT)
    if opening.state is OpeningState.PUBLISHED:
        raise Conflict(_("已经在招了，不用再提交"))
    if opening.state is OpeningState.PAUSED:
        raise Conflict(_("等单位重新核实，核实好会自己放出来，不用再提交"))
    _refuse_unwelcome(session, opening)
    faults = policy.faults(opening, on=clock.today(), longest=longest_days())
    # What two members may let stand on a ground of law has to come before them first.
    liftable = grounds.codes(session, on=clock.today())
    faults += wording.as_faults(
        [one for one in wording.obstacles(session, opening) if one.code not in liftable]
    )
    if faults:
        raise Incomplete(faults)
    change(session, opening, {"state": target, "state_reason": "", "review_note": ""})
    audit.record(session, "opening.submit", opening)
    return opening


def close_opening(session: Session, actor: Actor, *, opening_id: int) -> Opening:
    """End an opening for good; what was under way with it is put to rest."""
    opening = get_opening(session, actor, opening_id)
    change(session, opening, {"state": target_state(opening, OpeningAction.CLOSE)})
    audit.record(session, "opening.close", opening)
    events.announce(session, actor, events.OpeningClosed(opening.id))
    return opening


def expire_openings(session: Session) -> int:
    """Expire what was valid until before today (a daily job); return how many."""
    late = select(Opening).where(
        col(Opening.state).in_([OpeningState.PUBLISHED, OpeningState.PAUSED]),
        col(Opening.valid_until) < clock.today(),
    )
    expired = 0
    for opening in session.exec(late.order_by(col(Opening.id))).all():
        change(session, opening, {"state": target_state(opening, OpeningAction.EXPIRE)})
        audit.record(session, "opening.expire", opening)
        events.announce(session, SYSTEM, events.OpeningClosed(opening.id))
        expired += 1
    return expired


def take_down(session: Session, *, employer_id: int, reason: str) -> int:
    """Send back all that an employer has published or handed in; part of a suspension."""
    return _move_all(
        session,
        employer_id,
        (OpeningState.PUBLISHED, OpeningState.PAUSED, OpeningState.SUBMITTED),
        {"state": OpeningState.RETURNED, "state_reason": reason},
    )


def send_back_to_review(session: Session, *, employer_id: int) -> int:
    """Put all that an employer has published under review again: its name or code changed."""
    return _move_all(
        session,
        employer_id,
        (OpeningState.PUBLISHED, OpeningState.PAUSED),
        {"state": OpeningState.SUBMITTED},
    )


def pause_all(session: Session, *, employer_id: int) -> int:
    """Take down for the time being all that an employer has published: its check ran out."""
    return _move_all(
        session, employer_id, (OpeningState.PUBLISHED,), {"state": OpeningState.PAUSED}
    )


def close_all(session: Session, actor: Actor, *, employer_id: int) -> int:
    """End everything of an employer that closes its file; what was under way is put to rest."""
    own = select(Opening).where(
        Opening.employer_id == employer_id, Opening.state != OpeningState.CLOSED
    )
    openings = session.exec(own.order_by(col(Opening.id)).with_for_update()).all()
    for opening in openings:
        change(session, opening, {"state": target_state(opening, OpeningAction.CLOSE)})
        audit.record(session, "opening.close", opening)
        events.announce(session, actor, events.OpeningClosed(opening.id))
    return len(openings)


def get_opening(session: Session, actor: Actor, opening_id: int) -> Opening:
    """Return an opening that the actor may change; anybody else's raises ``NotFound``."""
    opening = session.get(Opening, opening_id)
    if opening is None or not policy.can_edit(actor, opening):
        raise NotFound
    return opening


def longest_days() -> int:
    """Return how many days ahead an opening may be valid."""
    return rule("opening_longest_days", on=clock.today())


def target_state(opening: Opening, action: OpeningAction) -> OpeningState:
    """Return where ``action`` leads or raise ``Conflict``."""
    target = TRANSITIONS.get((opening.state, action))
    if target is None:
        raise Conflict(_("这条机会的情况已经变了，请刷新后再看"))
    return target


def change(session: Session, opening: Opening, values: dict[str, Any]) -> None:
    """Change the row unless somebody else did since it was read (else ``Conflict``)."""
    statement = (
        update(Opening)
        .where(
            col(Opening.id) == opening.id,
            col(Opening.state) == opening.state,
            col(Opening.updated_at) == opening.updated_at,
        )
        .values(updated_at=clock.now(), **values)
    )
    if session.exec(statement).rowcount != 1:
        raise Conflict(_("这条机会刚被别人改过，请刷新后再看"))
    session.refresh(opening)


def _move_all(
    session: Session,
    employer_id: int,
    states: tuple[OpeningState, ...],
    values: dict[str, Any],
) -> int:
    statement = (
        update(Opening)
        .where(col(Opening.employer_id) == employer_id, col(Opening.state).in_(states))
        .values(updated_at=clock.now(), **values)
    )
    return session.exec(statement).rowcount


def _columns(fields: OpeningFields) -> dict[str, Any]:
    """Return the columns of a form, pay read from its text."""
    return {**fields.values(), **pay_columns(fields.pay_text)}


def pay_columns(pay_text: str) -> dict[str, Any]:
    """Return the columns of pay read from its text; :class:`BadField` for what makes no sense."""
    pay = records.read_pay(pay_text)
    figures = (pay.min_fen, pay.max_fen, pay.month_min_fen, pay.month_max_fen)
    known = [fen for fen in figures if fen is not None]
    upside_down = None not in (pay.min_fen, pay.max_fen) and pay.min_fen > pay.max_fen  # type: ignore[operator]
    if upside_down or any(not 0 <= fen <= _MOST_FEN for fen in known):
        raise BadField("pay_text", _("这个数目看不懂，请写成“3000-4500元/月”这样"))
    return {
        "pay_min_fen": pay.min_fen,
        "pay_max_fen": pay.max_fen,
        "pay_unit": pay.unit,
        "pay_month_min_fen": pay.month_min_fen,
        "pay_month_max_fen": pay.month_max_fen,
    }


def _employer_id(session: Session, actor: Actor, name: str) -> int | None:
    if not policy.can_review(actor):
        return actor.employer_id
    if not name:
        return None
    found = session.exec(select(Employer.id).where(Employer.name == name)).first()
    if found is None:
        raise BadField("employer", _("没有这家单位，请照登记的全称填"))
    return found


def _refuse_unwelcome(session: Session, opening: Opening) -> None:
    employer = session.get(Employer, opening.employer_id) if opening.employer_id else None
    barred = {EmployerState.SUSPENDED, EmployerState.REFUSED, EmployerState.CLOSED}
    if employer and employer.state in barred:
        message = _("单位没有通过核实、已被暂停或已注销，先联系社区富民支部")
        raise Incomplete([errors.Fault("employer", message)])
