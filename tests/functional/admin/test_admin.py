"""The administration: accounts, the audit trail, how things run; and whom to ask for help."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.conftest import PASSWORD
from tests.factories import make_account, make_branch, make_match, make_resident
from tests.forms import submit
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.models import JobRun


@pytest.fixture
def browser(sign_in, boss):
    return sign_in(boss)


def page(browser, url):
    response = browser.get(url)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_accounts_are_searched_and_their_numbers_masked(write, browser):
    with write() as session:
        make_account(session, role=Role.STAFF, name="李晓梅", phone="13812345678")
        make_account(session, name="陈桂芳")
    everybody = {"赵光明", "李晓梅", "陈桂芳"}
    for query, expected in {
        "": everybody,
        "q=晓梅": {"李晓梅"},
        "q=5678": {"李晓梅"},
        "role=resident": {"陈桂芳"},
        "role=god": everybody,
        "q=%25": set(),
    }.items():
        # 赵光明 stands in the header of every page.
        shown = page(browser, f"/admin/accounts?{query}").split("<main")[1]
        assert {name for name in everybody if name in shown} == expected, query
    assert "13812345678" not in page(browser, "/admin/accounts")


def test_opening_an_account_for_staff(app, db, write, browser):
    with write() as session:
        branch = make_branch(session, name="富民支部")
    good = {
        "role": "staff",
        "name": "李晓梅",
        "phone": "13812345678",
        "branch": str(branch.id),
        "title": "岗位推荐",
        "password": PASSWORD,
    }
    for field, value in [
        ("role", "resident"),
        ("role", None),
        ("name", ""),
        ("phone", "110"),
        ("branch", ""),
        ("branch", "999"),
        ("branch", "x"),
        ("title", "很" * 41),
        ("password", "12345678"),
    ]:
        data = {key: typed for key, typed in {**good, field: value}.items() if typed is not None}
        response = submit(browser, "/admin/accounts/new", data)
        assert (field, value, response.status_code) == (field, value, 400)
        assert f'id="{field}-error"' in response.get_data(as_text=True)
    assert submit(browser, "/admin/accounts/new", good).status_code == 303
    twice = submit(browser, "/admin/accounts/new", good)
    assert twice.status_code == 400
    assert 'id="phone-error"' in twice.get_data(as_text=True)
    entered = submit(app.test_client(), "/login", {"phone": "13812345678", "password": PASSWORD})
    assert entered.headers["Location"] == "/staff/"
    with db.reader() as session:
        opened = session.exec(select(Account).where(Account.phone == "13812345678")).one()
    assert (opened.branch_id, opened.title) == (branch.id, "岗位推荐")


def test_disabling_enabling_and_a_new_password(app, write, sign_in, browser, boss):
    with write() as session:
        account = make_account(session, role=Role.ADMIN)
    theirs = sign_in(account)
    url = f"/admin/accounts/{account.id}"
    assert submit(browser, f"{url}/disable").status_code == 303
    assert theirs.get("/admin/").status_code == 302
    right = {"phone": account.phone, "password": PASSWORD}
    assert submit(app.test_client(), "/login", right).status_code == 400
    assert submit(browser, f"{url}/enable", page=url).status_code == 303
    theirs = sign_in(account)
    assert submit(browser, f"{url}/password", {"password": "12345678"}).status_code == 400
    inside = {"password": f"x{account.phone}"}
    assert submit(browser, f"{url}/password", inside).status_code == 400
    assert submit(browser, f"{url}/password", {"password": "a-new-secret-9"}).status_code == 303
    assert theirs.get("/admin/").status_code == 302
    right["password"] = "a-new-secret-9"
    assert submit(app.test_client(), "/login", right).status_code == 303
    own = submit(browser, f"/admin/accounts/{boss.id}/disable")
    assert own.status_code == 400
    assert browser.get("/admin/").status_code == 200
    assert browser.get("/admin/accounts/999").status_code == 404


def test_the_trail_is_in_words_filtered_and_paged(db, write, sign_in, browser):
    with write() as session:
        staff = make_account(session, role=Role.STAFF, name="李晓梅")
        resident = make_resident(session)
    url = f"/staff/residents/{resident.id}/wanted"
    submit(sign_in(staff), url, {"wanted": "保安"})
    shown = page(browser, "/admin/audit").split("</form>")[-1]
    assert "李晓梅（社区工作人员）" in shown
    assert "改档案" in shown
    assert f"居民 {resident.id}" in shown
    assert "社区代办；哪一页：想做啥" in shown
    only = page(browser, "/admin/audit?action=resident.update&who=李晓梅").split("</form>")[-1]
    assert "改档案" in only
    assert "登录" not in only.split("<table")[1]
    assert "没有这样的记录" in page(browser, "/admin/audit?who=没有这个人")
    for query in ("action=nonsense", "older=x", "newer=-3", "older=999999", "days=x", "of=moon:1"):
        page(browser, f"/admin/audit?{query}")


def test_how_things_run(db, write, browser):
    with write() as session:
        make_match(session, model_version="prior-1")
        session.add(
            JobRun(
                job="purge",
                period="2026-11-22",
                started_at=clock.now() - timedelta(minutes=1),
                finished_at=clock.now(),
                outcome="purged",
            )
        )
        session.add(
            JobRun(job="expire_openings", period="x", started_at=clock.now(), outcome="failed")
        )
    shown = page(browser, "/admin/settings")
    assert ("SQLite" if db.is_sqlite else "PostgreSQL") in shown
    assert "prior-1" in shown
    assert "清理旧记录" in shown
    assert "没做成" in shown
    assert "1 人正在找" in page(browser, "/admin/")


def test_an_empty_installation_has_its_pages(browser):
    for url in ("/admin/", "/admin/accounts", "/admin/audit", "/admin/settings"):
        page(browser, url)


def test_whom_to_ask_for_help(write, client):
    assert "服务大厅" in client.get("/help").get_data(as_text=True)
    with write() as session:
        branch = make_branch(session, name="富民支部", office="一楼2号窗口", phone="023-6800 1001")
        make_account(session, role=Role.STAFF, name="李晓梅", title="岗位推荐", branch_id=branch.id)
        make_account(session, role=Role.STAFF, name="已走的人", branch_id=branch.id, enabled=False)
    shown = client.get("/help").get_data(as_text=True)
    assert 'href="tel:02368001001"' in shown
    assert "<strong>李晓梅</strong>：岗位推荐" in shown
    assert "一楼2号窗口" in shown
    assert "已走的人" not in shown
