"""The rule book through its real pages: dated figures, rules of wording, what they change."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.factories import make_account, make_employer, make_opening
from tests.forms import press, submit
from tests.functional.openings.vacancies import vacancy
from tests.functional.pages import text
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import Education, PayUnit
from webapp.openings import policy
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.rulebook import danger, figures, lint, presentation, service
from webapp.rulebook.models import DangerWord, RuleFigure, Severity, WordingCode, WordingRule


@pytest.fixture
def browser(app, db, write, sign_in):
    """The admin's browser, the shipped rows taken in."""
    service.seed(db)
    with write() as session:
        account = make_account(session, role=Role.ADMIN, name="赵光明")
    return sign_in(account)


def in_app(app, what):
    with app.app_context():
        return what()


def test_shipped_rows_come_in_once_and_hold_before_that_too(app, db):
    assert in_app(app, lambda: figures.rule("employer_check_days", on=clock.today())) == 183
    assert service.seed(db) > 50
    assert service.seed(db) == 0
    with db.reader() as session:
        assert session.exec(
            select(RuleFigure).where(RuleFigure.name == "employer_check_days")
        ).one()
        assert len(session.exec(select(WordingRule)).all()) == len(lint.shipped())
    shown = in_app(app, lint.read_rules)
    assert [rule.pattern for rule in shown] == [rule.pattern for rule in lint.shipped()]


def test_every_shipped_figure_has_words(app):
    for row in figures.shipped():
        assert presentation.name_words(row.name) != row.name
        assert row.unit == "fen" or presentation.unit_words(row.unit) != row.unit


def test_a_rule_no_longer_shipped_ends_and_people_s_own_stays(app, db, write):
    service.seed(db)
    with write() as session:
        admin = make_account(session, role=Role.ADMIN)
        rows = {"code": WordingCode.AGE, "severity": Severity.FLAG, "says": "x", "source": "y"}
        dated = {"since": clock.today() - timedelta(days=9), "created_at": clock.now()}
        session.add(WordingRule(pattern="旧的", **rows, **dated))
        session.add(
            WordingRule(pattern="自己的", literal=True, added_by_id=admin.id, **rows, **dated)
        )
    assert service.seed(db) == 1
    with db.reader() as session:
        ended = session.exec(select(WordingRule).where(WordingRule.pattern == "旧的")).one()
        own = session.exec(select(WordingRule).where(WordingRule.pattern == "自己的")).one()
    assert ended.until == clock.today()
    assert own.until is None


def test_a_new_figure_holds_from_its_day_on(app, db, browser):
    url = "/admin/rules/opening_longest_days/new"
    tomorrow = clock.today() + timedelta(days=1)
    good = {"value": "90", "since": tomorrow.isoformat(), "source": "社区会议纪要第3号"}
    for field, value, message in [
        ("value", "", "请填一个数"),
        ("value", "-1", "请填 0 到"),
        ("value", "NaN", "请填"),
        ("value", "1e99", "请填"),
        ("value", "9.5", "请填整数"),
        ("since", "2020-01-01", "只能从今天或以后算起"),
        ("since", "明天", "日期"),
        ("source", "", "请写明哪里规定的"),
        ("source", "长" * 301, "最多 300 个字"),
    ]:
        refused = submit(browser, url, {**good, field: value})
        assert (field, value, refused.status_code) == (field, value, 400)
        assert message in text(refused)
    assert submit(browser, url, good).status_code == 303
    assert submit(browser, url, good).status_code == 400  # stands there already
    assert browser.get("/admin/rules/no_such_figure/new").status_code == 404
    longest = lambda day: in_app(app, lambda: figures.rule("opening_longest_days", on=day))  # noqa: E731
    assert (longest(clock.today()), longest(tomorrow)) == (180, 90)
    # A slip put right on the same day: the later row holds, the first one stays.
    assert submit(browser, url, {**good, "value": "60"}).status_code == 303
    assert longest(tomorrow) == 60
    shown = text(browser.get("/admin/rules/?name=opening_longest_days"))
    assert "60 天" in shown
    assert "90 天" in shown
    assert "赵光明" in shown
    with db.reader() as session:
        actions = session.exec(select(AuditEvent.action)).all()
    assert actions.count("rule.add") == 2


def test_floors_are_doubtful_until_somebody_has_compared_them(app, db, browser):
    place = "重庆市/九龙坡区/华岩镇"
    floor = lambda: in_app(app, lambda: figures.pay_floor(PayUnit.MONTH, place, on=clock.today()))  # noqa: E731
    assert not floor().confirmed
    page = "/admin/rules/"
    confirm = f"/admin/rules/{floor().id}/confirm"
    assert press(browser, page, confirm).status_code == 303
    assert floor().confirmed
    assert submit(browser, confirm, page="/admin/accounts/new").status_code == 303  # twice is once
    assert submit(browser, "/admin/rules/999999/confirm", page=page).status_code == 404
    county = figures.pay_floor(PayUnit.HOUR, "重庆市/城口县/x", on=clock.today())
    assert county.value < figures.pay_floor(PayUnit.HOUR, place, on=clock.today()).value
    assert figures.pay_floor(PayUnit.MONTH, "四川省/成都市", on=clock.today()) is None
    assert figures.pay_floor(PayUnit.PIECE, place, on=clock.today()) is None
    assert figures.pay_floor(PayUnit.MONTH, place, on=clock.today().replace(year=2001)) is None


def test_pay_below_the_floor_is_not_published(write, sign_in, db, browser):
    with write() as session:
        account = make_account(session, role=Role.EMPLOYER)
        make_employer(session, member=account)
        staff = make_account(session, role=Role.STAFF)
    writer, reviewer = sign_in(account), sign_in(staff)
    saved = submit(writer, "/employer/openings/new/vacancy", vacancy(pay_text="2000元/月"))
    own = saved.headers["Location"]
    assert "比最低工资" in text(writer.get(own))
    assert "还没有人核对过" in text(writer.get(own))
    refused = submit(writer, f"{own}/submit", page=own)
    assert refused.status_code == 400
    assert "比最低工资" in text(refused)
    opening_id = int(own.rsplit("/", 1)[1])
    page = text(reviewer.get(f"/staff/openings/{opening_id}"))
    assert "<mark>2000元/月</mark>" in page
    for pay, low in [
        ("22元/小时", True),
        ("23元/小时", False),
        ("100元/天", True),
        ("0.3元/个", False),
    ]:
        changed = submit(writer, f"{own}/edit", vacancy(pay_text=pay))
        assert changed.status_code == 303, pay
        with db.reader() as session:
            opening = session.get(Opening, opening_id)
        codes = {one.code for one in policy.findings(opening, on=clock.today())}
        assert ("pay_floor" in codes) is low, pay


def test_the_admin_s_own_phrases_are_looked_for_and_ended(app, db, write, sign_in, browser):
    url = "/admin/wording-rules/new"
    good = {
        "phrases": "包你……发财\n(a+)+$",
        "code": "bait",
        "severity": "flag",
        "says": "像是在夸大收入",
        "source": "社区规定",
    }
    for field, value, message in [
        ("phrases", "", "请写至少一句"),
        ("phrases", "的", "至少两个字"),
        ("phrases", "……", "至少两个字"),
        ("phrases", "长" * 41, "最多 40 个字"),
        ("code", "nonsense", "哪一类"),
        ("severity", "nonsense", "查到怎么办"),
        ("says", "", "请写一句话"),
        ("source", "", "请写明哪里规定的"),
    ]:
        refused = submit(browser, url, {**good, field: value})
        assert (field, value, refused.status_code) == (field, value, 400)
        assert message in text(refused)
    assert submit(browser, url, good).status_code == 303
    assert submit(browser, url, good).status_code == 400
    trial = text(browser.get("/admin/wording-rules/?text=来了包你一年发财"))
    assert "<mark>包你一年发财</mark>" in trial
    with db.reader() as session:
        own = session.exec(select(WordingRule).where(WordingRule.literal)).one()
        law = session.exec(
            select(WordingRule).where(WordingRule.severity == Severity.BLOCK)
        ).first()
    assert browser.get(f"/admin/wording-rules/{law.id}/end").status_code == 404
    assert submit(browser, f"/admin/wording-rules/{law.id}/end", page=url).status_code == 409
    end = f"/admin/wording-rules/{own.id}/end"
    assert submit(browser, end).status_code == 303
    assert submit(browser, end, page=url).status_code == 409
    assert "没有查到什么" in text(browser.get("/admin/wording-rules/?text=来了包你一年发财"))
    with write() as session:
        staff = make_account(session, role=Role.STAFF)
    assert sign_in(staff).get("/admin/rules/").status_code == 403


def test_nobody_else_writes_in_the_rule_book(app, db, write):
    service.seed(db)
    staff = Actor(account_id=1, role=Role.STAFF)
    with app.test_request_context(), db.reader() as session:
        with pytest.raises(Forbidden):
            service.add_figure(
                session, staff, name="employer_check_days", value=1, since=clock.today(), source="x"
            )
        with pytest.raises(Forbidden):
            service.confirm_figure(session, staff, figure_id=1)
        with pytest.raises(Forbidden):
            service.end_wording(session, staff, wording_id=1)
        admin = Actor(account_id=1, role=Role.ADMIN)
        with pytest.raises(NotFound):
            service.end_wording(session, admin, wording_id=999999)
        with pytest.raises(Conflict):
            service.end_wording(session, admin, wording_id=1)


def test_words_are_marked_for_writer_and_reviewer(write, sign_in, db):
    with write() as session:
        account = make_account(session, role=Role.EMPLOYER)
        employer = make_employer(session, member=account)
        staff = make_account(session, role=Role.STAFF)
        opening = make_opening(
            session,
            employer_id=employer.id,
            state=OpeningState.DRAFT,
            education=Education.NONE,
            description="打扫楼道。\n限女性，５０岁以下。",
        )
    writer, reviewer = sign_in(account), sign_in(staff)
    for browser, page in [
        (writer, f"/employer/openings/{opening.id}"),
        (writer, f"/employer/openings/{opening.id}/edit"),
        (reviewer, f"/staff/openings/{opening.id}"),
    ]:
        shown = text(browser.get(page))
        assert "<mark>限女</mark>" in shown, page
        assert "就业促进法第二十七条" in shown, page
    typed = submit(
        writer,
        "/employer/openings/new/vacancy",
        vacancy(title="", description="要交押金500元。"),
    )
    assert typed.status_code == 400
    assert "要改掉" in text(typed)


def test_fault_11_danger_words_are_dated_rows(app, db, browser):
    with db.reader() as session:
        assert len(session.exec(select(DangerWord)).all()) == len(danger.shipped())
    page = "/admin/danger-words/new"
    typed = {"word": "清漆", "code": "flammable", "source": "消防法第二十三条"}
    assert press(browser, page, **{**typed, "word": "漆"}).status_code == 400
    assert press(browser, page, **typed).status_code == 303
    assert "已经在查了" in text(press(browser, page, **typed))
    shown = text(browser.get("/admin/danger-words/?text=用清漆刷两遍，不用汽油"))
    assert "不能拿回家做" in shown
    assert [one.word for one in in_app(app, lambda: danger.find("用清漆刷两遍"))] == ["清漆"]
    with db.reader() as session:
        own = session.exec(select(DangerWord).where(DangerWord.word == "清漆")).one()
        law = session.exec(select(DangerWord).where(DangerWord.word == "汽油")).one()
    assert browser.get(f"/admin/danger-words/{law.id}/end").status_code == 404
    assert press(browser, f"/admin/danger-words/{own.id}/end").status_code == 303
    assert in_app(app, lambda: danger.find("用清漆刷两遍")) == []
    assert service.seed(db) == 0
