"""An opening as a search looks at it: its texts in one spelling, and the facts of its record."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from matching.eligibility.hours import MINUTES_A_DAY, spans
from matching.pay import parser as pay_parser
from matching.records import Demand, Opening, PayUnit
from matching.text.normalise import normalise, squeeze

_MINUTES_AN_HOUR: Final = 60
_WEEKS_A_MONTH: Final = 52 / 12


@dataclass(frozen=True)
class Posting:
    """One opening prepared for any number of searches.

    Attributes
    ----------
    opening : Opening
    address, note : str
        What the posting says beside its record: where it is, whom it is reserved for.
    remembered : dict
        What was found out about it once, by what was asked; filled as it is asked.
    """

    opening: Opening
    address: str = ""
    note: str = ""
    remembered: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def title(self) -> str:
        """The title, squeezed."""
        return squeeze(self.opening.title)

    @cached_property
    def skills(self) -> dict[str, str]:
        """Skills asked for or taught, certificates and the line of work: squeezed → as written."""
        one = self.opening
        texts = (*one.skills, *one.teaches, *one.certificates, one.category or "")
        return {squeezed: text for text in texts if (squeezed := squeeze(text))}

    @cached_property
    def employer(self) -> str:
        """The employer's name, squeezed."""
        return squeeze(self.opening.employer or "")

    @cached_property
    def place(self) -> str:
        """Where it is, squeezed."""
        return squeeze(f"{self.opening.place or ''} {self.address}")

    @cached_property
    def written(self) -> str:
        """The words that conditions are read from, as the posting writes them."""
        one = self.opening
        pay = one.pay.text if one.pay is not None else None
        parts = (one.title, one.description, "、".join(one.skills), pay, self.address, self.note)
        return "。".join(filter(None, parts))

    @cached_property
    def text(self) -> str:
        """:attr:`written`, normalised."""
        return normalise(self.written)

    @cached_property
    def squeezed(self) -> str:
        """:attr:`text` without spaces and punctuation."""
        return squeeze(self.text)

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Fixed hours as (minutes since midnight, length in minutes), one for each day of each."""
        windows = [one for one in self.opening.hours if one.days and not one.flexible]
        return tuple((start % MINUTES_A_DAY, length) for start, length in spans(windows))

    @cached_property
    def days(self) -> frozenset[int]:
        """Days of the week with fixed hours, 0 = Monday."""
        windows = [one for one in self.opening.hours if one.days and not one.flexible]
        return frozenset(start // MINUTES_A_DAY for start, _ in spans(windows))

    @property
    def hours_a_week(self) -> float:
        """Fixed hours in a week."""
        return sum(length for _, length in self.spans) / _MINUTES_AN_HOUR

    @cached_property
    def pay(self) -> pay_parser.Pay:
        """What its pay says in figures."""
        return pay_parser.from_range(self.opening.pay)

    @property
    def pay_unit(self) -> PayUnit | None:
        """Unit of the pay."""
        return self.pay.unit

    @cached_property
    def month_pay(self) -> float | None:
        """The most a month may bring, in yuan: by its own hours where they are fixed."""
        pay = self.pay
        most = pay.max if pay.max is not None else pay.min
        if most is not None and self.spans and pay.unit in {PayUnit.HOUR, PayUnit.DAY}:
            times = self.hours_a_week if pay.unit is PayUnit.HOUR else len(self.days)
            return most * times * _WEEKS_A_MONTH
        bounds = pay_parser.monthly(pay) or (None, None)
        return bounds[1] if bounds[1] is not None else bounds[0]

    def asks(self, *demands: Demand) -> bool:
        """Whether it makes any of the demands."""
        return any(demand in self.opening.demands for demand in demands)
