"""A trial day of one applicant at one employer: terms as typed, and the steps on their pages."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from tests.forms import press
from tests.functional.matches_world import World
from webapp.core import clock
from webapp.core.db import Database
from webapp.trials.lifecycle import InjuryCover, TrialState
from webapp.trials.models import TrialDay
from webapp.trials.services.terms import Terms

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=clock.LOCAL)
DAY = date(2026, 12, 3)
TYPED = {
    "first_day": DAY.isoformat(),
    "days": "2",
    "starts_at": "08:30",
    "ends_at": "17:00",
    "address": "华龙大道12号",
    "contact": "周店长 13900000000",
    "duties": "跟着师傅打扫两栋楼",
    "pay_yuan": "120",
    "cover": "work_injury",
    "cover_note": "12月2日在社保局登记",
}
TERMS = Terms(
    starts_at="08:30",
    ends_at="17:00",
    address="华龙大道12号",
    contact="周店长",
    duties="打扫",
    pay_day_fen=12000,
    cover=InjuryCover.WORK_INJURY,
    cover_note="登记过",
)
AREA = {"resident": "me", "employer": "employer", "staff": "staff"}


def propose(world: World, role: str = "employer", **changes: Any) -> Any:
    page = f"/{AREA[role]}/trials/matches/{world.match_id}"
    return press(world.browser(role), page, **{**TYPED, **changes})


def the_trial(db: Database) -> TrialDay:
    """Return the newest trial day, as it stands."""
    with db.reader() as session:
        return session.exec(select(TrialDay).order_by(col(TrialDay.id).desc())).first()


def page_of(world: World, role: str) -> str:
    return f"/{AREA[role]}/trials/{the_trial(world.db).id}"


def step(world: World, role: str, name: str, **data: Any) -> Any:
    return press(world.browser(role), page_of(world, role), f"/{name}", **data)


def agreed(world: World) -> TrialDay:
    """Take a trial day to its agreement, through the forms of both."""
    assert propose(world).status_code == 303
    assert step(world, "resident", "agree").status_code == 303
    trial = the_trial(world.db)
    assert trial.state is TrialState.AGREED
    return trial


def differ(world: World) -> None:
    """Have both tell it differently, after it."""
    blamed = {"outcome": "not_held", "why_not_held": "resident"}
    assert step(world, "employer", "word", **blamed).status_code == 303
    mine = {"outcome": "not_held", "why_not_held": "transport", "sentence": "403路停了"}
    assert step(world, "resident", "word", **mine).status_code == 303
    assert the_trial(world.db).state is TrialState.DISPUTED


def after_it(days: int = 3) -> Any:
    """Hold the clock at noon so many days after :data:`NOON`; 3 is the second day of the trial."""
    return clock.frozen(NOON + timedelta(days=days))
