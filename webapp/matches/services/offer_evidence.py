"""What made an offer unsuitable at the moment it was made: frozen with it, for the person alone.

The rules are those that somebody is told before applying (:mod:`.requirements`), and pay: beside
the floor in force where the work is done, and beside the least the person said. What nobody knew
is kept as not known; it makes nothing unsuitable.

Who reads it: the resident; and a member of staff whom the resident asked to print it, on that day,
the wish on record. It is on no list, in no file and on no page of anybody else.
"""

import hashlib
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.canonical import canonical
from webapp.core.errors import Forbidden, NotFound
from webapp.core.formatting import hours_words, pay_words
from webapp.core.labels import label
from webapp.core.vocabulary import PayUnit
from webapp.matches import policy
from webapp.matches.models import EvidenceRequest, Match, OfferEvidence
from webapp.matches.reason_codes import AskedHow
from webapp.matches.services.access import visible_match
from webapp.matches.services.requirements import seeker_of, weigh_records
from webapp.openings.models import Opening
from webapp.openings.pay_check import below_floor
from webapp.openings.presentation import demand_words, hours_line, pay_of, place_line
from webapp.residents.models import Household, Resident
from webapp.rulebook.figures import pay_floor

WEEKS, MONTHS = 52, 12  # a year
DAY_MINUTES = 24 * 60


def keep(session: Session, match: Match) -> OfferEvidence:
    """Freeze how an offer stands towards the person at this moment; called when it is made."""
    resident = session.get_one(Resident, match.resident_id)
    household = session.get(Household, resident.household_id)
    opening = session.get_one(Opening, match.opening_id)
    seeker = seeker_of(session, resident, household)
    content = {
        **assess(resident, opening, seeker=seeker, on=clock.today()),
        "home": household.place if household else "",
    }
    row = OfferEvidence(
        match_id=match.id,
        resident_id=resident.id,
        offered_at=clock.now(),
        content=content,
        digest=hashlib.sha256(canonical(content)).hexdigest(),
    )
    session.add(row)
    session.flush()
    return row


def assess(resident: Resident, opening: Opening, *, seeker: Any, on: date) -> dict[str, Any]:
    """Return the facts of both sides and what of them does not fit, as words and codes.

    ``findings`` are ``{"code", "text"}``: ``age``, ``demand``, ``certificate``, ``education``,
    ``hours``, ``place``, ``pay_floor``, ``min_pay``; ``unknown`` what nobody had asked.
    """
    weighed = weigh_records(resident, opening, seeker)
    findings = [{"code": one.code, "text": one.text} for one in weighed.broken_told]
    return {
        "offer": {
            "title": opening.title,
            "kind": opening.kind.value,
            "place": place_line(opening.kind, opening.place, opening.at_home),
            "hours": hours_line(opening.hours, opening.flexible),
            "pay": pay_of(opening),
            "demands": demand_words(opening.demands),
            "certificates": list(opening.certificates),
            "education": label(opening.education),
        },
        "person": {
            "reach": label(resident.reach),
            "hours": hours_words(resident.available),
            "least": _month(resident.min_pay_fen),
            "limits": demand_words(resident.limits),
            "certificates": list(resident.certificates),
            "education": label(resident.education),
        },
        "floors": _floors(opening, on),
        "findings": [*findings, *_pay_findings(resident, opening, on)],
        "unknown": [one["text"] for one in weighed.unknown],
    }


def of_match(session: Session, actor: Actor, match_id: int) -> list[OfferEvidence]:
    """Return what was kept of the offers of one's own match, the newest first."""
    match = visible_match(session, actor, match_id)
    if not policy.is_own(actor, resident_id=match.resident_id):
        raise NotFound
    return _rows(session, match_id)


def ask(session: Session, actor: Actor, *, match_id: int, how: AskedHow) -> EvidenceRequest:
    """Note that the resident asked this member of staff to print it (staff)."""
    if not policy.can_decide(actor) or actor.account_id is None:
        raise Forbidden
    match = visible_match(session, actor, match_id)
    if not _rows(session, match_id):
        raise NotFound
    row = EvidenceRequest(
        match_id=match_id,
        resident_id=match.resident_id,
        account_id=actor.account_id,
        how=how,
        asked_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(session, "match.evidence_print", match, on_behalf=True)
    return row


def of_request(
    session: Session, actor: Actor, *, match_id: int, request_id: int
) -> list[OfferEvidence]:
    """Return what the resident asked this member of staff to print, within a day of asking."""
    request = session.get(EvidenceRequest, request_id)
    if (
        request is None
        or request.match_id != match_id
        or request.account_id != actor.account_id
        or request.asked_at + timedelta(days=1) <= clock.now()
    ):
        raise NotFound
    visible_match(session, actor, match_id)
    return _rows(session, match_id)


def has_any(session: Session, match_id: int) -> bool:
    """Whether an offer of this match was kept; says nothing of what is in it."""
    query = select(OfferEvidence.id).where(OfferEvidence.match_id == match_id)
    return session.exec(query).first() is not None


def _rows(session: Session, match_id: int) -> list[OfferEvidence]:
    query = select(OfferEvidence).where(OfferEvidence.match_id == match_id)
    return list(session.exec(query.order_by(col(OfferEvidence.id).desc())))


def _pay_findings(resident: Resident, opening: Opening, on: date) -> list[dict[str, str]]:
    found = []
    low = below_floor(opening, on=on)
    if low is not None:
        words = _("写的是%(pay)s。%(says)s", pay=pay_of(opening), says=low.says)
        found.append({"code": "pay_floor", "text": words})
    most, least = most_a_month(opening), resident.min_pay_fen
    if most is not None and least is not None and most < least:
        words = _(
            "照写的工钱和时间，一个月最多%(most)s，您说的最少是%(least)s",
            most=_month(most), least=_month(least),
        )  # fmt: skip
        found.append({"code": "min_pay", "text": words})
    return found


def most_a_month(opening: Opening) -> int | None:
    """Return the most, in fen a month, that an opening can bring with the hours it names.

    ``None`` for pay by the piece, with an open end, or not known. Where it names no hours, a month
    is 21.75 days of 8 hours.
    """
    most = opening.pay_max_fen
    if most is None or opening.pay_unit in {None, PayUnit.PIECE}:
        return None
    if opening.pay_unit is PayUnit.MONTH or opening.flexible or not opening.hours:
        return opening.pay_month_max_fen
    if opening.pay_unit is PayUnit.DAY:
        days = {day for window in opening.hours for day in window["days"]}
        return most * len(days) * WEEKS // MONTHS
    minutes = sum(_minutes(window) * len(window["days"]) for window in opening.hours)
    return most * minutes * WEEKS // (60 * MONTHS)


def _minutes(window: dict[str, str]) -> int:
    start, end = (60 * int(window[side][:2]) + int(window[side][3:]) for side in ("start", "end"))
    return end - start if end > start else end - start + DAY_MINUTES


def _month(fen: int | None) -> str:
    return "" if fen is None else pay_words(fen, fen, PayUnit.MONTH)


def _floors(opening: Opening, on: date) -> list[dict[str, str]]:
    """Return the minimum wages in force where the work is done, with day and source."""
    found = [(unit, pay_floor(unit, opening.place, on=on)) for unit in PayUnit]
    return [
        {
            "pay": pay_words(row.value, row.value, unit),
            "since": row.since.isoformat(),
            "source": row.source
            if row.confirmed
            else _("%(source)s；还没有人核对过", source=row.source),
        }
        for unit, row in found
        if row is not None
    ]
