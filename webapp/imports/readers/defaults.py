"""What holds for the rows that leave it open, as a person chose it for a whole file."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from webapp.core.vocabulary import Education, PayUnit, Reach

_PER = {
    PayUnit.MONTH: "元/月",
    PayUnit.DAY: "元/天",
    PayUnit.HOUR: "元/小时",
    PayUnit.PIECE: "元/件",
}


@dataclass(frozen=True)
class Defaults:
    """Empty where nothing was chosen.

    Of vacancies: ``employer``, ``valid_until``, ``education``, and ``pay_unit`` for bare figures.
    Of residents: ``building``, ``reach``, and whether who says nothing of work gets suggestions
    (``seeking``).
    """

    employer: str = ""
    valid_until: date | None = None
    education: Education | None = None
    pay_unit: PayUnit | None = None
    building: str = ""
    reach: Reach | None = None
    seeking: bool = True

    @property
    def per_unit(self) -> str:
        """Return what is written behind a bare figure of pay."""
        return _PER[self.pay_unit] if self.pay_unit else ""

    def as_json(self) -> dict[str, Any]:
        """Return what is kept with a file."""
        found = {name: value for name, value in asdict(self).items() if value not in (None, "")}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in found.items()
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Defaults":
        """Return what :meth:`as_json` made; files of before had two of them."""
        until, level = kept.get("valid_until"), kept.get("education")
        unit, reach = kept.get("pay_unit"), kept.get("reach")
        return cls(
            employer=kept.get("employer") or "",
            valid_until=date.fromisoformat(until) if until else None,
            education=Education(level) if level else None,
            pay_unit=PayUnit(unit) if unit else None,
            building=kept.get("building") or "",
            reach=Reach(reach) if reach else None,
            seeking=kept.get("seeking", True),
        )
