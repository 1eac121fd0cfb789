"""Dangerous goods stay out of homes, and what is in doubt needs two members (fault 11)."""

from typing import Any

import pytest
from flask import Flask

from tests.functional.piecework.world import World, key
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.errors import BadField, Incomplete, Refused
from webapp.openings.models import Opening
from webapp.piecework.lifecycle import OrderState
from webapp.piecework.models.order import MaterialUnit, PieceworkOrder
from webapp.piecework.services import (
    order_changes,
    order_review,
    orders,
)
from webapp.rulebook.models import DangerCode, DangerWord


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
