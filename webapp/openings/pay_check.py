"""Whether an opening pays less than the minimum wage in force where the work is done."""

from datetime import date

from flask_babel import gettext as _

from webapp.core.formatting import date_words, pay_words
from webapp.core.vocabulary import Kind, PayUnit
from webapp.openings.models import Opening
from webapp.rulebook.figures import pay_floor
from webapp.rulebook.lint import Finding
from webapp.rulebook.models import Severity

CODE = "pay_floor"


def below_floor(opening: Opening, *, on: date) -> Finding | None:
    """Return what to say of a vacancy whose least pay is below the floor on that day.

    The least pay is what is promised in any case: the lower figure of a range, the base of
    base plus commission. Pay by the day is compared as a month of 21.75 days, pay by the hour
    with the floor for part-time work; pay by the piece says nothing of time.
    Sources: 劳动法第四十八条; 劳动合同法第七十二条 (part-time work).
    """
    if opening.kind is not Kind.VACANCY or opening.pay_unit in {None, PayUnit.PIECE}:
        return None
    if opening.pay_unit is PayUnit.HOUR:
        unit, least = PayUnit.HOUR, _least(opening.pay_min_fen, opening.pay_max_fen)
    else:
        unit, least = PayUnit.MONTH, _least(opening.pay_month_min_fen, opening.pay_month_max_fen)
    floor = pay_floor(unit, opening.place, on=on)
    if least is None or floor is None or least >= floor.value:
        return None
    says = _(
        "工钱不能比最低工资（%(floor)s，%(day)s起）低；只做半天的写一小时多少钱",
        floor=pay_words(floor.value, floor.value, unit),
        day=date_words(floor.since),
    )
    law = _("劳动合同法第七十二条") if unit is PayUnit.HOUR else _("劳动法第四十八条")
    doubt = "" if floor.confirmed else _("；这个最低工资还没有人核对过")
    return Finding(
        code=CODE,
        severity=Severity.BLOCK,
        phrase=opening.pay_text,
        sentence=opening.pay_text,
        says=says,
        source=f"{law}；{floor.source}{doubt}",
    )


def _least(low: int | None, high: int | None) -> int | None:
    return high if low is None else low
