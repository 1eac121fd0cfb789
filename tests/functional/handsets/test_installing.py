"""The manifest of the portal, its pictures, and the page that says how to have it at hand."""

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests.factories import make_resident
from tests.functional.pages import see
from webapp.accounts.models import Account
from webapp.handsets.views import settings

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@one_database
def test_the_manifest_has_what_a_telephone_needs(client: FlaskClient) -> None:
    page = see(client, "/")
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    assert f'<meta name="theme-color" content="{settings.ACTIONS}">' in page
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    said = answer.get_json()
    assert (said["name"], said["start_url"], said["scope"]) == ("富民", "/me/", "/")
    assert client.get(said["start_url"]).status_code in {200, 302}
    assert {one["purpose"] for one in said["icons"]} == {"any", "maskable"}
    for one in said["icons"]:
        picture = Image.open(io.BytesIO(client.get(one["src"]).data))
        assert f"{picture.width}x{picture.height}" == one["sizes"]
        assert picture.format == "PNG"
    for one in said["shortcuts"]:
        assert client.get(one["url"]).status_code in {200, 302}


@one_database
def test_a_maskable_picture_fills_its_square(client: FlaskClient) -> None:
    """A telephone cuts a circle out of it: the ground reaches the corners, the drawing does not."""
    answer = client.get("/static/icons/maskable-512.png")
    picture = Image.open(io.BytesIO(answer.data)).convert("RGBA")
    ground = picture.getpixel((0, 0))
    side = picture.width
    assert ground[3] == 255
    for x in range(0, side, 4):
        for y in range(0, side, 4):
            outside = (x - side / 2) ** 2 + (y - side / 2) ** 2 > (0.4 * side) ** 2
            assert not outside or picture.getpixel((x, y)) == ground, (x, y)


@one_database
def test_a_resident_is_told_how(write, sign_in) -> None:
    with write() as session:
        resident = make_resident(session, with_account=True)
        account = session.get_one(Account, resident.account_id)
    browser = sign_in(account)
    assert 'href="/me/handset"' in see(browser, "/me/")
    page = see(browser, "/me/handset")
    assert page.count("<li>") >= 6
    assert "添加到主屏幕" in page
