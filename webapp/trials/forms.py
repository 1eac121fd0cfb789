"""Forms of trial days; messages in Chinese."""

from datetime import time
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import NumberRange, Optional

from webapp.core.formfields import DayField, YuanField, as_choices, at_most, choices, required, tidy
from webapp.core.labels import LabelledEnum
from webapp.employment.lifecycle import ContractKind
from webapp.matches.forms.fields import HourField
from webapp.trials.lifecycle import BY_STAFF, Cause, InjuryCover, Outcome, Party
from webapp.trials.models import TrialDay
from webapp.trials.services.outcome import WHY, Word
from webapp.trials.services.terms import Terms

_SIDES = as_choices((one.value, one.label) for one in (Party.RESIDENT, Party.EMPLOYER))


class DaysForm(FlaskForm):
    """From which day on, and how many days in a row."""

    first_day = DayField(_("从哪天起"), validators=[required(_("请填日期"))])
    days = RadioField(
        _("试几天"),
        choices=as_choices([("1", _("一天")), ("2", _("两天")), ("3", _("三天"))]),
        default="1",
        validators=[required(_("请选几天"))],
    )

    @property
    def terms(self) -> Terms | None:
        """The terms; whoever only names days writes none."""
        return None


class TermsForm(DaysForm):
    """All that has to be clear before somebody works for a day."""

    starts_at = HourField(_("几点到"), validators=[required(_("请填几点，像 08:30"))])
    ends_at = HourField(_("几点走"), validators=[required(_("请填几点，像 17:30"))])
    address = StringField(
        _("在哪里"), filters=[tidy], validators=[required(_("请填地点")), at_most(120)]
    )
    contact = StringField(
        _("到了找谁"),
        description=_("姓名和电话，本人到了好找"),
        filters=[tidy],
        validators=[required(_("请写找谁")), at_most(60)],
    )
    duties = StringField(
        _("做什么"), filters=[tidy], validators=[required(_("请写做什么")), at_most(200)]
    )
    pay_yuan = YuanField(
        _("一天多少工钱"),
        places=2,
        validators=[
            required(_("请填多少钱，试岗也要给工钱")),
            NumberRange(min=1, max=5000, message=_("请填 1 到 5000 元")),
        ],
    )
    cover = RadioField(
        _("受了伤谁管"),
        description=_("开工以前就要上好"),
        choices=choices(InjuryCover),
        validators=[required(_("请选上的什么保险"))],
    )
    cover_note = StringField(
        _("保险在哪里上的"),
        description=_("保单号，或者社保局哪天登记的"),
        filters=[tidy],
        validators=[required(_("请写一句，本人和社区好查")), at_most(120)],
    )

    @property
    def terms(self) -> Terms | None:
        """The terms as the service takes them."""
        return Terms(
            starts_at=f"{self.starts_at.data:%H:%M}",
            ends_at=f"{self.ends_at.data:%H:%M}",
            address=self.address.data,
            contact=self.contact.data,
            duties=self.duties.data,
            pay_day_fen=round((self.pay_yuan.data or Decimal(0)) * 100),
            cover=InjuryCover(self.cover.data),
            cover_note=self.cover_note.data,
        )


class SideForm(FlaskForm):
    """Staff speak for one side and say how they heard it; both are empty for one's own word."""

    side = HiddenField()
    heard = HiddenField()


class AgreeForm(SideForm):
    """A yes to the version that was read."""

    version = HiddenField(validators=[required()])

    def validate_version(self, field: Any) -> None:
        """Refuse what is no number."""
        text = field.data or ""
        if not (text.isascii() and text.isdecimal() and len(text) < 9):
            field.data = "0"


def _pairs(kind: type[LabelledEnum]) -> list[tuple[str, Any]]:
    return [(one.value, one.label) for one in kind]


class WordForm(FlaskForm):
    """What came of it, as one side tells it."""

    side = RadioField(_("这是谁说的"), choices=_SIDES, validators=[Optional()])
    heard = RadioField(
        _("怎么说的"),
        choices=as_choices((one.value, one.label) for one in BY_STAFF),
        validators=[Optional()],
    )
    outcome = RadioField(
        _("后来怎么样"), choices=choices(Outcome), validators=[required(_("请选一样"))]
    )
    starts_on = DayField(_("哪天上岗"), description=_("留下来上班的才填"), validators=[Optional()])
    contract = SelectField(
        _("签什么合同"),
        description=_("留下来上班的才选"),
        choices=choices(ContractKind, empty=_("还没定")),
        validators=[Optional()],
    )
    why_no = SelectField(_("为什么没接着做"), validators=[Optional()])
    why_not_held = SelectField(
        _("为什么没去成"),
        choices=choices(Cause, empty=_("去成了，不用选")),
        validators=[Optional()],
    )
    sentence = StringField(
        _("写一句是怎么回事"),
        description=_("两边说的不一样时要写，只有社区看得到"),
        filters=[tidy],
        validators=[at_most(200)],
    )

    def ask(self, side: Party | None, *, other_spoke: bool) -> None:
        """Word the form for whoever fills it in; ``None`` is staff, who say for whom."""
        no = {Party.RESIDENT: Outcome.RESIDENT_NO, Party.EMPLOYER: Outcome.EMPLOYER_NO}
        kinds = [no[side]] if side else list(no.values())
        pairs = {value: words for one in kinds for value, words in _pairs(WHY[one])}
        self.why_no.choices = as_choices([("", gettext("没有说")), *pairs.items()])
        if side is not None:
            del self.side, self.heard
        if not other_spoke:
            self.sentence.description = gettext("可以不写，只有社区看得到")

    @property
    def word(self) -> Word:
        """The word as the service takes it."""
        outcome = Outcome(self.outcome.data)
        by = {Outcome.NOT_HELD: self.why_not_held, Outcome.CAME_TO_JOB: None}.get(
            outcome, self.why_no
        )
        came = outcome is Outcome.CAME_TO_JOB
        return Word(
            outcome=outcome,
            why=(by.data or "") if by is not None else "",
            starts_on=self.starts_on.data if came else None,
            contract=ContractKind(self.contract.data) if came and self.contract.data else None,
            sentence=self.sentence.data or "",
        )

    def blame(self, field: str, message: str) -> None:
        """Put the service's message beside the field that a person sees."""
        if field == "why":
            field = "why_not_held" if self.outcome.data == Outcome.NOT_HELD else "why_no"
        self[field].errors = [message]


class DecideForm(FlaskForm):
    """What the branch settles on after it asked both."""

    outcome = RadioField(
        _("定成什么"), choices=choices(Outcome), validators=[required(_("请选一样"))]
    )
    cause = SelectField(
        _("没去成的原因"),
        choices=choices(Cause, empty=_("去成了，不用选")),
        validators=[Optional()],
    )
    note = StringField(
        _("怎么问的、凭什么定"),
        filters=[tidy],
        validators=[required(_("请写一句")), at_most(200)],
    )


def filled(trial: TrialDay) -> dict[str, Any]:
    """Return a trial day's days and terms as :class:`TermsForm` shows them."""
    return {
        "first_day": trial.first_day,
        "days": str(trial.days),
        "starts_at": time.fromisoformat(trial.starts_at) if trial.starts_at else None,
        "ends_at": time.fromisoformat(trial.ends_at) if trial.ends_at else None,
        "address": trial.address,
        "contact": trial.contact,
        "duties": trial.duties,
        "pay_yuan": Decimal(trial.pay_day_fen) / 100 if trial.pay_day_fen else None,
        "cover": trial.cover.value if trial.cover else None,
        "cover_note": trial.cover_note,
    }
