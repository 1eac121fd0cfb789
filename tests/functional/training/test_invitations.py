"""Invitations to a run: who is asked, what they answer, what nobody may read out of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from tests import factories
from tests.forms import press
from tests.functional.racing import at_once
from tests.functional.tables import all_of
from tests.functional.training.test_pages import SignIn, see
from tests.functional.training.world import (
    BEGINS,
    NOON,
    World,
    key,
    make_world,
    meetings,
    run_terms,
)
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.db import Database
from webapp.core.errors import Conflict, Forbidden, Gone, NotFound
from webapp.core.models import AuditEvent
from webapp.privacy import service as privacy
from webapp.privacy.export import export
from webapp.residents.models import Resident, ResidentState
from webapp.training.lifecycle import EnrolmentState, InvitationOutcome
from webapp.training.models.courses import Course, CourseRun
from webapp.training.models.enrolments import Enrolment, EnrolmentEvent
from webapp.training.models.invitations import CourseInvitation, InvitationStop
from webapp.training.queries import candidates, own
from webapp.training.services import due, enrolments, invitations, posting, runs

S, Outcome = EnrolmentState, InvitationOutcome


@pytest.fixture
def world(app: Flask, db: Database) -> Any:
    """A run of two seats, and five people."""
    with clock.frozen(NOON):
        yield make_world(app, db, learners=5)


def invite(world: World, *people: Actor, run_id: int | None = None) -> list[int]:
    invited: list[int] = world.do(
        world.staff,
        invitations.invite,
        run_id=run_id or world.run_id,
        resident_ids=[one.resident_id for one in people],
    )
    return invited


def enrol(world: World, one: Actor, run_id: int | None = None) -> None:
    world.do(one, enrolments.enrol, run_id=run_id or world.run_id, resident_id=one.resident_id)


def outcomes(world: World, run_id: int | None = None) -> list[str | None]:
    """Return what came of the invitations to a run, in order."""
    with world.db.reader() as session:
        rows = session.exec(
            select(CourseInvitation.outcome)
            .where(CourseInvitation.run_id == (run_id or world.run_id))
            .order_by(col(CourseInvitation.id))
        ).all()
    return [None if one is None else one.value for one in rows]


def counted(world: World) -> candidates.Invited:
    with world.db.reader() as session:
        run = session.get_one(CourseRun, world.run_id)
        taken = session.exec(
            select(Enrolment.id).where(Enrolment.run_id == run.id, col(Enrolment.seat).is_not(None))
        ).all()
        return candidates.invited_to(session, world.run_id, free=run.seats - len(taken))


def test_two_taps_to_yes_and_two_to_no(world: World, sign_in: SignIn) -> None:
    yes, no, *_rest = world.learners
    invite(world, yes, no)
    assert [world.state(one) for one in (yes, no)] == [S.INVITED, S.INVITED]
    me = sign_in(world.account(yes))
    page = f"/me/training/runs/{world.run_id}"
    home = me.get("/me/").get_data(as_text=True)
    assert f'href="{page}"' in home  # the first tap
    assert "社区请您来学，12月8日（周二）开课" in home
    assert press(me, page).status_code == 303  # the second
    assert world.state(yes) is S.ACCEPTED
    other = sign_in(world.account(no))
    assert "社区请您来学，12月8日（周二）开课" in see(other, "/me/training/")
    assert press(other, page, "/not-this-time").status_code == 303
    assert world.state(no) is S.WITHDRAWN
    assert "现在没有报" in see(other, "/me/training/")
    assert "社区请您来学" not in see(other, "/me/")
    assert outcomes(world) == ["accepted", "not_this_time"]
    assert counted(world) == candidates.Invited(all=2, accepted=1, blocked=0, waiting=0)
    # Doing it again changes nothing; a yes is no longer a no by this button.
    again = world.enrolment(no)
    assert again is not None
    world.do(no, invitations.not_this_time, enrolment_id=again.id)
    seated = world.enrolment(yes)
    assert seated is not None
    with pytest.raises(Conflict, match="已经报了名"):
        world.do(yes, invitations.not_this_time, enrolment_id=seated.id)
    with pytest.raises(NotFound):
        world.do(yes, invitations.not_this_time, enrolment_id=again.id)


def test_who_finds_no_seat_is_blocked_and_never_a_refusal(world: World, sign_in: SignIn) -> None:
    first, second, third, silent, _fifth = world.learners
    invite(world, first, second, third, silent)
    enrol(world, first)
    assert counted(world) == candidates.Invited(all=4, accepted=1, blocked=0, waiting=3)
    enrol(world, second)
    enrol(world, third)  # no seat: in line
    assert outcomes(world) == ["accepted", "accepted", "blocked", None]
    # Whoever has not answered could not come either.
    assert counted(world) == candidates.Invited(all=4, accepted=2, blocked=2, waiting=0)
    page = see(sign_in(world.account(world.staff)), f"/staff/training/runs/{world.run_id}/invite")
    for words in ("请过的 4", "报上了 2", "没有座位了 2", "还没回话 0"):
        assert words in page
    # A seat comes free, the one in line takes it: no longer blocked.
    mine = world.enrolment(first)
    assert mine is not None
    world.do(first, enrolments.withdraw, enrolment_id=mine.id)
    offered = world.enrolment(third)
    assert offered is not None
    assert offered.state is S.OFFERED
    world.do(third, enrolments.accept_offer, enrolment_id=offered.id)
    assert outcomes(world) == ["accepted", "accepted", "accepted", None]
    # The run begins, full: who never answered was blocked.
    with clock.frozen(BEGINS):
        world.work(due.begin_due)
        assert world.work(invitations.end_due) == 1
        assert world.work(invitations.end_due) == 0
    assert outcomes(world)[-1] == "blocked"
    assert world.state(silent) is S.WITHDRAWN


def test_invitations_end_with_the_days_to_enrol(world: World) -> None:
    one, wishing, *_rest = world.learners
    world.do(wishing, enrolments.wish, course_id=world.course_id, resident_id=wishing.resident_id)
    invite(world, one, wishing)
    assert [world.state(who) for who in (one, wishing)] == [S.INVITED, S.APPLIED]
    last = BEGINS - timedelta(days=1)
    with clock.frozen(last.replace(hour=23, minute=59)):
        assert world.work(invitations.end_due) == 0
    with clock.frozen(BEGINS.replace(hour=0, minute=0)):
        assert world.work(invitations.end_due) == 2
    assert outcomes(world) == ["lapsed", "lapsed"]
    # Who had said that they want to learn it still does.
    assert [world.state(who) for who in (one, wishing)] == [S.WITHDRAWN, S.APPLIED]


def test_a_no_leaves_a_wish_for_another_run(world: World) -> None:
    wishing = world.learners[0]
    world.do(wishing, enrolments.wish, course_id=world.course_id, resident_id=wishing.resident_id)
    invite(world, wishing)
    mine = world.enrolment(wishing)
    assert mine is not None
    world.do(world.staff, invitations.not_this_time, enrolment_id=mine.id)
    assert world.state(wishing) is S.APPLIED
    assert outcomes(world) == ["not_this_time"]


def test_who_takes_their_wish_back_is_asked_no_more(world: World) -> None:
    wishing, other, *_rest = world.learners
    world.do(wishing, enrolments.wish, course_id=world.course_id, resident_id=wishing.resident_id)
    invite(world, wishing, other)
    mine = world.enrolment(wishing)
    assert mine is not None
    world.do(wishing, enrolments.withdraw, enrolment_id=mine.id)
    with world.db.reader() as session:
        waiting = candidates.unanswered(session, world.run_id)
    assert [one.resident_id for one in waiting] == [other.resident_id]


def test_a_run_called_off_or_moved_tells_the_invited(world: World) -> None:
    one, two, *_rest = world.learners
    other = world.do(
        world.staff, _post_again, course_id=world.course_id, meetings=meetings(BEGINS, count=2)
    )
    invite(world, one, two)
    invite(world, one, run_id=other.id)
    world.do(world.staff, runs.cancel_run, run_id=world.run_id, reason="教室漏水")
    assert outcomes(world) == ["called_off", "called_off"]
    assert outcomes(world, other.id) == [None]
    # One is asked to another run as well and stays invited.
    assert [world.state(who) for who in (one, two)] == [S.INVITED, S.WITHDRAWN]
    assert world.news(two) == ["invited", "cancelled"]
    change = runs.Change(
        meetings={}, room="三楼教室", trainer="何老师", seats=2, reason="修教室", overlap_known=True
    )
    world.do(world.staff, runs.change_run, run_id=other.id, change=change)
    assert world.news(one)[-1] == "moved"


def _post_again(session: Session, actor: Actor, *, course_id: int, meetings: Any) -> CourseRun:
    return posting.add_run(
        session, actor, course_id=course_id, run=run_terms(meetings=meetings),
        idempotency_key=key(),
    )  # fmt: skip


def reasons(world: World, run_id: int, course_id: int) -> dict[int, str]:
    with world.app.test_request_context(), world.db.reader() as session:
        return candidates.left_out(
            session,
            session.get_one(Course, course_id),
            session.get_one(CourseRun, run_id),
            [one.resident_id or 0 for one in world.learners],
        )


def test_who_is_left_out_and_why(world: World, db: Database) -> None:
    enrolled, asked, stopped, paused, open_ = world.learners
    run = world.post_course("缝纫班", subsidised=True, seats=3)
    had = world.learner()
    subsidised = world.post_course("月嫂班", subsidised=True, meetings=meetings(hours=1))
    enrol(world, had, subsidised.id)
    enrol(world, enrolled, run.id)
    invite(world, asked, run_id=run.id)
    world.do(stopped, invitations.set_stop, resident_id=stopped.resident_id, stop=True)
    with db.transaction(SYSTEM) as session:
        session.get_one(Resident, paused.resident_id).state = ResidentState.PAUSED
    assert reasons(world, run.id, run.course_id) == {
        enrolled.resident_id: "已经报了这门课",
        asked.resident_id: "这一期请过了",
        stopped.resident_id: "说过不用请去学课",
        paused.resident_id: "说了暂时不找",
        had.resident_id: "今年有补贴的课上过了",
    }
    # The service asks again: a form held back for an hour invites nobody it should not.
    assert invite(world, *world.learners, run_id=run.id) == [open_.resident_id]
    # What they answered changes nothing of what the next list says of them.
    said_no = world.enrolment(asked, run.course_id)
    assert said_no is not None
    world.do(asked, invitations.not_this_time, enrolment_id=said_no.id)
    assert reasons(world, run.id, run.course_id)[asked.resident_id or 0] == "这一期请过了"
    # Two runs later everybody may be asked again, whatever they said.
    again = world.do(world.staff, _post_again, course_id=run.course_id, meetings=meetings())
    assert invite(world, asked, run_id=again.id) == [asked.resident_id]
    world.do(world.staff, invitations.set_stop, resident_id=stopped.resident_id, stop=False)
    assert all_of(db, InvitationStop) == []


def test_a_no_stands_on_no_list_and_no_trail(world: World, db: Database, sign_in: SignIn) -> None:
    quiet, loud, *_rest = world.learners
    invite(world, quiet, loud)
    mine = world.enrolment(quiet)
    assert mine is not None
    world.do(quiet, invitations.not_this_time, enrolment_id=mine.id)
    staff = sign_in(world.account(world.staff))
    name = world.get(Resident, quiet.resident_id or 0).name
    for page in ("invite", ""):
        shown = see(staff, f"/staff/training/runs/{world.run_id}/{page}".rstrip("/"))
        assert name not in shown.split("没有列进来的")[0]
        assert "这次不去" not in shown
    trail = [row.action for row in all_of(db, AuditEvent) if row.subject == f"enrolment:{mine.id}"]
    assert trail == ["enrolment.answer"]
    with world.app.test_request_context(), db.reader() as session:
        copy = export(session, quiet, resident_id=quiet.resident_id or 0)
    assert copy["courses"]["invitations"][0]["outcome"] == "not_this_time"
    assert "都不是拒绝工作" in copy["about"]


def test_only_staff_invite_and_only_to_open_runs(world: World) -> None:
    one = world.learners[0]
    with pytest.raises(Forbidden):
        world.do(one, invitations.invite, run_id=world.run_id, resident_ids=[one.resident_id])
    other = world.learners[1]
    with pytest.raises(Forbidden):
        world.do(one, invitations.set_stop, resident_id=other.resident_id, stop=True)
    with clock.frozen(BEGINS), pytest.raises(Gone):
        invite(world, one)
    with pytest.raises(NotFound):
        world.do(world.staff, invitations.invite, run_id=99999, resident_ids=[one.resident_id])
    with pytest.raises(NotFound):
        world.do(world.staff, invitations.invite, run_id=world.run_id, resident_ids=[99999])


def test_who_leaves_takes_their_invitations_along(world: World, db: Database) -> None:
    one = world.learners[0]
    invite(world, one)
    world.do(one, invitations.set_stop, resident_id=one.resident_id, stop=True)
    world.do(one, privacy.leave, resident_id=one.resident_id)
    assert world.state(one) is S.WITHDRAWN
    assert all_of(db, InvitationStop) == []
    assert outcomes(world) == ["not_this_time"]


def test_people_without_an_account_are_told_by_staff(world: World, sign_in: SignIn) -> None:
    with world.db.transaction(SYSTEM) as session:
        row = factories.make_resident(session, name="文大勇", phone="13912345678", available=[])
    world.do(world.staff, invitations.invite, run_id=world.run_id, resident_ids=[row.id])
    staff = sign_in(world.account(world.staff))
    told = see(staff, "/staff/training/to-tell")
    assert "文大勇" in told
    assert "社区请您来学「焊工取证班 第1期」" in told
    page = f"/staff/training/runs/{world.run_id}/invite"
    assert "文大勇" in see(staff, page)
    press(staff, page, f"/runs/{world.run_id}/enrol")
    assert outcomes(world) == ["accepted"]
    assert "社区请您来学" not in see(staff, "/staff/training/to-tell")  # answered: no more


def test_two_members_and_the_people_themselves_at_once(app: Flask, db: Database) -> None:
    first = clock.now() + timedelta(days=30)
    world = make_world(
        app, db, learners=6, meetings=meetings(first), enrol_until=first.date() - timedelta(days=2)
    )
    ids = [one.resident_id or 0 for one in world.learners]

    def invites(chosen: list[int]) -> Callable[[Session, Actor], Any]:
        return lambda session, actor: invitations.invite(
            session, actor, run_id=world.run_id, resident_ids=chosen
        )

    def enrols(session: Session, actor: Actor) -> None:
        enrolments.enrol(session, actor, run_id=world.run_id, resident_id=actor.resident_id or 0)

    acts = [
        (world.staff, invites(ids)),
        (world.staff, invites(ids[::-1])),
        *((one, enrols) for one in world.learners[:3]),
    ]
    assert at_once(app, db, *acts) == ["done"] * 5
    rows = all_of(db, CourseInvitation)
    assert len({row.enrolment_id for row in rows}) == len(rows)  # each at most once
    with app.test_request_context(), db.reader() as session:
        told = [one for one in own.own_courses(session, ids[5]) if one.is_asked]
        states = session.exec(select(Enrolment.state)).all()
        steps = session.exec(
            select(EnrolmentEvent.id).where(EnrolmentEvent.action == "invite")
        ).all()
    assert len(told) == 1
    assert sorted(states) == [S.ACCEPTED] * 2 + [S.INVITED] * 3 + [S.WAITING]
    assert len(steps) <= 6
    by_state = {world.enrolment(one).id: world.state(one) for one in world.learners}  # type: ignore[union-attr]
    for row in rows:
        expected = {S.ACCEPTED: Outcome.ACCEPTED, S.WAITING: Outcome.BLOCKED, S.INVITED: None}
        assert row.outcome is expected[by_state[row.enrolment_id]]  # type: ignore[index]


def test_the_form_needs_somebody_ticked(world: World, sign_in: SignIn, client: FlaskClient) -> None:
    one = world.learners[0]
    world.do(one, enrolments.wish, course_id=world.course_id, resident_id=one.resident_id)
    staff = sign_in(world.account(world.staff))
    page = f"/staff/training/runs/{world.run_id}/invite"
    assert "说过想学" in see(staff, page)
    wrong = press(staff, page, residents=[])
    assert wrong.status_code == 400
    assert "请至少勾一个人" in wrong.get_data(as_text=True)
    assert press(staff, page, residents=["77777777777777777"]).status_code == 400
    assert outcomes(world) == []
    sent = press(staff, page)  # ticked already
    assert sent.status_code == 303
    assert "请了 1 个人" in see(staff, page)
    assert see(staff, "/staff/training/runs/99999/invite", 404)
