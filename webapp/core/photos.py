"""Pictures that people hand in: real images alone, small, encrypted, bare of what cameras write in.

Every picture is decoded and written anew as JPEG: neither metadata (place, time, device) nor
anything hidden behind the pixels survives. Those of one kind stand in one folder among the uploads.
"""

import io
import secrets
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from cryptography.fernet import InvalidToken
from flask import Response, send_file
from flask_babel import gettext as _
from PIL import Image, ImageOps

from webapp.core import clock, crypto
from webapp.core.errors import BadField, NotFound

FIELD = "photos"  # of the form that they are handed in with
MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
LEAST_SIDE = 32
LONGEST_SIDE = 1600
_FORMATS = ("JPEG", "PNG", "WEBP")
_YOUNG = 24 * 3600  # seconds; a younger file may be one whose row is just being written


@dataclass(frozen=True)
class Photo:
    """A picture re-encoded as JPEG."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Kept:
    """A picture among the uploads."""

    stored: str
    width: int
    height: int


@dataclass
class Handed:
    """The pictures of one form; whoever writes their rows sets ``written``, or they go again."""

    kept: list[Kept] = field(default_factory=list)
    written: bool = False


def read_photo(stream: IO[bytes]) -> Photo:
    """Return the picture in ``stream`` written anew; raise :class:`BadField` for anything else."""
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadField(FIELD, _("照片太大，一张最多 8 兆"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise BadField(FIELD, _("照片太大，请拍小一点"))
            picture = ImageOps.exif_transpose(image).convert("RGB")
    except BadField:
        raise
    except Exception as error:  # whatever a broken or hostile file makes the decoder raise
        raise BadField(FIELD, _("这不是照片，请传 JPG 或 PNG")) from error
    if min(picture.size) < LEAST_SIDE:
        raise BadField(FIELD, _("照片太小，看不清楚"))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=82, optimize=True)
    return Photo(out.getvalue(), *bare.size)


@contextmanager
def handed_in(folder: Path, files: Collection[Any] | None, *, most: int) -> Iterator[Handed]:
    """Keep the files of a form while it is carried out; no picture stays without its row.

    Raises :class:`BadField` for more than ``most``, and for what is no picture.
    """
    given = [one for one in files or () if getattr(one, "filename", "")]
    if len(given) > most:
        raise BadField(FIELD, _("最多传 %(n)d 张照片", n=most))
    handed = Handed()
    whole = False
    try:
        for one in given:
            handed.kept.append(keep(folder, read_photo(one.stream)))
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
    return Kept(name, photo.width, photo.height)


def load(folder: Path, stored: str) -> bytes:
    """Return a kept picture as JPEG; raise ``NotFound`` when it is not there."""
    found = folder / Path(stored).name
    if not stored or not found.is_file():
        raise NotFound
    try:
        return crypto.decrypt(found.read_bytes())
    except InvalidToken as error:
        raise NotFound from error


def answer(folder: Path, stored: str) -> Response:
    """Return a kept picture as the answer to a request."""
    return send_file(io.BytesIO(load(folder, stored)), mimetype="image/jpeg", max_age=0)


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
