"""Search on the public list and in its API: conditions, meaning, what is near, and the cost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.factories import make_employer, make_opening
from webapp.core import clock
from webapp.core.db import Database
from webapp.core.vocabulary import Education, Kind
from webapp.openings.catalogue_cache import keep_meanings
from webapp.openings.models import Opening
from webapp.openings.queries import search

MORNING = [{"days": "12345", "start": "08:00", "end": "12:00"}]
EVENING = [{"days": "12345", "start": "18:30", "end": "21:30"}]
OPENINGS: dict[str, dict[str, Any]] = {
    "早餐店帮工": {"hours": MORNING, "description": "包抄手、炸油条。工钱当天结清。"},
    "夜市传菜员": {"hours": EVENING, "description": "端盘子收桌子，包两餐，有员工宿舍。"},
    "育儿嫂": {"description": "照看一岁半的娃儿，做辅食、哄睡。", "demands": ["lifting"]},
    "仓库统计": {
        "education": Education.SENIOR_HIGH,
        "demands": ["reading"],
        "address": "石坪桥2号",
    },
    "手工串珠": {"kind": Kind.PIECEWORK, "at_home": True, "flexible": True},
}


@pytest.fixture
def openings(app: Flask, db: Database, write: Any) -> None:
    """Openings that each condition sorts otherwise, their meanings worked out."""
    with write() as session:
        employer = make_employer(session)
        for title, fields in OPENINGS.items():
            make_opening(session, title=title, employer_id=employer.id, **fields)
    with app.app_context():
        assert keep_meanings(db) == len(OPENINGS)


def parts(client: FlaskClient, query: str) -> tuple[list[str], list[str], str]:
    """Return the titles that answer, those that are near, and the page."""
    response = client.get("/openings/", query_string={"q": query})
    assert response.status_code == 200
    page = response.get_data(as_text=True)
    answers, _, near = page.partition("这些比较接近")
    each = [re.findall(r'stretched-link"[^>]*>([^<]+)<', part) for part in (answers, near)]
    return each[0], each[1], page


@pytest.mark.parametrize(
    ("query", "first", "why"),
    [
        ("日结", "早餐店帮工", "当天结钱：工钱当天结清"),
        ("rijie", "早餐店帮工", "当天结钱：工钱当天结清"),
        ("只做上午", "早餐店帮工", "上午做完"),
        ("晚上做", "夜市传菜员", "晚上做"),
        ("包吃住", "夜市传菜员", "包吃住"),
        ("引娃儿", "育儿嫂", "是一类活"),
        ("带娃", "育儿嫂", "是一类活"),
        ("在家做", "手工串珠", "在家做"),
        ("石坪桥", "仓库统计", "地点在石坪桥"),
    ],
)
def test_what_people_say_finds_it_and_says_why(
    openings: None, client: FlaskClient, query: str, first: str, why: str
) -> None:
    answers, _, page = parts(client, query)
    assert answers[0] == first
    assert why in page


def test_facts_of_the_posting_rule_out_what_its_words_do_not(
    openings: None, client: FlaskClient
) -> None:
    assert "仓库统计" not in parts(client, "不要学历")[0]
    assert "没写要学历" in parts(client, "不要学历")[2]
    assert "夜市传菜员" not in parts(client, "不上夜班")[0]


def test_several_words_narrow_and_the_nearest_are_said_to_be_near(
    openings: None, client: FlaskClient
) -> None:
    answers, near, page = parts(client, "日结 包吃住")
    assert answers == []
    assert set(near[:2]) == {"早餐店帮工", "夜市传菜员"}
    assert "没有完全合适的，这些比较接近" in page
    assert parts(client, "晚上 包吃住")[0] == ["夜市传菜员"]
    nothing = parts(client, "qqqzzz")
    assert nothing[:2] == ([], [])
    assert "没有找到" in nothing[2]


def test_filters_count_before_the_nearest_are_chosen(openings: None, client: FlaskClient) -> None:
    page = client.get("/openings/?q=日结&kind=piecework").get_data(as_text=True)
    assert "早餐店帮工" not in page


def test_what_was_meant_is_said_when_it_was_typed_otherwise(
    openings: None, client: FlaskClient
) -> None:
    assert "照“育儿嫂”找的" in parts(client, "yuersao")[2]
    assert "找的" not in parts(client, "育儿嫂")[2].split("<main")[1]


def test_the_api_finds_the_same_and_says_why(openings: None, client: FlaskClient) -> None:
    answer = client.get("/api/v1/openings", query_string={"q": "日结"}).get_json()
    assert [item["title"] for item in answer["items"]] == ["早餐店帮工"]
    assert answer["items"][0]["found_because"] == ["当天结钱：工钱当天结清"]
    near = client.get("/api/v1/openings", query_string={"q": "日结 包吃住"}).get_json()
    assert (near["items"], near["total"]) == ([], 0)
    assert {"早餐店帮工", "夜市传菜员"} <= {item["title"] for item in near["nearest"]}
    plain = client.get("/api/v1/openings").get_json()
    assert plain["nearest"] == []
    assert [item["found_because"] for item in plain["items"]] == [[]] * len(OPENINGS)


def test_an_opening_is_found_by_its_words_until_its_meaning_is_there(
    app: Flask, db: Database, client: FlaskClient, write: Any
) -> None:
    with write() as session:
        make_opening(session, title="育儿嫂")
    assert parts(client, "育儿嫂")[0] == ["育儿嫂"]
    assert parts(client, "引娃儿")[0] == []
    with app.app_context():
        keep_meanings(db)
    with clock.frozen(clock.now() + search.LOOK_AGAIN):
        assert parts(client, "引娃儿")[0] == ["育儿嫂"]
    with write() as session:  # a change of words has it looked at anew
        row = session.get_one(Opening, 1)
        row.title, row.updated_at = "电焊工", clock.now()
    assert parts(client, "引娃儿")[0] == []


def test_a_search_asks_the_database_little_and_works_out_no_opening(
    openings: None, app: Flask, client: FlaskClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_openings: object) -> None:
        raise AssertionError("an opening's meaning is worked out in a request")

    monkeypatch.setattr("matching.search.meanings.opening_meanings", refuse)
    statements: list[str] = []
    note: Callable[..., None] = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(db.read_engine, "before_cursor_execute", note)
    counts = []
    for query in ("日结", "包吃住", "带娃"):
        statements.clear()
        parts(client, query)
        counts.append(len(statements))
    assert counts[0] <= 3, counts  # the meanings once
    assert counts[1] == counts[2] <= 2, counts
