"""Hard rules before somebody applies: what an opening asks and the resident's file does not meet.

Staff and ranking read the library's sentences; the resident reads the same facts addressed to them.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, select

from webapp.core import clock
from webapp.core.errors import Conflict, Refused
from webapp.core.formatting import hours_words
from webapp.core.labels import label
from webapp.engine import records
from webapp.matches.models import Match
from webapp.openings.models import Opening
from webapp.openings.presentation import demand_words, place_line
from webapp.residents.models import Experience, Household, Resident

# Asked before an application, which nobody of unknown age may make: under 16 nobody may work.
UNKNOWN_AGE = "unknown_age"


class RulesNotTold(Conflict):
    """The resident has not yet been told of rules this opening breaks, or been asked what matters.

    Nothing is written; the page that tells them comes first.
    """


@dataclass(frozen=True)
class Told:
    """One rule or question in words for the resident; ``section`` of the file is where it is met.

    ``section`` is empty where nothing can be filled in.
    """

    code: str
    text: str
    section: str


# The section of the file in which a rule can be met or a question answered.
SECTIONS = {
    "age": "basics",
    "demand": "limits",
    "certificate": "certificates",
    "education": "basics",
    "hours": "hours",
    "place": "reach",
    UNKNOWN_AGE: "basics",
    "unknown_education": "basics",
    "unknown_available": "hours",
    "unknown_home": "contact",
    "unknown_reach": "reach",
}


@dataclass(frozen=True)
class Requirements:
    """How one resident stands towards the hard rules of one opening.

    ``broken`` and ``unknown`` are ``{"code", "text"}`` for staff, as a match keeps its gaps;
    ``broken_told`` and ``to_ask`` the same for the resident, of what is theirs to answer.
    """

    broken: list[dict[str, str]]
    unknown: list[dict[str, str]]
    broken_told: list[Told]
    to_ask: list[Told]

    @property
    def barred(self) -> str:
        """Why the law bars this person, whatever they know; empty when it does not."""
        return next((one["text"] for one in self.broken if one["code"] == "age"), "")

    @property
    def may_apply(self) -> bool:
        """Whether the person may apply once they have been told: old enough, and known to be."""
        return not self.barred and UNKNOWN_AGE not in {one.code for one in self.to_ask}

    @property
    def codes(self) -> frozenset[str]:
        """All codes the resident has to be told of before applying."""
        return frozenset(one.code for one in [*self.broken_told, *self.to_ask])


def weigh(
    session: Session, *, resident_id: int, opening: Opening, age_told: int | None = None
) -> Requirements:
    """Return how a resident stands towards the hard rules of an opening today.

    ``age_told`` in years stands in for a birth date that is not known.
    """
    resident = session.exec(select(Resident).where(Resident.id == resident_id)).one()
    household = session.get(Household, resident.household_id)
    seeker = seeker_of(session, resident, household)
    if seeker.age is None and age_told is not None:
        seeker = seeker.model_copy(update={"age": age_told})
    return weigh_records(resident, opening, seeker)


def weigh_records(resident: Resident, opening: Opening, seeker: "records.Seeker") -> Requirements:
    """Return the same for a resident whose record is known; no query."""
    record = records.opening_record(opening)
    broken = {
        code: text
        for code, text in records.broken_rules(seeker, record).items()
        if code in records.OWN_RULES
    }
    unknown = records.unknowns(seeker, record)
    lacking = records.certificates_lacking(seeker, record)
    return Requirements(
        broken=[{"code": code, "text": text} for code, text in broken.items()],
        unknown=unknown,
        broken_told=[
            Told(code, _broken_words(code, text, resident, opening, lacking), SECTIONS[code])
            for code, text in broken.items()
        ],
        to_ask=[
            Told(one["code"], one["text"], SECTIONS[one["code"]])
            for one in unknown
            if one["code"] in SECTIONS
        ],
    )


def seeker_of(
    session: Session, resident: Resident, household: Household | None
) -> "records.Seeker":
    """Return the record of a resident with their past jobs."""
    jobs = session.exec(select(Experience).where(Experience.resident_id == resident.id)).all()
    return records.seeker_record(
        resident,
        home=household.place if household else "",
        today=clock.today(),
        experience=jobs,
    )


def _broken_words(
    code: str, text: str, resident: Resident, opening: Opening, lacking: list[str]
) -> str:
    """Return a broken rule as a sentence to the resident: what is asked, and what the file says."""
    if code == "certificate":
        named = "".join(f"《{one}》" for one in lacking)
        return _("要%(what)s，您的资料里没有", what=named)
    if code == "demand":
        unmet = [one for one in opening.demands if one in resident.limits]
        return _("要%(what)s，您登记过做不了", what="、".join(demand_words(unmet)))
    if code == "education":
        return _(
            "要%(asked)s以上学历，您登记的是%(has)s",
            asked=label(opening.education),
            has=label(resident.education),
        )
    if code == "hours":
        return _(
            "上班时间是%(asked)s，您有空的是%(free)s",
            asked=hours_words(opening.hours),
            free=hours_words(resident.available),
        )
    if code == "place":
        return _(
            "地点在%(where)s，您说的是%(reach)s",
            where=place_line(opening.kind, opening.place, at_home=False),
            reach=label(resident.reach),
        )
    return text


def require_told(
    found: Requirements, *, knowing: frozenset[str], codes: frozenset[str] | None = None
) -> None:
    """Raise :class:`Refused` where the law bars, :class:`RulesNotTold` for what was not told yet.

    ``knowing`` are the codes the resident was told of and went on; ``codes`` those they had to
    be told of, by default all.
    """
    refuse_barred(found)
    if not found.may_apply or not (found.codes if codes is None else codes) <= knowing:
        raise RulesNotTold(_("报名以前，先看看这里的要求。"))


def refuse_barred(found: Requirements) -> None:
    """Raise :class:`Refused` where the law bars this person from the work."""
    if found.barred:
        raise Refused(_("%(why)s，这里报不了名。", why=found.barred))


def keep(match: Match, found: Requirements, *, knowing: bool) -> dict[str, Any]:
    """Return the columns in which a match keeps the rules it was made against, from then on.

    A reason beside a broken rule would make it sound right, so those of the ranking go; what
    staff wrote themselves stays. ``knowing`` marks rules the resident was told and accepted.
    """
    if not found.broken:
        return {} if match.gaps else {"gaps": found.unknown}
    mark = {"accepted": "resident"} if knowing else {}
    settled = {*records.OWN_RULES, *(one["code"] for one in found.unknown)}
    others = [one for one in match.gaps if one["code"] not in settled]
    return {
        "gaps": [*({**one, **mark} for one in found.broken), *found.unknown, *others],
        "reasons": [one for one in match.reasons if one["code"] == "staff"],
    }
