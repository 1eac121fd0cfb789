"""A pasted recruitment message becomes drafts: what was read, what is unsure, what is forbidden."""

import pytest

from tests.factories import make_account, make_employer
from tests.forms import forms_on, press, submit
from tests.functional.tables import all_of
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import PayUnit
from webapp.intake.models import PastedText
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening, OpeningSource

TWO_JOBS = (
    "华岩新街 巧手饺子馆招人\n"
    "包饺子工2名，2800-3200元/月，包吃\n"
    "收银员1名，3000元/月，限女性，押金300元\n"
    "上班9:00-18:00\n"
    "联系139 0000 7766"
)
ONE_JOB = "小区门口招夜班保安一名，3500元一个月，有意打电话13900008877"
NONE = "大家好，明天下午两点院坝放电影，欢迎都来看。"


@pytest.fixture
def people(write):
    """A member of staff, an employer's person, another employer's."""
    with write() as session:
        staff = make_account(session, role=Role.STAFF)
        own = make_account(session, role=Role.EMPLOYER)
        other = make_account(session, role=Role.EMPLOYER)
        employer = make_employer(session, member=own, name="重庆巧手餐饮有限公司")
        make_employer(session, member=other)
    return {"staff": staff, "own": own, "other": other, "employer": employer}


def paste(browser, text, base="/employer/openings/paste"):
    answer = press(browser, base, text=text)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def test_each_job_of_a_message_becomes_a_draft_of_ones_own(db, sign_in, people):
    browser = sign_in(people["own"])
    review = paste(browser, TWO_JOBS)
    page = browser.get(review).get_data(as_text=True)
    assert "<mark>2800-3200元/月</mark>" in page  # beside the text, where it was read
    assert "包饺子工" in page
    assert "没说要什么学历，请选" in page
    assert all_of(db, Opening) == []  # nothing before somebody has looked
    answer = press(browser, review)
    assert answer.headers["Location"] == "/employer/openings/"
    first, second = all_of(db, Opening)
    assert {one.state for one in (first, second)} == {OpeningState.DRAFT}
    assert {one.source for one in (first, second)} == {OpeningSource.PASTED}
    assert {one.employer_id for one in (first, second)} == {people["employer"].id}
    assert (first.title, first.headcount, first.pay_text) == ("包饺子工", 2, "2800-3200元/月")
    assert (first.pay_min_fen, first.pay_max_fen, first.pay_unit) == (
        280000,
        320000,
        PayUnit.MONTH,
    )
    assert first.hours == [{"days": "1234567", "start": "09:00", "end": "18:00"}]
    assert "待遇：包吃" in first.description
    assert second.title == "收银员"


def test_forbidden_words_are_shown_at_once_and_stay_in_the_draft(db, sign_in, people):
    browser = sign_in(people["own"])
    review = paste(browser, TWO_JOBS)
    page = browser.get(review).get_data(as_text=True)
    assert "要改掉" in page
    assert "<mark>押金" in page
    press(browser, review)
    first, second = all_of(db, Opening)
    assert "押金300元" in second.description
    assert "押金" not in first.description  # it was said of the other job
    answer = press(browser, f"/employer/openings/{second.id}", "submit")
    assert answer.status_code == 400
    assert "押金" in answer.get_data(as_text=True)


def test_no_telephone_number_goes_into_a_draft(db, sign_in, people):
    browser = sign_in(people["own"])
    text = "招抹灰工3名，300元一天，先交押金100元打13900005544"
    press(browser, paste(browser, text))
    [opening] = all_of(db, Opening)
    assert "押金" in opening.description
    assert "13900005544" not in repr(opening.model_dump())


def test_a_job_is_left_out_and_one_draft_goes_on_to_its_form(db, sign_in, people):
    browser = sign_in(people["own"])
    review = paste(browser, TWO_JOBS)
    form = next(form for form in forms_on(browser.get(review)) if "jobs" in form.data)
    answer = press(browser, review, jobs=form.data["jobs"][:1])
    [opening] = all_of(db, Opening)
    assert answer.headers["Location"] == f"/employer/openings/{opening.id}/edit"
    page = browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert 'value="包饺子工"' in page


def test_no_job_chosen_or_one_that_is_not_there_is_refused(db, sign_in, people):
    browser = sign_in(people["own"])
    review = paste(browser, TWO_JOBS)
    token = forms_on(browser.get(review))[0].data["csrf_token"]
    for jobs in ([], ["0123456789abcdef"]):
        answer = browser.post(review, data={"csrf_token": token, "jobs": jobs})
        assert answer.status_code == 400
        assert "field-error" in answer.get_data(as_text=True)
    assert all_of(db, Opening) == []


def test_sending_twice_makes_nothing_new(db, sign_in, people):
    browser = sign_in(people["own"])
    form = forms_on(browser.get("/employer/openings/paste"))
    data = next(one.data for one in form if "text" in one.data) | {"text": TWO_JOBS}
    first, again = (browser.post("/employer/openings/paste", data=data) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert len(all_of(db, PastedText)) == 1
    for _ in range(2):
        assert press(browser, first.headers["Location"]).status_code == 303
    assert len(all_of(db, Opening)) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "请把那段话贴进来"),
        ("  \n ", "请把那段话贴进来"),
        ("招" * 100_000, "一次最多 4000 个字"),
        (NONE, "没读出招什么人"),
    ],
)
@pytest.mark.parametrize("who", ["own", "staff"])
def test_what_is_no_message_is_refused_beside_the_box(db, sign_in, people, who, text, says):
    browser = sign_in(people[who])
    side = "staff" if who == "staff" else "employer"
    answer = press(browser, f"/{side}/openings/paste", text=text)
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert says in page
    assert 'id="text-error"' in page
    assert all_of(db, PastedText) == []


def test_staff_name_a_registered_employer(db, sign_in, people):
    browser = sign_in(people["staff"])
    review = paste(browser, ONE_JOB, "/staff/openings/paste")
    answer = press(browser, review, employer="没有登记的厂")
    assert answer.status_code == 400
    assert "没有这家单位" in answer.get_data(as_text=True)
    assert all_of(db, Opening) == []
    answer = press(browser, review, employer=people["employer"].name)
    [opening] = all_of(db, Opening)
    assert answer.headers["Location"] == f"/staff/openings/{opening.id}/edit"
    assert opening.employer_id == people["employer"].id
    assert opening.responsible_id == people["staff"].id


def test_an_employer_named_in_the_message_is_filled_in(sign_in, people):
    browser = sign_in(people["staff"])
    text = "重庆巧手餐饮有限公司招洗菜工2名，2600元/月"
    forms = forms_on(browser.get(paste(browser, text, "/staff/openings/paste")))
    [named] = [form.data["employer"] for form in forms if "employer" in form.data]
    assert named == people["employer"].name


def test_an_employer_writes_for_no_other_organisation(db, sign_in, people):
    browser = sign_in(people["other"])
    review = paste(browser, ONE_JOB)
    press(browser, review, employer=people["employer"].name)
    [opening] = all_of(db, Opening)
    assert opening.employer_id != people["employer"].id


def test_anothers_text_is_not_there(db, sign_in, people):
    review = paste(sign_in(people["own"]), TWO_JOBS)
    pasted = all_of(db, PastedText)[0].id
    other, staff = sign_in(people["other"]), sign_in(people["staff"])
    assert other.get(review).status_code == 404
    assert submit(other, f"{review}/discard", page="/employer/openings/paste").status_code == 404
    assert staff.get(f"/staff/openings/paste/{pasted}").status_code == 404
    assert staff.get(f"/staff/residents/paste/{pasted}").status_code == 404
    assert len(all_of(db, PastedText)) == 1


def test_a_text_is_thrown_away(db, sign_in, people):
    browser = sign_in(people["own"])
    review = paste(browser, TWO_JOBS)
    assert press(browser, review, "discard").status_code == 303
    assert all_of(db, PastedText) == []
    assert browser.get(review).status_code == 404


def test_what_is_done_with_a_text_is_written_down_without_its_words(db, sign_in, people):
    browser = sign_in(people["own"])
    review = paste(browser, TWO_JOBS)
    press(browser, review)
    press(browser, review, "discard")
    trail = [one for one in all_of(db, AuditEvent) if one.action.startswith("pasted_text.")]
    assert [one.action for one in trail] == [
        "pasted_text.keep",
        "pasted_text.make_drafts",
        "pasted_text.discard",
    ]
    assert "饺子" not in repr([one.model_dump() for one in all_of(db, AuditEvent)])


@pytest.mark.parametrize("base", ["/employer/openings/", "/staff/openings/"])
def test_the_page_is_offered_where_openings_begin(sign_in, people, base):
    browser = sign_in(people["staff" if "staff" in base else "own"])
    assert f'href="{base}paste"' in browser.get(base).get_data(as_text=True)
