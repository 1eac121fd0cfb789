"""A paragraph at the counter becomes a file with three openings; sensitive facts wait."""

import pytest

from tests.factories import make_account, make_opening
from tests.forms import forms_on, press, submit
from tests.functional.tables import all_of
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import Education, Reach, Sex
from webapp.intake.models import PastedText
from webapp.matches.models import Match
from webapp.residents.models import Consent, ConsentPurpose, Experience, Resident, SensitiveRecord

BASE = "/staff/residents/paste"
ID_NUMBER = "11010519491231002X"
TEXT = (
    "邓素珍，女，51岁，住7栋1单元402，电话13900006633，想做保洁，会打扫卫生会做饭，"
    "腰不好提不得重，肢体三级残疾，屋头吃低保，身份证110105 19491231 002x，"
    "下午四点要接孙孙，就在附近做，一个月最少两千，初中毕业，以前在宾馆做过两年保洁"
)
AGREED = {"consent": "y", "channel": "in_person"}


@pytest.fixture
def staff(write):
    with write() as session:
        for title in ("保洁员", "楼道保洁", "宾馆保洁", "家庭保洁"):
            make_opening(session, title=title, pay_text="2800元/月")
        return make_account(session, role=Role.STAFF)


def paste(browser, text=TEXT):
    answer = press(browser, BASE, text=text)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def test_a_paragraph_becomes_a_file_with_three_openings(db, sign_in, staff):
    browser = sign_in(staff)
    review = paste(browser)
    page = browser.get(review).get_data(as_text=True)
    assert "<mark>邓素珍</mark>" in page
    assert all_of(db, Resident) == []  # not before the person has agreed
    answer = press(browser, review, **AGREED)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    [resident] = all_of(db, Resident)
    assert (resident.name, resident.phone, resident.sex) == ("邓素珍", "13900006633", Sex.FEMALE)
    assert resident.birth_date == clock.today().replace(year=clock.today().year - 51)
    assert resident.education is Education.JUNIOR_HIGH
    assert resident.reach is Reach.STREET
    assert resident.min_pay_fen == 200000
    assert resident.wanted == ["保洁"]
    assert "打扫卫生" in resident.skills
    assert resident.limits == ["lifting"]
    assert resident.available == [{"days": "12345", "start": "09:00", "end": "16:00"}]
    assert resident.assisted
    assert 24 in [job.months for job in all_of(db, Experience)]
    given = {consent.purpose: consent for consent in all_of(db, Consent)}
    assert set(given) == {ConsentPurpose.SERVICE, ConsentPurpose.ASSISTED}
    assert {one.channel for one in given.values()} == {"in_person"}
    shown = browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert shown.count('class="opening-card"') == 3
    for match in sorted(all_of(db, Match), key=lambda one: one.position)[:3]:
        assert f'href="/staff/matches/{match.id}"' in shown
    assert browser.get(review).headers["Location"] == answer.headers["Location"]


def test_without_the_consent_nothing_is_registered(db, sign_in, staff):
    browser = sign_in(staff)
    answer = press(browser, paste(browser), channel="in_person")
    assert answer.status_code == 400
    assert "本人没有同意，不能登记" in answer.get_data(as_text=True)
    assert all_of(db, Resident) == []


def test_what_was_misread_is_put_right_on_the_page(db, sign_in, staff):
    browser = sign_in(staff)
    press(browser, paste(browser), **AGREED, name="邓素贞", free="evening", wanted="带娃\n做饭")
    [resident] = all_of(db, Resident)
    assert (resident.name, resident.wanted) == ("邓素贞", ["带娃", "做饭"])
    assert resident.available == [{"days": "1234567", "start": "18:00", "end": "22:00"}]


def test_hours_that_say_no_time_have_to_be_chosen(db, sign_in, staff):
    browser = sign_in(staff)
    review = paste(browser, "陈大贵，住2栋301，想做保安，上两天班歇一天的那种")
    assert press(browser, review, **AGREED).status_code in {303, 400}
    page = browser.get(paste(browser, "陈二贵，住2栋302，想做保安")).get_data(as_text=True)
    assert "没说，先按随时都行" in page


def test_sensitive_facts_wait_for_their_own_consent(db, sign_in, staff):
    browser = sign_in(staff)
    review = paste(browser)
    assert "话里说到身份证号、残疾证情况、低保情况" in browser.get(review).get_data(as_text=True)
    onward = press(browser, review, **AGREED).headers["Location"]
    assert all_of(db, SensitiveRecord) == []
    kept = repr([one.model_dump() for one in (*all_of(db, Resident), *all_of(db, Experience))])
    assert not any(word in kept for word in ("残疾", "低保", ID_NUMBER))
    record = f"{review}/sensitive"
    assert record in browser.get(onward).get_data(as_text=True)
    refused = press(browser, record)
    assert refused.status_code == 400
    assert "要本人同意了，才能记这些" in refused.get_data(as_text=True)
    assert all_of(db, SensitiveRecord) == []
    assert press(browser, record, consent="y").status_code == 303
    [facts] = all_of(db, SensitiveRecord)
    assert (facts.id_number, facts.disability) == (ID_NUMBER, "肢体三级残疾")
    assert "低保" in facts.allowance
    assert {one.purpose for one in all_of(db, Consent)} == set(ConsentPurpose) - {
        ConsentPurpose.EMPLOYER
    }
    assert record not in browser.get(onward).get_data(as_text=True)


def test_sensitive_facts_need_a_file_first(sign_in, staff):
    browser = sign_in(staff)
    review = paste(browser)
    assert browser.get(f"{review}/sensitive").status_code == 404
    assert browser.get(f"{review}/openings").status_code == 404


def test_whoever_withdraws_has_the_text_deleted_too(db, sign_in, staff):
    browser = sign_in(staff)
    press(browser, paste(browser), **AGREED)
    [resident] = all_of(db, Resident)
    assert press(browser, f"/staff/residents/{resident.id}/end").status_code == 303
    assert all_of(db, PastedText) == []


def test_withdrawing_the_sensitive_consent_deletes_the_text(db, sign_in, staff):
    browser = sign_in(staff)
    review = paste(browser)
    press(browser, review, **AGREED)
    press(browser, f"{review}/sensitive", consent="y")
    [resident] = all_of(db, Resident)
    assert press(browser, f"/staff/residents/{resident.id}", "withdraw").status_code == 303
    assert (all_of(db, SensitiveRecord), all_of(db, PastedText)) == ([], [])


def test_the_same_person_again_leads_to_the_first_file(db, sign_in, staff):
    browser = sign_in(staff)
    press(browser, paste(browser), **AGREED)
    [resident] = all_of(db, Resident)
    again = press(browser, paste(browser), **AGREED)
    assert again.status_code == 400
    assert f'href="/staff/residents/{resident.id}"' in again.get_data(as_text=True)


def test_a_second_click_registers_nobody_twice(db, sign_in, staff):
    browser = sign_in(staff)
    review = paste(browser)
    data = next(one.data for one in forms_on(browser.get(review)) if "name" in one.data) | AGREED
    first, again = (browser.post(review, data=data) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert len(all_of(db, Resident)) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "请把那段话贴进来"),
        ("话" * 100_000, "一次最多 4000 个字"),
        ("！！！", "没读出这个人的情况"),
    ],
)
def test_what_says_nothing_is_refused_beside_the_box(db, sign_in, staff, text, says):
    answer = press(sign_in(staff), BASE, text=text)
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert says in page
    assert 'id="text-error"' in page
    assert all_of(db, PastedText) == []


def test_anothers_text_is_not_there(write, sign_in, staff, db):
    review = paste(sign_in(staff))
    with write() as session:
        account = make_account(session, role=Role.STAFF)
    colleague = sign_in(account)
    for address in (review, f"{review}/openings", f"{review}/sensitive"):
        assert colleague.get(address).status_code == 404
    assert submit(colleague, f"{review}/discard", page=BASE).status_code == 404
    assert len(all_of(db, PastedText)) == 1


def test_a_person_who_does_not_agree_leaves_no_text(db, sign_in, staff):
    browser = sign_in(staff)
    assert press(browser, paste(browser), "discard").status_code == 303
    assert all_of(db, PastedText) == []


def test_no_word_of_the_person_is_in_the_audit_trail(db, sign_in, staff):
    browser = sign_in(staff)
    review = paste(browser)
    press(browser, review, **AGREED)
    trail = repr([one.model_dump() for one in all_of(db, AuditEvent)])
    assert "pasted_text.register" in trail
    assert not any(word in trail for word in ("邓素珍", "13900006633", "残疾", "保洁"))


def test_the_page_is_offered_beside_the_list(sign_in, staff):
    assert f'href="{BASE}"' in sign_in(staff).get("/staff/residents/").get_data(as_text=True)
