"""An opening's whole way through the real forms, and all that must not go through."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.factories import make_account, make_employer, make_match, make_opening
from tests.forms import submit
from webapp.core import clock, request_keys
from webapp.core.access import Role
from webapp.core.vocabulary import Education, Kind, PayUnit
from webapp.engine.models import SuggestionRequest
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.services.editing import expire_openings

NEW = "/employer/openings/new/vacancy"


def text(response):
    return response.get_data(as_text=True)


def vacancy(**changes):
    return {
        "title": "小区保洁员",
        "category": "家政",
        "description": "打扫楼道和电梯。买保险。",
        "city": "重庆市",
        "district": "九龙坡区",
        "town": "华岩镇",
        "estate": "华龙家园",
        "address": "3栋门口",
        "pay_text": "3000-4500元/月",
        "headcount": "2",
        "valid_until": (clock.today() + timedelta(days=30)).isoformat(),
        "education": "none",
        "skills": "打扫卫生\n拖地",
        "demands": ["standing", "walking"],
        "hours-0-days": ["1", "2", "3"],
        "hours-0-start": "08:30",
        "hours-0-end": "16:30",
        "idempotency_key": request_keys.fresh(),  # each page has its own
        **changes,
    }


@pytest.fixture
def people(write, sign_in):
    """An employer's browser and a member of staff's, and the employer."""
    with write() as session:
        account = make_account(session, role=Role.EMPLOYER)
        employer = make_employer(session, member=account)
        staff = make_account(session, role=Role.STAFF)
    return sign_in(account), sign_in(staff), employer


def only_opening(db):
    with db.reader() as session:
        return session.exec(select(Opening)).one()


def reload(db, opening_id):
    with db.reader() as session:
        return session.get(Opening, opening_id)


def publish(staff, opening_id, note="", version=None):
    page = f"/staff/openings/{opening_id}"
    html = text(staff.get(page))
    version = version or html.split('name="version"')[1].split('value="')[1].split('"')[0]
    return submit(staff, f"{page}/publish", {"version": version, "note": note}, page=page)


@pytest.mark.slow
def test_from_draft_to_410(people, client, db, write):
    browser, staff, employer = people
    saved = submit(browser, NEW, vacancy())
    assert saved.status_code == 303
    opening = only_opening(db)
    own = f"/employer/openings/{opening.id}"
    assert saved.headers["Location"] == own
    assert opening.state is OpeningState.DRAFT
    assert opening.place == "重庆市/九龙坡区/华岩镇/华龙家园"
    assert (opening.pay_min_fen, opening.pay_max_fen) == (300000, 450000)
    assert opening.pay_unit is PayUnit.MONTH
    assert opening.education is Education.NONE
    assert opening.hours == [{"days": "123", "start": "08:30", "end": "16:30"}]
    assert opening.skills == ["打扫卫生", "拖地"]
    shown = text(browser.get(own))
    assert "3,000–4,500 元/月" in shown  # read back in figures, to be confirmed
    assert client.get(f"/openings/{opening.id}").status_code == 404

    assert submit(browser, f"{own}/submit", page=own).status_code == 303
    assert submit(browser, f"{own}/submit", page=own).status_code == 409
    queue = text(staff.get("/staff/openings/?state=submitted"))
    assert "小区保洁员" in queue
    assert publish(staff, opening.id).status_code == 303
    opening = reload(db, opening.id)
    assert opening.state is OpeningState.PUBLISHED
    assert opening.reviewed_by_id is not None
    with db.reader() as session:
        assert session.exec(select(SuggestionRequest)).one().resident_id is None

    assert "小区保洁员" in text(client.get("/openings/"))
    assert "小区保洁员" in text(client.get("/"))
    page = client.get(f"/openings/{opening.id}")
    assert page.status_code == 200
    assert employer.name in text(page)

    with write() as session:
        match = make_match(session, opening_id=opening.id, state=MatchState.OFFERED)
    with clock.frozen(clock.now() + timedelta(days=31)):
        # Before the nightly job has run.
        late = client.get(f"/openings/{opening.id}")
        assert late.status_code == 410
        assert "已过期" in text(late)
        assert "ld+json" not in text(late)
        assert client.get(f"/openings/{opening.id}/slip").status_code == 410
        assert "小区保洁员" not in text(client.get("/openings/"))
        with write() as session:
            assert expire_openings(session) == 1
        with write() as session:
            assert expire_openings(session) == 0
        assert reload(db, opening.id).state is OpeningState.EXPIRED
        assert client.get(f"/openings/{opening.id}").status_code == 410
    with db.reader() as session:
        assert session.get(Match, match.id).state is MatchState.OPENING_CLOSED


def test_the_same_form_twice_makes_one_draft(people, db):
    browser, _staff, _employer = people
    data = vacancy()
    first = submit(browser, NEW, data)
    second = submit(browser, NEW, data)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    only_opening(db)


BAD = [
    ({"title": ""}, "请填标题"),
    ({"title": "长" * 81}, "最多 80 个字"),
    ({"description": "长" * 4001}, "最多 4000 个字"),
    ({"headcount": "0"}, "请填 1 到 9999"),
    ({"headcount": "-3"}, "请填 1 到 9999"),
    ({"headcount": "10000"}, "请填 1 到 9999"),
    ({"headcount": "9" * 5000}, "请填整数"),
    ({"headcount": "两个"}, "请填整数"),
    ({"valid_until": "2020-01-01"}, "这一天已经过了"),
    ({"valid_until": "2999-01-01"}, "最多 180 天"),
    ({"valid_until": "明天"}, "日期不对"),
    ({"education": "phd"}, "学历"),
    ({"demands": ["flying"]}, "这个活要"),
    ({"city": "重庆市/万州区"}, "不要写斜杠"),
    ({"hours-0-days": []}, "请选哪几天"),
    ({"hours-0-start": "25:00"}, "请选从几点到几点"),
    ({"hours-0-end": "08:30"}, "开始和结束不能一样"),
    ({"pay_text": "99999元/小时"}, "这个数目看不懂"),
    ({"skills": "\n".join(str(n) for n in range(31))}, "最多填 30 条"),
    ({"idempotency_key": "x"}, "请刷新页面"),
]


def test_bad_input_changes_nothing_and_keeps_what_was_typed(people, db):
    browser, _staff, _employer = people
    for changes, message in BAD:
        response = submit(browser, NEW, vacancy(**changes))
        assert response.status_code == 400, changes
        assert message in text(response), changes
        assert "3栋门口" in text(response)
    with db.reader() as session:
        assert session.exec(select(Opening)).first() is None


def test_nul_is_refused_and_html_is_only_text(people, db):
    browser, _staff, _employer = people
    assert submit(browser, NEW, vacancy(title="保洁\x00员")).status_code == 400
    evil = "<script>alert(1)</script>"
    submit(browser, NEW, vacancy(title=evil, description=evil))
    page = text(browser.get(f"/employer/openings/{only_opening(db).id}"))
    assert evil not in page
    assert "&lt;script&gt;" in page


def test_submission_lists_what_the_law_asks_for(people, db):
    browser, _staff, _employer = people
    bare = dict.fromkeys(("description", "city", "district", "town", "estate", "skills"), "")
    submit(browser, NEW, vacancy(**bare, pay_text="面议", education="", demands=[]))
    own = f"/employer/openings/{only_opening(db).id}"
    response = submit(browser, f"{own}/submit", page=own)
    assert response.status_code == 400
    for message in ("做些什么", "没写在哪里", "没写要什么条件", "没写钱怎么算"):
        assert message in text(response)
    assert only_opening(db).state is OpeningState.DRAFT


def test_forbidden_text_is_shown_with_its_sentence(people, db):
    browser, staff, _employer = people
    submit(browser, NEW, vacancy(description="打扫楼道。入职要交押金500元。不收体检费。"))
    opening_id = only_opening(db).id
    own = f"/employer/openings/{opening_id}"
    response = submit(browser, f"{own}/submit", page=own)
    assert response.status_code == 400
    assert "入职要交押金500元。" in text(response)
    assert "劳动合同法第九条" in text(staff.get(f"/staff/openings/{opening_id}"))


def test_flagged_words_need_a_note(people, db):
    browser, staff, _employer = people
    submit(browser, NEW, vacancy(description="打扫浴室，提成上不封顶。"))
    opening_id = only_opening(db).id
    own = f"/employer/openings/{opening_id}"
    assert submit(browser, f"{own}/submit", page=own).status_code == 303
    for note in ("", "好"):
        refused = publish(staff, opening_id, note=note)
        assert refused.status_code == 400
        assert "写明依据是什么" in text(refused)
    note = "看过单位上个月的提成表，确实没有上限"
    assert publish(staff, opening_id, note=note).status_code == 303
    assert reload(db, opening_id).review_note == note


def test_no_publishing_without_a_check_within_183_days(write, people, db):
    _browser, staff, _employer = people

    def publish_checked_before(days):
        with write() as session:
            employer = make_employer(session, verified_at=clock.now() - timedelta(days=days))
            opening = make_opening(
                session,
                employer_id=employer.id,
                state=OpeningState.SUBMITTED,
                education=Education.NONE,
                published_at=None,
            )
        return publish(staff, opening.id), opening.id

    response, opening_id = publish_checked_before(184)
    assert response.status_code == 400
    assert "上次核实已超过 183 天" in text(response)
    assert reload(db, opening_id).state is OpeningState.SUBMITTED
    response, opening_id = publish_checked_before(183)
    assert response.status_code == 303
    assert reload(db, opening_id).state is OpeningState.PUBLISHED


def test_a_reviewer_publishes_only_what_they_saw(write, people, db):
    browser, staff, _employer = people
    submit(browser, NEW, vacancy())
    opening_id = only_opening(db).id
    own = f"/employer/openings/{opening_id}"
    submit(browser, f"{own}/submit", page=own)
    seen = only_opening(db).updated_at.isoformat()
    submit(browser, f"{own}/edit", vacancy(description="改成夜班保安。"))
    assert publish(staff, opening_id, version=seen).status_code == 409
    assert publish(staff, opening_id, version="nonsense").status_code == 409
    assert only_opening(db).state is OpeningState.SUBMITTED


def test_returned_with_a_reason_then_mended(people, db):
    browser, staff, _employer = people
    submit(browser, NEW, vacancy())
    opening_id = only_opening(db).id
    own, page = f"/employer/openings/{opening_id}", f"/staff/openings/{opening_id}"
    submit(browser, f"{own}/submit", page=own)
    assert submit(staff, f"{page}/return", {"reason": ""}, page=page).status_code == 400
    assert submit(staff, f"{page}/return", {"reason": "写清班次"}, page=page).status_code == 303
    assert "写清班次" in text(browser.get(own))
    assert submit(staff, f"{page}/return", {"reason": "又来"}, page=page).status_code == 409
    submit(browser, f"{own}/edit", vacancy(description="早班，打扫楼道。"))
    assert submit(browser, f"{own}/submit", page=own).status_code == 303


def test_an_edit_of_a_published_opening_goes_back_to_review(people, write, client, db):
    browser, _staff, employer = people
    with write() as session:
        opening = make_opening(session, employer_id=employer.id, hired_count=2, headcount=3)
    own = f"/employer/openings/{opening.id}"
    few = submit(browser, f"{own}/edit", vacancy(headcount="1"))
    assert few.status_code == 400
    assert "已经有 2 人上岗" in text(few)
    assert submit(browser, f"{own}/edit", vacancy(headcount="4")).status_code == 303
    assert reload(db, opening.id).state is OpeningState.SUBMITTED
    assert client.get(f"/openings/{opening.id}").status_code == 404


def test_closing_asks_once_and_ends_what_is_under_way(people, write, client, db):
    browser, _staff, employer = people
    with write() as session:
        opening = make_opening(session, employer_id=employer.id)
        match = make_match(session, opening_id=opening.id, state=MatchState.APPLIED)
    own = f"/employer/openings/{opening.id}"
    assert "不招了" in text(browser.get(f"{own}/close"))
    assert submit(browser, f"{own}/close").status_code == 303
    assert client.get(f"/openings/{opening.id}").status_code == 410
    with db.reader() as session:
        assert session.get(Match, match.id).state is MatchState.OPENING_CLOSED
    assert submit(browser, f"{own}/close", page="/employer/").status_code == 409
    assert submit(browser, f"{own}/edit", vacancy()).status_code == 409


def test_another_employers_opening_does_not_exist(people, write):
    browser, _staff, _employer = people
    with write() as session:
        other = make_opening(session)
    own = f"/employer/openings/{other.id}"
    for path in ("", "/edit", "/close"):
        assert browser.get(own + path).status_code == 404
    for path in ("/edit", "/submit", "/close"):
        assert submit(browser, own + path, vacancy(), page="/employer/").status_code == 404
    staff_page = f"/staff/openings/{other.id}"
    assert browser.get(staff_page).status_code == 403
    for path in ("/publish", "/return", "/submit", "/edit", "/close"):
        assert submit(browser, staff_page + path, page="/employer/").status_code == 403


def test_staff_write_every_kind_and_publish_it(people, db):
    _browser, staff, employer = people
    for kind in Kind:
        if kind is Kind.PIECEWORK:  # it is written as an order
            assert staff.get(f"/staff/openings/new/{kind}").status_code == 404
            assert "/staff/piecework/new" in text(staff.get("/staff/openings/new"))
            continue
        named = {"employer": employer.name, "teaches": "低压电工证", "at_home": "1"}
        data = vacancy(**named)
        saved = submit(staff, f"/staff/openings/new/{kind}", data)
        assert saved.status_code == 303, text(saved)
        opening = reload(db, int(saved.headers["Location"].rsplit("/", 1)[1]))
        assert opening.kind is kind
        assert opening.employer_id == employer.id
        page = f"/staff/openings/{opening.id}"
        assert submit(staff, f"{page}/submit", page=page).status_code == 303
        published = publish(staff, opening.id)
        assert published.status_code == 303
        again = submit(staff, f"{page}/edit", vacancy(**named, title="新标题"))
        assert again.status_code == 303
        assert reload(db, opening.id).state is OpeningState.SUBMITTED


def test_staff_name_a_known_employer_or_none(people, db):
    _browser, staff, _employer = people
    unknown = submit(staff, "/staff/openings/new/vacancy", vacancy(employer="没有这家"))
    assert unknown.status_code == 400
    assert "没有这家单位" in text(unknown)
    submit(staff, "/staff/openings/new/vacancy", vacancy(employer=""))
    page = f"/staff/openings/{only_opening(db).id}"
    refused = submit(staff, f"{page}/submit", page=page)
    assert refused.status_code == 400
    assert "没写是哪家单位" in text(refused)


def test_review_list_filters_and_survives_nonsense(people, write):
    _browser, staff, _employer = people
    with write() as session:
        make_opening(session, title="老的那条", kind=Kind.PIECEWORK)
        make_opening(session, title="要审的那条", state=OpeningState.SUBMITTED)
    everything = text(staff.get("/staff/openings/"))
    assert everything.index("要审的那条") < everything.index("老的那条")
    assert "要审的那条" not in text(staff.get("/staff/openings/?kind=piecework"))
    assert "老的那条" not in text(staff.get("/staff/openings/?q=要审"))
    assert staff.get("/staff/openings/?state=x&kind=y&source=z&page=-1").status_code == 200


def test_pages_open_for_those_they_are_for(people, write):
    browser, staff, employer = people
    with write() as session:
        opening = make_opening(session, employer_id=employer.id)
    for path in ("/employer/", "/employer/openings/", "/employer/openings/new", NEW):
        assert browser.get(path).status_code == 200, path
    assert browser.get(f"/employer/openings/{opening.id}/edit").status_code == 200
    for path in ("", "new", "new/course", "new/vacancy", f"{opening.id}/edit"):
        assert staff.get(f"/staff/openings/{path}").status_code == 200, path
    assert staff.get("/staff/openings/new/nonsense").status_code == 404
