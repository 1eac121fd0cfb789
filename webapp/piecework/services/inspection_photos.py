"""Pictures of inspected pieces: real images alone, small, without what the camera wrote in.

Every picture is decoded and written anew as JPEG: neither metadata (place, time, device) nor
anything hidden behind the pixels survives.
"""

import io
import secrets
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask_babel import gettext as _
from PIL import Image, ImageOps

from webapp.core.errors import BadField, NotFound

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
LEAST_SIDE = 32
LONGEST_SIDE = 1600
_FORMATS = ("JPEG", "PNG", "WEBP")


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


def read_photo(stream: IO[bytes]) -> Photo:
    """Return the picture in ``stream`` written anew; raise :class:`BadField` for anything else."""
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadField("photos", _("照片太大，一张最多 8 兆"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise BadField("photos", _("照片太大，请拍小一点"))
            picture = ImageOps.exif_transpose(image).convert("RGB")
    except BadField:
        raise
    except Exception as error:  # whatever a broken or hostile file makes the decoder raise
        raise BadField("photos", _("这不是照片，请传 JPG 或 PNG")) from error
    if min(picture.size) < LEAST_SIDE:
        raise BadField("photos", _("照片太小，看不清楚"))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=82, optimize=True)
    return Photo(out.getvalue(), *bare.size)


def keep(uploads: Path, photo: Photo) -> Kept:
    """Write a picture among the uploads, whole or not at all."""
    folder = uploads / "piecework"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.jpg"
    part = folder / f"{name}.part"
    part.write_bytes(photo.data)
    part.rename(folder / name)
    return Kept(name, photo.width, photo.height)


def path(uploads: Path, stored: str) -> Path:
    """Return where a kept picture is; raise ``NotFound`` when it is not there."""
    found = uploads / "piecework" / Path(stored).name
    if not stored or not found.is_file():
        raise NotFound
    return found


def discard(uploads: Path, photos: list[Kept]) -> None:
    """Delete pictures whose inspection was refused."""
    for photo in photos:
        (uploads / "piecework" / Path(photo.stored).name).unlink(missing_ok=True)
