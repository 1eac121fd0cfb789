"""The queue, one's own applications, staff's own suggestions, and the ends of matches."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from tests import factories
from tests.functional.matches_world import World, make_world
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.db import Database
from webapp.core.models import AuditEvent
from webapp.matches import services
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.openings.lifecycle import OpeningState
from webapp.residents.models import Consent, ConsentPurpose

S = MatchState


def interest(world: World, opening_id: int) -> Any:
    return world.post("resident", f"/me/openings/{opening_id}/interest", "/account/password")


def test_asking_oneself_then_consenting(world: World, write: Any) -> None:
    with write() as session:
        opening = factories.make_opening(session)
    first, second = interest(world, opening.id), interest(world, opening.id)
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    with world.db.reader() as session:
        match = session.exec(select(Match).where(Match.opening_id == opening.id)).one()
    assert (match.state, match.origin) == (S.INTERESTED, "resident")
    page = f"/me/matches/{match.id}"
    assert "随时可以收回" in world.see("resident", page)
    world.post("resident", f"{page}/share", page)
    assert world.state(match.id) is S.APPLIED


def test_asking_for_what_staff_put_aside_or_consent_covers(world: World, write: Any) -> None:
    with write() as session:
        session.get_one(Match, world.match_id).state = S.DISMISSED
        session.add(
            Consent(
                resident_id=world.resident_id,
                purpose=ConsentPurpose.EMPLOYER,
                employer_id=world.employer_id,
                given_at=clock.now(),
                channel="page",
            )
        )
    interest(world, world.opening_id)
    assert world.state() is S.APPLIED


def test_what_takes_nobody_is_refused(world: World, write: Any) -> None:
    yesterday = clock.today() - timedelta(days=1)
    for change, status, words in (
        ({"state": OpeningState.DRAFT}, 404, ""),
        ({"state": OpeningState.SUBMITTED}, 404, ""),
        ({"state": OpeningState.EXPIRED}, 410, "已过期"),
        ({"state": OpeningState.CLOSED}, 410, "已过期或已经结束"),
        ({"valid_until": yesterday}, 410, "已过期"),
        ({"headcount": 1, "hired_count": 1}, 409, "名额已满"),
    ):
        with write() as session:
            opening = factories.make_opening(session, **change)
        response = interest(world, opening.id)
        assert response.status_code == status, change
        assert words in response.get_data(as_text=True)
        with world.db.reader() as session:
            found = session.exec(select(Match).where(Match.opening_id == opening.id)).first()
        assert found is None


@pytest.mark.parametrize(
    ("years", "fields", "status"),
    [(15, {}, 400), (17, {"hazardous": True}, 400), (17, {}, 303), (18, {"hazardous": True}, 303)],
)
def test_the_law_on_age_is_not_outvoted(
    db: Database,
    write: Any,
    sign_in: Callable[[Account], FlaskClient],
    years: int,
    fields: dict[str, Any],
    status: int,
) -> None:
    birth = clock.today() - timedelta(days=years * 366 + 1)
    world = make_world(db, write, sign_in, birth_date=birth)
    with write() as session:
        opening = factories.make_opening(session, **fields)
    response = interest(world, opening.id)
    assert response.status_code == status
    if status == 400:
        assert "周岁" in response.get_data(as_text=True)


def test_staff_suggest_on_their_own_judgement(world: World, write: Any) -> None:
    with write() as session:
        opening = factories.make_opening(session, title="小区门卫", demands=["night"])
    page = f"/staff/residents/{world.resident_id}/suggest"
    assert "小区门卫" in world.see("staff", f"{page}?q=门卫")
    assert "没有找到" in world.see("staff", f"{page}?q=宇航员")
    assert world.post("staff", page, page, own_channel="phone").status_code == 400
    data = {"opening_id": opening.id, "own_channel": "phone", "why": "离家近，您熟悉"}
    assert world.post("staff", page, page, **data).status_code == 303
    assert world.post("staff", page, page, **data).status_code == 409
    with world.db.reader() as session:
        match = session.exec(select(Match).where(Match.opening_id == opening.id)).one()
    assert (match.state, match.origin) == (S.OFFERED, "staff")
    assert "离家近，您熟悉" in world.see("resident", f"/me/matches/{match.id}")


def test_what_has_ended_can_be_tried_again(world: World) -> None:
    world.decide("confirm", channel="page")
    world.answer("decline")
    assert world.record("again", again_channel="phone").status_code == 303
    assert world.state() is S.OFFERED


def test_closing_an_opening_ends_what_is_under_way(world: World, write: Any) -> None:
    with write() as session:
        states = (S.OFFERED, S.APPLIED, S.HIRED, S.DECLINED, S.SUGGESTED)
        ids = {
            state: factories.make_match(
                session, opening_id=world.opening_id, state=state, start_date=clock.today()
            ).id
            for state in states
        }
    actor = world.actor("staff")
    with world.db.transaction(actor) as session:
        ended = services.close_opening_matches(session, actor, opening_id=world.opening_id)
    assert ended == 2
    assert world.state(ids[S.OFFERED]) is S.OPENING_CLOSED
    assert world.state(ids[S.APPLIED]) is S.OPENING_CLOSED
    assert world.state(ids[S.HIRED]) is S.HIRED
    assert world.state(ids[S.DECLINED]) is S.DECLINED
    with world.db.reader() as session:
        assert session.get(Match, ids[S.SUGGESTED]) is None
        entry = session.exec(
            select(AuditEvent).where(AuditEvent.action == "match.close_opening")
        ).one()
    assert entry.details == {"count": 2}


def test_a_resident_leaving_takes_everything_back(world: World, write: Any) -> None:
    world.to_applied()
    with write() as session:
        offer = factories.make_match(session, resident_id=world.resident_id, state=S.OFFERED)
    actor = world.actor("resident")
    with world.db.transaction(actor) as session:
        assert services.withdraw_all(session, actor, resident_id=world.resident_id) == 2
    assert (world.state(), world.state(offer.id)) == (S.WITHDRAWN, S.WITHDRAWN)
    assert world.browser("employer").get(f"/employer/matches/{world.match_id}").status_code == 404


def test_withdrawing_from_one_employer_leaves_the_others(world: World, write: Any) -> None:
    world.to_applied()
    with write() as session:
        other = factories.make_match(session, resident_id=world.resident_id, state=S.APPLIED)
    actor = world.actor("resident")
    with world.db.transaction(actor) as session:
        count = services.withdraw_from_employer(
            session, actor, resident_id=world.resident_id, employer_id=world.employer_id
        )
    assert count == 1
    assert (world.state(), world.state(other.id)) == (S.WITHDRAWN, S.APPLIED)


def test_bad_input_changes_nothing(world: World) -> None:
    world.to_applied()
    for step, data in (
        ("invite", {"day": "2020-01-01", "time": "10:00", "place": "门口"}),
        ("invite", {"day": "x", "time": "y", "place": ""}),
        ("hire", {"start_date": "1900-01-01", "evidence": "合同"}),
        ("refuse", {"refuse_code": "nonsense", "remark": "不"}),
    ):
        response = world.employ(step, **data)
        assert response.status_code == 400, data
        assert "有几处要改一改" in response.get_data(as_text=True)
    assert world.state() is S.APPLIED
