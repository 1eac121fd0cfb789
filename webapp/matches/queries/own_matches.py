"""What residents read of their matches, in bounded queries."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import bindparam, exists, select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import NotFound
from webapp.core.formatting import date_words, moment_words
from webapp.core.labels import label
from webapp.core.turns import Road, Waiting
from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer
from webapp.matches import policy, presentation, turns
from webapp.matches.lifecycle import (
    ENDS_AT_INTEREST,
    PENDING,
    SHOWN_TO_RESIDENT,
    TAKEN,
    MatchState,
    WishState,
)
from webapp.matches.models import InterviewWish, Match, MatchEvent
from webapp.matches.queries.taken_back import not_taken_back
from webapp.openings.kind_words import OWN_PAGE, by_kind
from webapp.openings.models import Opening
from webapp.openings.presentation import hours_line, pay_line, place_line
from webapp.residents.models import Experience, Resident

CARDS = 50
_TO_ANSWER = frozenset({MatchState.OFFERED, MatchState.INTERESTED, MatchState.NO_REPLY})


@dataclass(frozen=True)
class MatchCard:
    """One match of the resident's own, as ``opening_card`` draws it.

    ``sentence`` says where it stands; ``group`` is ``answer`` (waits for the resident),
    ``working``, ``under_way`` or ``over``.
    """

    id: int
    href: str
    title: str
    pay: str
    place: str
    hours: str
    employer: str
    kind_label: str
    reasons: list[str]
    sentence: str
    tone: str
    group: str
    state: MatchState
    kind: Kind
    wish_open: bool
    unproven: bool
    match: Match

    @property
    def waiting(self) -> Waiting | None:
        """Whose turn it is, ``None`` where nobody waits."""
        return turns.waiting_of(
            self.match, self.kind, unproven=self.unproven, wish_open=self.wish_open
        )

    @property
    def badges(self) -> list[dict[str, str]]:
        """Where it stands, as the card's tag."""
        return [{"label": self.sentence, "tone": self.tone}]


def for_resident(session: Session, resident_id: int) -> list[MatchCard]:
    """Return the resident's matches that staff have handed on, what waits for them first."""
    rows = session.execute(
        match_rows()
        .where(col(Match.resident_id) == resident_id, col(Match.state).in_(SHOWN_TO_RESIDENT))
        .order_by(col(Match.since).desc(), col(Match.id).desc())
        .limit(CARDS)
    ).all()
    order = ("answer", "working", "under_way", "over")
    return sorted((_card(row) for row in rows), key=lambda card: order.index(card.group))


def match_rows() -> Any:
    """Return the statement of matches with what a line of a person's own list needs of them."""
    return (
        select(
            Match,
            col(Opening.title),
            col(Opening.kind),
            col(Opening.pay_min_fen),
            col(Opening.pay_max_fen),
            col(Opening.pay_unit),
            col(Opening.pay_text),
            col(Opening.place),
            col(Opening.at_home),
            col(Opening.hours),
            col(Opening.flexible),
            col(Employer.name).label("employer"),
            col(Account.id).label("account_id"),
            col(Account.phone_verified_at).label("proven_at"),
            exists()
            .where(
                col(InterviewWish.match_id) == col(Match.id),
                col(InterviewWish.state) == WishState.OPEN,
                col(InterviewWish.interview_at) > clock.now(),
            )
            .label("wish_open"),
        )
        .join(Opening, col(Opening.id) == Match.opening_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .outerjoin(Account, col(Account.id) == Resident.account_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
    )


def _card(row: Any) -> MatchCard:
    match = row.Match
    goes_on = match.state is MatchState.INTERESTED and row.kind in ENDS_AT_INTEREST
    unproven = row.account_id is not None and row.proven_at is None
    called = match.state is MatchState.INTERESTED and unproven and not goes_on
    return MatchCard(
        id=match.id,
        href=url_for("matches.mine", match_id=match.id),
        title=row.title,
        pay=pay_line(row.kind, row.pay_min_fen, row.pay_max_fen, row.pay_unit, row.pay_text),
        place=place_line(row.kind, row.place, row.at_home),
        hours=hours_line(row.hours, row.flexible),
        employer=row.employer or "",
        kind_label=label(row.kind),
        reasons=[reason["text"] for reason in match.reasons[:2]],
        sentence=_("您报了名，办到哪一步，在「%(page)s」里看", page=OWN_PAGE[row.kind])
        if goes_on
        else _call_words(match)
        if called
        else by_kind(presentation.standing(match), row.kind),
        kind=row.kind,
        tone="good" if goes_on or called else presentation.tone(match.state),
        group="under_way" if goes_on or called else _group(match),
        state=match.state,
        wish_open=row.wish_open,
        unproven=unproven,
        match=match,
    )


def _call_words(match: Match) -> str:
    """Return what somebody waits for whose number is not proven: the branch calls them."""
    last = date_words(turns.first_call(match))
    return _("报上了。%(day)s前社区给您打电话，核对了号码就告诉单位", day=last)


def _group(match: Match) -> str:
    state = match.state
    if state in _TO_ANSWER:
        return "answer"
    if state is MatchState.HIRED and not presentation.has_begun(match):
        return "under_way"
    if state in TAKEN:
        return "working"
    return "under_way" if state in PENDING else "over"


@dataclass(frozen=True)
class OwnMatch:
    """One match as its resident sees it; ``road`` is what was, where it stands, what comes."""

    card: MatchCard
    match: Match
    said_why: bool
    road: Road


def own_match(session: Session, actor: Actor, match_id: int) -> OwnMatch:
    """Return one match of the actor's own or raise :class:`NotFound`."""
    row = session.execute(match_rows().where(col(Match.id) == match_id)).first()
    if row is None or not policy.can_see_own(
        actor, resident_id=row.Match.resident_id, state=row.Match.state
    ):
        raise NotFound
    events = session.execute(
        _news().where(col(MatchEvent.match_id) == match_id).order_by(col(MatchEvent.id))
    ).all()
    card, match = _card(row), row.Match
    ahead = turns.ahead(match.state, row.kind) if card.waiting else []
    return OwnMatch(
        card=card,
        match=match,
        said_why=bool(events) and bool(events[-1].code),
        road=Road([_piece_of_news(event) for event in events], card.sentence, card.waiting, ahead),
    )


def shown_match_id(session: Session, resident_id: int, opening_id: int) -> int | None:
    """Return the resident's match with this opening, if it is theirs to see."""
    found = session.execute(
        select(col(Match.id)).where(
            col(Match.resident_id) == resident_id,
            col(Match.opening_id) == opening_id,
            col(Match.state).in_(SHOWN_TO_RESIDENT),
        )
    ).scalar_one_or_none()
    return None if found is None else int(found)


def standing_match(
    session: Session, resident_id: int, opening_id: int
) -> tuple[int, MatchState] | None:
    """Return id and state of the resident's match with this opening while it is under way."""
    found = session.execute(
        select(col(Match.id), col(Match.state)).where(
            col(Match.resident_id) == resident_id,
            col(Match.opening_id) == opening_id,
            col(Match.state).in_(SHOWN_TO_RESIDENT & (PENDING | TAKEN | {MatchState.INTERESTED})),
        )
    ).first()
    return None if found is None else (int(found[0]), found[1])


def _news() -> Any:
    told = [action.value for action in presentation.TOLD_ACTIONS]
    return (
        select(
            col(MatchEvent.id),
            col(MatchEvent.match_id),
            col(MatchEvent.at),
            col(MatchEvent.action),
            col(MatchEvent.to_state),
            col(MatchEvent.code),
            col(MatchEvent.reason),
            col(Account.role),
            col(Opening.title),
            col(Opening.kind),
            col(Employer.name).label("employer"),
        )
        .outerjoin(Account, col(Account.id) == MatchEvent.account_id)
        .join(Match, col(Match.id) == MatchEvent.match_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(col(MatchEvent.action).in_(told), not_taken_back())
    )


def _piece_of_news(event: Any) -> dict[str, str]:
    return {
        "href": url_for("matches.mine", match_id=event.match_id),
        "title": event.title,
        "text": by_kind(presentation.told(event, event.role) or "", event.kind),
        "when": moment_words(event.at),
        "who": "",
    }


_JOBS = (
    select(
        col(Experience.title),
        col(Experience.employer),
        col(Experience.place),
        col(Experience.months),
    )
    .where(col(Experience.resident_id) == bindparam("resident_id"))
    .order_by(col(Experience.id).desc())
)


def experience_lines(session: Session, resident_id: int) -> list[str]:
    """Return a resident's past jobs in words, the latest first."""
    rows = session.execute(_JOBS, {"resident_id": resident_id}).all()
    lines = []
    for row in rows:
        months = row.months or 0
        years, rest = divmod(months, 12)
        long = (_("%(n)d 年", n=years) if years else "") + (_("%(n)d 个月", n=rest) if rest else "")
        parts = (row.title, row.employer, place_line(Kind.VACANCY, row.place, at_home=False), long)
        lines.append("，".join(part for part in parts if part))
    return lines
