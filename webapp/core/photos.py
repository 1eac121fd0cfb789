"""Pictures that people hand in: real images alone, small, encrypted, bare of what cameras write in.

Every picture is decoded and written anew as JPEG: neither metadata (place, time, device) nor
anything hidden behind the pixels survives. The day the camera named is read before, so that it can
stand beside the day somebody says. Those of one kind stand in one folder among the uploads.
"""

import hashlib
import io
import secrets
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from cryptography.fernet import InvalidToken
from flask import Response, send_file
from flask_babel import gettext as _
from PIL import Image, ImageOps

from webapp.core import clock, crypto
from webapp.core.errors import BadField, NotFound

FIELD = "photos"  # of the form that they are handed in with, unless it is named otherwise
MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
LEAST_SIDE = 32
LONGEST_SIDE = 1600
_QUALITY, _LEAST_QUALITY = 82, 52  # of JPEG
_FORMATS = ("JPEG", "PNG", "WEBP")
_EXIF, _TAKEN, _WRITTEN = 0x8769, 0x9003, 0x0132  # tags of EXIF 2.3
_YOUNG = 24 * 3600  # seconds; a younger file may be one whose row is just being written


@dataclass(frozen=True)
class Photo:
    """A picture re-encoded as JPEG; ``taken_on`` is the camera's day, where it named one."""

    data: bytes
    width: int
    height: int
    taken_on: date | None = None


@dataclass(frozen=True)
class Fit:
    """A smaller size of a picture: its longest side in pixels, and the most it may weigh."""

    side: int
    most_bytes: int


@dataclass(frozen=True)
class Kept:
    """A picture among the uploads; ``digest`` is the SHA-256 of the JPEG before encryption."""

    stored: str
    width: int
    height: int
    taken_on: date | None = None
    digest: str = ""


@dataclass
class Handed:
    """The pictures of one form; whoever writes their rows sets ``written``, or they go again."""

    kept: list[Kept] = field(default_factory=list)
    written: bool = False


def read_photo(stream: IO[bytes], *, field: str = FIELD) -> Photo:
    """Return the picture in ``stream`` written anew.

    Raises :class:`BadField` on ``field`` for anything else.
    """
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadField(field, _("照片太大，一张最多 8 兆"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise BadField(field, _("照片太大，请拍小一点"))
            taken_on = _taken_on(image)
            picture = ImageOps.exif_transpose(image).convert("RGB")
    except BadField:
        raise
    except Exception as error:  # whatever a broken or hostile file makes the decoder raise
        raise BadField(field, _("这不是照片，请传 JPG 或 PNG")) from error
    if min(picture.size) < LEAST_SIDE:
        raise BadField(field, _("照片太小，看不清楚"))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    return Photo(_jpeg(bare, _QUALITY), *bare.size, taken_on=taken_on)


def fitted(photo: Photo, fit: Fit) -> Photo:
    """Return the picture no larger and no heavier than ``fit``, as good as that allows.

    Quality goes first; where the lowest is not enough, the picture is made smaller.
    """
    picture = Image.open(io.BytesIO(photo.data), formats=("JPEG",))
    side = fit.side
    while True:
        small = picture.copy()
        small.thumbnail((side, side))
        for quality in range(_QUALITY, _LEAST_QUALITY - 1, -10):
            data = _jpeg(small, quality)
            if len(data) <= fit.most_bytes or side <= LEAST_SIDE:
                return Photo(data, *small.size, taken_on=photo.taken_on)
        side = side * 4 // 5


@contextmanager
def handed_in(
    folder: Path,
    files: Collection[Any] | None,
    *,
    most: int,
    name: str = FIELD,
    fits: Collection[Fit] = (),
) -> Iterator[Handed]:
    """Keep the files of a form while it is carried out; no picture stays without its row.

    With ``fits`` each is kept in those sizes alone, one after the other. Raises
    :class:`BadField` on the field ``name`` for more than ``most``, and for what is no picture.
    """
    given = [one for one in files or () if getattr(one, "filename", "")]
    if len(given) > most:
        raise BadField(name, _("最多传 %(n)d 张照片", n=most))
    handed = Handed()
    whole = False
    try:
        for one in given:
            photo = read_photo(one.stream, field=name)
            for size in [fitted(photo, fit) for fit in fits] or [photo]:
                handed.kept.append(keep(folder, size))
        yield handed
        whole = handed.written
    finally:
        if not whole:
            discard(folder, [one.stored for one in handed.kept])


def keep(folder: Path, photo: Photo) -> Kept:
    """Write a picture, encrypted, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.jpg"
    part = folder / f"{name}.part"
    part.write_bytes(crypto.encrypt(photo.data))
    part.rename(folder / name)
    digest = hashlib.sha256(photo.data).hexdigest()
    return Kept(name, photo.width, photo.height, photo.taken_on, digest)


def load(folder: Path, stored: str) -> bytes:
    """Return a kept picture as JPEG; raise ``NotFound`` when it is not there."""
    found = folder / Path(stored).name
    if not stored or not found.is_file():
        raise NotFound
    try:
        return crypto.decrypt(found.read_bytes())
    except InvalidToken as error:
        raise NotFound from error


def answer(folder: Path, stored: str, *, max_age: int = 0) -> Response:
    """Return a kept picture as the answer to a request; a browser keeps it ``max_age`` seconds."""
    return send_file(io.BytesIO(load(folder, stored)), mimetype="image/jpeg", max_age=max_age)


def discard(folder: Path, names: Collection[str]) -> None:
    """Delete pictures; one that is missing is ignored."""
    for name in names:
        (folder / Path(name).name).unlink(missing_ok=True)


def discard_unknown(folder: Path, known: Collection[str]) -> int:
    """Delete pictures, a day old or more, of which no row is left; return how many.

    A process that died between a picture and its row leaves one; so does a row that is deleted.
    """
    old = clock.now().timestamp() - _YOUNG
    unknown = [
        path.name
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.name not in known and path.stat().st_mtime < old
    ]
    discard(folder, unknown)
    return len(unknown)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _taken_on(image: Image.Image) -> date | None:
    """Return the day in the picture's own notes (EXIF 36867, else 306); ``None`` for none."""
    notes = image.getexif()
    words = notes.get_ifd(_EXIF).get(_TAKEN) or notes.get(_WRITTEN)
    try:
        return datetime.strptime(str(words)[:10], "%Y:%m:%d").date()  # noqa: DTZ007 - a day
    except ValueError:
        return None
