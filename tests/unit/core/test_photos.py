"""Pictures that are handed in: real, small, encrypted, bare of what the camera wrote in."""

import io
from datetime import date

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask_babel import Babel
from PIL import Image

from tests.conftest import KEY
from webapp.core import crypto, photos
from webapp.core.errors import BadField, NotFound


@pytest.fixture(autouse=True)
def context():
    app = Flask("photos")
    Babel(app)
    crypto.load_keys((KEY,))
    with app.app_context():
        yield
    crypto.load_keys((KEY,))


def picture(size=(2400, 1200), form="JPEG", mode="RGB", **more):
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, form, **more)
    return out.getvalue()


def test_a_picture_is_written_anew_without_its_metadata(tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # lying on its side
    exif[0x0132] = "2026:11:24 09:30:00"
    data = picture(exif=exif.tobytes()) + b"<script>hidden</script>"
    assert b"SecretCamera" in data
    photo = photos.read_photo(io.BytesIO(data))
    assert (photo.width, photo.height) == (800, 1600)
    assert photo.taken_on == date(2026, 11, 24)
    assert b"SecretCamera" not in photo.data
    assert b"hidden" not in photo.data
    assert not Image.open(io.BytesIO(photo.data)).getexif()
    kept = photos.keep(tmp_path, photo)
    assert photos.load(tmp_path, kept.stored) == photo.data
    assert photo.data[:20] not in (tmp_path / kept.stored).read_bytes()
    crypto.load_keys((Fernet.generate_key().decode(),))
    with pytest.raises(NotFound):  # another installation's key
        photos.load(tmp_path, kept.stored)
    photos.discard(tmp_path, [kept.stored])
    for name in (kept.stored, "", "../../etc/passwd"):
        with pytest.raises(NotFound):
            photos.load(tmp_path, name)


@pytest.mark.parametrize("said", ["", "yesterday", "2026:99:99 00:00:00", "0000:00:00"])
def test_a_camera_that_names_no_day(said):
    exif = Image.Exif()
    exif[0x0132] = said
    assert photos.read_photo(io.BytesIO(picture(exif=exif.tobytes()))).taken_on is None


NO_PHOTOS = {  # made when asked for, not whenever tests are collected
    "nothing": lambda: b"",
    "a drawing": lambda: b"<svg onload=alert(1)>",
    "cut off": lambda: picture()[:400],
    "another format": lambda: picture(form="GIF"),
    "tiny": lambda: picture(size=(8, 8), form="PNG"),
    "noise": lambda: b"\xff\xd8\xff" + b"0" * 500,
    "too many bytes": lambda: b"x" * (photos.MOST_BYTES + 1),
    "too many pixels": lambda: picture(size=(9000, 9000), form="PNG", mode="P"),
}


@pytest.mark.parametrize("what", NO_PHOTOS)
def test_anything_else_is_refused(what):
    with pytest.raises(BadField):
        photos.read_photo(io.BytesIO(NO_PHOTOS[what]()))
