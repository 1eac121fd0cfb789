"""What waits for staff today: each kind of it as one statement, counted and listed by the same.

A number on the workbench, the first line beside it and the whole list behind it come from one
:class:`WorkList`, so that they cannot say different things.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session, col

from webapp.caseload.queries import caseloads, work_needs
from webapp.complaints.service import open_complaints
from webapp.contacts import queries as contacts
from webapp.core import clock
from webapp.core.access import current_actor
from webapp.core.db import reader
from webapp.core.memo import built_once
from webapp.draws import queries as draws
from webapp.employers import queries as employers
from webapp.employers.models import Employer
from webapp.employment import queries as employment
from webapp.home.work_lines import openings as opening_lines
from webapp.home.work_lines import people, pieces, visits
from webapp.matches.lifecycle import AWAITS_EMPLOYER, MatchAction, MatchState
from webapp.matches.models import Match
from webapp.matches.queries import interviews
from webapp.matches.queries.match_detail import ACTED_ON, LINE, PROVEN, joined
from webapp.matches.services.follow_ups import FOLLOW_UPS
from webapp.matches.services.transitions import goes_on_elsewhere
from webapp.needs import queries as needs
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.payment_checks import queries as payment_checks
from webapp.piecework.queries import worklist as piecework
from webapp.residents import queries as residents
from webapp.residents.models import Resident
from webapp.spot_checks.queries import lines as spot_checks
from webapp.standing_services import queries as standing_services
from webapp.statements import queries as statements
from webapp.statements.models import WageConfirmation
from webapp.tickets.queries import desk as tickets
from webapp.tickets.queries import long_cases
from webapp.tickets.services.people import standing_of
from webapp.trials import queries as trials
from webapp.ventures.queries import staff as ventures

S = MatchState


@built_once
def waiting_for_answer() -> Any:
    """Return the statement of residents to call.

    First those who applied by themselves and were promised a call, then those without an account.
    """
    promised = and_(col(Match.state) == S.INTERESTED, ~PROVEN)
    return (
        joined(*LINE)
        .where(
            col(Match.state).in_([S.OFFERED, S.INTERESTED]),
            or_(promised, ~goes_on_elsewhere()),
            _not_put_off("resident_id"),
        )
        .order_by(
            case((promised, 0), (col(Resident.account_id).is_(None), 1), else_=2),
            case((promised, col(Match.since))),
            col(Match.offered_until),
            col(Match.id),
        )
    )


@built_once
def due() -> Any:
    """Return the statement of what ran out: no reply, silent employers, jobs to ask after."""
    today = clock.today()
    started = {
        S.HIRED: MatchAction.FOLLOW_UP_30,
        S.DAY_30: MatchAction.FOLLOW_UP_90,
        S.DAY_90: MatchAction.RETAIN,
    }
    to_ask = [
        and_(
            col(Match.state) == state,
            col(Match.start_date) <= today - timedelta(days=FOLLOW_UPS[action]),
        )
        for state, action in started.items()
    ]
    silent = and_(col(Match.state).in_(AWAITS_EMPLOYER), col(Match.chases) > 0)
    answer = or_(col(Match.state) == S.NO_REPLY, *to_ask)
    return (
        joined(*LINE)
        .where(
            ACTED_ON,
            or_(
                and_(silent, _not_put_off("employer_id")),
                and_(answer, _not_put_off("resident_id")),
            ),
        )
        .order_by(col(Match.since), col(Match.id))
    )


def to_check() -> Any:
    """Return the statement of employers to be checked, unless they said when they come."""
    return _unless_put_off(employers.to_check(), Employer.id, "employer_id")


def other_times() -> Any:
    """Return the statement of wishes for another interview, unless a call put them off."""
    return _unless_put_off(interviews.waiting_wishes(), Match.id, "match_id")


def wages_objected() -> Any:
    """Return the statement of wages said to be wrong, unless the employer said when they answer."""
    return _unless_put_off(statements.objected(), WageConfirmation.match_id, "match_id")


@built_once
def _unless_put_off(statement: Any, column: Any, about: str) -> Any:
    return statement.where(col(column).not_in(contacts.put_off(about, "employer_id")))


def _not_put_off(side: str) -> Any:
    """Return the condition that no call with that side put the match off to another day."""
    return col(Match.id).not_in(contacts.put_off("match_id", side))


@built_once
def to_review() -> Any:
    """Return the statement of openings handed in, the longest waiting first."""
    return (
        select(
            col(Opening.id),
            col(Opening.title),
            col(Opening.kind),
            col(Opening.updated_at),
            col(Employer.name).label("employer"),
        )
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(col(Opening.state) == OpeningState.SUBMITTED)
        .order_by(col(Opening.updated_at), col(Opening.id))
    )


@dataclass(frozen=True)
class WorkList:
    """One kind of thing that waits.

    ``line`` returns a row's arguments for ``list_cell``; ``nothing`` is said when none waits,
    empty for a list that then is not shown; ``more`` is (endpoint, words) of a related page.
    """

    title: Any
    statement: Callable[[], Any]
    line: Callable[[Any], dict[str, Any]]
    nothing: Any = ""
    more: tuple[str, Any] | None = None


def tickets_waiting() -> Any:
    """Return the statement of the reader's own tickets, and of those to be given to somebody."""
    actor = current_actor()
    return tickets.waiting(actor, standing_of(reader(), actor))


# In the order of the workbench.
LISTS: dict[str, WorkList] = {
    "tickets": WorkList(
        _("民情"),
        tickets_waiting,
        visits.ticket,
        more=("tickets.board", _("看全部民情")),
    ),
    "newly": WorkList(
        _("刚没人上班的户"),
        caseloads.newly_without_work,
        people.newly_without_work,
        more=("caseload.index", _("看负责的户")),
    ),
    "call": WorkList(
        _("等居民回话"),
        waiting_for_answer,
        people.to_call,
        _("没有要打的电话。"),
        ("matches.under_way", _("看全部进展")),
    ),
    "times": WorkList(
        _("去不了面试，想改时间的"),
        other_times,
        people.other_time,
        more=("matches.under_way", _("看全部进展")),
    ),
    "joining": WorkList(
        _("想算进一户的"),
        residents.join_requests,
        people.joining,
        more=("residents.join_requests", _("看全部")),
    ),
    "said": WorkList(
        _("居民自己说的就业情况，等核实"),
        employment.to_verify,
        people.said,
    ),
    "offers": WorkList(
        _("摊位轮到了，要打电话问的"),
        ventures.to_call,
        opening_lines.offer,
        more=("ventures.board", _("看全部摊位")),
    ),
    "stalls": WorkList(
        _("报名截止的摊位，该定名单了"),
        ventures.to_freeze,
        opening_lines.stall,
        more=("ventures.board", _("看全部摊位")),
    ),
    "ventures": WorkList(
        _("摊位，过了日子的"),
        ventures.overdue_cases,
        opening_lines.venture,
        more=("ventures.board", _("看全部摊位")),
    ),
    "visits": WorkList(
        _("今天上门要去的"),
        lambda: standing_services.to_go(current_actor()),
        visits.standing_visit,
        more=("standing_services.today", _("带着去：地址、要问的")),
    ),
    "cases": WorkList(
        _("要跑很多趟的，今天该走下一步"),
        lambda: long_cases.to_do(current_actor()),
        visits.long_case,
        more=("tickets.long_case_list", _("看全部")),
    ),
    "needs": WorkList(
        _("上门时说想找活的，要打电话"),
        lambda: work_needs.waiting(current_actor()),
        people.work_need,
    ),
    "again": WorkList(
        _("说好今天再问的"),
        caseloads.to_ask_again,
        people.to_ask_again,
        more=("caseload.index", _("看负责的户")),
    ),
    "firms": WorkList(
        _("单位，说好今天再问的"),
        caseloads.employers_to_ask_again,
        opening_lines.to_ask_again,
        more=("caseload.employers", _("看全部单位")),
    ),
    "due": WorkList(
        _("到期、要催"),
        due,
        people.due,
        _("没有到期的。"),
        ("matches.under_way", _("看全部进展")),
    ),
    "expiring": WorkList(
        _("快到期、还没招满的"),
        caseloads.expiring,
        opening_lines.expiring,
        more=("openings.review_list", _("看全部机会")),
    ),
    "review": WorkList(
        _("等审核的机会"),
        to_review,
        opening_lines.to_review,
        _("没有等审核的。"),
        ("openings.review_list", _("看全部机会")),
    ),
    "verify": WorkList(
        _("待核实单位"),
        to_check,
        opening_lines.to_verify,
        _("没有等核实的。"),
        ("caseload.employers", _("看全部单位")),
    ),
    "inspect": WorkList(
        _("手工活等验收"),
        piecework.to_inspect,
        pieces.to_inspect,
        more=("piecework.inspection_queue", _("去验收")),
    ),
    "issue": WorkList(
        _("等领料"),
        piecework.to_issue,
        pieces.to_issue,
        more=("piecework.staff_assignments", _("看各家的活")),
    ),
    "settle": WorkList(
        _("手工工钱等结算"),
        piecework.to_settle,
        pieces.to_settle,
        more=("piecework.settlement_runs", _("去结算")),
    ),
    "doubts": WorkList(
        _("工钱没到、少了，要去查"),
        payment_checks.doubts,
        pieces.payment_doubt,
        more=("payment_checks.index", _("看工钱回访")),
    ),
    "calls": WorkList(
        _("打电话问工钱到没到"),
        payment_checks.to_call,
        pieces.payment_to_ask,
        more=("payment_checks.index", _("看工钱回访")),
    ),
    "trials": WorkList(
        _("试岗，两边说的不一样"),
        lambda: trials.for_staff(disputed=True),
        people.trial,
        more=("trials.board", _("看全部试岗")),
    ),
    "draws": WorkList(
        _("开奖了，等填号码的抽签"),
        draws.to_type,
        opening_lines.to_type,
        more=("draws.board", _("看全部抽签")),
    ),
    "spot": WorkList(
        _("抽查，等您的"),
        lambda: spot_checks.waiting(current_actor()),
        visits.spot_check,
        more=("spot_checks.index", _("看抽查")),
    ),
    "wages": WorkList(
        _("本人说工资的数不对"),
        wages_objected,
        people.wage,
    ),
    "staffing": WorkList(
        _("单位想要人"),
        needs.waiting,
        opening_lines.need,
        more=("needs.index", _("看单位问过的")),
    ),
    "complaints": WorkList(
        _("对单位的投诉"),
        open_complaints,
        opening_lines.complaint,
        _("没有还在办的投诉。"),
        ("complaints.index", _("看全部投诉")),
    ),
}


def counted_first(session: Session, statement: Any) -> tuple[int, Any]:
    """Return how many rows a statement has, and the first or ``None``, in one query."""
    counted, of_columns = _counted(statement)
    # Of columns alone the session has nothing to make, and took as long as the database.
    asked = session.connection() if of_columns else session
    first = asked.execute(counted).first()
    return (first.of_all if first else 0), first


@lru_cache(maxsize=4 * len(LISTS))
def _counted(statement: Any) -> tuple[Any, bool]:
    of_columns = not any(isinstance(one["expr"], type) for one in statement.column_descriptions)
    return statement.add_columns(func.count().over().label("of_all")).limit(1), of_columns
