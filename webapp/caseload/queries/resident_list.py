"""The list of residents that staff narrow down; people_search.py searches in it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from webapp.accounts.models import Account
from webapp.core.access import Actor
from webapp.matches.lifecycle import PENDING, MatchState
from webapp.matches.models import Match
from webapp.residents.models import Household, Resident, ResidentState

LONGEST_QUERY = 60


# What the staff's list may be narrowed to, in order.
VIEWS: dict[str, Any] = {
    "all": _("全部"),
    "mine": _("我负责的"),
    "assisted": _("社区代办"),
    "none": _("还没有建议"),
    "paused": _("暂时不找"),
    "employed": _("已有工作"),
    "left": _("已停用"),
}


# The columns the list may be ordered by, each with its words.
ORDERS: dict[str, Any] = {
    "name": _("姓名"),
    "age": _("年龄"),
    "home": _("门牌"),
    "member": _("责任人"),
    "state": _("情况"),
}
#: Stands for households that nobody answers for; no account has this id.
NOBODY = 0


def staff_list(
    actor: Actor,
    *,
    view: str,
    order: str = "name",
    member: int | None = None,
    also: Sequence[Any] = (),
) -> Any:
    """Return the statement for the staff's list of residents, by one of :data:`ORDERS`.

    ``member`` leaves those whom one account answers for, :data:`NOBODY` those without anybody;
    ``also`` are further conditions on residents (:mod:`~webapp.caseload.queries.people_filters`).
    """
    responsible = aliased(Account)
    columns: dict[str, tuple[Any, ...]] = {
        "name": (),
        "home": (col(Household.unit_address),),
        "member": (col(responsible.name).is_(None), col(responsible.name)),
        "state": (col(Resident.state),),
        "age": (col(Resident.birth_date).is_(None), col(Resident.birth_date).desc()),
    }
    statement: Any = (
        select(
            col(Resident.id),
            col(Resident.name),
            col(Resident.phone),
            col(Resident.state),
            col(Resident.account_id),
            col(Resident.wanted),
            col(Resident.birth_date),
            col(Household.unit_address),
            col(responsible.name).label("responsible"),
        )
        .join(Household, col(Household.id) == Resident.household_id)
        .outerjoin(responsible, col(responsible.id) == Household.responsible_id)
        .order_by(*columns[order], col(Resident.name), col(Resident.id))
    )
    return statement.where(*_wanted(actor, view, member), *also)


def staff_count(
    actor: Actor, *, view: str, member: int | None = None, also: Sequence[Any] = ()
) -> Any:
    """Return the statement that counts :func:`staff_list`: households only where they decide."""
    counted: Any = select(func.count()).select_from(Resident)
    if view == "mine" or member is not None:
        counted = counted.join(Household, col(Household.id) == Resident.household_id)
    return counted.where(*_wanted(actor, view, member), *also)


def _wanted(actor: Actor, view: str, member: int | None) -> list[Any]:
    wanted = [_in_view(actor, view)]
    if member is not None:
        wanted.append(col(Household.responsible_id).is_not_distinct_from(member or None))
    return wanted


def _in_view(actor: Actor, view: str) -> Any:
    open_match = exists().where(
        col(Match.resident_id) == Resident.id,
        col(Match.state).in_([MatchState.SUGGESTED, *PENDING]),
    )
    state = col(Resident.state)
    present = state != ResidentState.LEFT
    return {
        "mine": and_(present, col(Household.responsible_id) == actor.account_id),
        "assisted": and_(present, col(Resident.account_id).is_(None)),
        "none": and_(state == ResidentState.SEEKING, ~open_match),
        "paused": state == ResidentState.PAUSED,
        "employed": state == ResidentState.EMPLOYED,
        "left": state == ResidentState.LEFT,
    }.get(view, present)
