"""The private checker through its real page: what it answers, and that nothing of it stays."""

import logging
import re

import pytest
from sqlmodel import select

from tests.factories import acting, make_account, make_resident, make_spell
from tests.forms import forms_on, press, submit
from tests.functional.pages import see, text
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.errors import BadField, Forbidden, NotFound
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import Sex
from webapp.employment.lifecycle import SpellKind
from webapp.ops import schema
from webapp.rights import policies, queries
from webapp.rights.lifecycle import CounterCode, Verdict
from webapp.rights.models import PolicyCheck
from webapp.rights.services.policies import check_policy, set_counter
from webapp.rulebook import service as rulebook

ANSWERS = {
    "age": "50", "sex": "female", "work": "long", "registered": "no", "difficult": "no",
    "hukou": "chongqing", "insurance": "none", "courses": "0", "business": "no",
    "family": ["allowance", "disability"],
}  # fmt: skip
STALL = {**ANSWERS, "work": "own", "business": "young", "staff": "0"}


@pytest.fixture
def admin(db, write, sign_in):
    rulebook.seed(db)
    with write() as session:
        account = make_account(session, role=Role.ADMIN, name="赵光明")
    return sign_in(account)


def everything(db) -> dict[str, list]:
    """Return every row of every table."""
    with db.read_engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select())))
            for table in schema.all_tables().sorted_tables
        }


def section(page: str, name: str) -> str:
    """Return what the page says of one policy."""
    return re.sub(r"<[^>]+>", " ", page.split(name, 1)[1].split("</section>")[0])


def test_taps_are_answered_in_plain_words(client):
    page = text(submit(client, "/rights/", ANSWERS))
    assert "多半能办" in section(page, "失业登记")
    assert "还差：先做失业登记" in section(page, "就业困难人员认定")
    assert "户口簿" in section(page, "失业登记")
    assert "地址和开门时间还没有人核实" in section(page, "失业登记")
    assert "多半能办" in section(page, "培训补贴")
    assert "没有查到，请到窗口问" in section(page, "灵活就业社保补贴")
    assert "还没有人核实" in section(page, "培训补贴")
    assert "这是给做自己生意的人的" not in section(page, "培训补贴")


def test_a_couple_s_stall_gets_no_grant_and_is_told_so(client):
    page = text(submit(client, "/rights/", STALL))
    nots = page.split("这些办不到，为什么")[1]
    assert "要另外雇满 3 个人" in section(nots, "一次性创业补助")
    assert "两口子的鱼摊就领不到" in section(nots, "一次性创业补助")


def test_what_is_left_open_is_asked_and_never_guessed(client):
    page = text(submit(client, "/rights/", {}))
    assert "多半能办" not in page
    assert "这几样没有说，要看：" in section(page, "培训补贴")


@pytest.mark.parametrize("wrong", [{"age": "99"}, {"family": ["king"]}, {"work": "<b>"}])
def test_what_was_not_offered_is_refused(client, wrong):
    answer = submit(client, "/rights/", {**ANSWERS, **wrong})
    assert answer.status_code == 400
    assert "有几处要改一改" in text(answer)
    assert submit(client, "/rights/slip", wrong, page="/rights/").status_code == 400


def test_nothing_told_stays_anywhere(client, db, caplog):
    """Not in a table, the trail, an address, a cookie or a log; and the browser keeps no copy."""
    client.get("/rights/")
    before = everything(db)
    with caplog.at_level(logging.DEBUG):
        for url in ("/rights/", "/rights/slip"):
            answer = submit(client, url, STALL, page="/rights/")
            assert answer.status_code == 200
            assert "Location" not in answer.headers
            assert answer.headers["Cache-Control"] == "no-store"
            cookie = client.get_cookie("fumin")
            with client.session_transaction() as kept:
                assert set(kept) <= {"csrf_token", "_fresh"}, dict(kept)
            assert cookie is None or "allowance" not in cookie.value
            # No link that leads on carries an answer either.
            assert not re.findall(r'href="[^"]*(?:allowance|disability|business)', text(answer))
    assert everything(db) == before
    assert not [line for line in caplog.messages if "allowance" in line or "disability" in line]


def test_nothing_told_by_somebody_signed_in_stays_either(write, sign_in, db):
    with write() as session:
        resident = make_resident(session, with_account=True)
        account = session.get_one(Account, resident.account_id)
    browser = sign_in(account)
    browser.get("/rights/")
    before = everything(db)
    assert submit(browser, "/rights/", ANSWERS).status_code == 200
    assert everything(db) == before


def test_the_paper_says_what_to_bring_and_neither_name_nor_answers(client):
    answers = submit(client, "/rights/", ANSWERS)
    form = next(form for form in forms_on(answers) if form.action.endswith("/rights/slip"))
    paper = text(client.post(form.action, data=form.data))
    assert "带到窗口的单子" in paper
    assert "□ 户口簿" in paper
    assert "街镇就业服务窗口" in paper
    assert "女" not in re.sub(r"<[^>]+>", "", paper)
    assert "创业补助" not in paper  # nothing that cannot be had


def test_one_s_own_file_fills_in_what_it_knows_when_asked(write, sign_in, db):
    with write() as session:
        resident = make_resident(session, with_account=True, sex=Sex.FEMALE)
        make_spell(
            session, resident_id=resident.id, kind=SpellKind.LOOKING,
            starts_on=clock.today().replace(year=clock.today().year - 2),
        )  # fmt: skip
        account = session.get_one(Account, resident.account_id)
    browser = sign_in(account)
    assert see(browser, "/rights/").count(" checked") == 1  # no business, unless told
    before = everything(db)
    filled = press(browser, "/rights/", "/rights/known")
    form = next(form for form in forms_on(filled) if form.action.endswith("/rights/"))
    told = {name: form.data.get(name) for name in ("age", "sex", "work", "registered", "family")}
    assert told == {
        "age": "40",
        "sex": "female",
        "work": "long",
        "registered": None,
        "family": None,
    }
    assert everything(db) == before


def test_the_admin_confirms_a_policy_and_its_figures_by_themselves(admin, client, db):
    listed = see(admin, "/admin/policies/")
    assert "还没有人核实" in listed
    assert "还没有这个数" in listed
    page = see(admin, "/admin/policies/startup_grant")
    assert "渝人社发〔2018〕117号" in page
    assert "至少 3 个人" in page
    assert "办不到：要重庆户口（刚毕业的大学生不要）" in page
    wrong = press(admin, "/admin/policies/startup_grant", verdict="gone", note="")
    assert wrong.status_code == 400
    assert "请写凭哪个文件" in text(wrong)
    assert press(admin, "/admin/policies/startup_grant").status_code == 400  # nothing chosen
    done = press(admin, "/admin/policies/startup_grant", verdict="stands", note="原文")
    assert done.status_code == 303
    page = text(submit(client, "/rights/", STALL))
    nots = section(page.split("这些办不到，为什么")[1], "一次性创业补助")
    assert "有人照文件核对过" in nots
    confirm = f"/admin/rules/{figure_id('startup_grant', db)}/confirm"
    assert press(admin, "/admin/rules/", confirm).status_code == 303
    assert "8,000 元" in section(see(admin, "/admin/policies/"), "一次性创业补助")
    assert admin.get("/admin/policies/nothing").status_code == 404
    with db.reader() as session:
        actions = session.exec(select(AuditEvent.action)).all()
    assert "policy.check" in actions


def figure_id(name: str, db) -> int:
    from webapp.rulebook.models import RuleFigure

    with db.reader() as session:
        return session.exec(select(RuleFigure.id).where(RuleFigure.name == name)).one()


def test_a_policy_that_is_over_is_shown_no_more(admin, client):
    press(admin, "/admin/policies/stall_waiver", verdict="gone", note="区里的通知")
    assert "零租金摊位" not in see(client, "/rights/")
    assert "零租金摊位" not in text(submit(client, "/rights/", STALL))
    assert "已经不办了" in see(admin, "/admin/policies/")


def test_a_changed_text_is_unconfirmed_again(db, write, app):
    with write() as session:
        account = make_account(session, role=Role.ADMIN)
        row = PolicyCheck(policy="startup_loan", digest="0" * 64, verdict=Verdict.STANDS,
                          at=clock.now(), account_id=account.id)  # fmt: skip
        session.add(row)
    with app.test_request_context(), db.reader() as session:
        view = next(v for v in queries.views(session) if v.policy.code == "startup_loan")
    assert view.checked_at is None
    with write() as session:
        with pytest.raises(NotFound):  # the page they read is not the text that holds now
            check_policy(
                session, acting(account), code="startup_loan", digest="0" * 64,
                verdict=Verdict.STANDS, note="",
            )  # fmt: skip
        with pytest.raises(BadField):
            check_policy(
                session, acting(account), code="startup_loan",
                digest=policies.by_code("startup_loan").digest, verdict=Verdict.GONE, note="",
            )  # fmt: skip
        staff = make_account(session, role=Role.STAFF)
        for call in (
            lambda: check_policy(session, acting(staff), code="startup_loan", digest="",
                                 verdict=Verdict.STANDS, note=""),
            lambda: set_counter(session, acting(staff), code=CounterCode.CIVIL, address="x",
                                phone="", hours="y"),
        ):  # fmt: skip
            with pytest.raises(Forbidden):
                call()


def test_the_counter_stands_on_the_paper_as_the_admin_wrote_it(admin, client):
    url = "/admin/policies/counters/employment"
    assert submit(admin, url, {"address": "", "hours": ""}).status_code == 400
    for where in ("华岩镇政府一楼", "华岩镇便民中心二楼"):
        done = press(admin, url, address=where, phone="023-60000000", hours="周一至周五 9:00–17:00")
        assert done.status_code == 303
    paper = text(submit(client, "/rights/slip", ANSWERS, page="/rights/"))
    assert "华岩镇便民中心二楼，周一至周五 9:00–17:00，电话 023-60000000" in paper
    assert "华岩镇政府一楼" not in paper
    assert admin.get("/admin/policies/counters/nowhere").status_code == 404


def test_only_pages_of_the_government_are_linked():
    for policy in policies.shipped():
        assert re.fullmatch(r"(https?://[\w.-]+\.gov\.cn/.*)?", policy.url), policy.code
