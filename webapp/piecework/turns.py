"""Whose turn it is with a household's work, until when, and what is to be done next."""

from datetime import date, timedelta

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.turns import Turn, Waiting
from webapp.piecework import policy
from webapp.piecework.lifecycle import OVER, AssignmentHold, AssignmentState
from webapp.piecework.models.assignment import Assignment
from webapp.rulebook.figures import rule

S = AssignmentState
#: States in which the household has something to do.
OWN_TURN = frozenset({S.CLAIMED, S.TRIAL_PASSED, S.ISSUED, S.WORKING, S.REWORK})
#: All accepted or refused, pay not settled yet.
_UNSETTLED = frozenset({S.ACCEPTED, S.REJECTED_FINAL})


def is_own(assignment: Assignment) -> bool:
    """Whether the household has something to do."""
    return assignment.hold is None and assignment.state in OWN_TURN


def waiting_of(assignment: Assignment) -> Waiting | None:
    """Return whose turn it is; ``None`` once it is over."""
    if assignment.state in OVER:
        return None
    if is_own(assignment):
        return Waiting(Turn.YOU, policy.due_date(assignment))
    return Waiting(Turn.BRANCH, _settled_by(assignment))


def _settled_by(assignment: Assignment) -> date | None:
    """Return the day by which pay is settled at the latest, where that is what is waited for."""
    if assignment.hold is not None or assignment.state not in _UNSETTLED:
        return None
    days = rule("piecework_settle_days", on=clock.today())
    return clock.local(assignment.updated_at).date() + timedelta(days=days)


def next_step(assignment: Assignment) -> str:
    """Return in a sentence what happens next, said to the household; empty once it is over."""
    if assignment.hold is AssignmentHold.DISPUTED:
        return _("社区在查，查清以前不扣钱")
    if assignment.hold is AssignmentHold.MATERIAL_SHORT:
        return _("材料到了，社区叫您来拿")
    return {
        S.CLAIMED: _("带身份证到社区试做一次"),
        S.TRIAL_PASSED: _("到社区领材料"),
        S.ISSUED: _("开始做，做好一批交一批"),
        S.WORKING: _("做好一批，送到社区交一批"),
        S.SUBMITTED: _("社区验收，验好就知道多少钱"),
        S.INSPECTED: _("社区验收，验好就知道多少钱"),
        S.REWORK: _("返工的做好，交回来"),
        S.ACCEPTED: _("社区结工钱"),
        S.REJECTED_FINAL: _("社区结账"),
        S.SETTLED: _("社区付钱"),
    }.get(assignment.state, "")
