"""Staff search people: what is understood, who is found, who comes near, what is left out."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.factories import make_account, make_household, make_resident
from webapp.caseload.phrase_meanings import keep_meanings
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.residents.models import Experience, SensitiveRecord

MORNINGS = [{"days": "12345", "start": "08:00", "end": "12:00"}]
EVENINGS = [{"days": "1234567", "start": "18:00", "end": "22:00"}]
PEOPLE: dict[str, dict[str, Any]] = {
    "陈桂芳": {
        "home": "9栋1单元-301",
        "skills": ["踩缝纫机"],
        "available": MORNINGS,
        "birth_date": (1972, 5, 1),
    },
    "王大爷": {
        "home": "10栋1单元-302",
        "wanted": ["门卫"],
        "available": EVENINGS,
        "birth_date": (1961, 1, 1),
        "phone": "13812345678",
    },
    "赵小妹": {
        "home": "3栋2单元-501",
        "skills": ["带孩子"],
        "certificates": ["健康证"],
        "birth_date": (1990, 1, 1),
    },
    "刘裁缝": {"home": "30栋1单元-101", "skills": ["裁衣服", "缝纫"], "available": EVENINGS},
    "周无话": {"home": "20栋1单元-101"},
}


@pytest.fixture
def people(app: Flask, db: Database, write: Any) -> None:
    """People whom each condition sorts otherwise, their phrases' meanings worked out."""
    with write() as session:
        for name, fields in PEOPLE.items():
            values = dict(fields)
            home = make_household(session, unit_address=values.pop("home"))
            born = values.pop("birth_date", None)
            resident = make_resident(
                session,
                name=name,
                household_id=home.id,
                **{"wanted": [], "skills": [], "available": [], "phone": None, **values},
                birth_date=clock.today().replace(*born) if born else None,
            )
            if name == "周无话":
                session.add(Experience(resident_id=resident.id, title="焊工"))
                session.add(
                    SensitiveRecord(
                        resident_id=resident.id, disability="三级残疾", allowance="低保"
                    )
                )
    with app.app_context():
        assert keep_meanings(db) > 0
        assert keep_meanings(db) == 0


@pytest.fixture
def desk(people: None, sign_in: Any, write: Any) -> FlaskClient:
    """The browser of a member of staff."""
    with write() as session:
        member = make_account(session, role=Role.STAFF, name="李晓梅")
    browser: FlaskClient = sign_in(member)
    return browser


def found(desk: FlaskClient, query: str) -> tuple[list[str], str]:
    """Return the names found, in order, and the page."""
    response = desk.get("/staff/residents/", query_string={"q": query})
    assert response.status_code == 200
    page = response.get_data(as_text=True)
    return re.findall(r'href="/staff/residents/\d+">([^<]+)<', page), page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("会缝纫、上午有空、九栋附近", ["陈桂芳"]),
        ("九栋附近 上午有空 会缝纫 会缝纫", ["陈桂芳"]),
        ("会做衣服", ["刘裁缝", "陈桂芳"]),
        ("想看大门", ["王大爷"]),
        ("引娃儿", ["赵小妹"]),
        ("晚上有空", ["刘裁缝", "王大爷"]),
        ("周末晚上有空", ["刘裁缝", "王大爷"]),
        ("周三上午", ["陈桂芳"]),
        ("9栋附近", ["陈桂芳", "王大爷"]),
        ("9栋", ["陈桂芳"]),
        ("3-2-501", ["赵小妹"]),
        ("60岁以上", ["王大爷"]),
        ("三十多岁", ["赵小妹"]),
        ("有健康证", ["赵小妹"]),
        ("会电焊", ["周无话"]),
        ("桂芳", ["陈桂芳"]),
        ("陈贵芳", ["陈桂芳"]),
        ("chenguifang", ["陈桂芳"]),
        ("cgf", ["陈桂芳"]),
        ("5678", ["王大爷"]),
        ("%", []),
        ("、、", []),
    ],
)
def test_what_staff_say_finds_whom_they_mean(
    desk: FlaskClient, query: str, names: list[str]
) -> None:
    with clock.frozen(clock.now().replace(year=2026, month=11, day=30)):
        listed, page = found(desk, query)
    assert sorted(listed) == sorted(names)
    assert "比较接近" not in page


def test_what_was_understood_can_be_taken_away_one_by_one(desk: FlaskClient) -> None:
    _, page = found(desk, "会缝纫、上午有空、九栋附近")
    understood = page.split('aria-labelledby="understood"')[1].split("</nav>")[0]
    chips = re.findall(r'href="([^"]+)">([^<]+)<', understood)
    assert [words for _href, words in chips] == [
        "会：缝纫",
        "上午有空",
        "9 栋附近（7 到 11 栋）",
    ]
    fewer = desk.get(chips[1][0].replace("&amp;", "&")).get_data(as_text=True)
    assert "上午有空<" not in fewer
    assert "会：缝纫" in fewer
    assert "陈桂芳" in fewer


def test_why_somebody_is_found_stands_beside_them(desk: FlaskClient) -> None:
    _, page = found(desk, "会缝纫 上午有空")
    assert "会：踩缝纫机；有空：周一至周五" in page


def test_when_nobody_fits_all_the_nearest_are_said_to_be_near(desk: FlaskClient) -> None:
    names, page = found(desk, "会缝纫 晚上有空 9栋附近")
    assert "没有样样都合适的，这些比较接近" in page
    assert set(names) == {"陈桂芳", "刘裁缝", "王大爷"}  # each meets two
    assert "没有这样的居民" in found(desk, "zzzqqq")[1]


@pytest.mark.parametrize("word", ["残疾", "低保", "三级残疾的", "吃低保"])
def test_nobody_is_found_by_what_is_kept_encrypted(desk: FlaskClient, word: str) -> None:
    names, page = found(desk, word)
    assert names == []
    assert "不能这样找" in page
    # Beside other words it narrows nothing, and changes nothing in the order.
    assert found(desk, f"{word} 会电焊")[0] == found(desk, "会电焊")[0] == ["周无话"]
    assert found(desk, f"{word} 晚上有空")[0] == found(desk, "晚上有空")[0]


def test_a_search_asks_the_database_as_little_for_many_as_for_few(
    desk: FlaskClient, db: Database, write: Any
) -> None:
    statements: list[str] = []
    event.listen(db.read_engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    found(desk, "会缝纫 上午有空")
    statements.clear()
    found(desk, "会缝纫 上午有空")
    few = len(statements)
    with write() as session:
        for n in range(40):
            make_resident(session, name=f"居民{n:02d}", skills=["缝纫"], available=MORNINGS)
    statements.clear()
    names, page = found(desk, "会缝纫 上午有空")
    assert len(names) == 20
    assert "41 人" in page
    assert len(statements) <= few + 1 <= 10, statements


@pytest.mark.parametrize("text", ["陈", "chen", "139", "3栋2单元-501", "九栋附近", "四十多岁"])
def test_what_people_do_is_read_only_where_it_is_asked_for(
    people: None, desk: FlaskClient, db: Database, text: str
) -> None:
    """Reading everybody's work made a search for a name take 280 ms among 20,000 people."""
    statements: list[str] = []
    event.listen(db.read_engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    found(desk, text)
    everybody = [one for one in statements if "resident.skills" in one]
    assert everybody == [], text
    found(desk, "会缝纫")
    assert [one for one in statements if "resident.skills" in one]


def test_only_staff_search_people(
    people: None, client: FlaskClient, sign_in: Any, write: Any
) -> None:
    assert client.get("/staff/residents/?q=缝纫").status_code in {302, 303}
    with write() as session:
        account = make_account(session)
        make_resident(session, account_id=account.id)
    assert sign_in(account).get("/staff/residents/?q=缝纫").status_code == 403
