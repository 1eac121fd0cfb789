"""Official facts: dated, from a source, kept with their history, never seen by an employer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from tests import factories
from tests.forms import press
from tests.functional.matches_world import World, make_world
from tests.functional.pages import text
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.models import AuditEvent
from webapp.official_facts import queries
from webapp.official_facts.lifecycle import FactKind, FactSource, Ground, Insurance
from webapp.official_facts.models import OfficialFact
from webapp.privacy.export import export
from webapp.privacy.service import leave, withdraw_consent
from webapp.residents.models import Consent, ConsentPurpose

GROUND = "清单上别的一类"


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> World:
    return make_world(db, write, sign_in)


def day(ago: int) -> str:
    return (clock.today() - timedelta(days=ago)).isoformat()


def file_of(world: World) -> str:
    return f"/staff/residents/{world.resident_id}"


def note(world: World, **fields: Any) -> Any:
    usual = {"kind": "hard_to_employ", "starts_on": day(10), "source": "paper_seen"}
    page = f"{file_of(world)}/official"
    return press(world.browser("staff"), page, "official", **{**usual, **fields})


def rows(db: Database) -> list[OfficialFact]:
    with db.reader() as session:
        return list(session.exec(select(OfficialFact).order_by(OfficialFact.id)))


def test_what_an_office_has_on_record_is_entered_from_the_file_and_shown_in_it(
    world: World, db: Database
) -> None:
    assert f'href="{file_of(world)}/official"' in world.see("staff", file_of(world))
    answer = note(world, ground="other_ground")
    assert (answer.status_code, answer.headers["Location"]) == (303, file_of(world))
    note(world, kind="socially_insured", insurance="as_flexible", source="looked_up")
    note(world, kind="registered_unemployed", starts_on=day(40), ends_on=day(20))
    shown = world.see("staff", file_of(world))
    assert "就业困难人员：" in shown
    assert "自己交（灵活就业）" in shown
    assert "失业登记：" not in shown  # over
    assert "失业登记" in world.see("staff", f"{file_of(world)}/official")
    kinds = [FactKind.DIFFICULT, FactKind.INSURED, FactKind.UNEMPLOYED]
    assert [one.kind for one in rows(db)] == kinds


def test_a_new_fact_of_a_kind_ends_the_one_before_and_the_history_stays(
    world: World, db: Database
) -> None:
    note(world, kind="socially_insured", insurance="as_resident", starts_on=day(300))
    note(world, kind="socially_insured", insurance="by_employer", starts_on=day(30))
    old, new = rows(db)
    assert old.ends_on == clock.today() - timedelta(days=31)
    assert (new.ends_on, new.insurance) == (None, Insurance.EMPLOYEE)
    early = note(world, kind="socially_insured", insurance="by_employer", starts_on=day(60))
    assert early.status_code == 400
    assert "已经记着一条" in text(early)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"starts_on": day(-1)}, "还没到这一天"),
        ({"starts_on": "1931-01-01"}, "太早了"),
        ({"ends_on": day(30)}, "不能比开始那天早"),
        ({"kind": "socially_insured"}, "请选怎么参的保"),
        ({"source": ""}, "请选一样"),
        ({"ground": "disabled"}, "要本人先同意记保密信息"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field(
    world: World, db: Database, wrong: dict[str, str], words: str
) -> None:
    answer = note(world, **wrong)
    assert answer.status_code == 400
    assert words in text(answer)
    assert rows(db) == []


def test_the_ground_is_encrypted_and_each_reading_goes_on_record(
    world: World, db: Database
) -> None:
    note(world, ground="other_ground")
    [fact] = rows(db)
    with db.reader() as session:
        raw = session.connection().exec_driver_sql("SELECT ground FROM official_fact")
        kept = raw.scalar_one()
    assert "other" not in kept
    page = f"{file_of(world)}/official"
    assert GROUND not in world.see("staff", file_of(world))
    asked = world.browser("staff").get(f"{page}/{fact.id}/ground")
    assert GROUND not in text(asked)
    told = press(world.browser("staff"), f"{page}/{fact.id}/ground", "ground", reason="subsidy")
    assert GROUND in text(told)
    with db.reader() as session:
        seen = session.exec(
            select(AuditEvent).where(AuditEvent.action == "official_fact.read_ground")
        ).all()
    assert [one.details["reason"] for one in seen] == ["subsidy"]


def test_a_mistake_is_withdrawn_and_what_is_over_gets_its_last_day(
    world: World, db: Database
) -> None:
    note(world)
    note(world, kind="registered_unemployed")
    first, second = rows(db)
    page = f"{file_of(world)}/official"
    staff = world.browser("staff")
    press(staff, f"{page}/{first.id}/withdraw", "withdraw", reason="认错人了")
    late = press(staff, f"{page}/{second.id}/end", "end", ends_on=day(-3))
    assert late.status_code == 400
    press(staff, f"{page}/{second.id}/end", "end", ends_on=day(1))
    first, second = rows(db)
    assert first.withdrawn_reason == "认错人了"
    assert second.ends_on == clock.today() - timedelta(days=1)
    assert "认错人了" in world.see("staff", page)
    with db.reader() as session:
        on = clock.today()
        assert session.scalars(queries.people_with(FactKind.DIFFICULT, on=on)).all() == []
        assert session.scalars(queries.people_with(FactKind.UNEMPLOYED, on=on)).all() == []
        before = queries.people_with(FactKind.UNEMPLOYED, on=on - timedelta(days=1))
        assert session.scalars(before).all() == [world.resident_id]


def test_only_staff_who_care_for_the_person_record_and_nobody_else_reads(
    world: World, write: Any, sign_in: Any, db: Database
) -> None:
    note(world, ground="other_ground")
    [fact] = rows(db)
    page = f"{file_of(world)}/official"
    for who in ("resident", "employer"):
        assert world.browser(who).get(page).status_code in {403, 404}
        assert world.browser(who).get(f"{page}/{fact.id}/ground").status_code in {403, 404}
    with write() as session:
        other = factories.make_resident(session, name="王大爷")
        elsewhere = factories.make_account(
            session,
            role=Role.STAFF,
            branch_id=factories.make_branch(session, name="乐民支部", serves_all=False).id,
        )
    stranger = sign_in(elsewhere)
    assert 'name="starts_on"' not in text(stranger.get(page))
    assert stranger.get(f"{page}/{fact.id}/ground").status_code == 403
    assert stranger.get(f"{page}/{fact.id}/end").status_code == 403
    wrong = world.browser("staff").get(f"/staff/residents/{other.id}/official/{fact.id}/end")
    assert wrong.status_code == 404


def test_it_is_in_the_persons_copy_goes_with_the_consent_and_with_the_person(
    world: World, db: Database, write: Any
) -> None:
    with write() as session:
        consent = Consent(
            resident_id=world.resident_id, purpose=ConsentPurpose.SENSITIVE,
            given_at=clock.now(), channel="in_person",
        )  # fmt: skip
        session.add(consent)
    assert note(world, ground="disabled").status_code == 303
    actor = world.actor("resident")
    with db.reader() as session:
        [copied] = export(session, actor, resident_id=world.resident_id)["official_facts"]
        kept = session.exec(
            select(Consent.id).where(Consent.purpose == ConsentPurpose.SENSITIVE)
        ).one()
    assert (copied["kind"], copied["ground"]) == ("hard_to_employ", Ground.DISABILITY)
    with db.transaction(actor) as session:
        withdraw_consent(session, actor, resident_id=world.resident_id, consent_id=kept)
    assert [one.ground for one in rows(db)] == [None]
    with db.transaction(actor) as session:
        leave(session, actor, resident_id=world.resident_id)
    assert rows(db) == []


def test_the_database_keeps_one_of_a_kind_and_grounds_where_they_belong(
    world: World, db: Database, write: Any
) -> None:
    usual = {
        "resident_id": world.resident_id, "kind": FactKind.UNEMPLOYED,
        "starts_on": clock.today(), "source": FactSource.SYSTEM, "recorded_at": clock.now(),
    }  # fmt: skip
    with write() as session:
        session.add(OfficialFact(**usual))
    for wrong in ({}, {"ground": "older", "ends_on": clock.today()}, {"kind": FactKind.INSURED}):
        with pytest.raises(IntegrityError), write() as session:
            session.add(OfficialFact(**{**usual, **wrong}))
