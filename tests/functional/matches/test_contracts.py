"""Pictures of the contract of a hire: taken, kept out of others' sight, gone with the hire."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlmodel import select

from tests import factories
from tests.forms import press
from tests.functional.background import run_job
from tests.functional.matches_world import World, make_world, second_applicant
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.models import AuditEvent
from webapp.employment.models import ContractPhoto
from webapp.matches.lifecycle import MatchState
from webapp.privacy.export import export
from webapp.privacy.service import leave

HIRE = {"start_date": clock.today().isoformat(), "evidence": "签了合同"}


def picture(size: tuple[int, int] = (400, 600)) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "JPEG")
    out.seek(0)
    return out


def pages(*sizes: tuple[int, int]) -> list[tuple[io.BytesIO, str]]:
    return [(picture(size), f"{n}.jpg") for n, size in enumerate(sizes or ((400, 600),))]


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> World:
    world = make_world(db, write, sign_in, opening_headcount=2)
    world.to_applied()
    return world


@pytest.fixture
def folder(app: Flask) -> Path:
    return app.extensions["settings"].uploads / "contracts"


def hire(world: World, **more: Any) -> Any:
    page = f"/employer/matches/{world.match_id}"
    return press(world.browser("employer"), page, "/hire", **{**HIRE, **more})


def kept(db: Database) -> list[ContractPhoto]:
    with db.reader() as session:
        return list(session.exec(select(ContractPhoto).order_by(ContractPhoto.id)))


def files(folder: Path) -> int:
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def test_who_was_hired_their_employer_and_staff_see_it_and_nobody_else(
    world: World, db: Database, folder: Path, write: Any
) -> None:
    assert hire(world, photos=pages((400, 600), (4000, 3000))).status_code == 303
    first, second = kept(db)
    assert (second.width, second.height) == (1600, 1200)
    assert b"JFIF" not in (folder / first.stored).read_bytes()  # encrypted
    ends = f"matches/{world.match_id}/contract/{first.id}"
    for role, area in (("resident", "me"), ("employer", "employer")):
        page = world.see(role, f"/{area}/matches/{world.match_id}")
        assert f'src="/{area}/{ends}"' in page
        shown = world.browser(role).get(f"/{area}/{ends}")
        assert shown.mimetype == "image/jpeg"
        assert shown.headers["Cache-Control"] == "no-store"
        assert Image.open(io.BytesIO(shown.data)).size == (400, 600)
    show = f"/staff/matches/{world.match_id}"
    assert "<img" not in world.see("staff", show)  # asked for by a button
    assert press(world.browser("staff"), show, f"/contract/{first.id}").mimetype == "image/jpeg"
    with db.reader() as session:
        looked = select(AuditEvent).where(AuditEvent.action == "contract.read_photo")
        assert [row.account_id for row in session.exec(looked)] == [world.accounts["staff"].id]
    other = second_applicant(world)
    with write() as session:
        own = session.get_one(type(other), other.id)
        own.state, own.start_date = MatchState.HIRED, clock.today()
        rival = factories.make_account(session, role=Role.EMPLOYER)
        factories.make_employer(session, member=rival)
        person = factories.make_resident(session, with_account=True)
        stranger = session.get_one(Account, person.account_id)
    assert world.sign_in(stranger).get(f"/me/{ends}").status_code == 404
    assert world.sign_in(rival).get(f"/employer/{ends}").status_code == 404
    swapped = f"/employer/matches/{other.id}/contract/{first.id}"  # of another hire of theirs
    assert world.browser("employer").get(swapped).status_code == 404
    assert world.browser("resident").get(f"/employer/{ends}").status_code == 403


def test_what_is_no_picture_is_said_beside_the_field_and_hires_nobody(
    world: World, db: Database, folder: Path
) -> None:
    for wrong, told in (
        ([(io.BytesIO(b"%PDF-1.7"), "a.jpg")], "这不是照片"),
        (pages((20, 20)), "照片太小"),
        (pages(*[(100, 100)] * 5), "最多传 4 张"),
        ([*pages(), (io.BytesIO(b"<svg/>"), "b.png")], "这不是照片"),
    ):
        refused = hire(world, photos=wrong)
        assert refused.status_code == 400
        assert told in refused.get_data(as_text=True)
    late = hire(world, photos=pages(), contract="fixed", months="")  # the law comes after them
    assert late.status_code == 400
    assert kept(db) == []
    assert files(folder) == 0  # no picture without its row
    assert world.state() is MatchState.APPLIED
    assert hire(world).status_code == 303  # nobody has to
    assert kept(db) == []


def test_one_signed_later_is_added_up_to_four(world: World, db: Database, folder: Path) -> None:
    page = f"/employer/matches/{world.match_id}"
    boss = world.browser("employer")
    early = world.post("employer", f"{page}/contract", "/account/password", photos=pages())
    assert early.status_code == 409
    assert hire(world).status_code == 303
    assert press(boss, page, "/contract").status_code == 400  # nothing chosen
    assert press(boss, page, "/contract", photos=pages((99, 99), (99, 99))).status_code == 303
    staff = f"/staff/matches/{world.match_id}"
    assert press(world.browser("staff"), staff, "/contract", photos=pages()).status_code == 303
    many = press(boss, page, "/contract", photos=pages((99, 99), (99, 99)))
    assert many.status_code == 400
    assert "最多 4 张" in many.get_data(as_text=True)
    assert (len(kept(db)), files(folder)) == (3, 3)


def test_sent_twice_it_is_kept_once(world: World, db: Database, folder: Path) -> None:
    boss, page = world.browser("employer"), f"/employer/matches/{world.match_id}"
    assert hire(world).status_code == 303
    key = {"idempotency_key": "a" * 32}
    for _twice in range(2):
        assert press(boss, page, "/contract", photos=pages(), **key).status_code == 303
    assert (len(kept(db)), files(folder)) == (1, 1)


@pytest.mark.job("forget_photos")
def test_it_goes_with_the_hire_and_with_the_person(
    app: Flask, world: World, db: Database, folder: Path
) -> None:
    assert hire(world, photos=pages()).status_code == 303
    actor = world.actor("resident")
    with app.test_request_context(), db.reader() as session:
        copy = export(session, actor, resident_id=world.resident_id)
    (row,) = copy["contract_pictures"]
    assert set(row) == {"id", "match_id", "width", "height", "added_at"}
    assert world.employ("undo-hire", mistake="点错了").status_code == 303
    assert kept(db) == []
    assert hire(world, photos=pages()).status_code == 303
    with app.test_request_context(), db.transaction(actor) as session:
        leave(session, actor, resident_id=world.resident_id)
    assert kept(db) == []
    assert files(folder) == 2
    assert run_job(app, "forget_photos") == "0 pictures deleted"  # a row may be on its way
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert run_job(app, "forget_photos") == "2 pictures deleted"
    assert files(folder) == 0
