"""Look through an imported opening: what it lacks, and what a person has to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from webapp.imports.lifecycle import Readiness
from webapp.openings import policy
from webapp.openings.models import Opening

_MOST_FLAGS = 3
_LONGEST_PHRASE = 30


@dataclass(frozen=True)
class Assessment:
    """What was found; ``lacks`` are fields as the law's own check names them."""

    lacks: tuple[str, ...]
    flags: tuple[str, ...]

    @property
    def readiness(self) -> Readiness:
        """Whether it may go out with the others; what is flagged needs a person in any case."""
        if self.flags:
            return Readiness.FLAGGED
        return Readiness.LACKING if self.lacks else Readiness.READY

    @property
    def lacking(self) -> str:
        """The fields as the row keeps them, each between spaces, to be searched for."""
        return f" {' '.join(self.lacks)} " if self.lacks else ""


def assess(
    opening: Opening, *, on: date, longest: int, known_flags: Sequence[str] | None = None
) -> Assessment:
    """Return what stands against an opening of a file, but for the check of its employer.

    ``known_flags`` are those of before, where nothing they look at has changed: reading all
    words against all rules takes most of the time.
    """
    lacks = tuple(fault.field for fault in policy.faults(opening, on=on, longest=longest))
    if known_flags is not None:
        return Assessment(lacks, tuple(known_flags))
    found = policy.findings(opening, on=on)
    flags = [
        _("%(says)s（“%(phrase)s”）", says=one.says, phrase=one.phrase[:_LONGEST_PHRASE])
        for one in found
    ]
    return Assessment(lacks, tuple(dict.fromkeys(flags))[:_MOST_FLAGS])


def words_of_lack(field: str) -> str:
    """Return how a filter names what a row lacks."""
    return {
        "employer": _("没写哪家单位"),
        "description": _("没写做些什么"),
        "town": _("没写在哪里"),
        "education": _("没写要什么条件"),
        "pay_text": _("没写工钱"),
        "headcount": _("没写要几个人"),
        "valid_until": _("招到哪天没定"),
    }.get(field, field)
