"""Citizen identity numbers (GB 11643): 17 digits and a check character by ISO 7064 MOD 11-2.

The area codes in use changed often since 1985 (Chongqing left Sichuan in 1997), so tables of
today's areas refuse most older residents: the area is not looked up here.
"""

import re
from datetime import date

from stdnum.iso7064 import mod_11_2

_SHAPE = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)


def birth_date(number: str) -> date | None:
    """Return the day of birth in ``number``, ``None`` when it is no identity number.

    >>> birth_date("11010519491231002X")
    datetime.date(1949, 12, 31)
    """
    if not _SHAPE.fullmatch(number) or not mod_11_2.is_valid(number):
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def mask(number: str) -> str:
    """Return the number with all but its ends hidden.

    >>> mask("11010519491231002X")
    '110***********002X'
    """
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
