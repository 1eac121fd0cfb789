"""Up to which age people are counted as able to work: the latest age at which law retires them.

国务院关于渐进式延迟法定退休年龄的办法 (in force since 2025-01-01): for men, who retired
at 60, and for women in management and technical posts, who retired at 55, the age grows by one
month for every four months (or part of them) between that day and the day the old age is reached,
up to 63 and 58. Women in other posts retire earlier; the later age of the two leaves nobody out
who may still be employed. Who did retire earlier is left out by the evidence of it. The figures
are dated rows of the rule book.
"""

from calendar import monthrange
from datetime import date

from webapp.core.vocabulary import Sex
from webapp.rulebook.figures import UnknownRule, in_force, rule

_AGE = {Sex.MALE: "retirement_months_men", Sex.FEMALE: "retirement_months_women"}
_STEP = {Sex.MALE: "retirement_step_men", Sex.FEMALE: "retirement_step_women"}
_LATEST = {Sex.MALE: "retirement_latest_men", Sex.FEMALE: "retirement_latest_women"}


def retires_on(birth_date: date, sex: Sex | None, *, on: date) -> date:
    """Return when somebody reaches the age by the rules in force ``on`` a day.

    An unknown sex counts as the one that reaches it later.
    """
    kind = sex or Sex.MALE
    usual = rule(_AGE[kind], on=on)
    reached = _add_months(birth_date, usual)
    try:
        step, latest = in_force(_STEP[kind], on=on), rule(_LATEST[kind], on=on)
    except UnknownRule:  # before the age began to grow
        return reached
    elapsed = 12 * (reached.year - step.since.year) + reached.month - step.since.month
    later = min(usual + elapsed // step.value + 1, latest) if elapsed >= 0 else usual
    return _add_months(birth_date, later)


def past_age_if_born_by(day: date, sex: Sex | None) -> date:
    """Return the latest birth date of those who have reached the age by ``day``."""
    months = rule(_AGE[sex or Sex.MALE], on=day)
    while True:  # from the youngest on; who was born far enough back has reached it
        first = _add_months(day, -months)
        for birth in (first.replace(day=monthrange(first.year, first.month)[1]), first):
            if retires_on(birth, sex, on=day) <= day:
                return birth
        months += 1


def _add_months(day: date, months: int) -> date:
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
