"""Rows of openings, employers, stalls and draws, as the arguments of ``list_cell``."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from webapp.contacts import presentation as calls
from webapp.core.formatting import date_words
from webapp.core.labels import label
from webapp.employers.lifecycle import EmployerState
from webapp.home.work_lines.cells import joined


def offer(row: Any) -> dict[str, Any]:
    """Somebody without an account whose turn at a stall has come."""
    return {
        "href": url_for("ventures.staff_case", case_id=row.id),
        "title": joined(row.name, row.title),
        "subtitle": joined(row.phone or _("没有电话"), row.contact_note),
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
        "title": joined(row.name, row.title),
        "subtitle": _("该%(day)s去看", day=date_words(row.due_on)) if row.due_on else "",
        "icon_name": "shop",
    }


def expiring(row: Any) -> dict[str, Any]:
    """An opening with places left that ends soon."""
    return {
        "href": url_for("openings.review_page", opening_id=row.id),
        "title": row.title,
        "subtitle": row.employer or "",
        "badge": _("%(day)s到期", day=date_words(row.valid_until)),
        "icon_name": "clock",
        "call": calls.employer(row, "opening", row.id),
    }


def to_review(row: Any) -> dict[str, Any]:
    """An opening handed in."""
    return {
        "href": url_for("openings.review_page", opening_id=row.id),
        "title": row.title,
        "subtitle": joined(label(row.kind), row.employer or ""),
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
        "title": row.employer,
        "subtitle": what,
        "badge": label(row.state),
        "icon_name": "building",
        "tone": "bad" if lapsed else "warn",
        "call": calls.employer(row, "employer", row.id),
    }


def to_ask_again(row: Any) -> dict[str, Any]:
    """An employer who was promised another call by today."""
    return {
        "href": url_for("caseload.call", called="employer", number=row.id),
        "title": row.employer,
        "subtitle": row.words,
        "badge": date_words(row.next_on),
        "icon_name": "telephone",
        "call": calls.employer(row, "employer", row.id, waits=False),
    }


def complaint(row: Any) -> dict[str, Any]:
    """A complaint about an employer."""
    return {
        "href": url_for("complaints.show", complaint_id=row.id),
        "title": row.employer + _("：") + label(row.kind),
        "subtitle": date_words(row.created_at),
        "icon_name": "megaphone",
    }


def need(row: Any) -> dict[str, Any]:
    """What work an employer needs somebody for."""
    return {
        "href": url_for("needs.show", need_id=row.id),
        "title": joined(row.words, row.employer),
        "subtitle": date_words(row.told_at),
        "badge": _("有人合适") if row.some_fit else None,
        "icon_name": "search",
        "call": calls.employer(row, "employer", row.employer_id),
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
