"""Figures of law that are to be looked at again: when, by whom, and what is said until then."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.forms import press, submit
from tests.functional.tables import all_of
from webapp.admin.models import UpkeepMatter
from webapp.core import clock
from webapp.ops import watch
from webapp.rulebook import presentation, reviews, service
from webapp.rulebook.figures import units
from webapp.rulebook.models import RuleFigure, RuleReview

FLOOR = "pay_floor_month_1"  # 2330 yuan since 2025-01-01: two years are over on 2027-01-01


@pytest.fixture(autouse=True)
def seeded(db):
    service.seed(db)


@pytest.fixture
def browser(sign_in, boss):
    return sign_in(boss)


def floor(db):
    return next(
        row for row in all_of(db, RuleFigure) if row.name == FLOOR and row.since.year == 2025
    )


def look(app, db, day):
    with app.app_context(), clock.frozen(clock.start_of_day(day)), db.reader() as session:
        return reviews.looks(session, day).get(FLOOR), reviews.due(session, day)


def test_a_figure_nobody_compared_is_due_and_one_that_was_after_its_cycle(app, db, browser):
    today = clock.today()
    assert FLOOR in look(app, db, today)[1]
    press(browser, "/admin/rules/", f"/admin/rules/{floor(db).id}/confirm")
    confirmed, due = look(app, db, today)
    assert FLOOR not in due
    assert confirmed.last == today
    ends = max(date(2025, 1, 1) + timedelta(days=730), today + timedelta(days=183))
    assert confirmed.due_on == ends
    assert FLOOR not in look(app, db, ends - timedelta(days=1))[1]
    assert look(app, db, ends)[1][FLOOR] == ends


def test_still_in_force_is_noted_with_day_source_and_the_next_look(app, db, browser, boss, desk):
    today = clock.today()
    row = floor(db)
    url = f"/admin/rules/{row.id}/still"
    good = {
        "day": today.isoformat(),
        "source": "市人力社保局网页",
        "next_on": (today + timedelta(days=90)).isoformat(),
    }
    for field, value in (
        ("day", (today + timedelta(days=1)).isoformat()),
        ("day", "x"),
        ("source", " "),
        ("source", "很" * 301),
        ("next_on", today.isoformat()),
        ("next_on", ""),
    ):
        refused = submit(browser, url, {**good, field: value})
        assert refused.status_code == 400, (field, value)
        assert f'id="{field}-error"' in refused.get_data(as_text=True), (field, value)
    assert all_of(db, RuleReview) == []
    assert submit(browser, url, good).status_code == 303
    (noted,) = all_of(db, RuleReview)
    assert (noted.by_id, noted.source) == (boss.id, "市人力社保局网页")
    assert floor(db).confirmed_by_id == boss.id
    found, due = look(app, db, today)
    assert FLOOR not in due
    assert found.due_on == today + timedelta(days=90)
    assert FLOOR in look(app, db, today + timedelta(days=90))[1]
    assert f'id="{FLOOR}"' not in browser.get("/admin/rules/?show=due").get_data(as_text=True)
    section = browser.get(f"/admin/rules/?name={FLOOR}").get_data(as_text=True)
    assert "市人力社保局网页" in section
    assert "该核对了" not in section
    assert desk.get(url).status_code == 403


def test_only_a_figure_of_law_in_force_can_still_hold(db, browser):
    rows = all_of(db, RuleFigure)
    old = next(row for row in rows if row.name == FLOOR and row.since.year == 2022)
    own = next(row for row in rows if row.name == "quiet_from")
    for id_ in (old.id, own.id, 10**6):
        assert browser.get(f"/admin/rules/{id_}/still").status_code == 404, id_


def test_a_newer_row_begins_anew(app, db, browser):
    today = clock.today()
    data = {"value": "2500", "since": today.isoformat(), "source": "新的通知"}
    assert submit(browser, f"/admin/rules/{FLOOR}/new", data).status_code == 303
    found, due = look(app, db, today)
    assert FLOOR not in due
    assert found.due_on == today + timedelta(days=730)


def test_what_is_due_is_told_to_the_admins_in_one_line(app, db, settings, browser):
    with app.app_context(), db.reader() as session:
        matters = watch.figures(session, settings)
    assert (UpkeepMatter.FIGURE_DUE, FLOOR) in matters
    due = [name for matter, name in matters if matter is UpkeepMatter.FIGURE_DUE]
    assert len(due) > 20
    with app.app_context():
        watch.look(db, settings)
        new, _over = watch.look(db, settings)
    assert new == 0
    home = browser.get("/admin/").get_data(as_text=True)
    assert f"{len(due)} 个规定的数目该核对了" in home
    assert f"该核对的 {len(due)} 个" in browser.get("/admin/rules/").get_data(as_text=True)


def test_a_figure_nobody_has_set_is_told_of_until_it_is_there(app, db, settings, browser):
    line = "allowance_line"  # the city's allowance: shipped as a hole

    def unset():
        with app.app_context():
            return reviews.unset(clock.today())

    holes = unset()
    assert line in holes
    assert len(holes) > 3
    with app.app_context():
        watch.look(db, settings)
    home = browser.get("/admin/").get_data(as_text=True)
    assert f"{len(holes)} 个规定的数目还没有填" in home
    shown = browser.get("/admin/rules/").get_data(as_text=True)
    assert f"还没有填的 {len(holes)} 个" in shown
    assert f'href="/admin/rules/{line}/new"' not in shown  # what is due comes first
    shown = browser.get("/admin/rules/?show=unset").get_data(as_text=True)
    assert shown.count('/new">填上') == len(holes)
    assert f'href="/admin/rules/{line}/new"' in shown
    data = {"value": "700", "source": "渝民发〔2026〕1号", "since": clock.today().isoformat()}
    kept = submit(browser, f"/admin/rules/{line}/new", data)
    assert kept.headers["Location"].endswith(f"?name={line}")
    with app.app_context():
        _new, over = watch.look(db, settings)
    assert over == 1
    assert line not in unset()
    # Once few are left, each is named, with the way to its own place on the page.
    for name in holes[4:]:
        submit(browser, f"/admin/rules/{name}/new", {**data, "value": "1"})
    left = unset()
    assert 0 < len(left) <= 3
    with app.app_context():
        watch.look(db, settings)
    home = browser.get("/admin/").get_data(as_text=True)
    assert f"「{presentation.name_words(left[0])}」还没有填" in home
    assert f'href="/admin/rules/?name={left[0]}"' in home


def test_what_was_noted_stays(db, write, boss):
    with write() as session:
        session.add(
            RuleReview(
                figure_id=floor(db).id, day=date(2026, 1, 1), source="通知",
                next_on=date(2026, 7, 1), by_id=boss.id, at=clock.now(),
            )
        )  # fmt: skip
    for change in ("UPDATE rule_review SET source = 'x'", "DELETE FROM rule_review"):
        with pytest.raises(DBAPIError), write() as session:
            session.execute(text(change))
    if db.is_sqlite:
        with pytest.raises(DBAPIError), write() as session:
            session.execute(
                text(
                    "INSERT OR REPLACE INTO rule_review SELECT id, figure_id, day, 'x', next_on,"
                    " by_id, at FROM rule_review"
                )
            )
    assert [row.source for row in all_of(db, RuleReview)] == ["通知"]


def test_no_figure_of_law_is_left_without_a_cycle():
    """Money and ages of policies and statutes; what the community sets itself has none."""
    of_law = {name for name, unit in units().items() if unit == "fen"}
    assert {name for name in of_law if reviews.cycle(name) is None} == set()
    assert reviews.cycle("quiet_from") is None
    assert all(presentation.name_words(name) != name for name in of_law)
