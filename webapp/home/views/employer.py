"""/employer/: where the organisation stands, and its openings in figures."""

from datetime import date, timedelta

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.formatting import date_words
from webapp.employers import policy
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.employers.services import checks, members, registration
from webapp.home.blueprint import bp
from webapp.home.employer_news import read_news
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

_NEW_FOR = timedelta(days=7)


@bp.get("/employer/")
@requires(Permission.EMPLOYER_SELF)
def employer() -> str:
    """Where the organisation stands, what happens next, and its openings in figures."""
    employer = registration.own_employer(reader(), current_actor())
    counts = dict(
        reader()
        .execute(
            select_columns(col(Opening.state), func.count())
            .where(col(Opening.employer_id) == employer.id)
            .group_by(col(Opening.state))
        )
        .all()
    )
    until = policy.checked_until(employer, days=checks.check_days())
    sentence, tone = standing(employer, until)
    leads = members.leads(reader(), current_actor(), employer)
    return render_template(
        "home/employer.html",
        employer=employer,
        sentence=sentence,
        tone=tone,
        counts=[(state, counts.get(state, 0)) for state in OpeningState],
        any_openings=bool(counts),
        leads=leads,
        newcomers=_newcomers(employer) if leads else [],
        news=[one for one in read_news(reader(), current_actor()) if one.count],
    )


def _newcomers(employer: Employer) -> list[members.Person]:
    """Return who else joined in the last days, for an owner to know or to remove."""
    since = clock.now() - _NEW_FOR
    return [
        one
        for one in members.members_of(reader(), employer.id)
        if one.account_id != current_actor().account_id
        and one.joined_at is not None
        and one.joined_at > since
    ]


def standing(employer: Employer, until: date | None) -> tuple[str, str]:
    """Return where an employer stands and what happens next, and the tone of the notice."""
    papers = _("请经办人带营业执照、身份证和单位授权书到社区富民支部")
    if employer.state is EmployerState.PENDING:
        return _("等社区核实。%(papers)s，看过就能发布招聘。", papers=papers), "warn"
    if employer.state is EmployerState.REFUSED:
        return _(
            "核实没通过：%(why)s。改好单位资料会重新排队核实。", why=employer.state_reason
        ), "bad"
    if employer.state is EmployerState.SUSPENDED:
        return _("已被社区暂停：%(why)s。有疑问请打社区电话。", why=employer.state_reason), "bad"
    if employer.state is EmployerState.CLOSED:
        return _("单位已注销，招聘都结束了。要再用，请带证件到社区富民支部。"), "bad"
    if until is None or until < clock.today():
        return _(
            "上次核实过期了，正在招的先停一停。%(papers)s再核实一次，就会自己放出来。",
            papers=papers,
        ), "bad"
    if (until - clock.today()).days <= checks.warn_days():
        words = date_words(until)
        return _(
            "核实到%(until)s就满了，过了这天正在招的会先停下。%(papers)s提前续上。",
            until=words,
            papers=papers,
        ), "warn"
    return _("已核实，%(until)s以前可以发布招聘。", until=date_words(until)), "good"
