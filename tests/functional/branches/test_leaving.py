"""A member leaves: all of it goes to one of the same branch, or nothing does."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import CheckConstraint, update
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from tests.factories import make_account, make_branch, make_household, make_opening, make_resident
from tests.functional.branches.world import (
    MONDAY,
    Team,
    add,
    make_activity,
    make_promise,
    make_shift,
)
from tests.functional.racing import at_once
from tests.functional.tables import all_of, reload
from webapp import events, reactions
from webapp.accounts import service as accounts
from webapp.accounts.models import Account
from webapp.branches.lifecycle import Ending, PromiseState
from webapp.branches.models.commitments import BranchActivity, BranchPromise
from webapp.branches.models.rota import DutyShift
from webapp.branches.queries.members import secretary_of
from webapp.branches.services import leaving
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.errors import BadField, Conflict, NotFound, Refused
from webapp.core.models import AuditEvent
from webapp.guides.trades import Site, Trade
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.ops import schema
from webapp.residents.models import Household
from webapp.ventures.lifecycle import CaseOrigin, CaseState, MentorState
from webapp.ventures.models.cases import VentureCase

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Burden:
    """What the member answers for, alone and with others."""

    alone: BranchPromise
    second: BranchPromise
    together: BranchPromise
    over: BranchPromise
    activity: BranchActivity
    household: Household
    opening: Opening
    closed: Opening
    case: VentureCase


def make_case(session: Session, mentor: Account) -> VentureCase:
    """Return a case in preparation whose mentor has agreed."""
    resident = make_resident(session)
    row = VentureCase(
        resident_id=resident.id, state=CaseState.PLANNING, origin=CaseOrigin.STAFF,
        code=f"HAND{resident.id:04d}", title="卖菜", trade=Trade.VEGETABLES, site=Site.MARKET,
        mentor_id=mentor.id, mentor_state=MentorState.AGREED,
        since=clock.now(), created_at=clock.now(),
    )  # fmt: skip
    return add(session, row)


def make_burden(session: Session, team: Team) -> Burden:
    """Give the member something of every kind."""
    secretary, member, third = team.secretary, team.member, team.third
    over = make_promise(session, member, secretary)
    step = update(BranchPromise).where(BranchPromise.id == over.id)
    session.exec(
        step.values(
            state=PromiseState.KEPT, outcome="修好了", closed_at=clock.now(), closed_by_id=member.id
        )
    )
    make_shift(session, member, MONDAY - HOUR, MONDAY + 2 * HOUR)  # running
    make_shift(session, member, MONDAY + DAY, MONDAY + DAY + 8 * HOUR)
    make_shift(session, member, MONDAY - DAY, MONDAY - DAY + HOUR)  # over
    make_shift(session, third, MONDAY + DAY + 2 * HOUR, MONDAY + DAY + 3 * HOUR)
    return Burden(
        alone=make_promise(session, member, secretary),
        second=make_promise(session, secretary, member),
        together=make_promise(session, third, member),
        over=over,
        activity=make_activity(session, member, third),
        household=make_household(session, responsible_id=member.id),
        opening=make_opening(session, responsible_id=member.id),
        closed=make_opening(session, responsible_id=member.id, state=OpeningState.CLOSED),
        case=make_case(session, member),
    )


@pytest.fixture
def burden(write: Any, team: Team) -> Any:
    """What the member answers for; the clock stands on Monday at ten."""
    with clock.frozen(MONDAY):
        with write() as session:
            made = make_burden(session, team)
        yield made


def leave(db: Database, team: Team, by: Account, **fields: Any) -> int:
    usual = {
        "account_id": team.member.id, "successor_id": team.third.id, "ending": Ending.LEAVES,
    }  # fmt: skip
    with db.transaction(team.actor(by)) as session:
        return leaving.hand_over(session, team.actor(by), **{**usual, **fields})


def duties(db: Database, team: Team, account: Account) -> dict[str, int]:
    with db.reader() as session:
        return {
            one.words: one.count
            for one in leaving.duties_of(session, team.actor(team.boss), account.id)
        }


BEFORE = {
    "承诺": 3, "活动": 1, "值班": 2, "负责的户": 1, "管的机会": 1, "带的创业个案": 1,
}  # fmt: skip


def test_all_of_it_goes_to_one_of_the_branch(
    app: Flask, db: Database, team: Team, burden: Burden
) -> None:
    assert duties(db, team, team.member) == BEFORE
    with app.app_context():
        leave(db, team, team.secretary)
    assert duties(db, team, team.member) == {}
    assert not reload(db, Account, team.member.id).enabled
    pairs = {
        name: (row.owner_id, row.backup_id)
        for name in ("alone", "second", "together", "over")
        for row in [reload(db, BranchPromise, getattr(burden, name).id)]
    }
    secretary, member, third = team.secretary.id, team.member.id, team.third.id
    assert pairs == {
        "alone": (third, secretary),
        "second": (secretary, third),
        "together": (third, secretary),  # they answered together: the secretary steps in
        "over": (member, secretary),  # what is over keeps its names
    }
    activity = reload(db, BranchActivity, burden.activity.id)
    assert (activity.owner_id, activity.backup_id) == (third, secretary)
    assert reload(db, Household, burden.household.id).responsible_id == third
    assert reload(db, Opening, burden.opening.id).responsible_id == third
    assert reload(db, Opening, burden.closed.id).responsible_id == member
    case = reload(db, VentureCase, burden.case.id)
    assert (case.mentor_id, case.mentor_state) == (third, MentorState.ASKED)
    noted = [row for row in all_of(db, AuditEvent) if row.action == "member.leave"]
    assert [row.details for row in noted] == [{"account": third, "ending": "leaves", "n": 9}]


def test_shifts_are_covered_as_before_and_nobody_stands_twice(
    app: Flask, db: Database, team: Team, burden: Burden
) -> None:
    with app.app_context():
        leave(db, team, team.boss)
    shifts = [
        (one.account_id, one.starts_at, one.ends_at)
        for one in sorted(all_of(db, DutyShift), key=lambda one: one.starts_at)
    ]
    member, third, tuesday = team.member.id, team.third.id, MONDAY + DAY
    assert shifts == [
        (member, MONDAY - DAY, MONDAY - DAY + HOUR),
        (member, MONDAY - HOUR, MONDAY),  # cut where it was handed over
        (third, MONDAY, MONDAY + 2 * HOUR),
        (third, tuesday, tuesday + 2 * HOUR),
        (third, tuesday + 2 * HOUR, tuesday + 3 * HOUR),  # their own
        (third, tuesday + 3 * HOUR, tuesday + 8 * HOUR),
    ]


def test_the_office_of_secretary_goes_along(app: Flask, db: Database, team: Team) -> None:
    with app.app_context():
        with pytest.raises(Refused, match="请管理员来交接"):
            leave(db, team, team.secretary, account_id=team.secretary.id)
        leave(db, team, team.boss, account_id=team.secretary.id, successor_id=team.member.id)
    with db.reader() as session:
        assert secretary_of(session, team.branch.id) == team.member.id


def test_who_moves_to_another_branch_hands_over_too(
    app: Flask, db: Database, write: Any, team: Team, burden: Burden
) -> None:
    with write() as session:
        other = make_branch(session)
    with app.app_context():
        for wrong in (team.branch.id, None, 999):
            with pytest.raises(BadField):
                leave(db, team, team.boss, ending=Ending.MOVES, to_branch_id=wrong)
        assert duties(db, team, team.member) == BEFORE
        leave(db, team, team.boss, ending=Ending.MOVES, to_branch_id=other.id)
    moved = reload(db, Account, team.member.id)
    assert (moved.enabled, moved.branch_id) == (True, other.id)
    assert duties(db, team, team.member) == {}


def test_only_one_of_the_same_branch_in_service_takes_over(
    app: Flask, db: Database, write: Any, team: Team, burden: Burden
) -> None:
    with write() as session:
        other = make_account(session, role=Role.STAFF)
        gone = make_account(session, role=Role.STAFF, branch_id=team.branch.id, enabled=False)
    with app.app_context():
        for nobody in (other.id, gone.id, team.boss.id, team.member.id, 999):
            with pytest.raises(BadField) as refused:
                leave(db, team, team.boss, successor_id=nobody)
            assert refused.value.field == "successor"
    assert duties(db, team, team.member) == BEFORE


def test_who_may_not_hand_over_for_another(
    app: Flask, db: Database, write: Any, team: Team
) -> None:
    with write() as session:
        strange = make_branch(session)
        foreign = make_account(session, role=Role.STAFF, branch_id=strange.id, is_secretary=True)
        resident = make_account(session)
    with app.app_context():
        for by in (team.third, foreign, resident, team.member):
            with pytest.raises(NotFound):
                leave(db, team, by)
        with pytest.raises(NotFound):
            leave(db, team, team.boss, account_id=resident.id)


def test_a_thing_that_cannot_be_moved_stops_the_whole_step(
    app: Flask, db: Database, write: Any, team: Team, burden: Burden
) -> None:
    """The branch has nobody left to be the backup of what both answered for."""
    with app.app_context(), write() as session:
        alone = make_branch(session)
        first, second = (
            make_account(session, role=Role.STAFF, branch_id=alone.id) for _ in range(2)
        )
        make_household(session, responsible_id=first.id)
        promise = make_promise(session, first, second)
    with app.app_context(), pytest.raises(Refused, match="没有第三个人"):
        leave(db, team, team.boss, account_id=first.id, successor_id=second.id)
    assert duties(db, team, first) == {"承诺": 1, "负责的户": 1}
    assert reload(db, Account, first.id).enabled
    assert reload(db, BranchPromise, promise.id).owner_id == first.id


def test_a_kind_that_nobody_moves_stops_the_whole_step(
    app: Flask, db: Database, team: Team, burden: Burden, monkeypatch: Any
) -> None:
    """A part that counts something and forgets to move it is found out by the count after."""
    reaction = events._reactions[events.MemberLeaves]
    kept = [one for one in reaction if one.__module__ != "webapp.residents.services.handover"]
    assert len(kept) == len(reaction) - 1
    monkeypatch.setitem(events._reactions, events.MemberLeaves, kept)
    with app.app_context(), pytest.raises(Refused, match="没有人接：负责的户"):
        leave(db, team, team.boss)
    assert duties(db, team, team.member) == BEFORE


def test_nobody_is_disabled_who_still_answers_for_something(
    app: Flask, db: Database, write: Any, team: Team, burden: Burden
) -> None:
    boss = team.actor(team.boss)
    with (
        app.app_context(),
        pytest.raises(Refused, match="承诺 3、活动 1、值班 2"),
        db.transaction(boss) as session,
    ):
        accounts.set_enabled(session, boss, account_id=team.member.id, enabled=False)
    for changes in ({"enabled": False}, {"branch_id": make_elsewhere(write)}):
        with pytest.raises(DatabaseError), write() as session:  # the database alone holds it too
            session.exec(update(Account).where(Account.id == team.member.id).values(**changes))
    assert reload(db, Account, team.member.id).enabled


def make_elsewhere(write: Any) -> int:
    with write() as session:
        return make_branch(session).id


@pytest.mark.parametrize("make", [make_promise, make_activity])
def test_two_members_of_the_branch_answer_for_everything(write: Any, team: Team, make: Any) -> None:
    with write() as session:
        foreign = make_account(session, role=Role.STAFF)
        gone = make_account(session, role=Role.STAFF, branch_id=team.branch.id, enabled=False)
        kept = make(session, team.member, team.third)
    for backup in (team.member, foreign, gone, team.boss):
        with pytest.raises(DatabaseError), write() as session:
            make(session, team.member, backup)
        with pytest.raises(DatabaseError), write() as session:
            session.merge(kept).backup_id = backup.id
    for nobody in ({"owner_id": None}, {"backup_id": None}):
        with pytest.raises(DatabaseError), write() as session:
            make(session, team.member, team.third, **nobody)


def test_two_hand_over_at_once(app: Flask, db: Database, team: Team, burden: Burden) -> None:
    """The same member to two people: one is done, the other is told; nothing is split."""

    def to(successor: Account) -> Any:
        return team.actor(team.boss), lambda session, actor: leaving.hand_over(
            session, actor, account_id=team.member.id, successor_id=successor.id,
            ending=Ending.LEAVES,
        )  # fmt: skip

    assert at_once(app, db, to(team.third), to(team.secretary)) == ["409", "done"]
    owner = reload(db, Household, burden.household.id).responsible_id
    assert owner in {team.third.id, team.secretary.id}
    assert reload(db, Opening, burden.opening.id).responsible_id == owner
    assert duties(db, team, team.member) == {}


def test_each_to_the_other_at_once(app: Flask, db: Database, team: Team, burden: Burden) -> None:
    """Two leave and name each other: whoever is second finds nobody there to take over."""

    def leaves(gone: Account, successor: Account) -> Any:
        return team.actor(team.boss), lambda session, actor: leaving.hand_over(
            session, actor, account_id=gone.id, successor_id=successor.id, ending=Ending.LEAVES
        )

    ended = at_once(app, db, leaves(team.member, team.third), leaves(team.third, team.member))
    assert ended == ["400", "done"]
    staying = [one for one in (team.member, team.third) if reload(db, Account, one.id).enabled]
    assert len(staying) == 1
    assert reload(db, Household, burden.household.id).responsible_id == staying[0].id


def test_a_handover_twice_is_refused(app: Flask, db: Database, team: Team) -> None:
    with app.app_context():
        leave(db, team, team.boss)
        with pytest.raises(Conflict):
            leave(db, team, team.boss)


# Columns that name an account which answers for the row: each part that has one hands it over.
RESPONSIBLE = {
    "household.responsible_id", "opening.responsible_id", "venture_case.mentor_id",
    "payment_call.caller_id", "duty_shift.account_id", "branch_promise.owner_id",
    "branch_promise.backup_id", "branch_activity.owner_id", "branch_activity.backup_id",
    "post.responsible_id", "ticket.owner_id", "ticket.backup_id",
    "standing_service.owner_id", "standing_service.backup_id",
    "long_case.owner_id", "long_case.backup_id",
    "help_wanted.owner_id", "help_wanted.backup_id", "help_call.account_id",
    "employer_broker.account_id",
    "spot_check_line.reviewer_id",
}  # fmt: skip
# Of these one may be nobody's, each for a reason.
MAY_BE_NOBODYS = {
    "household.responsible_id": "who registers alone waits on the caseload's page of those without",
    "opening.responsible_id": "an employer's own, until staff have looked at it",
    "post.responsible_id": "a draft wrote itself, and a member answers for it by sending it",
    "spot_check_line.reviewer_id": "most are not drawn, and only another branch may look",
    "ticket.owner_id": "nobody's until it is dispatched; then a constraint asks for both",
    "ticket.backup_id": "as its owner",
    "venture_case.mentor_id": "a person is asked for one, and says yes or no",
}
# Whose the row is: it ends with them, or goes with them.
OWN = {
    "login_session.account_id", "saved_filter.account_id", "member_profile.account_id",
    "member_absence.account_id", "employer_member.account_id", "resident.account_id",
    "notification_opt_in.account_id", "outbox.account_id", "phone_code.account_id",
    "policy_check.account_id", "policy_finding.account_id", "pasted_text.account_id",
    "import_batch.account_id", "impression.account_id", "bookmark.account_id",
    "login_card.account_id", "calendar_link.account_id", "calendar_link.member_id",
    "push_subscription.account_id",
    "ticket.reporter_account_id",
    "search_alert.account_id",
    "volunteer_hours.account_id",
}  # fmt: skip
# Who did it, beside the columns whose names end in ``by_id``.
DID = {
    "contact.account_id", "evidence_request.account_id", "match_event.account_id",
    "ledger_entry.account_id", "message.author_id", "message_report.reporter_id",
    "piecework_event.account_id", "venture_event.account_id", "enrolment_event.account_id",
    "piecework_inspection.inspector_id", "piecework_order.second_inspector_not_id",
    "spot_check_line.member_id", "spot_check_recusal.account_id",
    "post.author_id", "ticket_event.actor_id", "ticket.about_account_id",
    "oversight_month.account_id",
}  # fmt: skip


def account_columns() -> dict[str, Any]:
    return {
        f"{table.name}.{column.name}": column
        for table in schema.all_tables().sorted_tables
        for column in table.columns
        if any(key.target_fullname == "account.id" for key in column.foreign_keys)
    }


def test_every_column_that_names_an_account_is_known() -> None:
    """A new one that answers for its row is handed over; it has to be named here either way."""
    columns = account_columns()
    assert set(columns) >= RESPONSIBLE | OWN | DID
    did = {name for name in columns if name.endswith("by_id")}
    assert set(columns) - did - RESPONSIBLE - OWN - DID == set()
    assert {name for name in columns if name.endswith((".owner_id", ".backup_id"))} <= RESPONSIBLE


def test_nothing_is_without_an_owner() -> None:
    columns = account_columns()
    nobodys = {name for name in RESPONSIBLE if columns[name].nullable}
    assert nobodys == set(MAY_BE_NOBODYS)
    for name in RESPONSIBLE:
        table = columns[name].table
        if {"owner_id", "backup_id"} & set(table.columns.keys()):
            said = {
                str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint)
            }
            assert "owner_id <> backup_id" in said, name
            if name in MAY_BE_NOBODYS:  # until somebody sorts it; the constraint says from when
                assert any("owner_id IS NOT NULL AND backup_id IS NOT NULL" in one for one in said)
                continue
            assert not table.c.owner_id.nullable, name
            assert not table.c.backup_id.nullable, name


def test_each_part_that_hands_over_counts_too() -> None:
    """Whoever moves something says what there is, or the page would leave it out."""
    for kind in (events.MemberDutiesAsked, events.MemberLeaves):
        parts = [one.__module__ for one in events._reactions[kind]]
        assert parts == [one.__name__ for one in reactions.HANDED_OVER]
