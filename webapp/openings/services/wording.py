"""What stands against an opening's words today, and what has been lifted by two members."""

import hashlib
import json
from datetime import date

from sqlmodel import Session, col, or_, select

from webapp import events
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.errors import Fault
from webapp.openings import policy
from webapp.openings.models import ExceptionAnswer, Opening, OpeningException
from webapp.rulebook.lint import Finding
from webapp.rulebook.models import ExceptionGround


def findings(session: Session, opening: Opening) -> list[Finding]:
    """Return all that the rules find, in the opening and in what other parts show with it."""
    return policy.findings(opening, _more(session, opening), on=clock.today())


def obstacles(session: Session, opening: Opening) -> list[Finding]:
    """Return what keeps the opening from being public: forbidden, and not lifted."""
    blocking = [one for one in findings(session, opening) if one.blocks]
    if not blocking:
        return []
    lifted = _lifted(session, opening, on=clock.today())
    return [one for one in blocking if one.code not in lifted]


def as_faults(found: list[Finding]) -> list[Fault]:
    """Return findings as what stands in the way of publishing."""
    return [Fault("description", f"{one.says}：“{one.sentence}”（{one.source}）") for one in found]


def digest(session: Session, opening: Opening) -> str:
    """Return the SHA-256 (hex) of all words, which an exception is bound to."""
    words = policy.texts(opening, _more(session, opening))
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def _lifted(session: Session, opening: Opening, *, on: date) -> frozenset[str]:
    """Return the codes that two members let stand in these words, on grounds still in force."""
    rows = session.exec(
        select(OpeningException.code)
        .join(ExceptionGround, col(ExceptionGround.id) == OpeningException.ground_id)
        .where(
            OpeningException.opening_id == opening.id,
            OpeningException.digest == digest(session, opening),
            OpeningException.answer == ExceptionAnswer.CONFIRMED,
            col(ExceptionGround.lifts) == OpeningException.code,
            or_(col(ExceptionGround.until).is_(None), col(ExceptionGround.until) > on),
        )
    )
    return frozenset(str(code) for code in rows)


def _more(session: Session, opening: Opening) -> list[str]:
    asked = events.OpeningWordsAsked(opening)
    events.announce(session, SYSTEM, asked)
    return asked.texts
