"""From an opening of kind venture to the pages of the stall or project."""

from flask import url_for
from sqlalchemy import Select, case, select
from sqlmodel import Session, col

from webapp.core.access import Actor
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.own_marks import OwnMark
from webapp.openings.own_pages import OwnPages
from webapp.ventures.lifecycle import LIVE, CaseState
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.ventures import Venture
from webapp.ventures.services.posting import venture_of_opening


def _shown(session: Session, _actor: Actor, opening: Opening) -> str | None:
    """Return the public page of the venture, None for an opening that has none yet."""
    venture_id = venture_of_opening(session, opening.id)
    return url_for("ventures.show", venture_id=venture_id) if venture_id else None


def _kept(session: Session, actor: Actor, opening: Opening) -> str | None:
    """Return the page where staff keep the venture; what waits for review is reviewed first."""
    if not actor.is_staff or opening.state is OpeningState.SUBMITTED:
        return None
    venture_id = venture_of_opening(session, opening.id)
    return url_for("ventures.staff_venture", venture_id=venture_id) if venture_id else None


def marks(actor: Actor) -> Select[int, str]:
    """Return the statement for the ventures of a resident's cases and how each is marked."""
    state = col(VentureCase.state)
    return (
        select(
            col(Venture.opening_id),
            case((state == CaseState.OFFERED, OwnMark.INVITED.value), else_=OwnMark.APPLIED.value),
        )
        .join(VentureCase, col(VentureCase.venture_id) == col(Venture.id))
        .where(col(VentureCase.resident_id) == actor.resident_id, state.in_(LIVE))
    )


PAGES = OwnPages(shown=_shown, kept=_kept)
