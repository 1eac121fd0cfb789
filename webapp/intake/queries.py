"""What pages read of files opened from a text: the best openings suggested for one person."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core.labels import label
from webapp.employers.models import Employer
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.openings.models import Opening
from webapp.openings.presentation import hours_line, pay_of, place_line

SHOWN = 3


@dataclass(frozen=True)
class SuggestedCard:
    """One suggestion, as ``opening_card`` draws it; it leads to where staff decide on it."""

    href: str
    title: str
    kind_label: str
    pay: str
    place: str
    hours: str
    employer: str
    reasons: list[str]
    badges: list[str]


def best_suggestions(session: Session, resident_id: int) -> list[SuggestedCard]:
    """Return the first suggestions that stand for a resident, best first."""
    rows: Any = session.execute(
        select(Match, Opening, col(Employer.name))
        .join(Opening, col(Opening.id) == Match.opening_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(
            col(Match.resident_id) == resident_id,
            col(Match.state) == MatchState.SUGGESTED,
            col(Match.position).is_not(None),
        )
        .order_by(col(Match.position), col(Match.id))
        .limit(SHOWN)
    )
    return [
        SuggestedCard(
            href=url_for("matches.show", match_id=match.id),
            title=opening.title,
            kind_label=str(label(opening.kind)),
            pay=pay_of(opening),
            place=place_line(opening.kind, opening.place, opening.at_home),
            hours=hours_line(opening.hours, opening.flexible),
            employer=employer or "",
            reasons=[reason["text"] for reason in match.reasons],
            badges=[gap["text"] for gap in match.gaps],
        )
        for match, opening, employer in rows
    ]
