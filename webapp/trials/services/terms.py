"""What the terms of a trial day must keep: hours, pay, cover, and who may take part."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from flask_babel import gettext as _
from sqlmodel import Session

from webapp.core.errors import BadField, Conflict
from webapp.core.formatting import yuan
from webapp.core.vocabulary import Kind, PayUnit
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.matches.models import Match
from webapp.matches.services.employer_decisions import refuse_forbidden_words
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState
from webapp.rulebook.figures import pay_floor, rule
from webapp.rulebook.retirement import retires_on
from webapp.trials.lifecycle import FROM_MATCH, AgreementKind, InjuryCover
from webapp.trials.services.days import minutes

_DAYS_A_MONTH = Decimal("21.75")  # as openings are compared
_HOURS_A_DAY = Decimal(8)
_BREAK = Decimal(1)  # for a meal, of a whole day


@dataclass(frozen=True)
class Terms:
    """What an employer offers; times like "08:30", pay in fen a day."""

    starts_at: str
    ends_at: str
    address: str
    contact: str
    duties: str
    pay_day_fen: int
    cover: InjuryCover
    cover_note: str


def refuse_match(session: Session, match: Match) -> Opening:
    """Return the opening of a match that may lead to a trial day; say what stands against it."""
    opening = session.get_one(Opening, match.opening_id)
    if opening.kind is not Kind.VACANCY or opening.employer_id is None:
        raise Conflict(_("试岗是给单位的招聘岗位用的，这个机会不用试岗。"))
    if match.state not in FROM_MATCH:
        raise Conflict(
            _("现在是「%(state)s」，约不了试岗。先报名给单位看。", state=match.state.label)
        )
    resident = session.get_one(Resident, match.resident_id)
    if resident.state in {ResidentState.EMPLOYED, ResidentState.LEFT}:
        raise Conflict(_("本人已经在别处上班，或者不在这里找活路了，约不了试岗。"))
    employer = session.get_one(Employer, opening.employer_id)
    if employer.state is not EmployerState.VERIFIED:
        raise Conflict(_("单位现在没有通过社区核实，约不了试岗。核实好了再约。"))
    return opening


def check(
    session: Session, opening: Opening, resident_id: int, terms: Terms, *, first_day: date
) -> AgreementKind:
    """Return which agreement these terms make; :class:`BadField` for what law does not allow."""
    if terms.starts_at == terms.ends_at:
        raise BadField("ends_at", _("开始和结束不能一样"))
    for field in ("address", "contact", "duties", "cover_note"):
        refuse_forbidden_words(field, getattr(terms, field))
    least = least_pay(opening, first_day, (terms.starts_at, terms.ends_at))
    if terms.pay_day_fen < least:
        raise BadField(
            "pay_yuan",
            _(
                "一天最少 %(least)s 元：不低于最低工资，也不低于这份活工钱的%(percent)s%%",
                least=yuan(least),
                percent=rule("trial_pay_percent", on=first_day),
            ),
        )
    kind = agreement_for(session.get_one(Resident, resident_id), first_day)
    if kind is AgreementKind.LABOUR and terms.cover is not InjuryCover.WORK_INJURY:
        raise BadField("cover", _("没到退休年龄的人要上工伤保险，商业保险顶不了"))
    return kind


def agreement_for(resident: Resident, day: date) -> AgreementKind:
    """Return which paper a person signs who works on a day, by the retirement rules of that day."""
    born = resident.birth_date
    if born is not None and retires_on(born, resident.sex, on=day) <= day:
        return AgreementKind.SERVICE
    return AgreementKind.LABOUR


def least_pay(opening: Opening, day: date, hours: tuple[str, str]) -> int:
    """Return the least pay of a day in fen: the minimum wage, and the share of the post's pay.

    A month is 21.75 days of 8 hours, as openings are compared; longer days, less an hour to
    eat, count by the hour. A
    post paid by the hour is compared by the hour. Sources: 劳动合同法第二十条; 最低工资规定.
    """
    long = _hours(hours)
    by_hour = opening.pay_unit is PayUnit.HOUR
    unit = PayUnit.HOUR if by_hour else PayUnit.MONTH
    floor = pay_floor(unit, opening.place, on=day)
    month = opening.pay_month_min_fen or opening.pay_month_max_fen
    promised = opening.pay_min_fen or opening.pay_max_fen
    if by_hour:
        post, least = Decimal(promised or 0) * long, Decimal(floor.value if floor else 0) * long
    else:
        days = max((long - _BREAK) / _HOURS_A_DAY, Decimal(1))
        least = Decimal(floor.value if floor else 0) / _DAYS_A_MONTH * days
        post = Decimal(month or 0) / _DAYS_A_MONTH
        if opening.pay_unit is PayUnit.DAY and promised:
            post = Decimal(promised)
    share = post * rule("trial_pay_percent", on=day) / 100
    return int(max(least, share).to_integral_value(rounding=ROUND_CEILING))


def _hours(hours: tuple[str, str]) -> Decimal:
    worked = (minutes(hours[1]) - minutes(hours[0])) % (24 * 60)
    return Decimal(worked) / 60
