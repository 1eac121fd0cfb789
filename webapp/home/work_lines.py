"""What waits for staff, each row as the arguments of ``list_cell``."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.formatting import date_words, moment_words, yuan
from webapp.core.labels import label
from webapp.employers.lifecycle import EmployerState
from webapp.matches import presentation
from webapp.matches.lifecycle import MatchState
from webapp.matches.queries import interviews
from webapp.openings.kind_words import by_kind
from webapp.payment_checks import queries as payment_checks
from webapp.residents.models import JoinState
from webapp.spot_checks import quarters
from webapp.spot_checks.lifecycle import Task
from webapp.spot_checks.queries import lines as spot_checks
from webapp.standing_services import queries as standing_services
from webapp.tickets.presentation import desk as ticket_words
from webapp.tickets.queries import long_cases
from webapp.trials.queries import days_words, decide_by


def _words(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _contacts(row: Any, subtitle: str, badge: str, tone: str = "neutral") -> dict[str, Any]:
    return {
        "href": url_for("caseload.contacts", resident_id=row.id),
        "title": _words(row.name, row.unit_address),
        "subtitle": subtitle,
        "badge": badge,
        "icon_name": "telephone",
        "tone": tone,
    }


def newly_without_work(row: Any) -> dict[str, Any]:
    """Somebody who left a job, and nobody else of the household is at work."""
    left = _("%(day)s离岗，家里没有别人上班，打电话问问", day=date_words(row.left_at))
    return _contacts(row, left, _("要紧"), tone="bad")


def to_ask_again(row: Any) -> dict[str, Any]:
    """Somebody who was promised another call by today."""
    return _contacts(row, row.words, date_words(row.next_on))


def _match(row: Any, subtitle: str, badge: str | None, icon_name: str) -> dict[str, Any]:
    return {
        "href": url_for("matches.show", match_id=row.id),
        "title": _words(row.name, row.title),
        "subtitle": subtitle,
        "badge": badge,
        "icon_name": icon_name,
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
    subtitle = _words(row.phone or _("没有电话"), waits, presentation.broken_words(row.gaps))
    return _match(row, subtitle, _("代办") if row.assisted else None, "telephone")


def other_time(row: Any) -> dict[str, Any]:
    """An interview somebody cannot come to: the employer moves it, or the branch asks them."""
    return _match(
        row,
        _words(interviews.words_of(row.InterviewWish), row.employer or ""),
        moment_words(row.InterviewWish.interview_at),
        "clock",
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
        "title": _words(row.name, label(row.kind)),
        "subtitle": _("%(day)s说的", day=date_words(row.recorded_at)),
        "icon_name": "people",
    }


def due(row: Any) -> dict[str, Any]:
    """A match whose answer is overdue, or a job to ask after."""
    if presentation.is_chased(row):
        what = _("单位没回话，打电话问问：%(e)s", e=row.employer or "")
    elif row.state is MatchState.NO_REPLY:
        what = _("居民没回话，再问一次")
    else:
        what = by_kind(_("该回访了，%(day)s上岗", day=date_words(row.start_date)), row.kind)
    return _match(row, what, by_kind(presentation.state_words(row), row.kind), "clock")


def offer(row: Any) -> dict[str, Any]:
    """Somebody without an account whose turn at a stall has come."""
    return {
        "href": url_for("ventures.staff_case", case_id=row.id),
        "title": _words(row.name, row.title),
        "subtitle": _words(row.phone or _("没有电话"), row.contact_note),
        "badge": _("等到%(until)s", until=date_words(row.offered_until)),
        "icon_name": "telephone",
        "tone": "warn",
    }


def stall(row: Any) -> dict[str, Any]:
    """A stall whose entries have closed, and nobody has frozen the list yet."""
    return {
        "href": url_for("ventures.staff_venture", venture_id=row.id),
        "title": row.title,
        "subtitle": _(
            "%(day)s截止的，%(n)d 个人等着", day=date_words(row.valid_until), n=row.wanting
        ),
        "icon_name": "shop",
    }


def venture(row: Any) -> dict[str, Any]:
    """A business that somebody should have looked after by now."""
    return {
        "href": url_for("ventures.staff_case", case_id=row.id),
        "title": _words(row.name, row.title),
        "subtitle": _("该%(day)s去看", day=date_words(row.due_on)) if row.due_on else "",
        "icon_name": "shop",
    }


def standing_visit(row: Any) -> dict[str, Any]:
    """Somebody to visit today: one's own, or what fell to one as nobody went."""
    line = standing_services.line_of(row)
    since = line.service.missed_since
    return {
        "href": url_for("standing_services.show", service_id=line.service.id),
        "title": _words(line.name, line.address),
        "subtitle": _words(label(line.service.kind), line.owner, line.how_often),
        "badge": _("过了 %(n)d 天", n=line.days_late) if since and line.days_late else _("今天"),
        "icon_name": "house-heart",
        "tone": "bad" if since else "neutral",
    }


def long_case(row: Any) -> dict[str, Any]:
    """The next errand of a long case, due today or before."""
    line = long_cases.line_of(row)
    return {
        "href": url_for("tickets.long_case", case_id=line.case.id),
        "title": _words(line.name, label(line.case.kind)),
        "subtitle": _words(label(line.case.next_kind), line.owner),
        "badge": _("过了 %(n)d 天", n=line.days_late) if line.days_late else _("今天"),
        "icon_name": "journal-text",
        "tone": "bad" if line.days_late else "neutral",
    }


def work_need(row: Any) -> dict[str, Any]:
    """Somebody who said on a visit that they want work; without a file it says so."""
    need = row.WorkNeed
    in_whose = row.responsible or _("还没有责任人")
    return {
        "href": url_for("caseload.work_need", need_id=need.id),
        "title": _words(row.name or need.outside_name, row.unit_address or need.outside_address),
        "subtitle": _words(need.words, in_whose if need.resident_id else _("还没有档案，先登记")),
        "badge": date_words(need.noted_at),
        "icon_name": "telephone",
        "tone": "neutral" if row.responsible else "warn",
    }


def expiring(row: Any) -> dict[str, Any]:
    """An opening with places left that ends soon."""
    return {
        "href": url_for("openings.review_page", opening_id=row.id),
        "title": row.title,
        "subtitle": row.employer or "",
        "badge": _("%(day)s到期", day=date_words(row.valid_until)),
        "icon_name": "clock",
    }


def to_review(row: Any) -> dict[str, Any]:
    """An opening handed in."""
    return {
        "href": url_for("openings.review_page", opening_id=row.id),
        "title": row.title,
        "subtitle": _words(label(row.kind), row.employer or ""),
        "icon_name": "briefcase",
    }


def to_verify(row: Any) -> dict[str, Any]:
    """An employer whose papers are to be checked."""
    lapsed = row.state is EmployerState.LAPSED
    if row.state is EmployerState.PENDING:
        what = _("%(day)s登记", day=date_words(row.created_at))
    else:
        what = _("核实过期，正在招的停着") if lapsed else _("核实快到期，约单位带证件来")
    return {
        "href": url_for("caseload.employer", employer_id=row.id),
        "title": row.name,
        "subtitle": what,
        "badge": label(row.state),
        "icon_name": "building",
        "tone": "bad" if lapsed else "warn",
    }


def to_inspect(row: Any) -> dict[str, Any]:
    """A delivery nobody has looked at."""
    return {
        "href": url_for("piecework.inspect", delivery_id=row.delivery_id),
        "title": _words(row.unit_address, row.title),
        "subtitle": _(
            "%(n)d %(unit)s，%(day)s交来",
            n=row.handed_in,
            unit=row.piece_unit,
            day=date_words(row.submitted_at),
        ),
        "icon_name": "clipboard-check",
    }


def _assignment(row: Any, subtitle: str, icon_name: str) -> dict[str, Any]:
    return {
        "href": url_for("piecework.staff_assignment", assignment_id=row.id),
        "title": _words(row.unit_address, row.title),
        "subtitle": subtitle,
        "badge": label(row.hold) if row.hold else None,
        "icon_name": icon_name,
        "tone": "warn",
    }


def to_issue(row: Any) -> dict[str, Any]:
    """A household that waits for material."""
    return _assignment(row, _("%(n)d %(unit)s", n=row.pieces, unit=row.piece_unit), "box-seam")


def to_settle(row: Any) -> dict[str, Any]:
    """A household with accepted pieces that are not settled."""
    return _assignment(row, _("%(n)s 元", n=yuan(row.gross_fen)), "cash-coin")


def trial(row: Any) -> dict[str, Any]:
    """A trial day that two sides tell differently."""
    last = decide_by(row.TrialDay)
    return {
        "href": url_for("trials.show", trial_id=row.TrialDay.id),
        "title": _words(row.name, row.employer),
        "subtitle": days_words(row.TrialDay),
        "badge": _("%(day)s前定", day=date_words(last)),
        "icon_name": "exclamation-triangle",
        "tone": "bad" if last < clock.today() else "warn",
    }


def to_type(row: Any) -> dict[str, Any]:
    """A draw whose result is known and not typed in by two members."""
    return {
        "href": url_for("draws.staff_draw", draw_id=row.id),
        "title": row.title,
        "subtitle": _("%(day)s的%(what)s", day=date_words(row.source_day), what=label(row.source)),
        "badge": label(row.state),
        "icon_name": "list",
    }


def _payment(row: Any, subtitle: str, badge: str, tone: str) -> dict[str, Any]:
    return {
        "href": url_for("payment_checks.line", line_id=row.id),
        "title": _words(row.unit_address, row.title),
        "subtitle": subtitle,
        "badge": badge,
        "icon_name": "cash-coin",
        "tone": tone,
    }


def payment_doubt(row: Any) -> dict[str, Any]:
    """Settled pay that, as the household says, did not come or not whole."""
    late = payment_checks.is_overdue(row)
    what = _("%(n)s 元，%(said)s", n=yuan(row.net_fen), said=label(row.answer))
    until = _("%(day)s前查清", day=date_words(row.due_on))
    return _payment(row, what, _("过了日子") if late else until, "bad" if late else "warn")


def payment_to_ask(row: Any) -> dict[str, Any]:
    """Settled pay that nobody has asked about, or in vain."""
    return _payment(
        row, _("%(n)s 元", n=yuan(row.net_fen)), label(row.answer) or _("还没问"), "neutral"
    )


def spot_check(row: Any) -> dict[str, Any]:
    """Something that was drawn and waits for this member."""
    late, task = spot_checks.is_overdue(row), Task(row.task)
    until = row.due_on if task is Task.LOOK else row.reply_until
    badge = _("%(day)s前", day=date_words(until))
    if late:
        badge = _("过了日子")
    elif task is Task.FOLLOW_UP:
        badge = label(row.finding)
    return {
        "href": url_for("spot_checks.line", line_id=row.id),
        "title": _words(quarters.words(row.quarter), label(row.kind), row.code),
        "subtitle": task.label,
        "badge": badge,
        "icon_name": "search",
        "tone": "bad" if late else "warn",
    }


def complaint(row: Any) -> dict[str, Any]:
    """A complaint about an employer."""
    return {
        "href": url_for("complaints.show", complaint_id=row.id),
        "title": row.employer + _("：") + label(row.kind),
        "subtitle": date_words(row.created_at),
        "icon_name": "megaphone",
    }


def ticket(row: Any) -> dict[str, Any]:
    """What somebody told the community, and when the next word is due."""
    due, tone = ticket_words.due_words(row.Ticket, clock.now())
    return {
        "href": url_for("tickets.show", ticket_id=row.Ticket.id),
        "title": ticket_words.excerpt(row.Ticket),
        "subtitle": _words(row.branch or "", row.Ticket.state.label),
        "badge": due,
        "tone": tone,
        "icon_name": "megaphone",
    }


def wage(row: Any) -> dict[str, Any]:
    """A wage that an employer confirmed and the person says is wrong."""
    return {
        "href": url_for("statements.staff_statements", resident_id=row.resident_id),
        "title": _words(row.name, row.employer),
        "subtitle": _("%(m)d月的工资，去问问单位和本人", m=row.month.month),
        "badge": date_words(row.objected_at),
        "icon_name": "cash-coin",
    }
