"""Rows of piecework and its pay, as the arguments of ``list_cell``."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from webapp.core.formatting import date_words, yuan
from webapp.core.labels import label
from webapp.home.work_lines.cells import joined
from webapp.payment_checks import queries as payment_checks


def to_inspect(row: Any) -> dict[str, Any]:
    """A delivery nobody has looked at."""
    return {
        "href": url_for("piecework.inspect", delivery_id=row.delivery_id),
        "title": joined(row.unit_address, row.title),
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
        "title": joined(row.unit_address, row.title),
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


def _payment(row: Any, subtitle: str, badge: str, tone: str) -> dict[str, Any]:
    return {
        "href": url_for("payment_checks.line", line_id=row.id),
        "title": joined(row.unit_address, row.title),
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
