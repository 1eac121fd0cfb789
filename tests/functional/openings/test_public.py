"""What everybody sees: list, filters, search, one opening, its slip, JSON-LD, the API."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.factories import make_account, make_employer, make_household, make_opening, make_resident
from tests.functional.pages import text
from webapp.core import clock
from webapp.core.vocabulary import Education, Kind, PayUnit
from webapp.employers.models import Employer
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

SHIPING = "重庆市/九龙坡区/石坪桥街道"


@pytest.fixture
def openings(write):
    """A handful of openings, each found by another filter."""
    with write() as session:
        employer = make_employer(session, name="重庆暖邻家政服务有限公司")
        return {
            name: make_opening(session, employer_id=employer.id, **fields).id
            for name, fields in {
                "cleaner": {"title": "小区保洁员", "demands": ["standing"], "skills": ["扫地"]},
                "guard": {
                    "title": "夜班保安",
                    "place": SHIPING,
                    "education": Education.JUNIOR_HIGH,
                    "demands": ["night"],
                    "hours": [{"days": "1234567", "start": "20:00", "end": "08:00"}],
                    "pay_month_min_fen": 350000,
                    "pay_month_max_fen": 420000,
                },
                "sewing": {
                    "title": "手工串珠",
                    "kind": Kind.PIECEWORK,
                    "at_home": True,
                    "place": SHIPING,
                    "pay_text": "0.35元/个",
                    "pay_min_fen": 35,
                    "pay_max_fen": 35,
                    "pay_unit": PayUnit.PIECE,
                    "pay_month_min_fen": None,
                    "pay_month_max_fen": None,
                },
                "course": {"title": "低压电工培训", "kind": Kind.COURSE},
            }.items()
        }


TITLES = {
    "小区保洁员": "cleaner",
    "夜班保安": "guard",
    "手工串珠": "sewing",
    "低压电工培训": "course",
}


def found(browser, query, status=200):
    response = browser.get(f"/openings/?{query}")
    assert response.status_code == status, query
    html = text(response)
    assert re.search(r"一共 \d+ 条|没有完全合适的", html)
    html = html.split("这些比较接近")[0]
    places = {name: html.find(f">{title}<") for title, name in TITLES.items()}
    return sorted((name for name, at in places.items() if at >= 0), key=places.__getitem__)


FILTERS = [
    ("", ["course", "sewing", "guard", "cleaner"]),
    ("kind=piecework", ["sewing"]),
    ("at_home=1", ["sewing"]),
    ("near=estate", ["course", "sewing", "cleaner"]),
    ("near=street", ["course", "sewing", "cleaner"]),
    ("near=district", ["course", "sewing", "guard", "cleaner"]),
    ("no_schooling=1", ["course", "sewing", "cleaner"]),
    ("pay=4000", ["guard"]),
    ("avoid=night&avoid=standing", ["course", "sewing"]),
    ("hours=daytime", ["course", "sewing", "cleaner"]),
    ("hours=weekdays", ["course", "sewing", "cleaner"]),
    ("hours=own_time", ["course", "sewing", "cleaner"]),
    # Characters, traditional ones, pinyin whole, parted and begun, initials, skills.
    ("q=保洁", ["cleaner"]),
    ("q=保潔", ["cleaner"]),
    ("q=baojie", ["cleaner"]),
    ("q=bao jie", ["cleaner"]),
    ("q=bjy", ["cleaner"]),
    ("q=dydg", ["course"]),
    ("q=扫地", ["cleaner"]),
    ("q=暖邻 保安", ["guard"]),
    # Other characters of the same sound, a letter too many, letters the wrong way round.
    ("q=保结", ["cleaner"]),
    ("q=baoojie", ["cleaner"]),
    ("q=baojeiyuan", ["cleaner"]),
    ("q=低压电工陪训", ["course"]),
    ("q=保洁&kind=course", []),
    ("q=zzzzqqq", []),
    ("page=99999999999999999999", list(reversed(TITLES.values()))),
    ("q=%25", []),
    ("q=   ", list(reversed(TITLES.values()))),
]


def test_filters_and_search(client, openings):
    for query, expected in FILTERS:
        assert found(client, query) == expected, query


def test_near_and_limits_follow_the_resident(write, sign_in, openings):
    with write() as session:
        account = make_account(session)
        household = make_household(session, place=f"{SHIPING}/石坪村")
        make_resident(session, account_id=account.id, household_id=household.id, limits=["night"])
    browser = sign_in(account)
    assert found(browser, "near=street") == ["sewing", "guard"]
    assert found(browser, "suits=1") == ["course", "sewing", "cleaner"]


def test_what_is_not_open_is_in_no_list(client, write):
    with write() as session:
        for state in set(OpeningState) - {OpeningState.PUBLISHED}:
            make_opening(session, title=f"不该看到{state}", state=state)
        yesterday = clock.today() - timedelta(days=1)
        make_opening(session, title="不该看到过期", valid_until=yesterday)
        make_opening(session, title="不该看到招满", headcount=1, hired_count=1)
        today = make_opening(session, title="今天还在", valid_until=clock.today())
    for path in ("/", "/openings/", "/openings/?q=看到", "/api/v1/openings"):
        assert "不该看到" not in text(client.get(path)), path
    assert "今天还在" in text(client.get("/openings/"))
    assert client.get(f"/openings/{today.id}").status_code == 200


def test_lists_follow_every_change_at_once(client, write):
    with write() as session:
        opening = make_opening(session, title="第一个名字", headcount=1)
    assert "第一个名字" in text(client.get("/openings/"))
    with write() as session:
        row = session.get(Opening, opening.id)
        row.title, row.updated_at = "第二个名字", clock.now()
    assert "第二个名字" in text(client.get("/openings/"))
    with write() as session:
        session.get(Opening, opening.id).hired_count = 1
    assert "第二个名字" not in text(client.get("/openings/"))


def test_pages_of_twenty_newest_first_with_few_queries(client, write, db):
    with write() as session:
        employer = make_employer(session)
        for n in range(45):
            make_opening(session, employer_id=employer.id, title=f"岗位{n:02d}")
    first = text(client.get("/openings/?kind=vacancy"))
    titles = re.findall(r">岗位(\d\d)<", first)
    assert titles == [f"{n:02d}" for n in range(44, 24, -1)]
    assert "kind=vacancy" in first.split('rel="next"')[1].split(">")[0]
    last = text(client.get("/openings/?page=3"))
    assert re.findall(r">岗位(\d\d)<", last) == ["04", "03", "02", "01", "00"]
    # Addresses that differ only far behind are different lists, drawn once or not.
    for padding in (300, 3000):
        pages = [client.get(f"/openings/?x={'y' * padding}&page={n}").data for n in (1, 2, 1)]
        assert pages[0] != pages[1]
        assert b">\xe5\xb2\x97\xe4\xbd\x8d44<" in pages[2]
    statements = []
    event.listen(db.read_engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    client.get("/openings/?page=2&q=岗位")
    assert len(statements) <= 3, statements


def test_one_opening_in_words(client, write):
    with write() as session:
        opening = make_opening(
            session,
            title="叉车工",
            certificates=["叉车证"],
            demands=["lifting"],
            hours=[{"days": "12345", "start": "08:30", "end": "17:00"}],
            hazardous=True,
        )
    page = text(client.get(f"/openings/{opening.id}"))
    for words in (
        "2,800–3,200 元/月",
        "叉车证",
        "搬重东西",
        "周一至周五",
        "不满 18 岁",
        "我想去",
    ):
        assert words in page
    assert client.get("/openings/999999").status_code == 404
    assert client.get("/openings/0").status_code == 404
    assert client.get("/openings/99999999999").status_code == 404


def test_a_resident_finds_the_one_button(write, sign_in):
    with write() as session:
        account = make_account(session)
        make_resident(session, account_id=account.id)
        opening = make_opening(session)
        full = make_opening(session, headcount=1, hired_count=1)
    browser = sign_in(account)
    page = text(browser.get(f"/openings/{opening.id}"))
    assert f'action="/me/openings/{opening.id}/interest"' in page
    assert "我想去" in page
    assert "我想去" not in text(browser.get(f"/openings/{full.id}"))


def test_gone_says_why(client, write):
    yesterday = clock.today() - timedelta(days=1)
    with write() as session:
        late = make_opening(session, valid_until=yesterday)
        expired = make_opening(session, valid_until=yesterday, state=OpeningState.EXPIRED)
        closed = make_opening(session, state=OpeningState.CLOSED)
        never = make_opening(session, state=OpeningState.CLOSED, published_at=None)
    for opening, word in ((late, "已过期"), (expired, "已过期"), (closed, "已结束")):
        response = client.get(f"/openings/{opening.id}")
        assert response.status_code == 410
        assert word in text(response)
    assert client.get(f"/openings/{never.id}").status_code == 404


def test_json_ld_of_a_vacancy(client, write):
    with write() as session:
        employer = make_employer(session, name="重庆</script><b>公司")
        opening = make_opening(
            session, employer_id=employer.id, description="打扫 </script><script>alert(1)</script>"
        )
        course = make_opening(session, kind=Kind.COURSE)
    page = text(client.get(f"/openings/{opening.id}"))
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(blocks) == 1
    posting = json.loads(blocks[0])
    assert posting["@type"] == "JobPosting"
    assert posting["title"] == opening.title
    assert posting["description"] == opening.description
    assert posting["hiringOrganization"]["name"] == employer.name
    assert posting["datePosted"] == clock.today().isoformat()
    assert posting["validThrough"].startswith((opening.valid_until + timedelta(days=1)).isoformat())
    assert posting["jobLocation"]["address"]["addressRegion"] == "重庆市"
    assert posting["baseSalary"]["value"] == {
        "@type": "QuantitativeValue",
        "minValue": 2800.0,
        "maxValue": 3200.0,
        "unitText": "MONTH",
    }
    assert posting["employmentType"] == "FULL_TIME"
    assert "ld+json" not in text(client.get(f"/openings/{course.id}"))


def test_slip_carries_the_address_as_a_code(client, write):
    with write() as session:
        opening = make_opening(session)
    page = text(client.get(f"/openings/{opening.id}/slip"))
    assert "<svg" in page
    assert "style=" not in page
    assert f"编号 {opening.id}" in page


def test_api_is_what_its_description_says(client, openings, write, db):
    description = client.get("/api/v1/openapi.json").get_json()
    assert description["openapi"].startswith("3.1")
    listing = description["paths"]["/api/v1/openings"]["get"]
    schemas = description["components"]["schemas"]
    answer = client.get("/api/v1/openings").get_json()
    assert set(answer) == set(schemas["Page"]["properties"]) == set(schemas["Page"]["required"])
    assert answer["total"] == 4
    for item in answer["items"]:
        _check(item, schemas["Opening"])
    good = {"q": "bjy", "kind": "vacancy", "pay": "1", "page": "1"}
    names = [parameter["name"] for parameter in listing["parameters"]]
    for parameter in listing["parameters"]:
        name, schema = parameter["name"], parameter["schema"]
        schema = schema.get("items", schema)
        value = schema["enum"][0] if "enum" in schema else good.get(name, "true")
        assert client.get("/api/v1/openings", query_string={name: value}).status_code == 200
        if name != "q":
            refused = client.get("/api/v1/openings", query_string={name: "nonsense"})
            assert refused.status_code == 400, name
            _check(refused.get_json(), schemas["Error"])
    assert {"q", "kind", "near", "page"} <= set(names)
    assert client.get("/api/v1/openings?q=" + "a" * 41).status_code == 400
    assert client.get("/api/v1/openings?page=99999").status_code == 400


def _check(value, schema):
    """Hold a JSON value to the few words of JSON Schema that the description uses."""
    types = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "null": type(None),
    }
    named = schema.get("type", [])
    if named:
        names = [named] if isinstance(named, str) else named
        assert any(isinstance(value, types[name]) for name in names), (value, schema)
    if "enum" in schema:
        assert value in schema["enum"]
    if isinstance(value, dict):
        assert set(schema.get("required", [])) <= set(value)
        if schema.get("additionalProperties") is False:
            assert set(value) <= set(schema["properties"])
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                _check(value[name], inner)
    if isinstance(value, list):
        for one in value:
            _check(one, schema["items"])


def test_api_pages_through_everything_once_and_names_nobody(client, write):
    with write() as session:
        employer: Employer = make_employer(
            session, phone="023-68123456", contact_name="周丽华", credit_code="91500107MA5U6N4K38"
        )
        for n in range(45):
            make_opening(session, employer_id=employer.id, title=f"岗位{n}")
    address, ids, bodies = "/api/v1/openings", [], ""
    while address:
        response = client.get(address)
        bodies += text(response)
        answer = response.get_json()
        ids += [item["id"] for item in answer["items"]]
        address = answer["next"]
    assert len(ids) == len(set(ids)) == 45
    assert ids == sorted(ids, reverse=True)
    for private in ("68123456", "周丽华", "91500107MA5U6N4K38"):
        assert private not in bodies
