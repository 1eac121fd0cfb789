"""Forms of needs."""

from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import NumberRange

from webapp.core.formfields import KeyedForm, WholeNumberField, at_most, required, tidy


class NeedForm(KeyedForm):
    """What an employer needs somebody for."""

    words = StringField(
        _("要做什么活，什么时候来"),
        filters=[tidy],
        validators=[required(_("请写要做什么活")), at_most(120)],
        description=_("比如：会做面点，早上能来。用“，”隔开"),
    )
    people = WholeNumberField(
        _("要几个人"),
        validators=[NumberRange(1, 99, message=_("请填 1 到 99"))],
        default=1,
        render_kw={"inputmode": "numeric"},
    )


class AnswerForm(KeyedForm):
    """What staff say to it."""

    words = TextAreaField(
        _("怎么回单位"),
        filters=[tidy],
        validators=[required(_("请写几句，单位看得到")), at_most(300)],
        description=_("不写居民的名字、电话和情况"),
    )
