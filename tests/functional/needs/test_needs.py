"""Employers tell what they need and learn whether some fit, never who."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from tests.factories import make_account, make_employer, make_household, make_resident
from tests.forms import csrf_token, press
from tests.functional.pages import see, text
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.employers.lifecycle import EmployerState
from webapp.needs import fit
from webapp.needs.models import StaffingNeed
from webapp.residents.models import ResidentState

PAGE = "/employer/needs/"
SEW = "会踩缝纫机，上午能来"
MORNINGS = [{"days": "12345", "start": "08:00", "end": "12:00"}]


@pytest.fixture
def world(write, house):
    """An employer that was checked, and four people who sew in the mornings."""
    employer, account, _opening, staff = house
    with write() as session:
        for number in range(fit.FEWEST - 1):
            sewing(session, f"缝纫{number}")
    return employer, account, staff


def sewing(session, name, **fields):
    own = {"skills": ["踩缝纫机"], "available": MORNINGS, "wanted": []}
    return make_resident(session, name=name, **{**own, **fields})


def ask(browser, words=SEW, people="2"):
    return press(browser, PAGE, words=words, people=people)


def needs(db):
    with db.reader() as session:
        return session.exec(select(StaffingNeed).order_by(StaffingNeed.id)).all()


def test_some_fit_is_said_from_the_fifth_on(world, db, write, sign_in):
    _employer, account, _staff = world
    browser = sign_in(account)
    assert ask(browser).status_code == 303
    page = see(browser, PAGE)
    assert "现在还没有合适的人" in page
    assert "缝纫0" not in page
    with write() as session:
        sewing(session, "第五个")
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        ask(browser)
        assert "社区里有人合适" in see(browser, PAGE)
    assert [one.some_fit for one in needs(db)] == [False, True]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": ResidentState.EMPLOYED},
        {"available": [{"days": "12345", "start": "18:00", "end": "21:00"}]},
        {"skills": ["理发"]},
    ],
)
def test_who_does_not_look_or_does_not_fit_is_not_counted(world, db, write, sign_in, fields):
    with write() as session:
        sewing(session, "第五个", **fields)
    ask(sign_in(world[1]))
    assert [one.some_fit for one in needs(db)] == [False]


def test_names_ages_and_addresses_find_nobody(world, write, db, sign_in):
    """So no wording tells whether one certain person lives here or what they are like."""
    with write() as session:
        home = make_household(session, unit_address="9栋2单元301")
        for _n in range(fit.FEWEST):
            sewing(session, "郑小燕", household_id=home.id)
    browser = sign_in(world[1])
    for words in ("郑小燕", "9栋附近", "四十岁以上", "9栋2单元301"):
        answer = ask(browser, words)
        # A name alone is read as work that nobody does; the rest names no work.
        if words == "郑小燕":
            assert answer.status_code == 303
        else:
            assert answer.status_code == 400
            assert "没看出要做什么活" in text(answer)
    assert [(one.words, one.some_fit) for one in needs(db)] == [("郑小燕", False)]
    ask(browser, "会踩缝纫机，9栋附近")
    assert "不拿来找人：9栋附近" in see(browser, PAGE)


def test_what_keeps_a_need_from_being_told(world, db, write, sign_in):
    _employer, account, staff = world
    browser = sign_in(account)
    for words, people, says in (
        ("", "1", "请写要做什么活"),
        ("缝" * 121, "1", "120"),
        (SEW, "0", "请填 1 到 99"),
        (SEW, "x", "请填整数"),
        ("会踩缝纫机，只要女的", "1", "："),
    ):
        answer = ask(browser, words, people)
        assert answer.status_code == 400, words
        assert says in text(answer)
    assert needs(db) == []
    with write() as session:
        stranger = make_account(session, role=Role.EMPLOYER)
        make_employer(session, member=stranger, state=EmployerState.PENDING, verified_at=None)
    answer = ask(sign_in(stranger))
    assert answer.status_code == 409
    assert needs(db) == []
    assert sign_in(staff).get(PAGE).status_code == 403


def test_the_same_the_same_day_and_more_than_five_are_refused(world, db, sign_in):
    browser = sign_in(world[1])
    ask(browser)
    assert ask(browser).status_code == 409
    for work in ("理发", "做面点", "洗碗", "看大门"):
        assert ask(browser, f"会{work}").status_code == 303
    assert ask(browser, "会修鞋").status_code == 429
    assert len(needs(db)) == 5
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        assert ask(browser, "会修鞋").status_code == 303


def test_staff_answer_once_and_only_the_employer_reads_it(world, db, write, sign_in):
    employer, account, staff = world
    ask(sign_in(account))
    desk = sign_in(staff)
    assert SEW in see(desk, "/staff/needs/")
    page = see(desk, "/staff/needs/1")
    assert employer.name in page
    assert "会踩缝纫机" in page
    silent = press(desk, "/staff/needs/1", "/answer", words="")
    assert silent.status_code == 400
    assert "请写几句" in text(silent)
    said = {"words": "有人愿意，请发一条招聘"}
    token = csrf_token(desk, "/staff/needs/1")
    assert press(desk, "/staff/needs/1", "/answer", **said).status_code == 303
    assert "有人愿意，请发一条招聘" in see(sign_in(account), PAGE)
    colleague = {**said, "csrf_token": token, "idempotency_key": "0" * 32}  # from a page kept open
    assert desk.post("/staff/needs/1/answer", data=colleague).status_code == 409
    with write() as session:
        stranger = make_account(session, role=Role.EMPLOYER)
        make_employer(session, member=stranger)
    theirs = sign_in(stranger)
    assert SEW not in see(theirs, PAGE)
    assert theirs.get("/staff/needs/1").status_code == 403
    assert desk.get("/staff/needs/2").status_code == 404
    with db.reader() as session:
        actions = session.exec(select(AuditEvent.action)).all()
    assert {"need.tell", "need.answer"} <= set(actions)


@pytest.mark.parametrize(
    "wrong", [{"people": 0}, {"words": ""}, {"answer": "x"}, {"answered_at": clock.now()}]
)
def test_the_database_refuses_half_of_a_need(world, write, wrong):
    employer, account, _staff = world
    row = {
        "employer_id": employer.id, "told_by_id": account.id, "words": SEW, "people": 1,
        "some_fit": True, "told_at": clock.now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError), write() as session:
        session.add(StaffingNeed(**{**row, **wrong}))
