"""Pictures of the demo's sealed samples, drawn stroke by stroke on a table of the workshop."""

import io
import math
from collections.abc import Callable

from flask import current_app
from PIL import Image, ImageDraw, ImageFilter

from webapp.core import photos
from webapp.piecework.services import sample_photos

_SIZE = (1280, 960)  # drawn large; the sizes that are kept are made of it
_TABLE, _GRAIN, _SHADE = "#D9BE98", "#CFB089", "#A98B62"
_RED, _DARK_RED, _GOLD, _CREAM = "#B3261E", "#7E1712", "#D8A23A", "#F4EAD6"
_TEAL, _DARK_TEAL, _GREEN = "#2C7A77", "#1C5452", "#6F8F4E"


def _table() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", _SIZE, _TABLE)
    pen = ImageDraw.Draw(picture)
    for y in range(30, _SIZE[1], 64):
        points = [(x, y + 9 * math.sin(x / 170 + y)) for x in range(0, _SIZE[0] + 20, 20)]
        pen.line(points, fill=_GRAIN, width=5)
    return picture, pen


def _file(picture: Image.Image) -> io.BytesIO:
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.2)).save(out, "PNG")
    out.seek(0)
    return out


def _ring(radius: float, *, step: float, tilt: float = 0.78) -> list[tuple[float, float, float]]:
    """Return (x, y, angle) on an ellipse round the middle, ``step`` degrees apart."""
    middle_x, middle_y = _SIZE[0] / 2, _SIZE[1] / 2
    turns = [math.radians(step * n) for n in range(round(360 / step))]
    return [
        (middle_x + radius * math.cos(t), middle_y + radius * tilt * math.sin(t), t) for t in turns
    ]


def cord_bracelet() -> io.BytesIO:
    """Draw a braided red cord bracelet with one gold bead, its ends knotted."""
    picture, pen = _table()
    for x, y, _turn in _ring(330, step=3):
        pen.ellipse((x - 30, y - 8, x + 42, y + 46), fill=_SHADE)
    for number, (x, y, turn) in enumerate(_ring(330, step=3)):
        along_x, along_y = -math.sin(turn), math.cos(turn)
        for side in (-1, 1):
            out = 15 * side
            from_x, from_y = x + out * math.cos(turn), y + out * math.sin(turn)
            lean = 16 if (number + (side > 0)) % 2 else 10
            ends = (from_x - lean * along_x, from_y - lean * along_y, from_x + lean * along_x,
                    from_y + lean * along_y)  # fmt: skip
            pen.line(ends, fill=_RED if number % 2 else "#C9372D", width=24)
        pen.line((x - 18 * math.cos(turn + 0.5), y - 18 * math.sin(turn + 0.5),
                  x + 18 * math.cos(turn + 0.5), y + 18 * math.sin(turn + 0.5)),
                 fill=_DARK_RED, width=4)  # fmt: skip
    bottom = _SIZE[1] / 2 + 330 * 0.78
    pen.ellipse((580, bottom - 60, 700, bottom + 60), fill=_GOLD, outline="#9A6F1E", width=6)
    pen.ellipse((605, bottom - 42, 645, bottom - 8), fill="#F2D48C")
    top = _SIZE[1] / 2 - 330 * 0.78
    for x in (560, 720):
        pen.line((640, top, x, top - 90), fill=_RED, width=16)
        pen.ellipse((x - 24, top - 120, x + 24, top - 72), fill=_DARK_RED)
    return _file(picture)


def sachet() -> io.BytesIO:
    """Draw a heart of flowered cloth with a stitched edge, hanging from a loop."""
    picture, pen = _table()

    def heart(scale: float, down: float = 0) -> list[tuple[float, float]]:
        return [
            (
                640 + scale * 16 * math.sin(t) ** 3,
                500 + down - scale * (13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t)
                                      - math.cos(4 * t)),
            )
            for t in (math.radians(n) for n in range(0, 360, 2))
        ]  # fmt: skip

    pen.polygon([(x + 18, y) for x, y in heart(23, 22)], fill=_SHADE)
    pen.arc((600, 60, 680, 400), 0, 360, fill=_GOLD, width=12)
    pen.polygon(heart(23), fill=_RED)
    for x, y in ((430, 330), (640, 470), (850, 330), (520, 560), (760, 560), (640, 690)):
        for turn in range(0, 360, 72):
            at_x = x + 24 * math.cos(math.radians(turn))
            at_y = y + 24 * math.sin(math.radians(turn))
            pen.ellipse((at_x - 17, at_y - 17, at_x + 17, at_y + 17), fill=_CREAM)
        pen.ellipse((x - 13, y - 13, x + 13, y + 13), fill=_GOLD)
        pen.ellipse((x + 40, y + 22, x + 74, y + 42), fill=_GREEN)
    edge = heart(21)
    for start in range(0, len(edge) - 1, 4):
        pen.line(edge[start : start + 3], fill=_CREAM, width=6)
    pen.ellipse((612, 366, 668, 422), fill=_GREEN, outline=_CREAM, width=6)
    return _file(picture)


def coaster() -> io.BytesIO:
    """Draw a round crocheted coaster, ten rounds of stitches and a shell edge."""
    picture, pen = _table()
    middle_x, middle_y = 640, 480
    pen.ellipse((250, 110, 1070, 910), fill=_SHADE)
    for degrees in range(0, 360, 12):
        x = middle_x + 385 * math.cos(math.radians(degrees))
        y = middle_y + 385 * math.sin(math.radians(degrees))
        pen.ellipse((x - 44, y - 44, x + 44, y + 44), fill=_CREAM, outline=_GRAIN, width=5)
    for ring in range(10, 0, -1):
        radius = 37 * ring
        colour = _CREAM if ring in {4, 7} else _TEAL
        line = _GRAIN if ring in {4, 7} else _DARK_TEAL
        box = (middle_x - radius, middle_y - radius, middle_x + radius, middle_y + radius)
        pen.ellipse(box, fill=colour)
        stitches = 6 * ring
        for number in range(stitches):
            turn = 2 * math.pi * (number + ring / 2) / stitches
            near, far = radius - 32, radius - 5
            for lean in (-0.35, 0.35):
                tip = turn + lean / ring
                pen.line((middle_x + near * math.cos(turn), middle_y + near * math.sin(turn),
                          middle_x + far * math.cos(tip), middle_y + far * math.sin(tip)),
                         fill=line, width=5)  # fmt: skip
    pen.ellipse((622, 462, 658, 498), fill=_CREAM, outline=_DARK_TEAL, width=5)
    return _file(picture)


def knot() -> io.BytesIO:
    """Draw an endless knot of red cord with six ears, a bead and a tassel."""
    picture, pen = _table()
    corners = [(640, 150), (850, 360), (640, 570), (430, 360)]
    for (x, y), (to_x, to_y) in zip(corners, corners[1:] + corners[:1], strict=True):
        for part in (0.3, 0.7):
            at_x, at_y = x + (to_x - x) * part, y + (to_y - y) * part
            if at_y > 470:
                continue  # there the tassel hangs
            far_x, far_y = at_x + (at_x - 640) * 0.3, at_y + (at_y - 360) * 0.3
            pen.ellipse((far_x - 48, far_y - 48, far_x + 48, far_y + 48), outline=_RED, width=18)
    for step in range(7):
        off = 35 * step
        down = (640 - 210 + off, 360 - off, 640 + off, 570 - off)
        up = (640 - 210 + off, 360 + off, 640 + off, 150 + off)
        for line, colour in ((down, _RED), (up, "#C9372D")):
            pen.line(line, fill=_DARK_RED, width=30)
            pen.line(line, fill=colour, width=22)
    pen.line((640, 20, 640, 150), fill=_RED, width=18)
    pen.ellipse((600, 580, 680, 660), fill=_GOLD, outline="#9A6F1E", width=6)
    for x in range(580, 702, 8):
        pen.line((640 + (x - 640) * 0.5, 660, x, 920), fill=_RED if x % 16 else _DARK_RED, width=7)
    pen.rectangle((606, 690, 674, 716), fill=_GOLD)
    return _file(picture)


PICTURES: dict[str, Callable[[], io.BytesIO]] = {
    "coaster": coaster,
    "cord_bracelet": cord_bracelet,
    "knot": knot,
    "sachet": sachet,
}


def kept(name: str) -> list[photos.Kept]:
    """Keep the drawing of a sample as a form would, in each of its sizes."""
    folder = current_app.extensions["settings"].uploads / sample_photos.FOLDER
    drawn = photos.read_photo(PICTURES[name]())
    return [photos.keep(folder, photos.fitted(drawn, fit)) for fit in sample_photos.FITS]
