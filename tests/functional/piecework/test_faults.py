"""Faults found by trying the portal from outside (issue 10), each by its number."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from tests.forms import press
from tests.functional.piecework.pressing import pages, press_all
from tests.functional.piecework.world import World, key, make_world, refused_by_database
from webapp.accounts.models import Account
from webapp.core import clock, heartbeats
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.errors import BadField, Incomplete, Refused
from webapp.core.models import JOB_FAILED, JobRun
from webapp.openings.models import Opening
from webapp.ops import scheduler, verify
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import AssignmentState, OrderState
from webapp.piecework.models.assignment import Assignment, AssignmentMember, DisputeAbout
from webapp.piecework.models.money import PaymentMethod
from webapp.piecework.models.order import MaterialUnit, PieceworkOrder
from webapp.piecework.services import (
    automatic_settlement,
    claims,
    deliveries,
    disputes,
    inspections,
    material_issue,
    order_changes,
    order_review,
    orders,
    payouts,
    settlements,
    shipments,
    timed_trials,
)
from webapp.residents.models import Resident
from webapp.rulebook.models import DangerCode, DangerWord


@pytest.fixture
def world(app: Flask, db: Database) -> World:
    """Two households, a company and staff; no context around, so each request has its own."""
    return make_world(db)


@pytest.fixture
def browse(world: World, sign_in: Any) -> Any:
    """Return a browser of an actor."""

    def _browse(actor: Any) -> Any:
        with world.db.reader() as session:
            return sign_in(session.get_one(Account, actor.account_id))

    return _browse


def finish(world: World, assignment: int, token: str = "") -> None:
    world.do(
        world.staff, deliveries.finish,
        assignment_id=assignment, reason="家里有事", idempotency_key=token or key(),
    )  # fmt: skip


def test_fault_17_finishing_early_again_after_a_corrected_inspection(world: World) -> None:
    world.publish()
    assignment = world.ready(pieces=20)
    first = world.submit(assignment, 6)
    slip = world.inspect(first, accepted=6)
    second = world.submit(assignment, 4)
    world.inspect(second, accepted=2, rework=2)
    assert world.assignment(assignment).state is AssignmentState.REWORK
    token = key()
    finish(world, assignment, token)
    finish(world, assignment, token)  # an impatient thumb changes nothing
    assert world.assignment(assignment).state is AssignmentState.ACCEPTED
    assert world.totals(assignment)[AccountType.REJECTED] == 2
    world.do(
        world.staff, inspections.reverse_inspection,
        inspection_id=slip, reason="看错了一件", idempotency_key=key(),
    )  # fmt: skip
    world.inspect(first, accepted=3, rework=3)
    assert world.assignment(assignment).state is AssignmentState.REWORK
    finish(world, assignment)
    totals = world.totals(assignment)
    assert world.assignment(assignment).state is AssignmentState.ACCEPTED
    assert (totals[AccountType.ACCEPTED], totals[AccountType.REJECTED]) == (5, 5)
    assert totals[AccountType.REWORK] == 0
    assert verify.faults(world.db) == []


def test_fault_18_nothing_is_handed_in_once_all_is_accepted(world: World, browse: Any) -> None:
    world.publish()
    assignment = world.ready(pieces=20)
    page = f"/me/piecework/{assignment}"
    browser = browse(world.families[0])
    world.inspect(world.submit(assignment, 20), accepted=20)
    shown = browser.get(page).get_data(as_text=True)
    assert "交一批" not in shown
    assert "交这一批" not in shown
    assert "等社区结算工钱" in shown


def test_fault_18_no_step_is_offered_in_vain(world: World, browse: Any) -> None:
    """In each state of an order and an assignment, whoever looks at it."""
    browsers = [browse(one) for one in (world.families[0], world.staff, world.company)]

    in_vain: list[str] = []

    def try_all() -> None:
        for browser, addresses in zip(
            browsers,
            (
                pages(world.db, household_id=world.homes[0]),
                pages(world.db),
                pages(world.db, employer_id=world.company.employer_id),
            ),
            strict=True,
        ):
            in_vain.extend(press_all(browser, addresses)[1])

    def staff(verb: Any, **given: Any) -> Any:
        return world.do(world.staff, verb, **given)

    draft = world.draft()
    try_all()
    world.seal(draft)
    try_all()
    order_id = world.publish(material=1000)
    assignment = world.claim(20)
    try_all()
    staff(
        timed_trials.pass_trial,
        assignment_id=assignment, pieces=2, seconds=300, passed=2, idempotency_key=key(),
    )  # fmt: skip
    try_all()
    staff(order_review.pause_order, order_id=order_id, reason="先停一停")
    try_all()
    staff(order_review.resume_order, order_id=order_id)
    staff(material_issue.issue_all, assignment_id=assignment, idempotency_key=key())
    try_all()
    world.do(world.families[0], claims.start, assignment_id=assignment)
    first = world.submit(assignment, 8)
    try_all()
    world.inspect(first, accepted=5, rework=3)
    try_all()
    world.inspect(world.submit(assignment, 3), accepted=3)
    dispute = world.do(
        world.families[0], disputes.open_dispute, order_id=order_id, assignment_id=assignment,
        about=DisputeAbout.COUNT, words="少算一件", idempotency_key=key(),
    )  # fmt: skip
    try_all()
    assert dispute.assignment_id == assignment
    world.inspect(world.submit(assignment, 12), accepted=12)
    try_all()
    run = staff(settlements.settle, idempotency_key=key())
    try_all()
    world.do(
        world.payer, payouts.pay_all, run_id=run.id, method=PaymentMethod.CASH,
        idempotency_key=key(),
    )  # fmt: skip
    shipment = staff(
        shipments.offer_shipment, order_id=order_id, pieces=20, idempotency_key=key()
    )  # fmt: skip
    try_all()
    world.do(world.company, shipments.take_shipment, shipment_id=shipment.id)
    try_all()
    world.do(
        world.company, order_changes.propose_change, order_id=order_id,
        changes={"quality": "再密一点"}, reason="客户要求", idempotency_key=key(),
    )  # fmt: skip
    try_all()
    world.do(
        world.company, order_changes.cancel_order, order_id=order_id, reason="客户退单",
        idempotency_key=key(),
    )  # fmt: skip
    try_all()
    assert in_vain == []


def test_fault_25_an_overdue_settlement_says_so_and_why(
    world: World, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish()
    world.inspect(world.submit(world.ready(20), 20), accepted=20)
    staff, address = browse(world.staff), "/staff/piecework/settlements"
    in_time = staff.get(address).get_data(as_text=True)
    assert "自己结" in in_time
    assert "过期" not in in_time
    later = clock.now() + timedelta(days=17)
    monkeypatch.setattr(clock, "now", lambda: later)
    staff = browse(world.staff)

    def page() -> str:
        text: str = staff.get(address).get_data(as_text=True)
        assert "已经过期 2 天" in text
        assert "没人结的话" not in text
        assert "已经过期 2 天" in staff.get("/staff/piecework/").get_data(as_text=True)
        return text

    assert "后台任务没有在运行" in page()
    with world.db.transaction(SYSTEM) as session:
        heartbeats.beat(session, heartbeats.SCHEDULER)
    assert "下一个整点会结" in page()
    with world.db.transaction(SYSTEM) as session:
        session.add(
            JobRun(
                job=automatic_settlement.JOB, period="x", started_at=later, outcome=JOB_FAILED
            )
        )  # fmt: skip
    assert "出了错" in page()


def test_fault_25_the_hour_settles_what_is_due_however_often_that_is(world: World) -> None:
    world.publish()
    job = next(one for one in scheduler.JOBS if one.name == automatic_settlement.JOB)
    assert "hour" not in job.cron
    later = clock.now() + timedelta(days=15)
    for family in (0, 1):  # the second comes due on the same day
        delivery = world.submit(world.ready(20, family), 5, family)
        world.inspect(delivery, accepted=5)
        with clock.frozen(later):
            assert job.work(world.db) == "1 shares settled"
            assert job.work(world.db) == "0 shares settled"


def _unknown_age(world: World, family: int = 0) -> int:
    """Take the birth date of a family's member away; return the member."""
    id_ = world.families[family].resident_id
    assert id_ is not None
    with world.db.transaction(SYSTEM) as session:
        session.get_one(Resident, id_).birth_date = None
    return id_


def test_fault_12_nobody_of_unknown_age_claims_until_it_is_told(world: World, browse: Any) -> None:
    order_id = world.publish()
    member = _unknown_age(world)
    home = world.homes[0]
    field = f"birth_{member}"
    young = (clock.today() - timedelta(days=15 * 365)).isoformat()
    future = (clock.today() + timedelta(days=1)).isoformat()
    pages_of_both = (
        (browse(world.families[0]), f"/me/piecework/orders/{order_id}"),
        (browse(world.staff), f"/staff/piecework/orders/{order_id}/claim/{home}"),
    )
    for browser, page in pages_of_both:
        typed = {"pieces": "10", "members": [str(member)]}
        for day, words in (("", "还不知道"), (young, "不满 16 岁"), (future, "出生日期不对"),
                           ("昨天", "日期不对")):  # fmt: skip
            answer = press(browser, page, **typed, **{field: day})
            assert answer.status_code == 400, day
            text = answer.get_data(as_text=True)
            assert words in text, day
            assert f'id="{field}"' in text
        with world.db.reader() as session:
            assert session.get_one(Resident, member).birth_date is None
            assert session.exec(select(Assignment)).first() is None
    browser, page = pages_of_both[0]
    assert press(browser, page, **typed, **{field: "1970-03-08"}).status_code == 303
    with world.db.reader() as session:
        assert session.get_one(Resident, member).birth_date == date(1970, 3, 8)
        named = session.exec(select(AssignmentMember)).one()
    assert named.age is not None
    assert named.age >= 55
    assert field not in browser.get(page).get_data(as_text=True)


def test_fault_12_those_named_later_are_asked_for_too(world: World, browse: Any) -> None:
    world.publish()
    assignment = world.claim()
    member = _unknown_age(world)
    staff, page = browse(world.staff), f"/staff/piecework/share/{assignment}/members"
    typed = {"members": [str(member)]}
    answer = press(staff, page, **typed)
    assert answer.status_code == 400
    assert "还不知道" in answer.get_data(as_text=True)
    assert press(staff, page, **typed, **{f"birth_{member}": "1970-03-08"}).status_code == 303


@pytest.mark.parametrize(
    ("years", "hazardous", "may"), [(15, False, False), (16, False, True), (17, True, False),
                                    (18, True, True)]
)  # fmt: skip
def test_fault_12_the_law_on_age(world: World, years: int, hazardous: bool, may: bool) -> None:
    world.publish()
    member = world.families[0].resident_id
    today = clock.today()
    with world.db.transaction(SYSTEM) as session:
        order = session.get_one(PieceworkOrder, world.order_id)
        session.get_one(Opening, order.opening_id).hazardous = hazardous
        resident = session.get_one(Resident, member)
        resident.birth_date = today.replace(year=today.year - years, day=min(today.day, 28))
    if may:
        assert world.claim()
    else:
        with pytest.raises(BadField, match="岁"):
            world.claim()


def test_fault_12_the_database_refuses_a_child(world: World) -> None:
    world.publish()
    assignment = world.claim()
    assert refused_by_database(
        world, f"UPDATE piecework_assignment_member SET age = 15 WHERE assignment_id = {assignment}"
    )


def _sealed(world: World, note: str = "问过单位", **terms: Any) -> int:
    order_id = world.draft(**terms)
    world.seal(order_id, note=note)
    return order_id


@pytest.mark.parametrize(
    "terms",
    [
        {"quality": "改用汽油清洗干净"},
        {"material_supply": "不用担心，汽油由公司提供"},
        {"acceptance_note": "验收前用酒精擦一遍"},
        {"materials": [orders.MaterialLine("工业酒精", MaterialUnit.GRAM, 2)]},
    ],
)
def test_fault_11_dangerous_goods_stay_out_of_homes(world: World, terms: dict[str, Any]) -> None:
    order_id = world.draft(**terms)
    with pytest.raises(Incomplete, match="不能拿回家做") as refused:
        world.do(world.company, orders.submit_order, order_id=order_id)
    assert [fault.field for fault in refused.value.faults] == list(terms)
    with world.db.reader() as session:
        assert session.get_one(PieceworkOrder, order_id).state is OrderState.DRAFT


def test_fault_11_what_is_in_doubt_needs_two_members(world: World) -> None:
    text = {"quality": "没有味道的酒精"}
    with pytest.raises(BadField, match="没有味道的酒精"):
        _sealed(world, note="", **text)
    order_id = _sealed(world, **text)
    with pytest.raises(Refused, match="另一位同事"):
        world.do(world.staff, order_review.publish_order, order_id=order_id, note="没事")
    with pytest.raises(BadField, match="没有味道的酒精"):
        world.do(world.payer, order_review.publish_order, order_id=order_id)
    world.do(
        world.payer, order_review.publish_order, order_id=order_id, note="单位说是说明书上的字"
    )
    with world.db.reader() as session:
        assert session.get_one(PieceworkOrder, order_id).state is OrderState.PUBLISHED


def test_fault_11_a_word_added_meanwhile_stops_the_publication(app: Flask, world: World) -> None:
    order_id = _sealed(world, quality="用清漆刷两遍")
    with world.db.transaction(SYSTEM) as session:
        session.add(
            DangerWord(
                word="清漆", code=DangerCode.FLAMMABLE, source="消防法第二十三条",
                since=clock.today(), created_at=clock.now(),
            )
        )  # fmt: skip
    with app.app_context(), pytest.raises(Incomplete, match="清漆"):
        world.do(world.payer, order_review.publish_order, order_id=order_id, note="没事")


def test_fault_11_a_change_brings_nothing_dangerous_in(world: World) -> None:
    world.publish()
    ask: dict[str, Any] = {"order_id": world.order_id, "idempotency_key": key()}
    for text in ("改用汽油清洗", "没有味道的酒精"):
        with pytest.raises(BadField, match="重新做安全检查") as refused:
            world.do(
                world.company, order_changes.propose_change,
                changes={"quality": text}, reason="客户要求", **ask,
            )  # fmt: skip
        assert refused.value.field == "quality"
    assert world.order().hold is None
    world.do(
        world.company, order_changes.propose_change,
        changes={"quality": "不用汽油，用清水擦"}, reason="客户要求", **ask,
    )  # fmt: skip


def test_fault_11_work_at_the_centre_with_such_goods_is_for_grown_ups(world: World) -> None:
    order_id = world.draft(quality="用酒精擦干净")
    with world.db.transaction(SYSTEM) as session:
        opening = session.get_one(Opening, session.get_one(PieceworkOrder, order_id).opening_id)
        opening.at_home, opening.place = False, "重庆市/九龙坡区/华岩镇/华龙家园"
    world.seal(order_id, note="开窗，两个人看着")
    with world.db.reader() as session:
        found = session.get_one(PieceworkOrder, order_id)
        assert session.get_one(Opening, found.opening_id).hazardous
        assert found.state is OrderState.SAMPLE_SEALED
