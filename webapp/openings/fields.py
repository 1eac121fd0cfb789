"""What a form says about an opening, on its way to the service."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from webapp.core.vocabulary import Education, ReservedFor


@dataclass(frozen=True)
class OpeningFields:
    """Everything people fill in; pay stays text, its figures are read from it."""

    title: str
    category: str = ""
    description: str = ""
    place: str = ""
    address: str = ""
    at_home: bool = False
    skills: list[str] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)
    education: Education | None = None
    demands: list[str] = field(default_factory=list)
    hours: list[dict[str, str]] = field(default_factory=list)
    flexible: bool = False
    hazardous: bool = False
    reserved_for: ReservedFor | None = None
    teaches: list[str] = field(default_factory=list)
    pay_text: str = ""
    headcount: int = 1
    valid_until: date | None = None

    def values(self) -> dict[str, Any]:
        """Return the columns by name."""
        return asdict(self)
