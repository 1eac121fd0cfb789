"""Use cases of requests: ask for a statement, agree, refuse, cancel; the last yes issues it."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.residents.models import ConsentChannel, Resident
from webapp.rulebook.figures import rule
from webapp.statements import earnings, policy
from webapp.statements.lifecycle import PERIODS, RequestState, StatementScope
from webapp.statements.models import EarningsStatement, StatementAgreement, StatementRequest
from webapp.statements.services import issuing


def ask(
    session: Session,
    actor: Actor,
    *,
    resident_id: int,
    scope: StatementScope,
    months: int,
    channel: ConsentChannel = ConsentChannel.PAGE,
    note: str = "",
) -> EarningsStatement | None:
    """Ask for a statement, which is to agree oneself; return it when nobody else has to.

    ``months`` is one of :data:`PERIODS`. Staff say how they were told (``channel``, ``note``).
    """
    resident = _speaking_for(session, actor, resident_id)
    if months not in PERIODS:
        raise BadField("months", _("请选一段时间"))
    household = scope is StatementScope.HOUSEHOLD
    row = StatementRequest(
        resident_id=resident.id,
        household_id=resident.household_id if household else None,
        scope=scope,
        state=RequestState.OPEN,
        from_month=earnings.first_month(months),
        asked_at=clock.now(),
    )
    if household:
        _close_lapsed(session, resident.household_id)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict(_("家里已经有人要开全家的证明了，先看看那一张")) from error
    audit.record(session, "statement.ask", f"resident:{resident.id}", request=row.id)
    return _agree(session, actor, row, resident, channel, note)


def agree(
    session: Session,
    actor: Actor,
    *,
    request_id: int,
    resident_id: int,
    channel: ConsentChannel = ConsentChannel.PAGE,
    note: str = "",
) -> EarningsStatement | None:
    """Agree that one's earnings stand on the household's statement; the last yes issues it."""
    row, resident = _asked(session, actor, request_id, resident_id)
    return _agree(session, actor, row, resident, channel, note)


def refuse(session: Session, actor: Actor, *, request_id: int, resident_id: int) -> None:
    """Say no: nothing is issued. Who said it is neither kept with the request nor shown."""
    row, _resident = _asked(session, actor, request_id, resident_id)
    _close(session, row, RequestState.REFUSED)
    audit.record(session, "statement.refuse", row)


def cancel(session: Session, actor: Actor, *, request_id: int) -> None:
    """Take back one's own request."""
    row = _locked(session, request_id)
    resident = session.get_one(Resident, row.resident_id)
    if not policy.can_speak_for(actor, resident):
        raise NotFound
    _close(session, row, RequestState.CANCELLED)
    audit.record(session, "statement.cancel", row)


def is_open(row: StatementRequest) -> bool:
    """Whether a request still waits: not answered, and not too old."""
    days = rule("statement_request_days", on=clock.today())
    return row.state is RequestState.OPEN and clock.now() - row.asked_at < timedelta(days=days)


def adults_of(session: Session, household_id: int) -> list[Resident]:
    """Return the members of a household whose agreement its statement needs."""
    rows = session.exec(
        select(Resident).where(Resident.household_id == household_id).order_by(col(Resident.id))
    )
    return [one for one in rows if policy.must_agree(one, on=clock.today())]


def _agree(
    session: Session,
    actor: Actor,
    row: StatementRequest,
    resident: Resident,
    channel: ConsentChannel,
    note: str,
) -> EarningsStatement | None:
    by_staff = actor.is_staff
    if by_staff and (channel is ConsentChannel.PAGE or not note.strip()):
        raise BadField("note", _("写一句：什么时候、怎么说的、谁在场"))
    try:
        with session.begin_nested():
            session.add(
                StatementAgreement(
                    request_id=row.id,
                    resident_id=resident.id,
                    agreed_at=clock.now(),
                    channel=channel if by_staff else ConsentChannel.PAGE,
                    note=note.strip() if by_staff else "",
                    recorded_by_id=actor.account_id,
                )
            )
    except IntegrityError as error:
        raise Conflict(_("已经同意过了，等家里其他人。")) from error
    audit.record(session, "statement.agree", f"resident:{resident.id}", request=row.id)
    agreed = set(
        session.exec(
            select(StatementAgreement.resident_id).where(StatementAgreement.request_id == row.id)
        )
    )
    if row.household_id is None:
        people = [resident]
    else:
        people = adults_of(session, row.household_id)
        if {one.id for one in people} - agreed:
            return None
    statement = issuing.issue(session, actor, row, people)
    _close(session, row, RequestState.ISSUED)
    return statement


def _asked(
    session: Session, actor: Actor, request_id: int, resident_id: int
) -> tuple[StatementRequest, Resident]:
    """Return an open request and the adult of its household who is asked; others get 404."""
    row = _locked(session, request_id)
    resident = _speaking_for(session, actor, resident_id)
    of_it = row.household_id is not None and resident.household_id == row.household_id
    if not of_it or not policy.must_agree(resident, on=clock.today()):
        raise NotFound
    if not is_open(row):
        raise Conflict(_("这一张已经办完，或者过了时间，要开就重新说一声。"))
    return row, resident


def _speaking_for(session: Session, actor: Actor, resident_id: int) -> Resident:
    resident = session.get(Resident, resident_id)
    if resident is None:
        raise NotFound
    if not policy.can_speak_for(actor, resident):
        raise Forbidden if actor.is_staff else NotFound
    return resident


def _locked(session: Session, request_id: int) -> StatementRequest:
    """Return a request, kept from other writers: of the last two yeses one sees the other."""
    query = select(StatementRequest).where(StatementRequest.id == request_id).with_for_update()
    row = session.exec(query.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound
    return row


def _close(session: Session, row: StatementRequest, state: RequestState) -> None:
    done = session.exec(
        update(StatementRequest)
        .where(
            col(StatementRequest.id) == row.id,
            col(StatementRequest.state) == RequestState.OPEN,
        )
        .values(state=state, closed_at=clock.now())
    )
    if done.rowcount != 1:
        raise Conflict(_("这一张刚刚办完了，请刷新看看。"))


def _close_lapsed(session: Session, household_id: int) -> None:
    """Close a request of the household that nobody answered in time, so that one can ask anew."""
    waiting = session.exec(
        select(StatementRequest).where(
            StatementRequest.household_id == household_id,
            StatementRequest.state == RequestState.OPEN,
        )
    ).first()
    if waiting is not None and not is_open(waiting):
        _close(session, waiting, RequestState.CANCELLED)
