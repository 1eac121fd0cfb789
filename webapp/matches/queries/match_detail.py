"""A resident and an opening side by side, in words for staff, and what has happened to them."""

from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, exists, literal_column, or_, select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.contacts.models import Contact
from webapp.contacts.presentation import called_words
from webapp.contacts.queries import latest
from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.core.formatting import age_on, hours_words, moment_words, yuan
from webapp.core.labels import label
from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer
from webapp.employers.queries import TO_CALL
from webapp.employment.queries import Contract, contract_of
from webapp.matches import presentation
from webapp.matches.lifecycle import HAD_WORK
from webapp.matches.models import Match, MatchEvent, RefusalRemark
from webapp.matches.queries.own_matches import experience_lines
from webapp.matches.services.access import consent_stands
from webapp.openings.kind_words import by_kind
from webapp.openings.models import Opening
from webapp.openings.presentation import demand_words, facts
from webapp.residents.models import Household, Resident


def joined(*columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Match)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .join(Household, col(Household.id) == Resident.household_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
    )


# Whether somebody acted on it: in literal words, for a database uses the index of these alone
# only where a query says the same as the index.
ACTED_ON: Any = col(Match.state) != literal_column("'suggested'")
# Whether nothing rests on an unproven number: staff act for somebody without an account.
PROVEN = or_(
    col(Resident.account_id).is_(None),
    exists().where(
        col(Account.id) == col(Resident.account_id), col(Account.phone_verified_at).is_not(None)
    ),
)
LINE: tuple[Any, ...] = (
    col(Match.id),
    col(Match.state),
    col(Match.since),
    col(Match.score),
    col(Match.position),
    col(Match.offered_until),
    col(Match.start_date),
    col(Match.chases),
    col(Match.gaps),
    col(Resident.id).label("resident_id"),
    col(Resident.name),
    col(Resident.phone),
    col(Resident.contact_note),
    col(Resident.branch_id),
    col(Resident.account_id).is_(None).label("assisted"),
    PROVEN.label("proven"),
    col(Opening.id).label("opening_id"),
    col(Opening.title),
    col(Opening.kind),
    *TO_CALL,
)


@dataclass(frozen=True)
class Pair:
    """A match with both sides in words, for staff."""

    match: Match
    resident: Resident
    opening: Opening
    household: Household
    employer: str
    employer_phone: str
    employer_contact: str
    consent: bool
    person_facts: list[tuple[str, str]]
    opening_facts: list[tuple[str, Any]]

    @property
    def broken(self) -> list[str]:
        """The hard rules the match was made against, in words."""
        return presentation.broken_rules(self.match.gaps)

    @property
    def accepted(self) -> bool:
        """Whether the resident was told of them and went on."""
        return any(gap.get("accepted") for gap in self.match.gaps)


_PAIR = joined(
    Match,
    Resident,
    Opening,
    Household,
    *TO_CALL,
    or_(col(Opening.employer_id).is_(None), consent_stands()).label("consent"),
).where(col(Match.id) == bindparam("id"))


def read_pair(session: Session, match_id: int) -> Pair:
    """Return a match with both sides, in two queries; raise :class:`NotFound` for none."""
    row = session.execute(_PAIR, {"id": match_id}).first()
    if row is None:
        raise NotFound
    return Pair(
        match=row.Match,
        resident=row.Resident,
        opening=row.Opening,
        household=row.Household,
        employer=row.employer or "",
        employer_phone=row.employer_phone or "",
        employer_contact=row.employer_contact or "",
        consent=bool(row.consent),
        person_facts=_person(
            row.Resident, row.Household, experience_lines(session, row.Resident.id)
        ),
        opening_facts=facts(row.Opening, row.employer or ""),
    )


def _person(resident: Resident, household: Household, jobs: list[str]) -> list[tuple[str, str]]:
    age = age_on(resident.birth_date, clock.today())
    least = resident.min_pay_fen
    rows = [
        (_("想做"), "、".join(resident.wanted)),
        (_("会什么"), "、".join(resident.skills)),
        (_("做过什么"), "；".join(jobs)),
        (_("有什么证"), "、".join(resident.certificates)),
        (_("学历"), label(resident.education)),
        (_("年龄"), _("%(n)d 岁", n=age) if age is not None else ""),
        (_("最远去哪"), label(resident.reach)),
        (_("有空的时间"), hours_words(resident.available)),
        (_("做不了"), "、".join(demand_words(resident.limits))),
        (_("至少要"), _("%(n)s 元/月", n=yuan(least)) if least else ""),
        (_("情况"), resident.situation),
        (_("住"), household.unit_address),
    ]
    return [row for row in rows if row[1]]


def history(session: Session, match_id: int) -> list[dict[str, str]]:
    """Return every step of a match, and every call about it, for staff, oldest first."""
    rows = session.execute(
        select(
            col(MatchEvent.at),
            col(MatchEvent.action),
            col(MatchEvent.code),
            col(MatchEvent.reason),
            col(Account.name),
            col(Opening.kind),
        )
        .join(Match, col(Match.id) == MatchEvent.match_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .outerjoin(Account, col(Account.id) == MatchEvent.account_id)
        .where(col(MatchEvent.match_id) == match_id)
        .order_by(col(MatchEvent.id))
    )
    steps = [
        (row.at, row.name or _("系统"), by_kind(presentation.noted(row), row.kind)) for row in rows
    ]
    calls = [
        (call.at, call.name, called_words(call))
        for call in reversed(latest(session, col(Contact.match_id) == match_id))
    ]
    return [
        {"when": moment_words(at), "who": who, "text": text}
        for at, who, text in sorted([*steps, *calls], key=itemgetter(0))
    ]


def remarks_of(session: Session, match_id: int) -> list[RefusalRemark]:
    """Return what the employer said beside its refusals of a match, the first said first."""
    statement = select(RefusalRemark).where(col(RefusalRemark.match_id) == match_id)
    return list(session.execute(statement.order_by(col(RefusalRemark.id))).scalars())


def kind_of(session: Session, match_id: int) -> Kind:
    """Return the kind of a match's opening; that of work for a match that is not there."""
    statement = select(col(Opening.kind)).join(Match, col(Match.opening_id) == Opening.id)
    found = session.execute(statement.where(col(Match.id) == match_id)).scalar_one_or_none()
    return found or Kind.VACANCY


def contract_shown(session: Session, match: Match) -> Contract:
    """Return what a hire was signed for, nothing before and nothing of one that was undone."""
    shown = match.state in HAD_WORK
    return contract_of(session, match.id) if shown else Contract([], [])
