"""What a hire is signed for, and whether the law allows it: probation, pay, social insurance."""

from calendar import monthrange
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, delete

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import BadField
from webapp.core.formatting import date_words, yuan
from webapp.core.vocabulary import PayUnit
from webapp.employment.lifecycle import ContractKind, SocialInsurance
from webapp.employment.models import HireTerms
from webapp.rulebook.figures import pay_floor, rule

_NO_PROBATION = frozenset({ContractKind.TASK, ContractKind.PART_TIME, ContractKind.SERVICE})
_YEAR, _LONG = 12, 36


@dataclass(frozen=True)
class Signed:
    """What was signed, as far as it was said; money in fen a ``pay_unit``, both days counted."""

    contract: ContractKind
    months: int | None = None
    pay_fen: int | None = None
    pay_unit: PayUnit = PayUnit.MONTH
    probation_until: date | None = None
    probation_pay_fen: int | None = None
    insurance: SocialInsurance | None = None


def check(signed: Signed, *, starts_on: date, place: str, trial_days: int) -> None:
    """Raise :class:`BadField` for what law does not allow.

    Sources: 劳动合同法 art. 19 (no probation under 3 months or by task; at most 1, 2 or 6 months by
    length), 20 (pay), 70 (none part-time). Days of trial before count into it.
    """
    if signed.contract is ContractKind.FIXED and signed.months is None:
        raise BadField("months", _("有期限的合同，请填签了几个月"))
    floor = pay_floor(signed.pay_unit, place, on=starts_on)
    if signed.pay_fen is not None and floor is not None and signed.pay_fen < floor.value:
        raise BadField("pay_yuan", _("不能比最低工资（%(n)s 元）低", n=yuan(floor.value)))
    if signed.probation_until is None:
        if signed.probation_pay_fen is not None:
            raise BadField("probation_until", _("有试用期工钱，就要填试用期到哪天"))
        return
    last = longest_probation(signed, starts_on=starts_on, trial_days=trial_days)
    if last is None:
        raise BadField("probation_until", _("不满三个月的、按活算的、小时工，法律不许有试用期"))
    if signed.probation_until < starts_on:
        raise BadField("probation_until", _("不能比上岗那天早"))
    if signed.probation_until > last:
        raise BadField(
            "probation_until",
            _(
                "太长了，最晚到%(day)s%(trial)s",
                day=date_words(last),
                trial=_("（试岗 %(n)d 天算在里面）", n=trial_days) if trial_days else "",
            ),
        )
    _check_probation_pay(signed, starts_on, floor.value if floor else 0)


def longest_probation(signed: Signed, *, starts_on: date, trial_days: int) -> date | None:
    """Return the last day a probation may have; ``None`` where there may be none."""
    least = rule("probation_contract_months", on=starts_on)
    months = signed.months
    if signed.contract in _NO_PROBATION or (months is not None and months < least):
        return None
    if signed.contract is ContractKind.OPEN_ENDED or months is None or months >= _LONG:
        most = rule("probation_months_long", on=starts_on)
    elif months >= _YEAR:
        most = rule("probation_months_middle", on=starts_on)
    else:
        most = rule("probation_months_short", on=starts_on)
    return _add_months(starts_on, most) - timedelta(days=1 + trial_days)


def write(session: Session, actor: Actor, *, match_id: int, signed: Signed) -> HireTerms:
    """Keep what a hire was signed for; what stood there before gives way."""
    forget(session, match_id=match_id)
    row = HireTerms(
        match_id=match_id,
        recorded_at=clock.now(),
        recorded_by_id=actor.account_id,
        **asdict(signed),
    )
    session.add(row)
    session.flush()
    return row


def forget(session: Session, *, match_id: int) -> None:
    """Drop the terms of a hire that did not come about."""
    session.exec(delete(HireTerms).where(col(HireTerms.match_id) == match_id))


def _check_probation_pay(signed: Signed, starts_on: date, floor: int) -> None:
    paid = signed.probation_pay_fen
    if paid is None:
        return
    share = (signed.pay_fen or 0) * rule("trial_pay_percent", on=starts_on)
    least = max(-(-share // 100), floor)
    if paid < least:
        raise BadField("probation_pay_yuan", _("试用期最少 %(n)s 元", n=yuan(least)))


def _add_months(day: date, months: int) -> date:
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
