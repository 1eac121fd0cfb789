"""Writing an opening: bad input, forbidden words, what the law asks for, before it is submitted."""

import re

import pytest
from sqlmodel import select

from tests.forms import submit
from tests.functional.openings.vacancies import NEW, only_opening, vacancy
from tests.functional.pages import text
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening


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


@pytest.mark.slow
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


def words(browser, address, **typed):
    """Return the answer to what was typed so far, asked for as htmx does."""
    return submit(browser, address, typed, page=NEW if address.startswith("/emp") else STAFF_NEW)


STAFF_NEW = "/staff/openings/new/vacancy"


def test_words_are_checked_as_they_are_typed_and_nothing_is_kept(people, db):
    browser, staff, _employer = people
    page = text(browser.get(NEW))
    assert 'hx-post="/employer/openings/words?kind=vacancy"' in page
    assert 'name="words_shown"' in page  # the form knows what it shows already
    bad = {"description": "限女性，押金五百元。", "title": "保洁员"}
    answer = words(browser, "/employer/openings/words", **bad)
    assert answer.status_code == 200
    said = text(answer)
    for part in ("<mark>限女", "妇女权益保障法第四十三条", "可以这样写：", "劳动合同法第九条"):
        assert part in said, part
    shown = re.search(r'name="words_shown" value="(\w+)"', said)[1]
    again = words(browser, "/employer/openings/words", **bad, words_shown=shown)
    assert (again.status_code, text(again)) == (204, "")  # nothing new to say aloud
    mended = words(
        browser, "/employer/openings/words", description="男女都可以。", words_shown=shown
    )
    assert mended.status_code == 200
    assert "card-plain" not in text(mended)
    low = words(
        browser, "/employer/openings/words",
        pay_text="900元/月", city="重庆市", district="九龙坡区", town="华岩镇",
    )  # fmt: skip
    assert "最低工资" in text(low)
    course = words(browser, "/employer/openings/words?kind=course", description="报名费50元")
    assert "审核时会细看" in text(course)  # a course may have its price
    long = words(browser, "/employer/openings/words", description="字" * 100_000 + "限女性")
    assert long.status_code == 200
    with db.reader() as session:
        assert session.exec(select(Opening)).first() is None
    assert words(staff, "/staff/openings/words", **bad).status_code == 200
    assert words(browser, "/staff/openings/words", **bad).status_code == 403


def test_what_is_saved_is_checked_by_the_same_words(people):
    browser, _staff, _employer = people
    again = submit(browser, NEW, vacancy(description="限女性", headcount="0"))
    assert again.status_code == 400
    assert "<mark>限女" in text(again)
    assert "可以这样写：" in text(again)
