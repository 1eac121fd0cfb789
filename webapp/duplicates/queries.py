"""What the pages about duplicates read."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.core.formatting import date_words, mask_phone
from webapp.core.labels import label
from webapp.core.memo import built_once
from webapp.duplicates.models import DuplicateKind, DuplicatePair, PairState
from webapp.duplicates.services.judging import TABLES
from webapp.employers.models import Employer
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.presentation import facts
from webapp.residents.models import Household, Resident, ResidentState

_EVIDENCE = {
    "birth": _("生日一样"),
    "unit_address": _("门牌一样"),
    "employer": _("同一家单位"),
    "id_number": _("身份证号一样"),
    "name": _("名字一样"),
    "pay": _("工钱一样"),
    "phone": _("电话一样"),
    "place": _("地点一样"),
    "sound": _("名字同音"),
    "text": _("写的内容差不多"),
    "title": _("标题差不多"),
}


def evidence_words(codes: list[str]) -> str:
    """Return why two files may be one, as words."""
    return "、".join(str(_EVIDENCE[code]) for code in codes)


def pairs(kind: DuplicateKind, *, merged: bool = False) -> Any:
    """Return the statement of pairs to judge, both still in use; or of those merged."""
    first, second = aliased(TABLES[kind]), aliased(TABLES[kind])
    name = "name" if kind is DuplicateKind.RESIDENT else "title"
    statement = (
        select(
            col(DuplicatePair.id),
            col(DuplicatePair.evidence),
            getattr(first, name).label("first"),
            getattr(second, name).label("second"),
        )
        .join(first, col(first.id) == DuplicatePair.first_id)
        .join(second, col(second.id) == DuplicatePair.second_id)
        .where(col(DuplicatePair.kind) == kind)
    )
    if merged:
        return statement.where(col(DuplicatePair.state) == PairState.MERGED).order_by(
            col(DuplicatePair.decided_at).desc(), col(DuplicatePair.id).desc()
        )
    over = ResidentState.LEFT if kind is DuplicateKind.RESIDENT else OpeningState.CLOSED
    return statement.where(
        col(DuplicatePair.state) == PairState.OPEN,
        col(first.state) != over,
        col(second.state) != over,
    ).order_by(col(DuplicatePair.id))


def waiting(session: Session) -> dict[DuplicateKind, int]:
    """Return how many pairs of each kind wait to be judged, in one query."""
    return dict(zip(DuplicateKind, session.execute(_waiting()).one(), strict=True))


@built_once
def _waiting() -> Any:
    counts = [
        select(func.count()).select_from(pairs(kind).order_by(None).subquery()).scalar_subquery()
        for kind in DuplicateKind
    ]
    return select(*counts)


@dataclass(frozen=True)
class Side:
    """One file of a pair: where it leads, and its facts as (label, value, alike)."""

    id: int
    name: str
    href: str
    kept: bool
    rows: list[tuple[str, str, bool]]


def sides(session: Session, pair: DuplicatePair) -> list[Side]:
    """Return both files in words, the facts they share marked."""
    ids = [pair.first_id, pair.second_id]
    read = _residents if pair.kind is DuplicateKind.RESIDENT else _openings
    found = read(session, ids)
    counts = _matters(session, pair.kind, ids)
    columns = [
        [*found[id_][2], (gettext("办过的推荐"), gettext("%(n)d 件", n=counts.get(id_, 0)))]
        for id_ in ids
        if id_ in found
    ]
    labels = list(dict.fromkeys(name for column in columns for name, _value in column))
    values = [dict(column) for column in columns]
    told = [(name, [one.get(name, "") for one in values]) for name in labels]
    return [
        Side(
            id=id_,
            name=found[id_][0],
            href=found[id_][1],
            kept=pair.kept_id == id_,
            rows=[(name, both[place], len(set(both)) == 1) for name, both in told],
        )
        for place, id_ in enumerate(one for one in ids if one in found)
    ]


def judge_of(session: Session, pair: DuplicatePair) -> str:
    """Return who decided on the pair and when; nothing while nobody has."""
    if pair.decided_at is None or pair.decided_by_id is None:
        return ""
    account = session.get(Account, pair.decided_by_id)
    return f"{account.name if account else ''} {date_words(pair.decided_at)}".strip()


Told = dict[int, tuple[str, str, list[tuple[str, str]]]]


def _residents(session: Session, ids: list[int]) -> Told:
    rows = session.execute(
        select(Resident, col(Household.unit_address))
        .join(Household, col(Household.id) == Resident.household_id)
        .where(col(Resident.id).in_(ids))
    )
    return {
        resident.id: (
            resident.name,
            url_for("caseload.resident", resident_id=resident.id),
            [
                (gettext("名字"), resident.name),
                (gettext("门牌"), unit_address),
                (gettext("电话"), mask_phone(resident.phone) if resident.phone else ""),
                (gettext("生日"), resident.birth_date.isoformat() if resident.birth_date else ""),
                (gettext("学历"), label(resident.education)),
                (gettext("会什么"), "、".join(resident.skills)),
                (gettext("想做"), "、".join(resident.wanted)),
                (gettext("自己有账号"), gettext("有") if resident.account_id else gettext("没有")),
                (gettext("状态"), label(resident.state)),
                (gettext("登记"), date_words(resident.created_at)),
            ],
        )
        for resident, unit_address in rows
    }


def _openings(session: Session, ids: list[int]) -> Told:
    rows = session.execute(
        select(Opening, col(Employer.name))
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(col(Opening.id).in_(ids))
    )
    return {
        opening.id: (
            opening.title,
            url_for("openings.review_page", opening_id=opening.id),
            [
                (gettext("标题"), opening.title),
                *((str(name), str(value)) for name, value in facts(opening, employer or "")),
                (gettext("内容"), opening.description),
                (gettext("状态"), label(opening.state)),
                (gettext("来源"), label(opening.source)),
                (gettext("登记"), date_words(opening.created_at)),
            ],
        )
        for opening, employer in rows
    }


def _matters(session: Session, kind: DuplicateKind, ids: list[int]) -> dict[int, int]:
    column = col(Match.resident_id) if kind is DuplicateKind.RESIDENT else col(Match.opening_id)
    rows = session.execute(
        select(column, func.count())
        .where(column.in_(ids), col(Match.state) != MatchState.SUGGESTED)
        .group_by(column)
    )
    return {row[0]: row[1] for row in rows}
