"""What a household would have, month by month for two years, if a member takes some work.

Pure, in whole fen. The rules are those of ``tests/unit/rights/README.md``, where one hundred cases
were worked out by hand before this was written. What is not known stays a hole: a missing figure,
an unknown cost or pay that cannot be proven leaves out the allowance and every total, and never
becomes a number. Everything said is an interval, which contains every outcome within what is known.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import product

from webapp.core.labels import LabelledEnum

MONTHS = 24


class HoleKind(LabelledEnum):
    """Why something cannot be said."""

    ON_ALLOWANCE = "on_allowance", "家里领不领低保，还不清楚"
    FIGURES = "figures", "重庆算低保的几个数，还没有人核实"
    PROOF = "proof", "工钱没有证明的，按这一行的平均工资算，这个数没有查到"
    PAY = "pay", "工钱多少没有写明"
    CARE = "care", "看孩子、照顾老人要花多少，还不知道"
    TRAVEL = "travel", "路费要花多少，还不知道"


@dataclass(frozen=True)
class Interval:
    """From ``low`` to ``high`` fen a month, both included; ``high`` None has no upper end."""

    low: int
    high: int | None

    def plus(self, other: "Interval") -> "Interval":
        """Return the sum of two that vary on their own."""
        ends = (self.high, other.high)
        return Interval(self.low + other.low, None if None in ends else sum(ends))  # type: ignore[arg-type]

    def minus(self, other: "Interval") -> "Interval":
        """Return the difference; ``other`` has an upper end."""
        low = self.low - (other.high or 0)
        return Interval(low, None if self.high is None else self.high - other.low)


NOTHING = Interval(0, 0)


@dataclass(frozen=True)
class Parameters:
    """The figures of the allowance; ``None`` is a hole.

    ``line`` fen a person and month, ``work_cost`` fen a working person, ``taper_months`` months,
    the others percent; a ``taper_ceiling`` of 0 is none.
    """

    line: int | None = None
    work_cost: int | None = None
    taper_months: int | None = None
    taper_percent: int | None = None
    taper_ceiling: int | None = None
    hard_spending_percent: int | None = None


@dataclass(frozen=True)
class Household:
    """Those whose income counts together; ``on_allowance`` is None when it is not known.

    ``others`` is what each other member earns, in any order; ``pay_now`` what the person who would
    take the work earns now, and no more then. ``hard_spending`` is for school and serious illness.
    """

    persons: int
    on_allowance: bool | None
    others: tuple[Interval, ...] = ()
    other_income: Interval = NOTHING
    hard_spending: Interval = NOTHING
    pay_now: Interval = NOTHING


@dataclass(frozen=True)
class Work:
    """The job, stall or piecework; a pay or cost that is None is a hole.

    ``provable``: whether there will be proof of the pay. ``start_cost`` falls into month 1.
    """

    pay: Interval | None
    provable: bool | None
    care: Interval | None = NOTHING
    travel: Interval | None = NOTHING
    start_cost: Interval = NOTHING


@dataclass(frozen=True)
class Month:
    """One month of going; None where nothing can be said."""

    number: int
    allowance: Interval | None
    total: Interval | None
    difference: Interval | None


@dataclass(frozen=True)
class IncomePath:
    """Both ways beside each other, and what is not known."""

    stay_allowance: Interval | None
    stay: Interval | None
    months: tuple[Month, ...]
    holes: tuple[HoleKind, ...]

    @property
    def stages(self) -> list[tuple[int, int, Month]]:
        """The months as runs that are alike: (first, last, month)."""
        found: list[tuple[int, int, Month]] = []
        for month in self.months:
            said = (month.allowance, month.total, month.difference)
            if found:
                first, _last, known = found[-1]
                if said == (known.allowance, known.total, known.difference):
                    found[-1] = (first, month.number, known)
                    continue
            found.append((month.number, month.number, month))
        return found


def reckon(household: Household, work: Work, parameters: Parameters) -> IncomePath:
    """Return the path of a household; see the module for what it may say."""
    holes = _holes(household, work, parameters)
    stay_known = not {HoleKind.ON_ALLOWANCE, HoleKind.FIGURES} & set(holes)
    allowance_known = stay_known and HoleKind.PROOF not in holes
    space = _Space(household, work.pay or NOTHING, parameters)
    stay_allowance = space.extremes(lambda case: case.stay) if stay_known else None
    stay = space.extremes(lambda case: case.stay + case.now + case.cash) if stay_known else None
    stages: dict[tuple[bool, bool], Month] = {}
    months = []
    for number in range(1, MONTHS + 1):
        taper = number <= (parameters.taper_months or 0)
        key = (taper, number == 1)
        if key not in stages:
            stages[key] = _month(space, work, taper, number == 1, holes, known=allowance_known)
        alike = stages[key]
        months.append(Month(number, alike.allowance, alike.total, alike.difference))
    return IncomePath(stay_allowance, stay, tuple(months), holes)


def _month(
    space: "_Space",
    work: Work,
    taper: bool,
    first: bool,
    holes: tuple[HoleKind, ...],
    *,
    known: bool,
) -> Month:
    allowance = None
    if known and (work.pay is not None or not space.on_allowance):
        allowance = space.extremes(lambda case: case.going(taper))
    if holes or work.care is None or work.travel is None:
        return Month(0, allowance, None, None)
    costs = work.care.plus(work.travel).plus(work.start_cost if first else NOTHING)
    total = space.extremes(lambda case: case.pay + case.cash + case.going(taper), grows=True)
    more = space.extremes(
        lambda case: case.pay + case.going(taper) - case.now - case.stay, grows=True
    )
    return Month(0, allowance, total.minus(costs), more.minus(costs))


def _holes(household: Household, work: Work, parameters: Parameters) -> tuple[HoleKind, ...]:
    found = []
    if household.on_allowance is None:
        found.append(HoleKind.ON_ALLOWANCE)
    elif household.on_allowance:
        if missing(parameters, hard_spending=household.hard_spending != NOTHING):
            found.append(HoleKind.FIGURES)
        elif not work.provable:
            found.append(HoleKind.PROOF)
    if work.pay is None:
        found.append(HoleKind.PAY)
    if work.care is None:
        found.append(HoleKind.CARE)
    if work.travel is None:
        found.append(HoleKind.TRAVEL)
    return tuple(found)


def missing(parameters: Parameters, *, hard_spending: bool) -> list[str]:
    """Return the names of the figures that are holes and matter."""
    return [
        one.name
        for one in fields(parameters)
        if getattr(parameters, one.name) is None
        and (hard_spending or one.name != "hard_spending_percent")
    ]


@dataclass(frozen=True)
class _Case:
    """One outcome within what is known: exact pays, and what follows by the rules."""

    pay: int
    now: int
    cash: int
    stay: int
    counted: int
    threshold: int
    ceiling: int
    percent: int
    on_allowance: bool

    def going(self, taper: bool) -> int:
        """Return the allowance with the new pay, in a month of the taper or after it."""
        if not self.on_allowance:
            return 0
        if self.counted < self.threshold:
            return self.threshold - self.counted
        below = not self.ceiling or self.counted < self.ceiling
        return self.percent * self.stay // 100 if taper and below else 0


Point = tuple[int, ...]


class _Space:
    """All outcomes within what is known, seen at the points where an extreme can lie.

    What is reckoned is linear between a few planes: a pay equal to the work cost, the counted
    income (staying or going) at nothing, at the line, at the ceiling. So its extremes lie at
    corners of the box, or where planes meet its edges, on either side of each plane. Not where a
    plane of going crosses one of staying: along each of them what is reckoned keeps its direction.
    """

    def __init__(self, household: Household, pay: Interval, parameters: Parameters) -> None:
        self.on_allowance = bool(household.on_allowance)
        self._open = pay.high is None
        self._cost = parameters.work_cost or 0
        self._share = parameters.hard_spending_percent or 0
        self._percent = parameters.taper_percent or 0
        self._line = (parameters.line or 0) * household.persons
        # The least counted income that is no more below the ceiling; 0 for none.
        self._ceiling = -(-(parameters.taper_ceiling or 0) * self._line // 100)
        # The order of members says nothing: pay, pay now, others, other income, hard spending.
        ranges = [pay, household.pay_now, *household.others]
        ranges += [household.other_income, household.hard_spending]
        beyond = 2 * (self._line + self._ceiling + self._cost) + sum(
            one.high or one.low for one in ranges
        )
        self._box = [(one.low, beyond if one.high is None else one.high) for one in ranges]
        self._cases = [self._case(point) for point in self._points()]

    def extremes(self, value: Callable[[_Case], int], *, grows: bool = False) -> Interval:
        """Return least and most; what ``grows`` with a pay without upper end has none either."""
        values = [value(case) for case in self._cases]
        return Interval(min(values), None if grows and self._open else max(values))

    def _case(self, point: Point) -> _Case:
        pay, now, *others, other_income, _hard = point
        rest = self._rest(point)
        stay = max(0, self._line - max(0, self._above_cost(now) + rest))
        return _Case(
            pay=pay,
            now=now,
            cash=sum(others) + other_income,
            stay=stay if self.on_allowance else 0,
            counted=max(0, self._above_cost(pay) + rest),
            threshold=self._line,
            ceiling=self._ceiling,
            percent=self._percent,
            on_allowance=self.on_allowance,
        )

    def _above_cost(self, pay: int) -> int:
        return max(0, pay - self._cost)

    def _rest(self, point: Point) -> int:
        """Return what counts beside the person's own pay."""
        _pay, _now, *others, other_income, hard = point
        counted = sum(self._above_cost(one) for one in others)
        return counted + other_income - self._share * hard // 100

    def _points(self) -> set[Point]:
        last = len(self._box) - 2  # pays before it have a kink at the work cost
        ends = [
            {low, high, self._cost} if at < last and low < self._cost < high else {low, high}
            for at, (low, high) in enumerate(self._box)
        ]
        points = set(product(*ends))
        if not self.on_allowance:
            return points
        return points | {found for point in points for found in self._on_planes(point)}

    def _on_planes(self, point: Point) -> Iterator[Point]:
        """Yield the point moved along one edge each, to either side of each plane."""
        line, ceiling = self._line, self._ceiling
        targets = {0, line - 1, line, *((ceiling - 1, ceiling) if ceiling else ())}
        for own in (0, 1):  # going, staying
            counted = self._above_cost(point[own]) + self._rest(point)
            for at, (low, high) in enumerate(self._box):
                if low == high or at == 1 - own:
                    continue
                for target in targets:
                    for value in self._reaching(point, at, target - counted):
                        if low <= value <= high:
                            yield (*point[:at], value, *point[at + 1 :])

    def _reaching(self, point: Point, at: int, more: int) -> Iterable[int]:
        """Return the values of one coordinate at which the counted income is ``more`` higher."""
        value = point[at]
        if at == len(point) - 1:
            if not self._share:
                return ()
            taken = self._share * value // 100 - more
            first = -(-taken * 100 // self._share)
            return (first, -(-(taken + 1) * 100 // self._share) - 1)
        if at == len(point) - 2:
            return (value + more,)
        counted = self._above_cost(value) + more
        return (counted + self._cost,) if counted >= 0 else ()
