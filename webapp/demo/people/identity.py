"""Names, birth dates, ID numbers and phones nobody has."""

import datetime
from collections.abc import Iterator
from random import Random

from stdnum.iso7064 import mod_11_2

from webapp.demo.content import read, weighted

# 九龙坡区; with invented birth dates and orders the numbers are well-formed, not anybody's.
_AREA = "500107"
# 1990 000 xxxx: the demo community's own block of numbers.
_PHONE_BLOCK = "1990"
_PHONES = 20_000


class Identities:
    """Hand out names, birth dates, ID numbers and phones; no number twice."""

    def __init__(self, rng: Random, today: datetime.date) -> None:
        self._rng = rng
        self._today = today
        self._phones: Iterator[int] = iter(rng.sample(range(_PHONES), _PHONES))
        self._orders: dict[tuple[datetime.date, str], int] = {}
        self._names: set[str] = set()
        self._surnames: dict[str, float] = read("names")["surnames"]

    def surname(self) -> str:
        """Return a surname, common ones more often."""
        return weighted(self._rng, self._surnames)

    def birth_date(self, age: int) -> datetime.date:
        """Return a birth date of somebody who is ``age`` years old today."""
        # 10 to 355 days after the birthday: safely inside the year whatever the leap days.
        days = round(age * 365.25) + self._rng.randint(10, 355)
        return self._today - datetime.timedelta(days=days)

    def name(self, surname: str, sex: str, birth_date: datetime.date) -> str:
        """Return a full name of the fashion of the birth year; drawn again if taken."""
        generation = next(g for g in read("names")["given"] if birth_date.year <= g["born_to"])
        pools = generation[sex]
        full = ""
        for _ in range(4):
            full = surname + self._given(pools)
            if full not in self._names:
                break
        self._names.add(full)
        return full

    def _given(self, pools: dict[str, str]) -> str:
        style = self._rng.random()
        if style < 0.17:
            return self._rng.choice(pools["single"])
        if style < 0.27:
            return self._rng.choice(pools["full"])
        return self._rng.choice(pools["first"]) + self._rng.choice(pools["second"])

    def id_number(self, birth_date: datetime.date, sex: str) -> str:
        """Return an 18-digit ID number: odd order for men, even for women (GB 11643)."""
        order = self._orders.get((birth_date, sex), 500 + (sex == "male"))
        self._orders[birth_date, sex] = order + 2
        body = f"{_AREA}{birth_date:%Y%m%d}{order:03d}"
        return body + str(mod_11_2.calc_check_digit(body))

    def phone(self) -> str:
        """Return an 11-digit mobile number; raise ``ValueError`` when the block is used up."""
        number = next(self._phones, None)
        if number is None:
            raise ValueError(f"only {_PHONES} demo phone numbers")
        return f"{_PHONE_BLOCK}{number:07d}"
