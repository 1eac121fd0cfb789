"""The demo community's employers, branches and their members: invented, every one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stdnum.cn import uscc

from webapp.demo.content import read

_AREA = "500107"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Weights of the eight places of an organisation code (GB 11714).
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class DemoEmployer:
    """An organisation that offers work, courses or places.

    ``credit_code`` is a well-formed 统一社会信用代码 (GB 32100). ``verified`` says whether staff
    have checked its licence. ``phone`` is the contact's; the first two employers' is a demo login.
    """

    key: str
    name: str
    industry: str
    contact: str
    phone: str
    place: str
    address: str
    credit_code: str
    verified: bool


@dataclass(frozen=True)
class DemoMember:
    """Somebody who serves the community; ``role`` is ``staff``, ``volunteer`` or ``admin``.

    ``login`` says whether a demo login goes with the phone. ``hours`` are (days, start, end).
    """

    name: str
    role: str
    phone: str | None
    duty: str
    login: bool
    trades: tuple[str, ...] = ()
    hours: tuple[tuple[str, str, str], ...] = ()
    languages: tuple[str, ...] = ()
    institution: str = ""


@dataclass(frozen=True)
class DemoBranch:
    """One of the four branches with its office and named members."""

    key: str
    name: str
    purpose: str
    office: str
    phone: str
    members: tuple[DemoMember, ...]


def employers() -> tuple[DemoEmployer, ...]:
    """Return the employers, the two with a demo login first."""
    return tuple(_employer(number, row) for number, row in enumerate(read("employers")))


def branches() -> tuple[DemoBranch, ...]:
    """Return the branches 富民, 便民, 安民, 乐民, in this order."""
    return tuple(
        DemoBranch(**{**row, "members": _members(row["members"])})
        for row in read("branches")["branches"]
    )


def admin() -> DemoMember:
    """Return the administrator, who belongs to no branch."""
    return DemoMember(**read("branches")["admin"])


def _members(rows: Sequence[dict[str, Any]]) -> tuple[DemoMember, ...]:
    return tuple(DemoMember(**row) for row in rows)


def _employer(number: int, row: dict[str, Any]) -> DemoEmployer:
    fields = {key: value for key, value in row.items() if key != "registry"}
    fields.setdefault("phone", f"1991000{number:04d}")
    return DemoEmployer(credit_code=_credit_code(row["registry"], number), **fields)


def _credit_code(registry: str, number: int) -> str:
    """Return the credit code of the employer at ``number``; ``registry`` is its two-digit head."""
    organisation = f"MA5{60000 + 137 * number:05d}"
    total = sum(
        _ALPHABET.index(char) * weight
        for char, weight in zip(organisation, _ORGANISATION_WEIGHTS, strict=True)
    )
    body = registry + _AREA + organisation + "0123456789X0"[11 - total % 11]
    return body + uscc.calc_check_digit(body)
