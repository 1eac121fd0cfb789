"""Pictures of a sealed sample: who hands in and looks at them, and when everybody sees them."""

import io
import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update
from sqlmodel import col

from tests import factories
from tests.forms import forms_on, press
from tests.functional.piecework.world import World, key, make_world, refused_by_database
from webapp.core import photos
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.core.models import AuditEvent
from webapp.ops import scheduled_jobs
from webapp.piecework.lifecycle import OrderState
from webapp.piecework.models.money import Compensation
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.models.sample import SamplePhoto
from webapp.piecework.services import closing, compensation, order_changes, sample_photos

Browse = Callable[[Actor], FlaskClient]
CARD = re.compile(r'<img class="sample-card" src="([^"]+)"[^>]*>')
ALT = "成品样子：串珠手链"


@pytest.fixture
def world(db: Database) -> World:
    """The people without a context around them: several browsers are open beside each other."""
    return make_world(db)


def camera(size: tuple[int, int] = (900, 600), *, noise: bool = False) -> io.BytesIO:
    """Return a picture with a camera's notes; ``noise`` makes it as heavy as one can be."""
    image = Image.effect_noise(size, 90).convert("RGB") if noise else Image.new("RGB", size, "red")
    notes = Image.Exif()
    notes[0x010F] = "SecretCam"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=notes, quality=70)
    out.seek(0)
    return out


def send(browser: FlaskClient, page: str, *files: io.BytesIO) -> Any:
    """Hand pictures in on the form of a page."""
    return press(browser, page, photos=[(file, f"{n}.jpg") for n, file in enumerate(files)])


def token_on(browser: FlaskClient, page: str) -> str:
    """Return the token of a browser's forms."""
    return next(one.data["csrf_token"] for one in forms_on(browser.get(page)))


def photos_of(world: World) -> list[SamplePhoto]:
    with world.db.reader() as session:
        return list(session.execute(select(SamplePhoto).order_by(col(SamplePhoto.id))).scalars())


def bytes_at(browser: FlaskClient, address: str) -> bytes:
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.data


def name(stored: str) -> str:
    return f"/piecework/samples/{stored}"


def test_a_companys_picture_is_public_once_staff_looked_at_it(
    app: Flask, world: World, browse: Browse
) -> None:
    order_id = world.publish()
    company, staff, neighbour = browse(world.company), browse(world.staff), app.test_client()
    own, desk = f"/employer/piecework/{order_id}", f"/staff/piecework/orders/{order_id}"
    assert send(company, f"{own}/samples", camera(noise=True)).status_code == 303
    (photo,) = photos_of(world)
    page, small = name(photo.stored), name(photo.small)
    assert photo.released_at is None
    for address in (page, small):  # nobody but who sees the order
        assert neighbour.get(address).status_code == 404
        assert browse(world.families[0]).get(address).status_code == 404
    looked_at = staff.get(page)
    assert looked_at.status_code == 200
    assert "public" not in looked_at.headers["Cache-Control"]
    assert company.get(page).status_code == 200
    assert not CARD.search(neighbour.get("/openings/").get_data(as_text=True))
    assert "单位传了 1 张照片" in staff.get(desk).get_data(as_text=True)

    done = press(staff, f"{desk}/samples", f"/samples/{photo.id}/release")
    assert done.status_code == 303
    listed = neighbour.get("/openings/").get_data(as_text=True)
    card = CARD.search(listed)
    assert card is not None
    assert card[1] == small
    assert f'alt="{ALT}"' in card[0]
    assert 'loading="lazy"' in card[0]
    light, shown = bytes_at(neighbour, small), neighbour.get(page)
    assert len(light) < 10_000
    assert len(shown.data) < 40_000
    assert "max-age=604800" in shown.headers["Cache-Control"]
    assert neighbour.get(page, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    for data in (light, shown.data):
        assert not Image.open(io.BytesIO(data)).getexif()
        assert b"SecretCam" not in data
    with world.db.reader() as session:
        opening_id = session.get_one(PieceworkOrder, order_id).opening_id
    family = browse(world.families[0])
    for browser, where in (
        (neighbour, f"/openings/{opening_id}"), (family, f"/me/piecework/orders/{order_id}"),
        (staff, desk), (company, own),
    ):  # fmt: skip
        seen = browser.get(where).get_data(as_text=True)
        assert page in seen, where
        assert ALT in seen, where

    drop = {"csrf_token": token_on(company, f"{own}/samples")}
    assert (
        company.post(f"/employer/piecework/samples/{photo.id}/drop", data=drop).status_code == 409
    )
    assert press(staff, f"{desk}/samples", f"/samples/{photo.id}/drop").status_code == 303
    assert photos_of(world) == []
    assert neighbour.get(page).status_code == 404
    assert not CARD.search(neighbour.get("/openings/").get_data(as_text=True))
    with world.db.reader() as session:
        actions = session.execute(select(col(AuditEvent.action))).scalars().all()
    assert {"piecework.add_sample_photos", "piecework.release_sample_photo",
            "piecework.drop_sample_photo"} <= set(actions)  # fmt: skip


def test_households_see_on_their_share_what_they_have_to_make(world: World, browse: Browse) -> None:
    world.publish()
    desk = f"/staff/piecework/orders/{world.order_id}/samples"
    staff = browse(world.staff)
    assert send(staff, desk, camera()).status_code == 303  # staff saw what they hand in
    assignment_id = world.claim()
    page = name(photos_of(world)[0].stored)
    assert page in browse(world.families[0]).get(f"/me/piecework/{assignment_id}").get_data(True)
    assert page in staff.get(f"/staff/piecework/shares/{assignment_id}").get_data(as_text=True)


def test_what_is_no_picture_too_large_or_too_many_is_said_beside_the_field(
    world: World, browse: Browse, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = world.draft()
    company, page = browse(world.company), f"/employer/piecework/{order_id}/samples"
    folder = app.extensions["settings"].uploads / sample_photos.FOLDER
    monkeypatch.setattr(photos, "MOST_BYTES", 100_000)  # what the server keeps in memory
    for files, words in (
        ([], "先选一张照片"),
        ([io.BytesIO(b"no picture")], "这不是照片"),
        ([camera(), io.BytesIO(b"<svg/>")], "这不是照片"),
        ([camera(noise=True)], "照片太大，一张最多 8 兆"),
        ([camera() for _n in range(4)], "最多传 3 张照片"),
    ):
        answer = send(company, page, *files)
        assert answer.status_code == 400
        said = answer.get_data(as_text=True)
        assert words in said
        assert 'id="photos-error"' in said
    assert photos_of(world) == []
    assert not folder.exists() or not list(folder.iterdir())
    assert send(company, page, camera(), camera()).status_code == 303
    answer = send(company, page, camera(), camera())
    assert answer.status_code == 400
    assert "还能传 1 张" in answer.get_data(as_text=True)
    assert len(photos_of(world)) == 2
    assert len(list(folder.iterdir())) == 4
    first, second = photos_of(world)
    assert press(company, page, f"/samples/{first.id}/drop").status_code == 303  # seen by nobody
    assert [one.id for one in photos_of(world)] == [second.id]


def test_another_companys_pictures_are_not_there(
    world: World, browse: Browse, write: Any, sign_in: Any
) -> None:
    with write() as session:
        account = factories.make_account(session, role=Role.EMPLOYER)
        other = factories.make_employer(session, member=account)
        rival_actor = Actor(account.id, Role.EMPLOYER, "别家", employer_id=other.id)
    rival, order_id = sign_in(account), world.draft()
    page = f"/employer/piecework/{order_id}/samples"
    assert send(browse(world.company), page, camera()).status_code == 303
    (photo,) = photos_of(world)
    token = {"csrf_token": token_on(rival, "/employer/piecework/new")}
    for address, data in (
        (page, {**token, "photos": [(camera(), "a.jpg")]}),
        (f"/employer/piecework/samples/{photo.id}/drop", token),
    ):
        assert rival.post(address, data=data).status_code == 404, address
    for address in (page, name(photo.stored), name(photo.small)):
        assert rival.get(address).status_code == 404, address
    assert rival.get(f"/staff/piecework/orders/{order_id}/samples").status_code == 403
    for verb in (sample_photos.take_down, sample_photos.release):  # the service asks again
        for actor in (rival_actor, world.families[0]):
            with pytest.raises((NotFound, Forbidden)):
                world.do(actor, verb, photo_id=photo.id)
    with pytest.raises(Forbidden):
        world.do(world.company, sample_photos.release, photo_id=photo.id)
    world.do(world.staff, sample_photos.release, photo_id=photo.id)
    with pytest.raises(Conflict):
        world.do(world.payer, sample_photos.release, photo_id=photo.id)


def test_a_picture_is_public_only_while_its_order_is_under_way(
    app: Flask, world: World, browse: Browse
) -> None:
    """Before it is published and after it ended, the address of its picture is nobody's."""
    order_id = world.draft()
    staff, neighbour = browse(world.staff), app.test_client()
    send(staff, f"/staff/piecework/orders/{order_id}/samples", camera())
    (photo,) = photos_of(world)
    address = name(photo.small)
    assert neighbour.get(address).status_code == 404
    assert staff.get(address).status_code == 200
    with world.db.transaction(SYSTEM) as session:
        session.execute(
            update(PieceworkOrder)
            .where(col(PieceworkOrder.id) == order_id)
            .values(state=OrderState.CANCELLED)
        )
    assert neighbour.get(address).status_code == 404
    page = staff.get(f"/staff/piecework/orders/{order_id}/samples").get_data(as_text=True)
    assert "订单已经完了" in page
    with pytest.raises(Conflict):
        world.do(world.company, sample_photos.add, order_id=order_id, kept=[])


def test_the_pictures_of_an_order_that_is_over_are_forgotten(
    app: Flask, world: World, browse: Browse
) -> None:
    never_out, over, wound_up = world.draft(), world.publish(material=0), world.publish()
    staff = browse(world.staff)
    for one in (never_out, over, wound_up):
        send(staff, f"/staff/piecework/orders/{one}/samples", camera())
    stays = photos_of(world)[2]
    with app.app_context():
        scheduled_jobs._forget_photos(world.db)
    assert len(photos_of(world)) == 3
    for one in (never_out, over, wound_up):
        world.do(
            world.company,
            order_changes.cancel_order,
            order_id=one,
            reason="客户退了单",
            idempotency_key=key(),
        )
    with world.db.reader() as session:
        owed = session.execute(
            select(col(Compensation.id)).where(col(Compensation.order_id) == over)
        ).scalar_one()
    world.do(
        world.staff,
        compensation.decide_compensation,
        compensation_id=owed,
        amount_fen=0,
        decision="还没有人领",
        portions={},
        idempotency_key=key(),
    )
    world.do(world.staff, closing.close_order, order_id=over)
    with app.app_context():
        scheduled_jobs._forget_photos(world.db)
    assert [one.id for one in photos_of(world)] == [stays.id]
    folder = app.extensions["settings"].uploads / sample_photos.FOLDER
    for path in folder.iterdir():  # two days on
        os.utime(path, (0, 0))
    with app.app_context():
        assert scheduled_jobs._forget_photos(world.db) == "4 pictures deleted"
    assert {path.name for path in folder.iterdir()} == {stays.stored, stays.small}


def test_the_database_itself_keeps_the_rules(world: World, browse: Browse) -> None:
    order_id, over_id = world.draft(), world.draft()
    send(browse(world.company), f"/employer/piecework/{order_id}/samples", camera())
    row = (
        "INSERT INTO piecework_sample_photo (order_id, stored, width, height, small, small_width,"
        " small_height, added_at) VALUES ({}, '{}a.jpg', 8, 6, '{}b.jpg', 4, 3,"
        " '2026-11-01 10:00:00')"
    )
    for number in (1, 2):
        assert not refused_by_database(world, row.format(order_id, number, number))
    assert refused_by_database(world, row.format(order_id, 3, 3))  # a fourth
    assert not refused_by_database(
        world, f"UPDATE piecework_order SET state = 'cancelled' WHERE id = {over_id}"
    )
    assert refused_by_database(world, row.format(over_id, 4, 4))
    assert refused_by_database(world, row.format(2**30, 5, 5))  # of no order
    for change in ("stored = 'x.jpg'", "small = 'x.jpg'", f"order_id = {over_id}"):
        assert refused_by_database(
            world, f"UPDATE piecework_sample_photo SET {change} WHERE id = 1"
        )
    assert refused_by_database(  # released by nobody
        world, "UPDATE piecework_sample_photo SET released_at = '2026-11-01' WHERE id = 1"
    )


def test_a_picture_of_any_kind_is_light_enough_for_a_card() -> None:
    """The heaviest there is, and one much longer than wide."""
    for size in ((1600, 1600), (1600, 64)):
        photo = photos.read_photo(camera(size, noise=True))
        for fit in sample_photos.FITS:
            small = photos.fitted(photo, fit)
            assert len(small.data) <= fit.most_bytes
            assert max(small.width, small.height) <= fit.side
            assert Image.open(io.BytesIO(small.data)).size == (small.width, small.height)
