"""Rows of people and of what they were offered, as the arguments of ``list_cell``."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from webapp.contacts import presentation as calls
from webapp.core import clock
from webapp.core.formatting import date_words, moment_words
from webapp.core.labels import label
from webapp.home.work_lines.cells import joined
from webapp.matches import presentation
from webapp.matches.lifecycle import MatchState
from webapp.matches.queries import interviews
from webapp.openings.kind_words import by_kind
from webapp.residents.models import JoinState
from webapp.trials.queries import days_words, decide_by


def _contacts(row: Any, subtitle: str, badge: str, tone: str = "neutral") -> dict[str, Any]:
    return {
        "href": url_for("caseload.contacts", resident_id=row.id),
        "title": joined(row.name, row.unit_address),
        "subtitle": subtitle,
        "badge": badge,
        "icon_name": "telephone",
        "tone": tone,
        "call": calls.resident(row, "resident", row.id, waits=False),
    }


def newly_without_work(row: Any) -> dict[str, Any]:
    """Somebody who left a job, and nobody else of the household is at work."""
    left = _("%(day)s离岗，家里没有别人上班，打电话问问", day=date_words(row.left_at))
    return _contacts(row, left, _("要紧"), tone="bad")


def to_ask_again(row: Any) -> dict[str, Any]:
    """Somebody who was promised another call by today."""
    return _contacts(row, row.words, date_words(row.next_on))


def _match(
    row: Any, subtitle: str, badge: str | None, icon_name: str, call: dict[str, Any] | None
) -> dict[str, Any]:
    return {
        "href": url_for("matches.show", match_id=row.id),
        "title": joined(row.name, row.title),
        "subtitle": subtitle,
        "badge": badge,
        "icon_name": icon_name,
        "call": call,
    }


def to_call(row: Any) -> dict[str, Any]:
    """A resident whose answer, or whose consent, is awaited."""
    waits = (
        _("愿意，先核对电话")
        if row.state is MatchState.INTERESTED and not row.proven
        else _("愿意，等同意告诉单位")
        if row.state is MatchState.INTERESTED
        else _("%(day)s到期", day=date_words(row.offered_until))
    )
    subtitle = joined(waits, presentation.broken_words(row.gaps))
    badge = _("代办") if row.assisted else None
    return _match(row, subtitle, badge, "telephone", calls.resident(row, "applicant", row.id))


def other_time(row: Any) -> dict[str, Any]:
    """An interview somebody cannot come to: the employer moves it, or the branch asks them."""
    return _match(
        row,
        joined(interviews.words_of(row.InterviewWish), row.employer or ""),
        moment_words(row.InterviewWish.interview_at),
        "clock",
        calls.employer(row, "hirer", row.id) or calls.resident(row, "applicant", row.id),
    )


def joining(row: Any) -> dict[str, Any]:
    """Somebody who asks to belong to a household."""
    return {
        "href": url_for("residents.join_request", request_id=row.id),
        "title": f"{row.name} → {row.unit_address}",
        "subtitle": _("%(day)s问的", day=date_words(row.asked_at)),
        "badge": label(row.state),
        "icon_name": "people",
        "tone": "bad" if row.state is JoinState.OBJECTED else "neutral",
    }


def said(row: Any) -> dict[str, Any]:
    """What somebody said they do, of which nobody has seen anything yet."""
    return {
        "href": url_for(
            "employment.change", resident_id=row.resident_id, spell_id=row.id, step="verify"
        ),
        "title": joined(row.name, label(row.kind)),
        "subtitle": _("%(day)s说的", day=date_words(row.recorded_at)),
        "icon_name": "people",
    }


def due(row: Any) -> dict[str, Any]:
    """A match whose answer is overdue, or a job to ask after."""
    call = calls.resident(row, "applicant", row.id)
    if presentation.is_chased(row):
        what = _("单位没回话，打电话问问：%(e)s", e=row.employer or "")
        call = calls.employer(row, "hirer", row.id) or call
    elif row.state is MatchState.NO_REPLY:
        what = _("居民没回话，再问一次")
    else:
        what = by_kind(_("该回访了，%(day)s上岗", day=date_words(row.start_date)), row.kind)
    state = by_kind(presentation.state_words(row), row.kind)
    return _match(row, what, state, "clock", call)


def trial(row: Any) -> dict[str, Any]:
    """A trial day that two sides tell differently."""
    last = decide_by(row.TrialDay)
    return {
        "href": url_for("trials.show", trial_id=row.TrialDay.id),
        "title": joined(row.name, row.employer),
        "subtitle": days_words(row.TrialDay),
        "badge": _("%(day)s前定", day=date_words(last)),
        "icon_name": "exclamation-triangle",
        "tone": "bad" if last < clock.today() else "warn",
        "call": calls.employer(row, "hirer", row.TrialDay.match_id),
    }


def wage(row: Any) -> dict[str, Any]:
    """A wage that an employer confirmed and the person says is wrong."""
    return {
        "href": url_for("statements.staff_statements", resident_id=row.resident_id),
        "title": joined(row.name, row.employer),
        "subtitle": _("%(m)d月的工资，去问问单位和本人", m=row.month.month),
        "badge": date_words(row.objected_at),
        "icon_name": "cash-coin",
        "call": calls.employer(row, "hirer", row.match_id),
    }


def work_need(row: Any) -> dict[str, Any]:
    """Somebody who said on a visit that they want work; without a file it says so."""
    need = row.WorkNeed
    in_whose = row.responsible or _("还没有责任人")
    return {
        "href": url_for("caseload.work_need", need_id=need.id),
        "title": joined(row.name or need.outside_name, row.unit_address or need.outside_address),
        "subtitle": joined(need.words, in_whose if need.resident_id else _("还没有档案，先登记")),
        "badge": date_words(need.noted_at),
        "icon_name": "telephone",
        "tone": "neutral" if row.responsible else "warn",
    }
