"""What everybody reads of a ticket that was released: no name, no telephone, no code."""

from typing import Any

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.formatting import date_words
from webapp.tickets.presentation.reporter import Row, badge, last_day, title


def row(found: Any, href: str) -> Row:
    """Return the line of a released ticket; ``found`` has the columns of ``queries.released``."""
    subtitle = _(
        "%(branch)s · %(day)s收到",
        branch=found.branch or _("还没分支部"),
        day=date_words(found.received_at),
    )
    where = (_("过了日子"), "bad") if found.is_late else badge(found.state, found.outcome)
    return Row(href, title(found.published_words), subtitle, *where)


def overdue_row(found: Any, href: str) -> Row:
    """Return the line of one that is overdue."""
    days = (clock.today() - last_day(found.due_at)).days
    return Row(
        href,
        title(found.published_words),
        _("说好%(day)s前答复", day=date_words(last_day(found.due_at))),
        _("过了 %(n)d 天", n=days),
        "bad",
    )


def unseen_words(number: int, least: int) -> str:
    """Return how many private ones lie; few of them are not counted out."""
    if number == 0:
        return ""
    if number < least:
        return _("另外有不公开的，不到 %(n)d 件。", n=least)
    return _("另外有 %(n)d 件不公开的。", n=number)
