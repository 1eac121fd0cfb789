"""Ventures for the public: the list, one of them, and how places were given out."""

from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.formatting import date_words
from webapp.draws.models import Draw
from webapp.employers.models import Employer
from webapp.guides.licence_steps import LicenceStep, steps_for
from webapp.matches.queries.match_detail import PROVEN
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.presentation import demand_words, place_line
from webapp.residents.models import Resident
from webapp.ventures import words
from webapp.ventures.drawing import StallPlan, stall_plan
from webapp.ventures.lifecycle import Allocation, CaseState, RoundState
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.ventures import Venture, VentureRound
from webapp.ventures.policy import takes_entries
from webapp.ventures.services.rounds import subject_of

MOST = 200
# Once shown and not taken back.
_SHOWN = (OpeningState.PUBLISHED, OpeningState.EXPIRED, OpeningState.CLOSED)


@dataclass(frozen=True)
class VentureView:
    """A venture for a page; ``wanting`` have applied and wait, ``free`` places are left."""

    venture: Venture
    opening: Opening
    employer: str
    wanting: int
    waits_for_draw: bool

    @property
    def takes_entries(self) -> bool:
        """Whether somebody may apply now."""
        return takes_entries(
            self.venture, self.opening, frozen=self.waits_for_draw, on=clock.today()
        )

    @property
    def free(self) -> int:
        """How many places are left."""
        return self.opening.places_left

    @property
    def earnings(self) -> str:
        """What may be left a month, in words; empty without a source."""
        return words.earn_words(self.venture)

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return place_line(self.opening.kind, self.opening.place, self.opening.at_home)

    @property
    def plan(self) -> StallPlan | None:
        """The drawing of the stalls."""
        return stall_plan(self.venture.plan)

    @property
    def until(self) -> str:
        """Until when one may apply, in words."""
        return date_words(self.opening.valid_until)

    @property
    def steps(self) -> list[LicenceStep]:
        """What has to be applied for."""
        return steps_for(self.venture.trade, self.venture.site, on=clock.today())

    @property
    def standing(self) -> str:
        """Whether one may apply now, in words."""
        if self.takes_entries:
            return _("报名到%(day)s", day=self.until)
        if self.waits_for_draw:
            return _("名单定了，等抽签")
        if not self.free and self.venture.allocation is not Allocation.OPEN:
            return _("都有人了")
        return _("报名截止了")

    @property
    def tone(self) -> str:
        """The tone of :attr:`standing`."""
        return "good" if self.takes_entries else "wait" if self.waits_for_draw else "neutral"

    @property
    def card(self) -> dict[str, Any]:
        """The venture as ``opening_card`` draws it: what it costs comes before what it brings."""
        badges = [{"label": self.standing, "tone": self.tone}]
        if self.wanting and self.venture.allocation is not Allocation.OPEN:
            badges.append({"label": _("%(n)d 个人想要", n=self.wanting), "tone": "neutral"})
        rent = words.rent_words(self.venture)
        return {
            "href": url_for("ventures.show", venture_id=self.venture.id),
            "title": self.opening.title,
            "pay_label": _("要花的钱"),
            "pay": _("租金 %(rent)s", rent=rent) if self.venture.rent_fen else rent,
            "place": self.place,
            "employer": self.venture.sells,
            "badges": badges,
        }

    @property
    def decisive(self) -> list[tuple[str, Any]]:
        """What decides: where it is, and what goes to whom."""
        rows = [
            (_("在哪里"), " ".join(one for one in (self.place, self.opening.address) if one)),
            (_("租金"), words.rent_words(self.venture)),
            (_("押金"), words.deposit_words(self.venture)),
        ]
        return [row for row in rows if row[1]]

    def facts(self) -> list[tuple[str, Any]]:
        """Return (label, words) of what is known, in the order people ask."""
        venture, opening = self.venture, self.opening
        limited = venture.allocation is not Allocation.OPEN
        rows = [
            (_("卖什么"), venture.sells or venture.trade.label),
            *self.decisive,
            (_("头一批货"), words.stock_words(venture)),
            (_("大概剩多少"), self.earnings),
            (_("这个数哪来的"), venture.earn_source if self.earnings else ""),
            (_("季节"), venture.season),
            (_("做这个要"), "、".join(demand_words(opening.demands))),
            (_("谁的摊位"), self.employer or _("社区")),
            (_("有几个"), str(venture.places) if venture.places > 1 and limited else ""),
            (_("怎么分"), venture.allocation.label),
            (_("报名到"), self.until),
        ]
        return [row for row in rows if row[1]]


def public_ventures(session: Session) -> list[VentureView]:
    """Return what the public sees: those that take entries, and those whose list is drawn."""
    is_open = and_(
        col(Opening.state) == OpeningState.PUBLISHED, col(Opening.valid_until) >= clock.today()
    )
    drawn = select(col(VentureRound.venture_id)).where(col(VentureRound.state) == RoundState.FROZEN)
    shown = and_(col(Opening.state).in_(_SHOWN), or_(is_open, col(Venture.id).in_(drawn)))
    views = [one for one in _views(session, shown) if one.takes_entries or one.waits_for_draw]
    return sorted(views, key=lambda one: (not one.takes_entries, one.opening.valid_until))


def public_venture(session: Session, venture_id: int) -> VentureView | None:
    """Return one venture that is or was public, ``None`` for others."""
    views = _views(
        session,
        and_(
            col(Venture.id) == venture_id,
            col(Opening.published_at).is_not(None),
            col(Opening.state).in_([*_SHOWN, OpeningState.PAUSED]),
        ),
    )
    return views[0] if views else None


def staff_view(session: Session, venture_id: int) -> VentureView | None:
    """Return one venture whatever its opening's state."""
    views = _views(session, col(Venture.id) == venture_id)
    return views[0] if views else None


def _views(session: Session, condition: Any) -> list[VentureView]:
    wanting = (
        select(func.count(col(VentureCase.id)))
        .join(Resident, col(Resident.id) == col(VentureCase.resident_id))
        .where(
            col(VentureCase.venture_id) == col(Venture.id),
            col(VentureCase.state) == CaseState.APPLIED,
            PROVEN,
        )
        .correlate(Venture)
        .scalar_subquery()
    )
    frozen = (
        select(col(VentureRound.id))
        .where(
            col(VentureRound.venture_id) == col(Venture.id),
            col(VentureRound.state) == RoundState.FROZEN,
        )
        .correlate(Venture)
        .exists()
    )
    rows = session.execute(
        select(Venture, Opening, col(Employer.name), wanting, frozen.label("frozen"))
        .join(Opening, col(Opening.id) == Venture.opening_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(condition)
        .order_by(col(Venture.id).desc())
        .limit(MOST)
    ).all()
    return [
        VentureView(venture, opening, name or "", wanted, waits)
        for venture, opening, name, wanted, waits in rows
    ]


@dataclass(frozen=True)
class ResultLine:
    """One entry of a round by its receipt alone; what became of it later is nobody's business."""

    code: str
    rank: int | None
    points: int | None
    first: bool


@dataclass(frozen=True)
class RoundView:
    """One giving out of places as everybody may read it."""

    round: VentureRound
    draw_code: str | None
    lines: list[ResultLine] = field(default_factory=list)


def rounds_of(session: Session, venture_id: int) -> list[RoundView]:
    """Return the rounds of a venture with their entries, the newest first."""
    rows = session.scalars(
        select(VentureRound)
        .where(col(VentureRound.venture_id) == venture_id)
        .order_by(col(VentureRound.frozen_at).desc())
        .limit(MOST)
    ).all()
    subjects = {subject_of(row): row.id for row in rows}
    codes = {
        subjects[subject]: code
        for subject, code in session.execute(
            select(col(Draw.subject), col(Draw.code)).where(
                col(Draw.subject).in_(subjects), col(Draw.list_hash) != ""
            )
        )
    }
    views = {row.id: RoundView(row, codes.get(row.id)) for row in rows}
    cases = session.execute(
        select(
            col(VentureCase.round_id),
            col(VentureCase.code),
            col(VentureCase.rank),
            col(VentureCase.points),
        )
        .where(col(VentureCase.round_id).in_(views))
        .order_by(col(VentureCase.rank), col(VentureCase.code))
    )
    for round_id, code, rank, points in cases:
        view = views[round_id]
        first = rank is not None and rank <= view.round.places
        view.lines.append(ResultLine(code, rank, points, first))
    return list(views.values())
