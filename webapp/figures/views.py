"""/staff/figures/: funnel, durations, caseloads, employment."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.access import Permission, requires
from webapp.core.db import reader
from webapp.core.formatting import yuan
from webapp.core.suppression import few, told
from webapp.core.vocabulary import Kind
from webapp.employment.lifecycle import NOT_ABLE
from webapp.figures.queries.caseload import caseloads
from webapp.figures.queries.employment import BANDS, Employment, employment, frozen_months
from webapp.figures.queries.funnel import durations, funnel
from webapp.payment_checks import queries as payment_checks

bp = Blueprint("figures", __name__)

PERIODS = (30, 90, 365)
USUAL = 90
MONTHS = 12  # of pay checked, on the page


@bp.get("/staff/figures/")
@requires(Permission.WORKBENCH)
def index() -> str:
    """The figures of a period, of all kinds or of one."""
    session = reader()
    asked = request.args.get("days", "")
    days = int(asked) if asked in {str(one) for one in PERIODS} else USUAL
    kind = request.args.get("kind", "")
    chosen = Kind(kind) if kind in set(Kind) else None
    since = clock.now() - timedelta(days=days)
    now = employment(session)
    return render_template(
        "figures/index.html",
        now=now,
        left_out=_left_out(now),
        bands=_bands(now),
        months=frozen_months(session),
        funnel=funnel(session, since=since, kind=chosen),
        durations=durations(session, since=since, kind=chosen),
        caseloads=caseloads(session),
        pay_checks=payment_checks.figures(session)[:MONTHS],
        days=days,
        periods=PERIODS,
        kind=chosen,
        kinds=list(Kind),
        few=few,
        told=told,
        days_words=_days_words,
    )


def _left_out(now: Employment) -> list[tuple[str, int]]:
    """Return why people are not counted as able to work, with how many."""
    by_age = [(_("没到干活的年龄"), now.too_young), (_("过了退休年龄"), now.too_old)]
    return by_age + [(f"{kind.label}（{_('看过凭据')}）", getattr(now, kind)) for kind in NOT_ABLE]


def _bands(now: Employment) -> list[tuple[str, int]]:
    """Return what piecework brought, from … to …, with how many people."""
    ends = [*BANDS[1:], None]
    words = [
        _("%(n)s 元以上", n=yuan(start))
        if end is None
        else _("%(m)s 到 %(n)s 元", m=yuan(start), n=yuan(end))
        for start, end in zip(BANDS, ends, strict=True)
    ]
    return list(zip(words, now.piecework_bands, strict=True))


def _days_words(days: Any) -> str:
    return "—" if days is None else _("%(n)s 天", n=f"{days:g}")
