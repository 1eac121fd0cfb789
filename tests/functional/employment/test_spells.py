"""Employment spells: recorded by staff, said by the person, written by a hire, never a refusal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from tests import factories
from tests.forms import press, submit
from tests.functional.matches_world import World, make_world
from tests.functional.racing import at_once
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.db import Database
from webapp.core.vocabulary import Kind
from webapp.employment.lifecycle import EXCLUSIVE, Evidence, Origin, SpellKind
from webapp.employment.models import EmploymentSpell
from webapp.employment.services import spells
from webapp.privacy.export import export
from webapp.privacy.service import leave

K, E = SpellKind, Evidence


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> World:
    return make_world(db, write, sign_in)


def page_of(world: World) -> str:
    return f"/staff/residents/{world.resident_id}/employment"


def day(ago: int) -> str:
    return (clock.today() - timedelta(days=ago)).isoformat()


def note(world: World, **fields: Any) -> Any:
    """Fill in and send staff's short form."""
    usual = {"kind": "found_alone", "starts_on": day(10), "evidence": "payslip"}
    return press(world.browser("staff"), page_of(world), "employment", **{**usual, **fields})


def say(world: World, **fields: Any) -> Any:
    usual = {"kind": "found_alone", "starts_on": day(5)}
    return press(world.browser("resident"), "/me/employment", **{**usual, **fields})


def rows(db: Database) -> list[EmploymentSpell]:
    with db.reader() as session:
        return list(session.exec(select(EmploymentSpell).order_by(EmploymentSpell.id)))


def test_staff_record_what_they_have_seen_in_one_form(world: World, db: Database) -> None:
    assert note(world, words="农贸市场卖菜").status_code == 303
    (spell,) = rows(db)
    staff = world.accounts["staff"].id
    assert (spell.kind, spell.evidence, spell.origin) == (K.FOUND_ALONE, E.PAYSLIP, Origin.STAFF)
    assert spell.verified_by_id == spell.recorded_by_id == staff
    shown = world.see("staff", page_of(world))
    assert "农贸市场卖菜" in shown
    assert "核实过" in shown
    file = world.see("staff", f"/staff/residents/{world.resident_id}")
    assert f'href="{page_of(world)}"' in file
    assert "农贸市场卖菜" in file


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": ""}, "请选一样"),
        ({"kind": "x"}, ""),
        ({"evidence": ""}, "请选一样"),
        ({"evidence": "licence"}, "看不出"),
        ({"starts_on": ""}, "请填日期"),
        ({"starts_on": "2026-02-30"}, ""),
        ({"starts_on": day(-1)}, "还没到这一天"),
        ({"starts_on": "1979-01-01"}, "太早"),
        ({"ends_on": day(11)}, "不能比开始那天早"),
        ({"ends_on": day(-1)}, "还没到这一天"),
        ({"words": "长" * 201}, "200"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(world, db, fields, told) -> None:
    refused = note(world, **fields)
    assert refused.status_code == 400
    assert told in refused.get_data(as_text=True)
    assert rows(db) == []


def test_what_a_person_says_counts_once_staff_have_seen_it(world: World, db: Database) -> None:
    assert say(world, words="饭店帮厨", evidence="contract").status_code == 303
    (said,) = rows(db)
    assert (said.evidence, said.verified_at, said.origin) == (E.OWN_WORD, None, Origin.SELF)
    assert "等核实" in world.see("staff", "/staff/")
    assert "饭店帮厨" in world.see("staff", page_of(world))
    verify = f"{page_of(world)}/{said.id}/verify"
    browser = world.browser("staff")
    for bad in ("", "own_word", "licence"):
        assert press(browser, verify, evidence=bad).status_code == 400
    assert press(browser, verify, evidence="visit_note", words="去店里看过").status_code == 303
    (seen,) = rows(db)
    assert seen.verified_by_id == world.accounts["staff"].id
    assert (seen.evidence, seen.words, seen.origin) == (E.VISIT_NOTE, "去店里看过", Origin.SELF)
    taken = submit(
        world.browser("resident"), f"/me/employment/{seen.id}/withdraw", page="/me/employment"
    )
    assert taken.status_code == 403  # what was verified is not taken back by the person alone


def test_a_person_takes_back_what_they_said(world: World, db: Database) -> None:
    say(world)
    (said,) = rows(db)
    ending = f"/me/employment/{said.id}/withdraw"
    assert press(world.browser("resident"), "/me/employment", ending).status_code == 303
    (said,) = rows(db)
    assert said.withdrawn_by_id == world.accounts["resident"].id


def test_anothers_spells_are_out_of_reach(world: World, db: Database, write: Any) -> None:
    with write() as session:
        other = factories.make_spell(session)
    token = {"page": "/me/employment"}
    theirs = f"/me/employment/{other.id}/withdraw"
    assert submit(world.browser("resident"), theirs, **token).status_code == 404
    for step in ("verify", "end", "withdraw"):
        assert world.browser("staff").get(f"{page_of(world)}/{other.id}/{step}").status_code == 404
    assert world.browser("staff").get(f"{page_of(world)}?correct={other.id}").status_code == 404
    wrong = note(world, corrects=str(other.id))
    assert wrong.status_code == 404
    assert world.browser("employer").get(page_of(world)).status_code == 403
    assert [row.withdrawn_at for row in rows(db)] == [None]


def test_a_mistake_is_corrected_by_a_new_row(world: World, db: Database) -> None:
    note(world, words="写错的")
    (wrong,) = rows(db)
    page = f"{page_of(world)}?correct={wrong.id}"
    assert "写错的" in world.see("staff", page)
    done = press(world.browser("staff"), page, "employment", words="改好的", kind="public_post")
    assert done.status_code == 303
    before, after = rows(db)
    assert (before.withdrawn_at is None, after.withdrawn_at is None) == (False, True)
    assert (after.kind, after.words, after.corrects_id) == (K.PUBLIC_POST, "改好的", before.id)
    again = note(world, corrects=str(wrong.id))
    assert again.status_code == 409
    assert len(rows(db)) == 2


def test_of_what_excludes_each_other_the_newer_ends_the_older(world: World, db: Database) -> None:
    note(world, kind="looking", starts_on=day(90), evidence="visit_note")
    note(world, kind="studying", starts_on=day(30), evidence="paper")
    note(world, kind="caring", starts_on=day(20), evidence="visit_note")  # excludes nothing
    earlier = note(world, kind="away", starts_on=day(30), evidence="paper")
    assert earlier.status_code == 400
    assert "已经记着" in earlier.get_data(as_text=True)
    say(world, kind="retired", starts_on=day(3))  # a word ends nothing that was verified
    ended = {row.kind: row.ends_on for row in rows(db)}
    assert ended == {
        K.LOOKING: clock.today() - timedelta(days=31),
        K.STUDYING: None,
        K.CARING: None,
        K.RETIRED: None,
    }
    (said,) = [row for row in rows(db) if row.kind is K.RETIRED]
    verify = f"{page_of(world)}/{said.id}/verify"
    assert press(world.browser("staff"), verify, evidence="paper").status_code == 303
    ended = {row.kind: row.ends_on for row in rows(db)}
    assert ended[K.STUDYING] == clock.today() - timedelta(days=4)


def test_ending_and_withdrawing_happen_once(world: World, db: Database) -> None:
    note(world)
    (spell,) = rows(db)
    base, browser = f"{page_of(world)}/{spell.id}", world.browser("staff")
    assert press(browser, f"{base}/end", ends_on=day(11)).status_code == 400
    assert press(browser, f"{base}/end", ends_on=day(1)).status_code == 303
    assert press(browser, f"{base}/end", ends_on=day(0)).status_code == 409
    assert press(browser, f"{base}/withdraw", reason="").status_code == 400
    assert press(browser, f"{base}/withdraw", reason="记到别人了").status_code == 303
    assert press(browser, f"{base}/withdraw", reason="再来").status_code == 409
    assert "记到别人了" in world.see("staff", page_of(world))


def hire(world: World, start: str, evidence: str = "签了合同") -> Any:
    return world.employ("hire", start_date=start, evidence=evidence)


def test_a_hire_writes_it_and_a_leave_ends_it(world: World, db: Database) -> None:
    note(world, kind="looking", starts_on=day(40), evidence="visit_note")
    world.to_applied()
    assert hire(world, day(2)).status_code == 303
    looking, job = rows(db)
    assert looking.ends_on == clock.today() - timedelta(days=3)
    assert (job.kind, job.origin, job.evidence) == (K.FOUND_HERE, Origin.HIRE, E.CONTRACT)
    assert (job.match_id, job.words, job.ends_on) == (world.match_id, "签了合同", None)
    left = world.employ("leave", leave_code="resigned", leave_note="嫌钱少，不想干了")
    assert left.status_code == 303
    _looking, job = rows(db)
    assert job.ends_on == clock.today()
    assert "嫌钱少" not in world.see("staff", page_of(world))  # why is no part of it


def test_an_undone_hire_takes_it_back(world: World, db: Database) -> None:
    note(world, kind="looking", starts_on=day(40), evidence="visit_note")
    world.to_applied()
    hire(world, day(2))
    assert world.employ("undo-hire", mistake="点错了").status_code == 303
    looking, job = rows(db)
    assert looking.ends_on is None
    assert job.withdrawn_at is not None
    assert hire(world, day(1)).status_code == 303  # and the second one is written anew
    assert [row.withdrawn_at is None for row in rows(db)] == [True, False, True]


def test_a_job_left_before_its_first_day_never_began(world: World, db: Database) -> None:
    world.to_applied()
    hire(world, day(-3))
    world.employ("leave", leave_code="resigned")
    (job,) = rows(db)
    assert job.withdrawn_at is not None


def test_a_stall_somebody_was_taken_on_for_is_a_business(db, write, sign_in) -> None:
    world = make_world(db, write, sign_in, opening_kind=Kind.VENTURE)
    world.stand_applied()
    assert hire(world, day(0)).status_code == 303
    assert [row.kind for row in rows(db)] == [K.SELF_EMPLOYED]


def test_declining_leaves_no_trace_in_a_working_life(world: World, db: Database) -> None:
    world.decide("confirm", channel="page")
    assert world.answer("decline", why="pay").status_code == 303
    assert rows(db) == []


def test_the_database_refuses_what_cannot_be(write: Any) -> None:
    now, today = clock.now(), clock.today()
    with write() as session:
        resident = factories.make_resident(session).id
    for wrong in (
        {"ends_on": today - timedelta(days=31)},
        {"evidence": E.OWN_WORD},
        {"withdrawn_at": now},
        {"withdrawn_reason": "x"},
    ):
        with pytest.raises(IntegrityError), write() as session:
            factories.make_spell(session, resident_id=resident, **wrong)
    for kind in sorted(EXCLUSIVE):
        with write() as session:
            first = factories.make_spell(session, resident_id=resident, kind=kind).id
        with pytest.raises(IntegrityError), write() as session:
            factories.make_spell(session, resident_id=resident, kind=K.LOOKING)
        with write() as session:
            session.get_one(EmploymentSpell, first).ends_on = clock.today()


def test_two_members_record_at_once_and_one_open_spell_stands(app: Flask, world: World) -> None:
    def record(kind: SpellKind) -> Any:
        return lambda session, actor: spells.record(
            session,
            actor,
            resident_id=world.resident_id,
            kind=kind,
            starts_on=clock.today(),
            evidence=E.VISIT_NOTE,
        )

    staff = world.actor("staff")
    ended = at_once(app, world.db, (staff, record(K.AWAY)), (staff, record(K.RETIRED)))
    assert ended == ["400", "done"]
    assert len([row for row in rows(world.db) if row.ends_on is None]) == 1


def test_it_is_in_the_copy_of_ones_data_and_goes_with_the_service(
    app: Flask, world: World, db: Database
) -> None:
    note(world, words="卖菜")
    actor = world.actor("resident")
    with app.test_request_context(), db.transaction(actor) as session:
        (own,) = export(session, actor, resident_id=world.resident_id)["employment"]
        assert (own["kind"], own["words"]) == ("found_alone", "卖菜")
        leave(session, actor, resident_id=world.resident_id)
    assert rows(db) == []
