"""What the facts of a posting say about a condition: yes, likely, no, or nothing."""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from matching.eligibility.places import split_path
from matching.records import Demand, Kind, PayUnit
from matching.search.postings import Posting

_HOUR: Final = 60
_MORNING_ENDS, _NOON = 13.5 * _HOUR, 12 * _HOUR
_AFTERNOON_ENDS = 19.5 * _HOUR
_EVENING, _DAY_STARTS, _DAY_ENDS = 17 * _HOUR, 5 * _HOUR, 21 * _HOUR
_NIGHT_STARTS, _MIDNIGHT = 22 * _HOUR, 24 * _HOUR
_SHORT, _PART_TIME = 5 * _HOUR, 25  # minutes a day, hours a week
_AROUND_THE_CLOCK = 16 * _HOUR
_WEEKEND: Final = frozenset({5, 6})
_ESTATE_PARTS: Final = 4  # parts of a place path down to the estate
_ON_THE_FEET: Final = (Demand.STANDING, Demand.WALKING, Demand.STAIRS, Demand.LIFTING)
_HEAVY: Final = (Demand.LIFTING, Demand.HEIGHTS, Demand.NIGHT)
_LODGED: Final = re.compile("宿舍|寝室|[包管]住|提供住宿")
_FED: Final = re.compile("[包管][^。,子装理]{0,3}[饭餐吃]|工作餐|员工餐")
_LIVING_IN: Final = re.compile("住家|住(?:在)?.{0,6}(?:雇主|主人|东家)家")
_COMMON_CERTIFICATES: Final = ("健康证", "身份证")


class Fact(Enum):
    """What the record says of a condition.

    ``LIKELY`` is what nothing speaks against and something speaks for: pay by the day, where
    it is asked whether it is paid each day.
    """

    YES = "yes"
    LIKELY = "likely"
    NO = "no"
    UNKNOWN = "unknown"


def _by_hours(holds: Callable[[Posting], bool]) -> Callable[[Posting], Fact]:
    """Return what fixed hours say; one's own time is likely to allow any of them."""

    def fact(posting: Posting) -> Fact:
        if posting.opening.flexible:
            return Fact.LIKELY
        if not posting.spans:
            return Fact.UNKNOWN
        return Fact.YES if holds(posting) else Fact.NO

    return fact


def _yes_if(holds: Callable[[Posting], bool]) -> Callable[[Posting], Fact]:
    return lambda posting: Fact.YES if holds(posting) else Fact.UNKNOWN


def _likely_if(holds: Callable[[Posting], bool]) -> Callable[[Posting], Fact]:
    return lambda posting: Fact.LIKELY if holds(posting) else Fact.UNKNOWN


def _unit(unit: PayUnit) -> Callable[[Posting], Fact]:
    return _yes_if(lambda posting: posting.pay_unit is unit)


def _reaches_night(posting: Posting) -> bool:
    return any(
        start < _DAY_STARTS or start + length > _NIGHT_STARTS for start, length in posting.spans
    )


def _by_day(posting: Posting) -> bool:
    return all(
        start >= _DAY_STARTS and start + length <= _DAY_ENDS for start, length in posting.spans
    )


def _longest_day(posting: Posting) -> float:
    return sum(length for _, length in posting.spans) / max(len(posting.days), 1)


def _without(*demands: Demand) -> Callable[[Posting], Fact]:
    """Return likely where an opening makes demands, none of them these."""
    return _likely_if(lambda posting: bool(posting.opening.demands) and not posting.asks(*demands))


def _lodged_and_fed(posting: Posting) -> Fact:
    if _LODGED.search(posting.text) and _FED.search(posting.text):
        return Fact.YES
    return Fact.LIKELY if _LIVING_IN.search(posting.text) else Fact.UNKNOWN


def _no_schooling(posting: Posting) -> Fact:
    asked = posting.opening.education
    if asked is not None:
        return Fact.YES if asked.rank == 0 else Fact.NO
    return Fact.LIKELY if posting.opening.kind in {Kind.VACANCY, Kind.PIECEWORK} else Fact.UNKNOWN


def _no_reading(posting: Posting) -> Fact:
    if posting.asks(Demand.READING) or _no_schooling(posting) is Fact.NO:
        return Fact.NO
    known = bool(posting.opening.demands) and not _special_certificates(posting)
    return Fact.LIKELY if known else Fact.UNKNOWN


def _special_certificates(posting: Posting) -> list[str]:
    return [one for one in posting.opening.certificates if one not in _COMMON_CERTIFICATES]


def _certified(posting: Posting) -> Fact:
    taught = any(one.endswith("证") for one in posting.opening.teaches)
    return Fact.YES if taught else Fact.UNKNOWN


#: What of a record answers a condition of the table, by its code.
FACTS: Final[Mapping[str, Callable[[Posting], Fact]]] = {
    "mornings": _by_hours(lambda one: all(s + n <= _MORNING_ENDS for s, n in one.spans)),
    "afternoons": _by_hours(
        lambda one: all(s >= _NOON and s + n <= _AFTERNOON_ENDS for s, n in one.spans)
    ),
    "evenings": _by_hours(lambda one: all(s >= _EVENING for s, _ in one.spans)),
    "nights": _by_hours(_reaches_night),
    "no_nights": _by_hours(_by_day),
    "shifts": _by_hours(lambda one: _longest_day(one) >= _AROUND_THE_CLOCK),
    "short_hours": _by_hours(lambda one: _longest_day(one) <= _SHORT),
    "part_time": _by_hours(lambda one: one.hours_a_week <= _PART_TIME),
    "weekends": _by_hours(lambda one: one.days <= _WEEKEND),
    "weekends_off": _by_hours(lambda one: not one.days & _WEEKEND),
    "flexible": _yes_if(lambda one: one.opening.flexible),
    "evening_class": _by_hours(lambda one: all(s >= _EVENING for s, _ in one.spans)),
    "weekend_class": _by_hours(lambda one: one.days <= _WEEKEND),
    "paid_daily": _likely_if(lambda one: one.pay_unit is PayUnit.DAY),
    "temporary": _likely_if(lambda one: one.pay_unit is PayUnit.DAY),
    "board_and_lodging": _lodged_and_fed,
    "paid_hourly": _unit(PayUnit.HOUR),
    "piece_rate": _unit(PayUnit.PIECE),
    "no_schooling": _no_schooling,
    "no_reading": _no_reading,
    "certificate": _certified,
    "no_certificate": _likely_if(
        lambda one: one.opening.kind is Kind.VACANCY and not one.opening.certificates
    ),
    "health_certificate": _yes_if(lambda one: "健康证" in one.opening.certificates),
    "handwork": _yes_if(lambda one: one.opening.kind is Kind.PIECEWORK),
    "at_home": _yes_if(lambda one: one.opening.at_home),
    "strength": _likely_if(lambda one: one.asks(Demand.LIFTING)),
    "no_lifting": _without(Demand.LIFTING),
    "seated": _without(*_ON_THE_FEET, Demand.OUTDOORS),
    "standing": _yes_if(lambda one: one.asks(Demand.STANDING)),
    "outdoors": _yes_if(lambda one: one.asks(Demand.OUTDOORS)),
    "indoors": _without(Demand.OUTDOORS),
    "no_heights": _without(Demand.HEIGHTS),
    "quiet_work": _without(Demand.CUSTOMER_CONTACT, Demand.SPEECH),
    "older": _without(*_HEAVY, Demand.OUTDOORS),
    "retired": _without(*_HEAVY, Demand.OUTDOORS),
}


def is_near(home: str) -> Callable[[Posting], Fact]:
    """Return the fact that a posting lies in the estate of ``home``, a place path."""
    estate = split_path(home)[:_ESTATE_PARTS]

    def fact(posting: Posting) -> Fact:
        here = split_path(posting.opening.place)[:_ESTATE_PARTS]
        return Fact.YES if estate and here == estate else Fact.UNKNOWN

    return fact
