"""One question a screen: what is tapped is kept, what follows, and what is found at once."""

import pytest

from tests.factories import make_account, make_employer, make_household, make_opening, make_resident
from tests.forms import press, submit
from tests.functional.matches_world import visible_words
from webapp.core.vocabulary import ALWAYS, Reach
from webapp.residents.models import Household, Resident
from webapp.residents.questions import QUESTIONS, common_answers

BLANK = {"wanted": [], "skills": [], "certificates": [], "available": [], "limits": []}


@pytest.fixture
def newcomer(write, branch):
    with write() as session:
        account = make_account(session)
        home = make_household(session, unit_address="", provisional=True)
        resident = make_resident(
            session,
            account_id=account.id,
            household_id=home.id,
            branch_id=branch.id,
            reach=None,
            birth_date=None,
            **BLANK,
        )
    return account, resident


def text(response):
    return visible_words(response.get_data(as_text=True))


def now(db, resident):
    with db.reader() as session:
        found = session.get_one(Resident, resident.id)
        return found, session.get_one(Household, found.household_id)


def test_from_the_first_question_to_the_last_by_taps(sign_in, db, newcomer):
    account, resident = newcomer
    browser = sign_in(account)
    first = browser.get("/me/questions/")
    assert first.headers["Location"] == "/me/questions/wanted"
    for key, data, following in (
        ("wanted", {"chosen": ["打扫保洁", "带娃"], "other": ""}, "hours"),
        ("hours", {"when": "any"}, "reach"),
        ("reach", {"reach": "street"}, "skills"),
        ("skills", {"chosen": [], "other": "绣花，剪纸"}, "birth"),
        ("birth", {"birth_date": "1975-03-08"}, "limits"),
        ("limits", {"limits": ["heights"]}, "certificates"),
        ("certificates", {"chosen": ["健康证"], "other": ""}, "address"),
        ("address", {"unit_address": "3-2-5-1"}, None),
    ):
        sent = submit(browser, f"/me/questions/{key}", data)
        onward = f"/me/questions/{following}" if following else "/me/"
        assert (sent.status_code, sent.headers["Location"]) == (303, onward), key
    found, home = now(db, resident)
    assert found.wanted == ["打扫保洁", "带娃"]
    assert (found.available, found.reach) == (ALWAYS, Reach.STREET)
    assert found.skills == ["绣花", "剪纸"]
    assert (str(found.birth_date), found.limits) == ("1975-03-08", ["heights"])
    assert found.certificates == ["健康证"]
    assert (home.unit_address, home.provisional) == ("3栋2单元-501", True)
    assert browser.get("/me/questions/").headers["Location"] == "/me/"


def test_words_of_ones_own_stay_when_others_are_tapped(sign_in, write, db, newcomer):
    account, resident = newcomer
    with write() as session:
        session.get_one(Resident, resident.id).wanted = ["养蜂", "带娃"]
    browser = sign_in(account)
    page = browser.get("/me/questions/wanted").get_data(as_text=True)
    assert "养蜂" in page
    press(browser, "/me/questions/wanted", chosen=["带娃", "缝纫"])
    assert now(db, resident)[0].wanted == ["带娃", "缝纫", "养蜂"]


def test_what_is_said_finds_something_at_once(sign_in, write, newcomer):
    account, resident = newcomer
    with write() as session:
        employer = make_employer(session)
        make_opening(session, employer_id=employer.id, title="保洁员", skills=["保洁"])
        make_opening(session, employer_id=employer.id, title="高空保洁", demands=["heights"])
        make_opening(session, employer_id=employer.id, title="焊工", skills=["焊接"])
        session.get_one(Resident, resident.id).limits = ["heights"]
    browser = sign_in(account)
    assert "您说的，先看这些" not in text(browser.get("/me/questions/wanted"))
    submit(browser, "/me/questions/wanted", {"chosen": ["打扫保洁"], "other": ""})
    page = text(browser.get("/me/questions/hours"))
    assert "您说的，先看这些" in page
    assert "保洁员" in page
    assert "高空保洁" not in page
    assert "焊工" not in page


@pytest.mark.parametrize(
    ("key", "data", "words"),
    [
        ("wanted", {"chosen": [], "other": " ，、 "}, "点一样，或者写一样"),
        ("wanted", {"chosen": ["没有这一样"], "other": ""}, ""),
        ("wanted", {"chosen": [], "other": "字" * 100_000}, "最多 60 个字"),
        ("skills", {"chosen": [], "other": "，".join(map(str, range(31)))}, "最多填 30 条"),
        ("hours", {}, "请选一个"),
        ("hours", {"when": "never"}, ""),
        ("reach", {"reach": "mars"}, ""),
        ("birth", {"birth_date": "昨天"}, "日期不对"),
        ("birth", {"birth_date": "2999-01-01"}, ""),
        ("address", {"unit_address": "火星"}, "看不懂这个门牌"),
        ("limits", {"limits": ["<script>"]}, ""),
    ],
)
def test_a_wrong_answer_is_said_and_not_kept(sign_in, db, newcomer, key, data, words):
    account, resident = newcomer
    before, _home = now(db, resident)
    sent = submit(sign_in(account), f"/me/questions/{key}", data)
    assert sent.status_code == 400
    assert words in text(sent)
    after, home = now(db, resident)
    assert after.updated_at == before.updated_at
    assert home.unit_address == ""


def test_hours_of_ones_own_have_their_page(sign_in, db, newcomer):
    account, resident = newcomer
    sent = submit(sign_in(account), "/me/questions/hours", {"when": "own"})
    assert sent.headers["Location"] == "/me/profile/hours"
    assert now(db, resident)[0].available == []


def test_nobody_elses_questions(client, sign_in, desk, newcomer):
    assert client.get("/me/questions/").status_code in {302, 303}
    assert desk.get("/me/questions/wanted").status_code == 403
    assert sign_in(newcomer[0]).get("/me/questions/sex").status_code == 404


def test_every_list_of_answers_has_its_question():
    assert set(common_answers()) < set(QUESTIONS)
    for answers in common_answers().values():
        assert len(set(answers)) == len(answers)
        assert all(len(answer) <= 8 for answer in answers)
