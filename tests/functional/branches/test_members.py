"""Members' trades and hours: who may write them, what everybody sees, who is found."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.forms import press, submit
from tests.functional.matches_world import visible_words
from webapp.accounts.models import Account
from webapp.branches.models import MemberProfile
from webapp.branches.queries.members import is_here, who_knows
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.clock import LOCAL
from webapp.core.db import Database

MINE = "/staff/branches/me"
TYPED = {
    "trades": "水电维修\n算账",
    "languages": "四川话",
    "institution": "街道司法所",
    "volunteer": "y",
    "duty_phone": "023-61230000",
    "hours-0-days": ["1", "3"],
    "hours-0-start": "09:00",
    "hours-0-end": "12:00",
}


@pytest.fixture
def staff(write: Any) -> Account:
    with write() as session:
        return factories.make_account(session, role=Role.STAFF, name="唐敏", title="法律援助")


def words_of(browser: FlaskClient, page: str) -> str:
    return visible_words(browser.get(page).get_data(as_text=True))


def test_a_member_writes_their_own_and_everybody_sees_it(
    client: FlaskClient, staff: Account, sign_in: Callable[[Account], FlaskClient]
) -> None:
    browser = sign_in(staff)
    assert "唐敏" in words_of(client, "/help")
    assert press(browser, MINE, **TYPED).status_code == 303
    shown = words_of(client, "/help")
    for word in ("水电维修、算账", "四川话", "街道司法所", "志愿者", "周一、周三 09:00–12:00"):
        assert word in shown, word
    assert "61230000" in client.get("/help").get_data(as_text=True)
    assert staff.phone not in client.get("/help").get_data(as_text=True)
    again = browser.get(MINE).get_data(as_text=True)
    assert "水电维修" in again
    assert press(browser, MINE, trades="打家具", **{"hours-0-days": ["5"]}).status_code == 303
    shown = words_of(client, "/help")
    assert "打家具" in shown
    assert "水电维修" not in shown
    assert "周五" in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"trades": "长" * 21},
        {"trades": "\n".join(f"行当{n}" for n in range(13))},
        {"institution": "长" * 61},
        {"duty_phone": "打我手机"},
        {"hours-0-days": []},
        {"hours-0-end": ""},
        {"hours-0-end": "25:00"},
        {"hours-0-days": ["9"]},
    ],
)
def test_nonsense_is_refused(staff, sign_in, db: Database, wrong) -> None:
    browser = sign_in(staff)
    assert press(browser, MINE, **{**TYPED, **wrong}).status_code == 400
    with db.reader() as session:
        assert session.get(MemberProfile, 1) is None


def test_only_the_member_and_the_admin_write_it(
    staff: Account, write: Any, sign_in: Any, client: FlaskClient
) -> None:
    with write() as session:
        admin = factories.make_account(session, role=Role.ADMIN)
        other = factories.make_account(session, role=Role.STAFF)
        resident = factories.make_resident(session, with_account=True)
        own = session.get_one(Account, resident.account_id)
    desk = sign_in(admin)
    assert "行当和时间" in words_of(desk, f"/admin/accounts/{staff.id}")
    page = f"/admin/members/{staff.id}"
    assert submit(desk, page, {**TYPED, "idempotency_key": "a" * 32}).status_code == 303
    assert "算账" in words_of(client, "/help")
    assert desk.get(f"/admin/members/{own.id}").status_code == 404  # no member
    assert desk.get("/admin/members/999999").status_code == 404
    assert sign_in(other).get(page).status_code == 403
    assert sign_in(own).get(MINE).status_code == 403


def test_who_knows_a_trade_and_is_here(db: Database, write: Any) -> None:
    monday = datetime(2026, 11, 30, 10, 0, tzinfo=LOCAL)
    week = [{"days": "12345", "start": "09:00", "end": "17:00"}]
    nights = [{"days": "7", "start": "22:00", "end": "06:00"}]
    with write() as session:
        for name, trades, hours in (
            ("甲", ["水电"], week),
            ("乙", ["修水电", "做面"], nights),
            ("丙", ["算账"], week),
            ("丁", [], []),
        ):
            account = factories.make_account(session, role=Role.STAFF, name=name)
            session.add(
                MemberProfile(
                    account_id=account.id, trades=trades, hours=hours, updated_at=clock.now()
                )
            )
        gone = factories.make_account(session, role=Role.STAFF, name="戊", enabled=False)
        session.add(MemberProfile(account_id=gone.id, trades=["水电"], updated_at=clock.now()))
        factories.make_account(session, role=Role.STAFF, name="己")  # has written nothing

    def names(trade: str = "", at: datetime | None = None) -> str:
        with db.reader() as session:
            return "".join(one.name for one in who_knows(session, trade, at=at))

    assert names("水电") == "甲乙"
    assert names("修水电的") == "甲乙"
    assert names("水电", monday) == "甲"
    assert names(at=monday.replace(hour=3)) == "乙"  # Sunday's night runs into Monday
    assert names(at=monday) == "甲丙"
    assert names("裁缝") == ""


@pytest.mark.parametrize(
    ("days", "start", "end", "hour", "here"),
    [
        ("1", "09:00", "12:00", 9, True),
        ("1", "09:00", "12:00", 12, False),
        ("2", "09:00", "12:00", 9, False),
        ("1", "22:00", "06:00", 23, True),
        ("1", "22:00", "06:00", 5, False),  # that is Tuesday's morning
        ("7", "22:00", "06:00", 5, True),
        ("1", "00:00", "24:00", 23, True),
    ],
)
def test_hours_of_a_monday(days, start, end, hour, here) -> None:
    moment = datetime(2026, 11, 30, hour, 0, tzinfo=LOCAL)
    assert is_here([{"days": days, "start": start, "end": end}], moment) is here


def test_the_list_is_narrowed_down(staff: Account, sign_in: Any) -> None:
    browser = sign_in(staff)
    press(browser, MINE, **TYPED)
    assert "唐敏" in words_of(browser, "/staff/branches/")
    assert "唐敏" in words_of(browser, "/staff/branches/?trade=算账")
    assert "没有找到" in words_of(browser, "/staff/branches/?trade=裁缝&here=1")
    assert browser.get("/staff/branches/?trade=%27%25&here=x").status_code == 200
