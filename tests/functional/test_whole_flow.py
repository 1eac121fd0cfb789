"""The main job, end to end, through the real forms: from a spreadsheet to somebody hired."""

import io
import re
from datetime import timedelta

import pytest
from openpyxl import Workbook
from sqlmodel import select

from tests.conftest import PASSWORD
from tests.factories import make_account
from tests.forms import csrf_token, forms_on, press
from tests.functional.background import settled
from webapp.core import clock
from webapp.core.access import Role
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match, MatchEvent
from webapp.matches.suggestions import compute
from webapp.openings.models import Opening
from webapp.ops.verify import faults
from webapp.residents.models import Resident, ResidentState

COMPANY = "重庆巧针服装有限公司"
CREDIT_CODE = "91500107MA56000014"


def spreadsheet() -> io.BytesIO:
    """A list as an employer would hand it in: a title line above, words of its own."""
    book = Workbook()
    sheet = book.active
    sheet.append(["2026年招工表"])
    sheet.append(
        ["岗位", "用人单位", "工资", "上班地点", "要几个人", "文化程度", "招到哪天", "岗位职责"]
    )
    day = clock.today() + timedelta(days=40)
    sheet.append(
        [
            "缝纫工", COMPANY, "底薪2600+计件", "重庆市 - 九龙坡区 - 华岩镇", "1人", "不限", day,
            "平车缝制工作服，材料和机器由厂里准备。会踩缝纫机就行，包一顿午饭。",
        ]
    )  # fmt: skip
    sheet.append(["裁床工", COMPANY, "看着给吧", "华岩镇", "2人", "初中", day, "裁布，按版排料。"])
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    return content


def address(response) -> str:
    """Return where a redirect leads."""
    assert response.status_code == 303, response.get_data(as_text=True)[:3000]
    return response.headers["Location"]


@pytest.fixture
def staff(write, sign_in):
    with write() as session:
        account = make_account(session, role=Role.STAFF, name="李晓梅")
    return sign_in(account)


@pytest.mark.slow
def test_from_a_spreadsheet_to_a_hire(app, db, staff):
    # The employer registers; staff check its papers.
    employer = app.test_client()
    registered = press(
        employer, "/employer/register", name=COMPANY, credit_code=CREDIT_CODE, industry="服装",
        address="石堰路1号", contact_name="何老板", phone="13911112222", password=PASSWORD,
    )  # fmt: skip
    address(registered)
    page = staff.get("/staff/employers/").get_data(as_text=True)
    employer_page = re.search(r'href="(/staff/employers/\d+)"', page)[1]
    papers = re.findall(
        r'name="papers"[^>]*value="([^"]+)"', staff.get(employer_page).get_data(as_text=True)
    )
    address(press(staff, employer_page, "/verify", papers=papers))

    # Staff hand in the spreadsheet, see what its columns mean, confirm.
    sheet = {"kind": "vacancies", "file": (spreadsheet(), "招工.xlsx")}
    batch = address(settled(staff, press(staff, "/staff/imports/", **sheet)))
    mapping = staff.get(batch).get_data(as_text=True)
    assert "上班地点" in mapping
    address(settled(staff, press(staff, batch, "/columns")))
    done = settled(staff, press(staff, batch, "/confirm"))
    result = staff.get(address(done)).get_data(as_text=True)
    assert "看着给吧" in result  # the unreadable pay is told by row and column
    with db.reader() as session:
        opening = session.exec(select(Opening)).one()
    assert (opening.title, opening.pay_min_fen, opening.pay_max_fen) == ("缝纫工", 260000, None)
    assert app.test_client().get(f"/openings/{opening.id}").status_code == 404

    # The same file again adds nothing.
    sheet = {"kind": "vacancies", "file": (spreadsheet(), "招工.xlsx")}
    again = address(settled(staff, press(staff, "/staff/imports/", **sheet)))
    settled(staff, press(staff, again, "/columns"))
    if any(form.action == f"{again}/confirm" for form in forms_on(staff.get(again))):
        settled(staff, press(staff, again, "/confirm"))
    with db.reader() as session:
        assert len(session.exec(select(Opening)).all()) == 1

    # Staff publish it; everybody finds it, by sound and with a slip too.
    review = f"/staff/openings/{opening.id}"
    address(press(staff, review, "/publish"))
    visitor = app.test_client()
    for words in ("缝纫", "fengren", "frg", "逢纫工"):
        assert "缝纫工" in visitor.get("/openings/", query_string={"q": words}).get_data(
            as_text=True
        )

    # A resident registers on her phone and says what she can do.
    resident = app.test_client()
    registered = press(
        resident, "/register", name="陈桂芳", phone="13922223333", password=PASSWORD,
        unit_address="3栋2单元-501", service="y",
    )  # fmt: skip
    address(registered)
    address(press(resident, "/me/profile/wanted", wanted="缝纫活\n来料加工"))
    address(press(resident, "/me/profile/skills", skills="会踩缝纫机，平车锁边"))
    assert "缝纫工" not in resident.get("/me/").get_data(as_text=True)

    # The scheduler computes; staff see the pair with its reasons, and only they.
    with app.app_context():
        compute.process_requests(db)
    queue = staff.get("/staff/matches/").get_data(as_text=True)
    assert "陈桂芳 → 缝纫工" in queue
    assert "缝纫" in queue
    assert "缝纫工" not in resident.get("/me/").get_data(as_text=True)
    with db.reader() as session:
        match = session.exec(select(Match)).one()
    assert match.reasons
    assert 0 < match.score <= 1
    address(press(staff, "/staff/matches/", f"/{match.id}/confirm"))

    # She sees why, says yes, and agrees that this employer sees her file.
    own = f"/me/matches/{match.id}"
    assert own in resident.get("/me/").get_data(as_text=True)
    page = resident.get(own).get_data(as_text=True)
    assert match.reasons[0]["text"] in page
    file = f"/employer/matches/{match.id}"
    assert employer.get(file).status_code == 404
    # Her age is asked first: nobody under 16 may work.
    asked = address(press(resident, own, "/interested"))
    assert "还不知道年龄" in resident.get(asked).get_data(as_text=True)
    basics = f"/me/profile/basics?opening={opening.id}"
    address(press(resident, basics, "/basics", birth_date="1979-03-01"))
    address(press(resident, own, "/interested"))
    assert employer.get(file).status_code == 404
    # Her number is unproven: staff call her back before any employer sees her.
    assert "/share" not in resident.get(own).get_data(as_text=True)
    with db.reader() as session:
        her_file = f"/staff/residents/{session.exec(select(Resident)).one().id}"
    address(press(staff, her_file, "/phone/call_back"))
    address(press(resident, own, "/share"))

    # The employer sees who agreed, invites and hires her.
    shown = employer.get(file).get_data(as_text=True)
    assert "13922223333" not in shown  # until both agree to exchange numbers
    assert "3栋2单元" not in shown
    day = (clock.today() + timedelta(days=2)).isoformat()
    address(press(employer, file, "/invite", day=day, time="09:30", place="厂门口"))
    assert "面试" in resident.get("/me/messages/").get_data(as_text=True)
    address(
        press(employer, file, "/hire", start_date=clock.today().isoformat(), evidence="签了合同")
    )

    with db.reader() as session:
        match = session.exec(select(Match)).one()
        steps = [
            event.to_state for event in session.exec(select(MatchEvent).order_by(MatchEvent.id))
        ]
        assert session.exec(select(Opening)).one().hired_count == 1
        assert session.exec(select(Resident)).one().state is ResidentState.EMPLOYED
    assert match.state is MatchState.HIRED
    assert steps == [
        "confirmed", "offered", "interested", "shared", "applied", "interview", "hired",
    ]  # fmt: skip
    assert faults(db) == []

    # The next one is told that it is full.
    other = app.test_client()
    press(
        other, "/register", name="刘小琴", phone="13933334444", password=PASSWORD,
        unit_address="5栋1单元-302", service="y",
    )  # fmt: skip
    late = press(other, "/me/profile/wanted", "/wanted", wanted="缝纫")
    address(late)
    token = csrf_token(other, "/me/profile/wanted")
    full = other.post(f"/me/openings/{opening.id}/interest", data={"csrf_token": token})
    assert full.status_code == 409
