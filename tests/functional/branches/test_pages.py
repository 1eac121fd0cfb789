"""The pages of members: leave, handing over, the secretary, a branch's own page; and brokers."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories import make_account, make_branch, make_employer, make_household, make_opening
from tests.forms import press
from tests.functional.branches.world import MONDAY, Team, make_promise, make_shift
from tests.functional.pages import see, text
from tests.functional.tables import all_of, reload
from webapp.accounts.models import Account
from webapp.branches.models import Branch, BranchDuty
from webapp.branches.models.rota import MemberAbsence
from webapp.branches.queries.members import secretary_of
from webapp.branches.services import duties
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.employers.models import EmployerBroker
from webapp.residents.models import Household

DAY = timedelta(days=1)
ABSENCES = "/staff/branches/absences"


@pytest.fixture(autouse=True)
def monday() -> Any:
    with clock.frozen(MONDAY):
        yield


def test_a_member_leaves_on_one_page(db: Database, team: Team, write: Any, sign_in: Any) -> None:
    with write() as session:
        house = make_household(session, responsible_id=team.member.id)
        make_promise(session, team.member, team.third)
        make_shift(session, team.member, MONDAY + DAY, MONDAY + 1.5 * DAY)
    desk = sign_in(team.secretary)
    member = f"/staff/branches/members/{team.member.id}"
    page = f"{member}/leave"
    assert page in see(desk, member)
    said = see(desk, page)
    for words in ("一共 3 件", "负责的户", "承诺", "值班"):
        assert words in said
    for wrong in ({"successor": ""}, {"successor": str(team.member.id)}, {"successor": "999999"},
                  {"ending": "x"}, {"ending": "moves", "to_branch": ""}):  # fmt: skip
        given = {"successor": str(team.third.id), **wrong}
        assert press(desk, page, **given).status_code == 400, wrong
    assert reload(db, Account, team.member.id).enabled
    gone = sign_in(team.member)
    assert "3 件事都换了人" in text(
        desk.get(press(desk, page, successor=str(team.third.id)).headers["Location"])
    )
    assert reload(db, Household, house.id).responsible_id == team.third.id
    assert gone.get("/staff/branches/").status_code == 302  # signed out everywhere
    assert "唐敏" not in see(desk, "/help")
    assert "没有，可以放心走" in see(desk, member)


def test_the_account_page_leads_to_the_handover(team: Team, write: Any, sign_in: Any) -> None:
    with write() as session:
        make_promise(session, team.member, team.third)
    boss = sign_in(team.boss)
    at = f"/admin/accounts/{team.member.id}"
    assert f"/staff/branches/members/{team.member.id}" in see(boss, at)
    answer = press(boss, f"{at}/disable")
    assert answer.status_code == 400
    assert "手上还有：承诺 1" in text(answer)


def test_leave_is_noted_and_taken_back(db: Database, team: Team, write: Any, sign_in: Any) -> None:
    with write() as session:
        make_shift(session, team.member, MONDAY + DAY, MONDAY + 1.5 * DAY)
        stranger = make_account(session, role=Role.STAFF)
    mine, desk = sign_in(team.member), sign_in(team.secretary)
    given = {"member": str(team.member.id), "from_on": "2026-12-01", "until_on": "2026-12-03"}
    for wrong in (
        {"from_on": ""}, {"until_on": "2026-11-30"}, {"until_on": "2028-12-01"},
        {"from_on": "2026-11-01", "until_on": "2026-11-29"}, {"member": str(team.third.id)},
    ):  # fmt: skip
        assert press(mine, ABSENCES, **{**given, **wrong}).status_code == 400, wrong
    noted = press(mine, ABSENCES, **given)
    assert "这几天有 1 个班" in text(mine.get(noted.headers["Location"]))
    again = press(desk, ABSENCES, **given)
    assert again.status_code == 400
    assert "已经记了请假" in text(again)
    (row,) = all_of(db, MemberAbsence)
    assert f"{row.id}/cancel" not in see(sign_in(stranger), ABSENCES)
    with clock.frozen(MONDAY + DAY):
        assert "请假" in see(desk, "/staff/branches/")
    assert press(desk, ABSENCES, f"/{row.id}/cancel").status_code == 303
    assert "没有人请假" in see(mine, ABSENCES)


def test_the_admin_names_the_secretary(db: Database, team: Team, sign_in: Any) -> None:
    at = f"/staff/branches/members/{team.third.id}"
    assert "让这位当支部书记" not in see(sign_in(team.secretary), at)
    assert press(sign_in(team.boss), at, "/secretary").status_code == 303
    with db.reader() as session:
        assert secretary_of(session, team.branch.id) == team.third.id
    assert sign_in(team.secretary).get(at).status_code == 404  # leads no more
    assert sign_in(team.third).get(at).status_code == 200


def test_a_branch_keeps_its_own_page(
    db: Database, client: FlaskClient, team: Team, sign_in: Any
) -> None:
    page = f"/staff/branches/{team.branch.id}/edit"
    assert sign_in(team.member).get(page).status_code == 404
    desk = sign_in(team.secretary)
    given = {
        "purpose": "调解、法律", "office": "二楼", "phone": "023-61230001",
        "duties": "邻里调解：坐下来慢慢说\n\n法律援助:有懂法的人陪着跑",
    }  # fmt: skip
    for wrong in (
        {"duties": ""}, {"duties": "没有冒号"}, {"duties": "长" * 21 + "：x"},
        {"duties": "a：b\na：c"}, {"phone": "x"}, {"phone": team.third.phone}, {"office": ""},
        {"duties": "\n".join(f"事{n}：x" for n in range(13))}, {"purpose": "长" * 101},
    ):  # fmt: skip
        assert press(desk, page, **{**given, **wrong}).status_code == 400, wrong
    assert press(desk, page, **given).status_code == 303
    said = see(client, f"/branches/{team.branch.id}")
    for words in ("调解、法律", "二楼", "坐下来慢慢说", "有懂法的人陪着跑"):
        assert words in said
    assert [one.title for one in all_of(db, BranchDuty)] == ["邻里调解", "法律援助"]
    assert client.get("/branches/999999").status_code == 404


def test_four_branches_with_their_duties_come_with_the_program(
    app: Any, db: Database, client: FlaskClient, write: Any
) -> None:
    with write() as session:
        make_branch(session, name="安民支部", phone="023-1")
    with app.app_context():
        assert duties.seed(db) == 4
        assert duties.seed(db) == 0
    names = {row.name: row for row in all_of(db, Branch)}
    assert set(names) == {"富民支部", "便民支部", "安民支部", "乐民支部"}
    assert names["富民支部"].serves_all
    assert not names["便民支部"].serves_all
    assert names["安民支部"].phone == "023-1"
    assert "邻里调解" in see(client, f"/branches/{names['安民支部'].id}")
    assert see(client, "/help")


def test_private_numbers_are_no_duty_telephones(team: Team, sign_in: Any) -> None:
    mine = sign_in(team.member)
    answer = press(mine, "/staff/branches/me", duty_phone=team.member.phone)
    assert answer.status_code == 400
    assert "自己的手机号" in text(answer)


def test_brokers_and_what_they_brought(
    db: Database, client: FlaskClient, team: Team, write: Any, sign_in: Any
) -> None:
    with write() as session:
        employer = make_employer(session, name="山城物业")
        early = make_opening(session, employer_id=employer.id, title="早先的岗位",
            created_at=MONDAY - DAY, published_at=MONDAY - DAY)  # fmt: skip
    desk = sign_in(team.secretary)
    at = f"/staff/employers/{employer.id}"
    assert (
        press(desk, at, "/broker", broker=str(team.member.id)).status_code == 400
    )  # no broker yet
    member = f"/staff/branches/members/{team.member.id}"
    assert press(desk, member, "/broker").status_code == 303
    assert "劳务经纪人" in see(client, "/help")
    assert press(desk, at, "/broker", broker=str(team.member.id)).status_code == 303
    with clock.frozen(MONDAY + DAY), write() as session:
        late = make_opening(
            session, employer_id=employer.id, title="新来的岗位", headcount=3, hired_count=2,
            published_at=clock.now(), created_at=clock.now(),
        )  # fmt: skip
    said = see(desk, "/staff/employers/brokers")
    assert "山城物业" in said
    assert late.title in said
    assert early.title not in said
    assert "带来 1 个岗位，要 3 人，招到 2 人" in said
    # Who leaves hands the employers over; what was brought stays theirs, what comes is the other's.
    page = f"{member}/leave"
    assert "跑的单位" in see(desk, page)
    with clock.frozen(MONDAY + 2 * DAY):
        assert press(desk, page, successor=str(team.third.id)).status_code == 303
    old, new = all_of(db, EmployerBroker)
    assert (old.account_id, old.until) == (team.member.id, MONDAY + 2 * DAY)
    assert (new.account_id, new.until) == (team.third.id, None)
    assert "山城物业" in see(desk, "/staff/employers/brokers")
    taken = f"/staff/branches/members/{team.third.id}"
    assert press(desk, taken, "/not_broker").status_code == 303
    with clock.frozen(MONDAY + 3 * DAY):
        assert press(desk, at, "/broker", broker="").status_code == 303
    assert "还没有劳务经纪人" in see(desk, "/staff/employers/brokers")
