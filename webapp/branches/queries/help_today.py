"""How to get help today: which office is open until when, and which telephone rings."""

from dataclasses import dataclass

from sqlmodel import Session

from webapp.branches.models import Branch
from webapp.branches.queries.members import Member, desks
from webapp.branches.queries.office_hours import office_hours
from webapp.branches.queries.rota import on_duty
from webapp.core import clock


@dataclass(frozen=True)
class OfficeToday:
    """A branch's office today: ``hours`` as 「09:00–17:30」, empty when nobody keeps it.

    ``week`` are the windows of all days, ``members`` who works there.
    """

    branch: Branch
    hours: str
    open_now: bool
    week: list[dict[str, str]]
    members: list[Member]


@dataclass(frozen=True)
class HelpToday:
    """The offices, and the telephone of who is on duty (empty while there is none)."""

    offices: list[OfficeToday]
    duty_phone: str


def help_today(session: Session) -> HelpToday:
    """Return whom people can turn to today."""
    now = clock.local(clock.now())
    today, time = str(now.isoweekday()), f"{now:%H:%M}"
    offices = []
    for desk in desks(session):
        week = office_hours(desk.members)
        window = next((one for one in week if today in one["days"]), None)
        hours = f"{window['start']}–{window['end']}" if window else ""
        is_open = window is not None and window["start"] <= time < window["end"]
        offices.append(OfficeToday(desk.branch, hours, is_open, week, desk.members))
    duty = on_duty(session, now)
    return HelpToday(offices, duty.phone if duty else "")
