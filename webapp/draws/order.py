"""How a draw is worked out: its list as text, the list's hash, the result as typed, the order.

Anybody can do the same by ``draw_check.py``, which the pages offer, or by a few lines of their own:

- The list is a text in UTF-8; each line ends in a line feed. First lines of words (``draw``,
  ``title``, ``places``, ``result``, ``entries``), then one line an entry: its number, a blank,
  its receipt code. Entries stand in the order of their codes.
- The list's hash is the SHA-256 over exactly these bytes.
- The seed is the public result: two digits each, the first group ascending, then the second,
  parted by single blanks.
- The order is that of the SHA-256 (as hex digits) over ``seed``, a blank and the receipt code.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection
from datetime import date

from flask_babel import gettext as _

from webapp.draws.lifecycle import SeedSource

_NUMBER = re.compile(r"[0-9]+")


def list_text(
    *, code: str, title: str, places: int, source: SeedSource, day: date, codes: Collection[str]
) -> str:
    """Return the numbered list of receipt codes as it is published."""
    lines = [
        f"draw {code}",
        f"title {title}",
        f"places {places}",
        f"result {source.value} {day.isoformat()}",
        f"entries {len(codes)}",
        *(f"{number} {one}" for number, one in enumerate(sorted(codes), 1)),
    ]
    return "".join(f"{line}\n" for line in lines)


def codes_in(text: str) -> list[str]:
    """Return the receipt codes of a list, by their numbers."""
    return [line.split(" ")[1] for line in text.splitlines() if line[:1].isdigit()]


def digest(text: str) -> str:
    """Return the SHA-256 over a text (UTF-8) as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def drawn_order(seed: str, codes: Collection[str]) -> list[str]:
    """Return the codes in the order they are drawn; the same for the same seed, always."""
    return sorted(codes, key=lambda code: (digest(f"{seed} {code}"), code))


def parse_numbers(source: SeedSource, typed: str) -> str:
    """Return a result as a seed: ``05 1 33 …`` → ``01 05 … 33 09``.

    Numbers may be parted by anything. Raises ``ValueError`` with a sentence for who typed it.
    """
    words = _NUMBER.findall(unicodedata.normalize("NFKC", typed))
    found = [int(word) if len(word) <= 2 else 0 for word in words]
    (first, of_first), (second, of_second) = source.balls
    if len(found) != first + second:
        message = _(
            "%(name)s有 %(n)d 个号码，您填了 %(m)d 个",
            name=source.label, n=first + second, m=len(found),
        )  # fmt: skip
        raise ValueError(message)
    front, back = sorted(found[:first]), sorted(found[first:])
    for group, most in ((front, of_first), (back, of_second)):
        if len(set(group)) != len(group) or not 1 <= group[0] <= group[-1] <= most:
            raise ValueError(_("前面的号码是 1 到 %(a)d，后面的是 1 到 %(b)d，同一组里不会重复",
                               a=of_first, b=of_second))  # fmt: skip
    return " ".join(f"{one:02d}" for one in [*front, *back])
