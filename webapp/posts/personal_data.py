"""Numbers of people in a text that everybody reads: telephones that are not an office's, papers."""

import re
import unicodedata
from collections.abc import Iterable

_SPOKEN = str.maketrans("〇零一幺二两三四五六七八九", "0011223456789")
_SPOKEN_RUN = re.compile(r"[〇零一幺二两三四五六七八九0-9]{7,}")
# 「138-0000-0001」, 「138 000 00001」, 「13800 000001」, and each digit by itself; other figures,
# such as 「13000–15000 元」 and 「2026-11-30」, are grouped otherwise.
_S = r"[\s\-—–_.·・*]{0,2}"
_APART = r"[\s\-—–_.·・*]{1,2}"
_PHONE = re.compile(
    rf"(?<![0-9])(?:1[3-9][0-9]{_S}[0-9]{{4}}{_S}[0-9]{{4}}|1[3-9][0-9]{_S}[0-9]{{3}}{_S}[0-9]{{5}}"
    rf"|1[3-9][0-9]{{3}}\s[0-9]{{6}}|1{_APART}[3-9](?:{_APART}[0-9]){{9}}"
    rf"|0[1-9][0-9]{{1,2}}[)）]?{_S}[2-9][0-9]{{2,3}}{_S}[0-9]{{4}}|(?!20[0-9]{{2}}[01])[2-9][0-9]{{7}})"
    r"(?![0-9])"
)
_ID_NUMBER = re.compile(
    rf"(?<![0-9])[1-9][0-9]{{5}}{_S}[0-9]{{8}}{_S}[0-9]{{3}}[0-9Xx](?![0-9])"
    rf"|(?<![0-9])[1-9](?:{_APART}[0-9]){{16}}{_APART}[0-9Xx](?![0-9])"
)
_COUNTRY = re.compile(r"(?:\+|00)86[\s-]?(?=1[3-9])")
_AREA = "023"  # Chongqing's; an office's telephone is often written without it


def phones_in(text: str, offices: Iterable[str]) -> list[str]:
    """Return the telephone numbers in ``text`` that belong to none of the offices, as digits.

    However they are written: full width, in groups, or in Chinese figures.

    >>> phones_in("打１３８ ００００ ０００１，或者办公室 023-68690001", ["023-68690001"])
    ['13800000001']
    >>> phones_in("3000-4500元，2026-12-01前，8:30–16:30", [])
    []
    """
    known = {own for phone in offices for own in _ways(phone)}
    found = (_only_digits(one) for one in _PHONE.findall(_plain(text)))
    return [phone for phone in found if phone not in known]


def has_id_number(text: str) -> bool:
    """Return whether an identity number of 18 places stands in ``text``."""
    return _ID_NUMBER.search(_plain(text)) is not None


def _plain(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text)
    shown = "".join(one for one in normal if unicodedata.category(one) != "Cf")
    return _COUNTRY.sub("", _SPOKEN_RUN.sub(lambda run: run[0].translate(_SPOKEN), shown))


def _only_digits(phone: str) -> str:
    return "".join(one for one in phone if one.isascii() and one.isdigit())


def _ways(phone: str) -> set[str]:
    number = _only_digits(phone)
    return {number, number.removeprefix(_AREA)} - {""}
