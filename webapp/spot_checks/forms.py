"""Forms of spot checks; messages in Chinese."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import ValidationError

from webapp.core.formfields import KeyedForm, at_most, choices, required, tidy
from webapp.spot_checks.lifecycle import Finding

_LONGEST = 500


class FindingForm(KeyedForm):
    """What somebody found."""

    finding = RadioField(
        _("您看下来"), choices=choices(Finding), validators=[required(_("请选一样"))]
    )
    words = TextAreaField(
        _("您看到了什么"),
        description=_("不到位的、看不出来的，写清楚是哪一步。别写居民的名字。"),
        filters=[tidy],
        validators=[at_most(_LONGEST)],
    )

    def validate_words(self, field: Any) -> None:
        """Whoever finds fault says what it is."""
        if self.finding.data not in {None, Finding.AS_IT_SHOULD.value} and not field.data:
            raise ValidationError(gettext("请写一句您看到了什么"))


class ReplyForm(KeyedForm):
    """What the member whose work it was says to it."""

    words = TextAreaField(
        _("您的说明"),
        description=_("只能写一次，写了不能改。看的人和书记都看得到。"),
        filters=[tidy],
        validators=[required(_("请写一句")), at_most(_LONGEST)],
    )


class MeasuresForm(KeyedForm):
    """What the branch did about it."""

    words = TextAreaField(
        _("查了什么、改了什么"),
        filters=[tidy],
        validators=[required(_("请写一句")), at_most(_LONGEST)],
    )
