"""What may be looked at of something that was drawn: bare facts, each there or not, and its steps.

Of a hire no name, no reason and nothing that anybody declined; of a private ticket only its steps.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.formatting import date_words, moment_words
from webapp.employers.models import Employer
from webapp.employment.models import ContractPhoto, EmploymentSpell, HireTerms
from webapp.matches.lifecycle import HAD_WORK, TAKEN, MatchAction
from webapp.matches.models import Match, MatchEvent
from webapp.matches.services.follow_ups import FOLLOW_UPS
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.spot_checks.models import SpotCheckLine
from webapp.tickets.lifecycle import TicketAction
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.presentation import reporter
from webapp.tickets.queries import one as tickets

A = MatchAction
# The steps towards a hire; what anybody declined, and why somebody left, is nobody's business.
_TOWARDS = (
    A.CONFIRM, A.SUGGEST_OWN, A.APPLY_DIRECTLY, A.EMPLOYER_ASKS, A.OFFER, A.SAY_INTERESTED,
    A.SHARE, A.APPLY, A.SEE, A.INVITE_INTERVIEW, A.OFFER_JOB, A.HIRE,
    A.FOLLOW_UP_30, A.FOLLOW_UP_90, A.RETAIN,
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One thing that happened, as a timeline shows it."""

    text: str
    when: str


@dataclass(frozen=True)
class Facts:
    """What a reviewer is shown: ``rows`` of (label, words), ``steps`` from the first to the last.

    ``is_private``: what was said is not shown. ``match_id`` is for whom it is their own work.
    """

    title: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    is_private: bool = False
    match_id: int | None = None


def of(session: Session, line: SpotCheckLine) -> Facts:
    """Return the facts of a line."""
    if line.match_id is not None:
        return _of_hire(session, session.get_one(Match, line.match_id))
    if line.ticket_id is not None:
        return _of_ticket(session, session.get_one(Ticket, line.ticket_id))
    return Facts(_("本人的档案已经删了，这件没有可看的了"))


def _of_hire(session: Session, match: Match) -> Facts:
    opening = session.get_one(Opening, match.opening_id)
    employer = session.get(Employer, opening.employer_id) if opening.employer_id else None
    resident = session.get_one(Resident, match.resident_id)
    steps: dict[str, MatchEvent] = {}
    events = list(
        session.scalars(
            select(MatchEvent)
            .where(
                col(MatchEvent.match_id) == match.id,
                col(MatchEvent.action).in_([one.value for one in _TOWARDS]),
            )
            .order_by(col(MatchEvent.id))
        )
    )
    for event in events:
        steps[event.action] = event  # of several, the last
    photos = session.execute(
        select(func.count()).where(col(ContractPhoto.match_id) == match.id)
    ).scalar_one()
    terms = session.scalars(select(HireTerms).where(col(HireTerms.match_id) == match.id)).first()
    spell = session.scalars(
        select(EmploymentSpell).where(
            col(EmploymentSpell.match_id) == match.id,
            col(EmploymentSpell.withdrawn_at).is_(None),
        )
    ).first()
    rows = [
        (_("什么人"), _("%(surname)s某", surname=resident.name[:1])),
        (_("哪种机会"), opening.kind.label),
        (_("谁提的"), match.origin.label),
        (_("本人同意给单位看"), _there(steps.get(A.SHARE))),
        (_("哪天记的录用"), _there(steps.get(A.HIRE))),
        (_("说好哪天上岗"), date_words(match.start_date)),
        (_("录用凭什么"), _("写了") if match.evidence else _("没有写")),
        (_("合同怎么签的"), _("记了") if terms else _("没有记")),
        (_("合同照片"), _("%(n)d 张", n=photos) if photos else _("没有")),
        (_("就业记录"), _spell_words(spell)),
        *((_("满 %(n)d 天回访", n=FOLLOW_UPS[one]), _asked(match, one, steps.get(one)))
          for one in (A.FOLLOW_UP_30, A.FOLLOW_UP_90)),
    ]  # fmt: skip
    return Facts(
        title=" · ".join(one for one in (opening.title, employer.name if employer else "") if one),
        rows=rows,
        steps=[Step(MatchAction(one.action).label, moment_words(one.at)) for one in events],
        match_id=match.id,
    )


def _there(event: MatchEvent | None) -> str:
    return _("没有") if event is None else date_words(event.at)


def _spell_words(spell: EmploymentSpell | None) -> str:
    if spell is None:
        return _("没有")
    return _("核实了") if spell.verified_at else _("只有本人的话")


def _asked(match: Match, action: MatchAction, event: MatchEvent | None) -> str:
    """Return whether somebody asked after the job when it was time."""
    if event is not None:
        return _("%(day)s问了", day=date_words(event.at))
    if match.state in HAD_WORK - TAKEN or match.start_date is None:
        return _("不用问")
    day = match.start_date + timedelta(days=FOLLOW_UPS[action])
    if day > clock.today():
        return _("还没到，%(day)s问", day=date_words(day))
    return _("%(day)s该问，没有记", day=date_words(day))


def _of_ticket(session: Session, ticket: Ticket) -> Facts:
    events = tickets.events_of(session, ticket.id)
    photos = len(tickets.photos_of(session, ticket.id))
    calls = sum(one.action is TicketAction.CALL for one in events)
    rows = [
        (_("什么事"), ticket.kind.label if ticket.kind else ""),
        (_("多急"), ticket.urgency.label),
        (_("怎么来的"), ticket.channel.label),
        (_("收到"), moment_words(ticket.received_at)),
        (_("该哪时答复"), moment_words(ticket.first_due_at)),
        (_("答复了没有"), _answered(ticket)),
        (_("延过没有"), _("延了 %(n)d 个工作日", n=ticket.extended_days)
         if ticket.extended_days else _("没有")),
        (_("重新办过"), _("%(n)d 次", n=ticket.reopened) if ticket.reopened else _("没有")),
        (_("打电话回访"), _("%(n)d 次", n=calls) if calls else _("没有")),
        (_("本人说结果"), ticket.outcome.label if ticket.outcome else _("没有说")),
        (_("满意不满意"), ticket.rating.label if ticket.rating else _("没有说")),
        (_("照片"), _("%(n)d 张", n=photos) if photos else _("没有")),
    ]  # fmt: skip
    if not ticket.is_private:
        replies = [one.words for one in events if one.action is TicketAction.REPLY]
        rows = [
            (_("说了什么"), ticket.published_words or ticket.words),
            (_("怎么答复的"), replies[-1] if replies else _("没有")),
            *rows,
        ]
    said = reporter.steps(ticket, events, to_all=True)
    return Facts(
        title=_("一件不公开的") if ticket.is_private else reporter.title(ticket.words),
        rows=rows,
        steps=[Step(one.text, one.when) for one in reversed(said)],
        is_private=ticket.is_private,
    )


def _answered(ticket: Ticket) -> str:
    if ticket.first_replied_at is None or ticket.first_due_at is None:
        return _("没有")
    at = moment_words(ticket.first_replied_at)
    if ticket.first_replied_at <= ticket.first_due_at:
        return _("%(at)s，按时", at=at)
    return _("%(at)s，晚了", at=at)
