"""Pictures of the demo's posts, drawn in a few strokes: nobody's face is in them."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

_SIZE = (960, 640)
_PAPER, _INK, _TEAL, _BRICK, _AMBER = "#FBF8F3", "#1F2A2E", "#0B5D5B", "#A63D2F", "#F3D9A4"


def _sheet() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", _SIZE, _PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 500, 960, 640), fill=_AMBER)  # a table, or the ground
    return picture, pen


def _file(picture: Image.Image) -> io.BytesIO:
    out = io.BytesIO()
    picture.save(out, "PNG")
    out.seek(0)
    return out


def fan() -> io.BytesIO:
    """Draw a fan without its grille, and a screwdriver."""
    picture, pen = _sheet()
    pen.rectangle((390, 400, 420, 540), fill=_INK)
    pen.rounded_rectangle((300, 530, 510, 570), 18, fill=_INK)
    pen.ellipse((225, 75, 585, 435), outline=_INK, width=10)
    for start in (20, 140, 260):
        pen.pieslice((245, 95, 565, 415), start, start + 75, fill=_TEAL)
    pen.ellipse((370, 220, 440, 290), fill=_INK)
    pen.rounded_rectangle((640, 520, 760, 555), 16, fill=_BRICK)
    pen.rectangle((760, 530, 890, 544), fill=_INK)
    return _file(picture)


def brush() -> io.BytesIO:
    """Draw a red sheet with a square for a character, a brush and an ink stone."""
    picture, pen = _sheet()
    pen.polygon([(330, 60), (570, 300), (330, 540), (90, 300)], fill=_BRICK)
    pen.rectangle((230, 200, 430, 400), outline=_AMBER, width=6)
    pen.line((330, 200, 330, 400), fill=_AMBER, width=3)
    pen.line((230, 300, 430, 300), fill=_AMBER, width=3)
    pen.line((640, 120, 780, 470), fill=_AMBER, width=26)
    pen.polygon([(768, 440), (795, 430), (802, 520)], fill=_INK)
    pen.rounded_rectangle((620, 530, 880, 600), 20, fill=_INK)
    pen.ellipse((660, 545, 780, 585), fill=_TEAL)
    return _file(picture)


def tap() -> io.BytesIO:
    """Draw a closed tap over an empty bucket."""
    picture, pen = _sheet()
    pen.rectangle((160, 140, 480, 190), fill=_INK)
    pen.rectangle((430, 140, 480, 260), fill=_INK)
    pen.rectangle((300, 70, 330, 140), fill=_INK)
    pen.rounded_rectangle((230, 50, 400, 80), 14, fill=_BRICK)
    pen.polygon([(340, 340), (570, 340), (540, 580), (370, 580)], fill=_TEAL)
    pen.ellipse((340, 320, 570, 362), fill=_PAPER, outline=_TEAL, width=8)
    return _file(picture)


PICTURES: dict[str, Callable[[], io.BytesIO]] = {"brush": brush, "fan": fan, "tap": tap}
