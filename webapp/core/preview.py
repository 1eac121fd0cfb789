"""The picture that chat groups show beside a link: what the page says first, black on white.

Drawn with a Chinese font of the system where there is one. Nothing can be relied on, so without
one the picture is the page's address as a code to scan, which needs no font.
"""

import io
from functools import cache, lru_cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN = 1200, 630, 70
_LARGE, _SMALL, _GAP = 92, 44, 30
_MOST_LINES = 4
_NEVER_FIRST = "，。：；、！？）】」》…"  # hang over the margin rather than begin a line
# Fonts with Chinese characters, as Linux distributions, macOS and Windows install them.
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/STHeiti Medium.ttc",
    "C:/Windows/Fonts/msyhbd.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)


@cache
def font_path() -> str:
    """Return the first Chinese font there is, empty for none."""
    return next((path for path in FONTS if Path(path).is_file()), "")


@lru_cache(maxsize=64)
def draw(words: str, foot: str, address: str, *, font: str) -> bytes:
    """Return the picture as PNG, 1200 by 630 points of two colours; a few kilobytes.

    ``foot`` says in at most 25 characters whose page it is; ``font`` is :func:`font_path`.
    """
    if not font:
        return _code(address)
    picture = Image.new("L", (WIDTH, HEIGHT), 255)
    pen = ImageDraw.Draw(picture)
    large, small = _font(font, _LARGE), _font(font, _SMALL)
    top = MARGIN
    for line in _lines(words, large):
        pen.text((MARGIN, top), line, font=large, fill=0)
        top += _LARGE + _GAP
    base = HEIGHT - MARGIN - _SMALL
    pen.line((MARGIN, base - 20, WIDTH - MARGIN, base - 20), fill=0, width=3)
    pen.text((MARGIN, base), foot, font=small, fill=0)
    return _png(picture)


@lru_cache(maxsize=4)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def _lines(words: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Return the words in lines that fit, the last with … where there are more."""
    room = WIDTH - 2 * MARGIN
    lines, line = [], ""
    for character in words:
        if line and character not in _NEVER_FIRST and font.getlength(line + character) > room:
            lines.append(line)
            line = ""
        line += character
    lines.append(line)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1][:-1] + "…"]
    return lines


def _code(address: str) -> bytes:
    """Return the address as a QR code in the middle of the same frame."""
    modules = [list(row) for row in segno.make(address, error="m").matrix]
    code = Image.new("L", (len(modules), len(modules)), 255)
    code.putdata([0 if dark else 255 for row in modules for dark in row])
    side = (HEIGHT - 2 * MARGIN) // len(modules) * len(modules)
    picture = Image.new("L", (WIDTH, HEIGHT), 255)
    large = code.resize((side, side), Image.Resampling.NEAREST)
    picture.paste(large, ((WIDTH - side) // 2, (HEIGHT - side) // 2))
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.quantize(8).save(out, "PNG", optimize=True)
    return out.getvalue()
