"""Piecework through its real forms: a company's order to a family's pay, and what is refused."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from tests import factories
from tests.forms import csrf_token, press
from tests.functional.background import do_jobs
from tests.functional.pages import see
from tests.functional.piecework.desk import Desk, picture, twice
from webapp.jobs.models import BackgroundJob
from webapp.ops import verify
from webapp.piecework.actions.item_actions import split_fen
from webapp.piecework.lifecycle import AssignmentState, OrderHold, OrderState
from webapp.piecework.models.assignment import (
    Assignment,
    Delivery,
    Dispute,
    Inspection,
    InspectionPhoto,
)
from webapp.piecework.models.ledger import LedgerEntry
from webapp.piecework.models.money import (
    CompanyPayment,
    Compensation,
    Payment,
    SettlementLine,
    SettlementRun,
    Shipment,
)
from webapp.piecework.models.order import MaterialLot, PieceworkOrder, TimedTrial
from webapp.piecework.services import capacity_planning
from webapp.residents.models import Household


@pytest.fixture
def desk(db: Any, write: Any, sign_in: Any) -> Desk:
    return Desk(db, write, sign_in)


@pytest.mark.slow
def test_from_order_to_pay(desk: Desk) -> None:
    desk.publish()
    order = desk.order_id
    desk.supply()
    assert desk.state() is AssignmentState.TRIAL_PASSED  # one of them was timed at the centre
    counter = f"/staff/piecework/shares/{desk.assignment_id}"
    done = press(desk.staff, counter, "issue-all")  # the one main action, on the page itself
    assert done.status_code == 303
    delivery = desk.hand_in(30)
    page = f"/staff/piecework/deliveries/{delivery}/inspect"
    bad = press(desk.staff, page, accepted="25", rework="3", rejected="3", note="线头")
    assert bad.status_code == 400
    assert "加起来要正好 30" in bad.get_data(as_text=True)
    fake = press(
        desk.staff, page, accepted="25", rework="3", rejected="2", note="线头",
        photos=[(io.BytesIO(b"no picture"), "a.jpg")],
    )  # fmt: skip
    assert fake.status_code == 400
    assert desk.count(Inspection) == 0
    good = press(
        desk.staff, page, accepted="25", rework="3", rejected="2", note="线头",
        photos=[(picture(), "a.jpg"), (picture((400, 300)), "b.jpg")],
    )  # fmt: skip
    assert good.status_code == 303
    assert desk.count(InspectionPhoto) == 2
    shown = desk.staff.get(f"/staff/piecework/photos/{desk.one(InspectionPhoto).id}")
    assert shown.mimetype == "image/jpeg"
    shown.close()
    assert desk.company.get(f"/staff/piecework/photos/{desk.one(InspectionPhoto).id}"
                            ).status_code == 403  # fmt: skip
    desk.act("share", desk.assignment_id, "replace", amount="10")
    delivery = desk.hand_in(3)
    done = press(desk.staff, f"/staff/piecework/deliveries/{delivery}/inspect")
    assert done.status_code == 303
    desk.act("share", desk.assignment_id, "advance", amount="5")
    run = press(desk.payer, "/staff/piecework/settlements")
    assert run.status_code == 303
    line = desk.one(SettlementLine)
    assert (line.gross_fen, line.net_fen) == (28 * 300, 28 * 300 - 500)
    mine = press(desk.staff, f"/staff/piecework/line/{line.id}/pay", method="cash")
    assert mine.status_code == 403  # who inspected does not pay
    assert "换一位" in mine.get_data(as_text=True)
    assert desk.count(Payment) == 0
    sheet = desk.payer.get(f"/staff/piecework/settlements/{line.run_id}/list.xlsx")
    cells = [row[5].value for row in load_workbook(io.BytesIO(sheet.data)).active.iter_rows()]
    assert 79 in cells
    desk.act("run", line.run_id, "pay", by=desk.payer, method="bank", reference="T1")
    assert desk.one(Payment).line_id == line.id
    delivery = desk.hand_in(10)
    assert press(desk.staff, f"/staff/piecework/deliveries/{delivery}/inspect").status_code == 303
    desk.act("share", desk.assignment_id, "return-all")
    desk.act("order", order, "offer", pieces="38")
    shipment = desk.one(Shipment).id
    desk.ask("tranche", shipment, "take")
    unpaid = press(desk.staff, f"/staff/piecework/tranche/{shipment}/release")
    assert unpaid.status_code == 400
    assert "付了才能提货" in unpaid.get_data(as_text=True)
    much = press(desk.company, f"/employer/piecework/order/{order}/declare", amount="200")
    assert much.status_code == 400
    desk.ask("order", order, "declare", amount="152", reference="转1")
    desk.act("payment", desk.one(CompanyPayment).id, "confirm")
    desk.act("tranche", shipment, "release")
    desk.ask("order", order, "accept")
    assert press(desk.payer, "/staff/piecework/settlements").status_code == 303
    desk.act("run", desk.one(SettlementRun).id, "pay", by=desk.payer, method="cash")
    assert desk.one(PieceworkOrder).state is OrderState.PAID
    early = press(desk.staff, f"/staff/piecework/order/{order}/close")
    assert early.status_code == 400
    assert "仓库里还有这家单位的材料" in early.get_data(as_text=True)
    lot = desk.one(MaterialLot).id
    held = see(desk.staff, f"/staff/piecework/lot/{lot}/back")
    left = held.split("仓库里有</dt>")[1].split("<dd>")[1].split(" ")[0].replace(",", "")
    desk.act("lot", lot, "back", amount=left)
    desk.act("order", order, "close")
    assert desk.one(PieceworkOrder).state is OrderState.CLOSED
    assert verify.faults(desk.db) == []
    for page in ("", "shares", "inspections", "settlements", "decisions", f"orders/{order}",
                 f"orders/{order}/plan", f"shares/{desk.assignment_id}",
                 f"households/{desk.household_id}/passbook"):  # fmt: skip
        see(desk.staff, f"/staff/piecework/{page}")


def test_fault_29_a_plan_is_worked_out_by_a_job_and_not_by_a_page(
    desk: Desk, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.publish()
    page = f"/staff/piecework/orders/{desk.order_id}/plan"
    plan_order = capacity_planning.plan_order
    planned: list[int] = []

    def count(*given: Any) -> Any:
        planned.append(1)
        return plan_order(*given)

    monkeypatch.setattr(capacity_planning, "plan_order", count)
    assert "还没有算过" in see(desk.staff, page)
    asked = press(desk.staff, page)
    assert asked.status_code == 303
    assert "/staff/jobs/" in asked.headers["Location"]
    waiting = see(desk.staff, page)
    assert "后台程序没有在运行" in waiting
    assert 'http-equiv="refresh"' in waiting
    token = csrf_token(desk.payer, "/staff/piecework/")
    colleague = desk.payer.post(page, data={"csrf_token": token})
    assert colleague.headers["Location"] == page  # the same job, on a page both may see
    assert planned == []
    assert do_jobs(desk.staff.application) == 1
    assert planned == [1]
    for browser in (desk.staff, desk.payer):
        shown = see(browser, page)
        assert "重新算" in shown
        assert "陈桂芳" in shown
    assert planned == [1]
    assert desk.company.get(page).status_code == 403
    assert "陈桂芳" not in str(desk.one(BackgroundJob).result)


def test_a_plan_that_lacks_its_timing_starts_no_job(desk: Desk) -> None:
    desk.write_order()
    desk.order_id = desk.one(PieceworkOrder).id
    page = f"/staff/piecework/orders/{desk.order_id}/plan"
    assert "先试做计时" in see(desk.staff, page)
    token = csrf_token(desk.staff, "/staff/piecework/")
    refused = desk.staff.post(page, data={"csrf_token": token})
    assert refused.status_code == 400
    assert "先试做计时" in refused.get_data(as_text=True)
    assert desk.count(BackgroundJob) == 0


@pytest.mark.slow
def test_a_repeated_post_does_nothing_twice(desk: Desk) -> None:
    desk.publish()
    order = f"/staff/piecework/order/{desk.order_id}"
    timings = desk.count(TimedTrial)
    assert twice(desk.staff, f"{order}/time", pieces="10", minutes="6", passed="9") == [303, 303]
    assert desk.count(TimedTrial) == timings + 1
    assert twice(desk.staff, f"{order}/receive", amount="2400") == [303, 303]
    assert desk.count(MaterialLot) == 1
    page = f"/staff/piecework/orders/{desk.order_id}/claim/{desk.household_id}"
    claimed = {"pieces": "40", "members": [str(desk.resident_id)]}
    assert twice(desk.staff, page, **claimed) == [303, 303]
    desk.assignment_id = desk.one(Assignment).id
    assignment = f"/staff/piecework/share/{desk.assignment_id}"
    assert twice(desk.staff, f"{assignment}/issue-all") == [303, 303]
    assert twice(desk.staff, f"{assignment}/hand-in", pieces="40") == [303, 303]
    inspect = f"/staff/piecework/deliveries/{desk.one(Delivery).id}/inspect"
    photo = {"photos": []}
    assert twice(desk.staff, inspect, **photo) == [303, 303]
    assert twice(desk.payer, "/staff/piecework/settlements") == [303, 303]
    pay = f"/staff/piecework/line/{desk.one(SettlementLine).id}/pay"
    assert twice(desk.payer, pay) == [303, 303]
    assert twice(desk.staff, f"{order}/offer", pieces="40") == [303, 303]
    assert twice(desk.company, f"/employer/piecework/order/{desk.order_id}/declare",
                 amount="100") == [303, 303]  # fmt: skip
    tables = (Assignment, Delivery, Inspection, SettlementRun, Payment, Shipment, CompanyPayment)
    assert [desk.count(one) for one in tables] == [1] * len(tables)


def test_another_companys_order_and_families_stay_unseen(desk: Desk) -> None:
    desk.publish()
    desk.supply()
    own = f"/employer/piecework/{desk.order_id}"
    for page in (own, f"{own}/edit", f"/employer/piecework/order/{desk.order_id}/cancel",
                 f"/employer/piecework/order/{desk.order_id}/declare"):  # fmt: skip
        assert desk.rival.get(page).status_code == 404, page
    assert "串手链" not in see(desk.rival, "/employer/piecework/")
    desk.act("share", desk.assignment_id, "dispute", about="pay", words="陈桂芳家说少算了")
    seen = see(desk.company, own) + see(desk.company, "/employer/piecework/")
    assert "1 家在做" in seen
    door = see(desk.staff, f"/staff/piecework/shares/{desk.assignment_id}")
    assert "陈桂芳" in door
    with desk.db.reader() as session:
        door = session.get_one(Household, desk.household_id).unit_address
    for secret in ("陈桂芳", door, "13911112222"):
        assert secret not in seen
    # Both the company and staff take a text for a chat group with them, and it names no family.
    for page in (
        see(desk.company, own),
        see(desk.staff, f"/staff/piecework/orders/{desk.order_id}"),
    ):
        shared = page.partition('id="share-text"')[2].partition("</textarea>")[0]
        assert "【手工活】" in shared
        assert "串手链" in shared
        assert "不收钱" in shared
    for page in (f"share/{desk.assignment_id}/issue-all", f"shares/{desk.assignment_id}",
                 f"orders/{desk.order_id}"):  # fmt: skip
        assert desk.company.get(f"/staff/piecework/{page}").status_code == 403


@pytest.mark.slow
def test_nobody_inspects_their_own_household(desk: Desk, write: Any) -> None:
    desk.publish()
    desk.supply()
    desk.act("share", desk.assignment_id, "issue-all")
    delivery = desk.hand_in(10)
    with write() as session:
        factories.make_resident(
            session, household_id=desk.household_id, account_id=desk.inspector_id
        )
    page = f"/staff/piecework/deliveries/{delivery}/inspect"
    own = press(desk.staff, page)
    assert own.status_code == 403
    assert "不能验自己家的货" in own.get_data(as_text=True)
    assert desk.count(Inspection) == 0
    assert press(desk.payer, page).status_code == 303


STRANGE = ("0", "-3", "1.5", "9" * 30, "四十", "")
STRANGE_YUAN = ("0", "-1", "1e3", "0.001", "9" * 12, "一块", "")


@pytest.mark.slow
def test_strange_numbers_are_told_beside_the_field(desk: Desk) -> None:
    desk.publish()
    desk.supply()
    desk.act("share", desk.assignment_id, "issue-all")
    entries = desk.count(LedgerEntry)
    assignment = f"/staff/piecework/share/{desk.assignment_id}"
    order = f"/staff/piecework/order/{desk.order_id}"
    pages = {
        f"{assignment}/hand-in": ("pieces", STRANGE),
        f"{assignment}/issue": ("amount", STRANGE[:3]),
        f"{assignment}/take-back": ("amount", STRANGE[:3]),
        f"{assignment}/reduce": ("pieces", STRANGE[:3]),
        f"{order}/receive": ("amount", STRANGE[:3]),
        f"{order}/offer": ("pieces", STRANGE[:3]),
        f"{assignment}/advance": ("amount", STRANGE_YUAN),
    }
    for page, (name, kinds) in pages.items():
        for typed in kinds:
            bad = press(desk.staff, page, **{name: typed})
            assert bad.status_code == 400, (page, typed)
            html = bad.get_data(as_text=True)
            assert f'id="{name}-error"' in html, (page, typed)
            assert f'value="{typed}"' in html, (page, typed)
    assert press(desk.staff, f"{assignment}/issue", amount="999999").status_code == 400
    assert desk.count(LedgerEntry) == entries


@pytest.mark.slow
def test_a_draft_is_mended_and_a_change_is_paid_for(desk: Desk) -> None:
    assert desk.write_order(quantity="", price="", rate="一块").status_code == 400
    assert desk.count(PieceworkOrder) == 0
    assert desk.write_order(quantity="", rate="", price="", margin="").status_code == 303
    order = desk.one(PieceworkOrder).id
    lacking = press(desk.company, f"/employer/piecework/order/{order}/submit")
    assert lacking.status_code == 400
    assert "没写要做多少件" in lacking.get_data(as_text=True)
    mended = press(desk.company, f"/employer/piecework/{order}/edit",
                   quantity="100", rate="3", price="4", margin="0.5")  # fmt: skip
    assert mended.status_code == 303
    saved = desk.one(PieceworkOrder)
    assert (saved.rate_fen, saved.price_fen, saved.margin_fen) == (300, 400, 50)
    desk.publish()
    desk.supply()
    desk.act("share", desk.assignment_id, "issue-all")
    desk.ask("order", desk.order_id, "change", quantity="90", reason="客户少要了")
    assert desk.one(PieceworkOrder).hold is OrderHold.REQUIREMENT_CHANGED
    record = desk.one(Compensation).id
    page = see(desk.staff, f"/staff/piecework/compensation/{record}/decide")
    assert "100 → 90" in page
    desk.act("compensation", record, "decide", amount="12", split="unmade", decision="补误工")
    changed = desk.one(PieceworkOrder)
    assert (changed.quantity, changed.hold) == (90, None)
    press(desk.payer, "/staff/piecework/settlements")
    assert desk.one(SettlementLine).gross_fen == 1200
    desk.ask("order", desk.order_id, "dispute", about="quality", words="颜色不一样")
    desk.act("disagreement", desk.one(Dispute).id, "decide", outcome="看过样品，一样")
    assert desk.one(PieceworkOrder).hold is None
    opening = saved.opening_id
    for page in ("", "/edit", "/close"):
        moved = desk.company.get(f"/employer/openings/{opening}{page}")
        assert moved.headers["Location"] == f"/employer/piecework/{order}"
    with pytest.raises(AssertionError, match="409"):
        desk.act("disagreement", desk.one(Dispute).id, "decide", outcome="再定一次")


def test_compensation_is_split_to_the_last_fen() -> None:
    assert split_fen(100, {1: 1, 2: 1, 3: 1}) == {1: 34, 2: 33, 3: 33}
    assert split_fen(0, {1: 5}) == {}
    assert split_fen(7, {1: 0, 2: 3}) == {2: 7}
