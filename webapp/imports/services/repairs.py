"""One repair for many openings: what is empty is filled, or what stands there is replaced."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from webapp.core.formatting import pay_words
from webapp.core.vocabulary import Education, PayUnit
from webapp.imports.readers import cells
from webapp.imports.readers.hours import read_hours
from webapp.openings.models import Opening

#: Columns in which rules of wording or the pay floor look for something.
WORDS_READ = frozenset({"description", "pay_text", "place"})
_PAY_COLUMNS = {
    "pay_min_fen": "min_fen",
    "pay_max_fen": "max_fen",
    "pay_unit": "unit",
    "pay_month_min_fen": "month_min_fen",
    "pay_month_max_fen": "month_max_fen",
}


@dataclass(frozen=True)
class Repair:
    """What is set; empty where nothing is. ``replace``: also where something stands already.

    ``pay_unit`` always replaces: it is for figures that were read by the wrong unit.
    """

    valid_until: str = ""
    education: str = ""
    hours: str = ""
    pay_text: str = ""
    pay_unit: str = ""
    place: str = ""
    description: str = ""
    employer_name: str = ""
    employer_id: int | None = None
    replaces: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it sets nothing."""
        return not any(value for name, value in asdict(self).items() if name != "replaces")

    def of_employer(self, employer_id: int) -> "Repair":
        """Return it with the employer by its id."""
        return replace(self, employer_id=employer_id, employer_name="")

    def as_json(self) -> dict[str, Any]:
        """Return what a job keeps of it."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Repair":
        """Return what :meth:`as_json` kept."""
        return cls(**kept)

    def values(self, opening: Opening, *, on: date) -> dict[str, Any]:
        """Return the columns to change of one opening, empty where there is nothing to do."""
        wanted: dict[str, Any] = {}
        until = date.fromisoformat(self.valid_until) if self.valid_until else None
        over = opening.valid_until is None or opening.valid_until < on
        if until and (over or self.replaces):
            wanted["valid_until"] = until
        if self.education and (opening.education is None or self.replaces):
            wanted["education"] = Education(self.education)
        timeless = not opening.hours and not opening.flexible
        if self.hours and (timeless or self.replaces):
            windows = read_hours(self.hours) or []
            wanted |= {"hours": windows, "flexible": not windows}
        if self.place and (not (opening.place or opening.at_home) or self.replaces):
            wanted["place"] = self.place
        if self.description and (not opening.description.strip() or self.replaces):
            wanted["description"] = self.description
        if self.employer_id and (opening.employer_id is None or self.replaces):
            wanted["employer_id"] = self.employer_id
        wanted |= self._pay(opening)
        return {name: value for name, value in wanted.items() if getattr(opening, name) != value}

    def _pay(self, opening: Opening) -> dict[str, Any]:
        unpaid = opening.pay_min_fen is None and opening.pay_max_fen is None
        text = self.pay_text if unpaid or self.replaces else ""
        if not text and self.pay_unit and not unpaid and opening.pay_unit != self.pay_unit:
            unit = PayUnit(self.pay_unit)
            text = pay_words(opening.pay_min_fen, opening.pay_max_fen, unit).replace(",", "")
        return pay_columns(text) if text else {}


def pay_columns(text: str) -> dict[str, Any]:
    """Return the columns of an opening that a pay text fills."""
    read = cells.pay(text)
    return {"pay_text": text} | {
        column: getattr(read, name) for column, name in _PAY_COLUMNS.items()
    }


def pay_fault(text: str) -> str | None:
    """Return why a pay text cannot be set for many, ``None`` when it can."""
    read = cells.pay(text)
    if read.unit is None or (read.min_fen is None and read.max_fen is None):
        return _("看不懂，请写成“3000-4500元/月”这样")
    return None if cells.pay_fits(read) else _("这个数目不对")


def hours_fault(text: str) -> str | None:
    """Return why hours cannot be set for many, ``None`` when they can."""
    return None if read_hours(text) is not None else _("看不懂，请写成“周一至周六 8:00-18:00”这样")
