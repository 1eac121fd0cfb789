"""What a resident waits for, as lines of 「我的」: what it is, where it stands, whose turn."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from webapp.complaints import service as complaints
from webapp.complaints.models import EmployerComplaint
from webapp.core import clock
from webapp.core.formatting import date_words
from webapp.core.labels import label
from webapp.core.turns import Turn, Waiting
from webapp.matches.lifecycle import MatchState
from webapp.matches.queries.own_matches import MatchCard
from webapp.piecework import turns as piecework_turns
from webapp.piecework.presentation.assignment_figures import row_status
from webapp.standing_services.queries import Line as Service
from webapp.statements.queries import Asked
from webapp.tickets import turns as ticket_turns
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.presentation import reporter
from webapp.tickets.queries.long_cases import Line as LongCase
from webapp.training import turns as course_turns
from webapp.training.lifecycle import EnrolmentState
from webapp.training.queries.own import OwnCourse
from webapp.trials import queries as trials
from webapp.trials import turns as trial_turns
from webapp.trials.lifecycle import Party
from webapp.trials.models import TrialDay
from webapp.ventures.lifecycle import CaseState
from webapp.ventures.queries.own import OwnCase


@dataclass(frozen=True)
class OwnLine:
    """One thing that waits: ``kind`` in a word, ``standing`` where it is, ``step`` the button.

    ``card`` is set where it is an opening to say yes or no to, which shows what decides.
    """

    kind: str
    title: str
    standing: str
    waiting: Waiting
    href: str
    step: str
    card: MatchCard | None = None

    @property
    def is_mine(self) -> bool:
        """Whether the reader is the one to do something."""
        return self.waiting.turn is Turn.YOU

    @property
    def order(self) -> tuple[date, str]:
        """By date; what has none last."""
        return self.waiting.until or date.max, self.title


def match(card: MatchCard) -> OwnLine | None:
    """A match under way; ``None`` for one of which nothing waits."""
    if card.waiting is None:
        return None
    interview = card.state is MatchState.INTERVIEW
    ahead = interview and (card.wish_open or card.waiting.turn is Turn.DAY)
    step = _("看地址、改时间") if ahead else _("看办到哪一步")
    if card.wish_open:
        step = _("看改好没有")
    elif card.waiting.turn is Turn.YOU:
        step = _("去回话")
    return OwnLine(
        _("面试") if interview else card.kind_label,
        card.title,
        _("您说想改时间，等单位回话") if card.wish_open else card.sentence,
        card.waiting,
        card.href,
        step,
        card if card.group == "answer" else None,
    )


def trial(row: tuple[TrialDay, str]) -> OwnLine | None:
    """A trial day to answer, to go to, or to tell of."""
    found, employer = row
    waiting = trial_turns.waiting_of(found)
    if waiting is None:
        return None
    words, _tone = trials.sentence(found, Party.RESIDENT)
    step = _("去回话") if waiting.turn is Turn.YOU else _("看地址、时间")
    href = url_for("trials.mine", trial_id=found.id)
    return OwnLine(_("试岗"), employer, words, waiting, href, step)


def course(one: OwnCourse) -> OwnLine | None:
    """A place in a course, or in its line."""
    waiting = course_turns.waiting_of(one)
    if waiting is None:
        return None
    state = one.enrolment.state
    href, step = url_for("training.mine"), _("看我的课")
    if one.invited_to is not None:
        href = url_for("training.enrol", run_id=one.invited_to.id)
        step = _("看看，回个话")
    elif one.to_answer:
        step = _("去回话")
    elif state is EnrolmentState.INVITED:
        href, step = one.href, _("选一期")
    elif one.papers_missing:
        step = _("看要交什么")
    words = one.sentence
    if one.papers_missing:
        words = _("%(where)s。还要交：%(what)s", where=words, what="、".join(one.papers_missing))
    return OwnLine(_("课"), one.title, words, waiting, href, step)


def venture(one: OwnCase) -> OwnLine | None:
    """A stall that was applied for, or is being made ready."""
    waiting = {
        CaseState.APPLIED: Waiting(Turn.BRANCH),
        CaseState.PLANNING: Waiting(Turn.YOU, one.case.due_on),
        CaseState.ACTIVE: Waiting(Turn.YOU, one.case.due_on),
    }.get(one.case.state)
    if one.to_answer and one.case.offered_until:
        waiting = Waiting(Turn.YOU, clock.local(one.case.offered_until).date())
    if waiting is None:
        return None
    step = _("去回话") if one.to_answer else _("看我的摊位")
    return OwnLine(_("摊位"), one.case.title, one.sentence, waiting, one.href, step)


def piecework(row: Any) -> OwnLine | None:
    """Pieces in hand, or handed in and not settled."""
    one = row.assignment
    waiting = piecework_turns.waiting_of(one)
    if waiting is None:
        return None
    href = url_for("piecework.my_assignment", assignment_id=one.id)
    step = _("看怎么做、去交货") if waiting.turn is Turn.YOU else _("看这份活")
    return OwnLine(_("手工活"), row.title, row_status(row).words, waiting, href, step)


def ticket(one: Ticket) -> OwnLine | None:
    """Something told to the community; what is private says no more than that."""
    waiting = ticket_turns.waiting_of(one)
    if waiting is None:
        return None
    title = _("跟社区说的一件事") if one.is_private else reporter.title(one.words)
    words = reporter.heading(one)
    if reporter.is_late(one):
        words = _("%(where)s，过了说好的日子", where=words)
    href = url_for("tickets.follow", code=one.code)
    step = _("去回话") if waiting.turn is Turn.YOU else _("看答复")
    return OwnLine(_("民情"), title, words, waiting, href, step)


def long_case(line: LongCase) -> OwnLine | None:
    """Something that takes many errands, by the next of them."""
    case = line.case
    if case.next_on is None:
        return None
    words = _("下一步：%(what)s，%(who)s去办", what=label(case.next_kind), who=line.owner)
    href = url_for("tickets.my_long_case", case_id=case.id)
    waiting = Waiting(Turn.BRANCH, case.next_on)
    return OwnLine(_("陪跑的事"), label(case.kind), words, waiting, href, _("看差哪样"))


def visit(line: Service) -> OwnLine | None:
    """Somebody comes to one's home."""
    service = line.service
    if service.next_on is None:
        return None
    words = _("%(who)s上门来", who=line.owner)
    href = url_for("standing_services.mine")
    waiting = Waiting(Turn.DAY, service.next_on)
    return OwnLine(_("上门"), label(service.kind), words, waiting, href, _("看谁来"))


def complaint(row: tuple[EmployerComplaint, str]) -> OwnLine | None:
    """A complaint about an employer that nobody has answered yet."""
    one, employer = row
    if one.handled_at is not None:
        return None
    until = clock.local(one.created_at).date() + timedelta(days=complaints.answer_days())
    words = _("社区在问单位")
    href = url_for("complaints.mine")
    return OwnLine(_("单位的问题"), employer, words, Waiting(Turn.BRANCH, until), href, _("看答复"))


def asked_to_join(row: Any) -> OwnLine:
    """Somebody who wants to be counted in one's household."""
    until = clock.local(row.answer_until).date()
    title = _("%(name)s 想算进您家这一户", name=row.name)
    href = url_for("residents.my_household")
    return OwnLine(
        _("住户"), title, _("同不同意，说一声"), Waiting(Turn.YOU, until), href, _("去看看")
    )


def own_join(row: Any) -> OwnLine:
    """One's own wish to be counted in a household; it never tells whether anybody lives there."""
    until = clock.local(row.answer_until).date()
    words = _("%(day)s问的", day=date_words(row.asked_at))
    href = url_for("residents.my_household")
    waiting = Waiting(Turn.BRANCH, until)
    return OwnLine(_("住户"), row.unit_address, words, waiting, href, _("看办到哪一步"))


def statement(asked: Asked) -> OwnLine:
    """An earnings statement of the whole household, which all adults have to agree to."""
    href = url_for("statements.mine")
    if not asked.agreed:
        title = _("%(name)s 要开全家的工钱证明", name=asked.asker)
        href = url_for("statements.my_request", request_id=asked.request.id)
        return OwnLine(
            _("证明"), title, _("同不同意，说一声"), Waiting(Turn.YOU), href, _("去看看")
        )
    words = _("还等 %(n)d 个大人同意", n=asked.missing)
    waiting = Waiting(Turn.FAMILY)
    return OwnLine(_("证明"), _("全家的工钱证明"), words, waiting, href, _("看办到哪一步"))
