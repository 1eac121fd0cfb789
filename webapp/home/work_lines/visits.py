"""Rows of visits, errands, tickets and spot checks, as the arguments of ``list_cell``."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.formatting import date_words
from webapp.core.labels import label
from webapp.home.work_lines.cells import joined
from webapp.spot_checks import quarters
from webapp.spot_checks.lifecycle import Task
from webapp.spot_checks.queries import lines as spot_checks
from webapp.standing_services import queries as standing_services
from webapp.tickets.presentation import desk as ticket_words
from webapp.tickets.queries import long_cases


def standing_visit(row: Any) -> dict[str, Any]:
    """Somebody to visit today: one's own, or what fell to one as nobody went."""
    line = standing_services.line_of(row)
    since = line.service.missed_since
    return {
        "href": url_for("standing_services.show", service_id=line.service.id),
        "title": joined(line.name, line.address),
        "subtitle": joined(label(line.service.kind), line.owner, line.how_often),
        "badge": _("过了 %(n)d 天", n=line.days_late) if since and line.days_late else _("今天"),
        "icon_name": "house-heart",
        "tone": "bad" if since else "neutral",
    }


def long_case(row: Any) -> dict[str, Any]:
    """The next errand of a long case, due today or before."""
    line = long_cases.line_of(row)
    return {
        "href": url_for("tickets.long_case", case_id=line.case.id),
        "title": joined(line.name, label(line.case.kind)),
        "subtitle": joined(label(line.case.next_kind), line.owner),
        "badge": _("过了 %(n)d 天", n=line.days_late) if line.days_late else _("今天"),
        "icon_name": "journal-text",
        "tone": "bad" if line.days_late else "neutral",
    }


def ticket(row: Any) -> dict[str, Any]:
    """What somebody told the community, and when the next word is due."""
    due, tone = ticket_words.due_words(row.Ticket, clock.now())
    return {
        "href": url_for("tickets.show", ticket_id=row.Ticket.id),
        "title": ticket_words.excerpt(row.Ticket),
        "subtitle": joined(row.branch or "", row.Ticket.state.label),
        "badge": due,
        "tone": tone,
        "icon_name": "megaphone",
    }


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
        "title": joined(quarters.words(row.quarter), label(row.kind), row.code),
        "subtitle": task.label,
        "badge": badge,
        "icon_name": "search",
        "tone": "bad" if late else "warn",
    }
