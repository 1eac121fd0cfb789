"""What staff read of one resident's matches: suggested, under way, over; in bounded queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.core.formatting import date_words
from webapp.core.turns import Turn
from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer
from webapp.matches import presentation, turns
from webapp.matches.lifecycle import (
    AWAITS_EMPLOYER,
    PENDING,
    TAKEN,
    MatchAction,
    MatchState,
    after,
)
from webapp.matches.models import Match, MatchEvent
from webapp.matches.queries.own_matches import match_rows
from webapp.matches.queries.taken_back import not_taken_back
from webapp.matches.services.transitions import is_open_to_matches
from webapp.openings.kind_words import by_kind
from webapp.openings.models import Opening
from webapp.openings.presentation import pay_line, place_line

MOST = 30
MOST_STEPS = 20
S, A = MatchState, MatchAction


@dataclass(frozen=True)
class Suggestion:
    """Something suggested to a person; ``position`` is its place among theirs, from 1.

    ``near`` says how far it is from home, as far as that is known, ``gap`` what is missing first.
    """

    id: int
    title: str
    employer: str
    position: int | None
    pay: str
    near: str
    reason: str
    gap: str
    postponed_until: date | None


def suggestions_of(session: Session, resident_id: int) -> list[Suggestion]:
    """Return what is suggested to a resident, best first; none of openings that are over."""
    rows = session.execute(
        match_rows()
        .where(
            col(Match.resident_id) == resident_id,
            col(Match.state) == S.SUGGESTED,
            is_open_to_matches(),
        )
        .order_by(
            col(Match.position).is_(None),
            col(Match.position),
            col(Match.score).desc(),
            col(Match.id),
        )
        .limit(MOST)
    )
    return [_suggestion(row) for row in rows]


def _suggestion(row: Any) -> Suggestion:
    match, place = row.Match, place_line(row.kind, row.place, row.at_home)
    said = {one["code"]: one["text"] for one in match.reasons}
    distance = said.pop("near", "")
    said.pop("at_home", "")  # the place says it
    return Suggestion(
        id=match.id,
        title=row.title,
        employer=row.employer or "",
        position=match.position,
        pay=pay_line(row.kind, row.pay_min_fen, row.pay_max_fen, row.pay_unit, row.pay_text),
        near=_("%(how_far)s（%(place)s）", how_far=distance, place=place) if distance else place,
        reason=next(iter(said.values()), ""),
        gap=match.gaps[0]["text"] if match.gaps else "",
        postponed_until=match.postponed_until,
    )


@dataclass(frozen=True)
class Standing:
    """A match beyond suggestion: where it stands and what it waits for, if for anything.

    ``urgent``: the branch has to do something. ``can_hire``: a hire may be recorded next.
    """

    id: int
    title: str
    employer: str
    state: str
    since: Any
    waits: str
    urgent: bool
    can_hire: bool


def standing_of(session: Session, resident_id: int) -> list[Standing]:
    """Return a resident's matches beyond suggestion, the last moved first."""
    rows = session.execute(
        match_rows()
        .where(col(Match.resident_id) == resident_id, col(Match.state) != S.SUGGESTED)
        .order_by(col(Match.since).desc(), col(Match.id).desc())
        .limit(MOST)
    )
    return [_standing(row) for row in rows]


def _standing(row: Any) -> Standing:
    match = row.Match
    unproven = row.account_id is not None and row.proven_at is None
    waits, urgent = _waits(match, row.kind, unproven=unproven, wish_open=row.wish_open)
    return Standing(
        id=match.id,
        title=row.title,
        employer=row.employer or "",
        state=by_kind(presentation.in_a_list(match), row.kind),
        since=match.since,
        waits=by_kind(waits, row.kind),
        urgent=urgent,
        can_hire=after(match.state, A.HIRE) is not None,
    )


def _waits(match: Match, kind: Kind, *, unproven: bool, wish_open: bool) -> tuple[str, bool]:
    """Return in words for staff what a match waits for, and whether it is their turn."""
    waiting = turns.waiting_of(match, kind, unproven=unproven, wish_open=wish_open)
    state = match.state
    if waiting is None or state not in PENDING | TAKEN:
        return "", False
    until = _("，%(day)s前", day=date_words(waiting.until)) if waiting.until else ""
    if state in TAKEN:
        if waiting.turn is Turn.DAY:
            return _("等%(day)s上岗", day=date_words(waiting.until)), False
        return _("该回访了：还在岗吗"), True
    if state in AWAITS_EMPLOYER:
        if waiting.turn is Turn.BRANCH:
            return _("单位没有回话，打电话问问"), True
        if waiting.turn is Turn.DAY:
            return _("%(day)s面试", day=date_words(waiting.until)), False
        return _("等单位回话%(until)s", until=until), False
    if state is S.INTERESTED and waiting.turn is Turn.BRANCH:
        return (
            _("打电话核对号码%(until)s", until=until) if unproven else _("本人报了名")
        ), unproven
    told: Mapping[MatchState, tuple[str, bool]] = {
        S.INTERESTED: (_("本人愿意，等同意告诉单位"), False),
        S.SHARED: (_("本人同意了，告诉单位"), True),
        S.JOB_OFFER: (_("单位想要，说好哪天上岗就记录用"), True),
    }
    return told.get(state, (_("等本人回话%(until)s", until=until), False))


# Steps that a person's course of things names: what came about, never what did not (the refusal
# firewall), and nothing of why a job ended.
_STEPS = {
    A.OFFER: lazy_gettext("推荐给本人"),
    A.APPLY: lazy_gettext("报名交给单位"),
    A.INVITE_INTERVIEW: lazy_gettext("约面试"),
    A.OFFER_JOB: lazy_gettext("单位想要"),
    A.HIRE: lazy_gettext("录用"),
    A.FOLLOW_UP_30: lazy_gettext("满30天，还在岗"),
    A.FOLLOW_UP_90: lazy_gettext("满90天，还在岗"),
    A.RETAIN: lazy_gettext("满半年，还在岗"),
    A.LEAVE: lazy_gettext("离岗"),
}


def steps_of(session: Session, resident_id: int) -> list[tuple[Any, str, str]]:
    """Return the last steps of a resident's matches: when, what in words, who noted it."""
    rows = session.execute(
        select(
            col(MatchEvent.at),
            col(MatchEvent.action),
            col(Opening.title),
            col(Opening.kind),
            col(Employer.name).label("employer"),
            col(Account.name).label("who"),
        )
        .join(Match, col(Match.id) == MatchEvent.match_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .outerjoin(Account, col(Account.id) == MatchEvent.account_id)
        .where(
            col(Match.resident_id) == resident_id,
            col(MatchEvent.action).in_([one.value for one in _STEPS]),
            not_taken_back(),
        )
        .order_by(col(MatchEvent.at).desc(), col(MatchEvent.id).desc())
        .limit(MOST_STEPS)
    )
    return [
        (
            row.at,
            _(
                "%(what)s：%(where)s",
                what=by_kind(_STEPS[A(row.action)], row.kind),
                where="，".join(part for part in (row.title, row.employer) if part),
            ),
            row.who or "",
        )
        for row in rows
    ]
