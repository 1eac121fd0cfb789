"""Forms of what is printed beforehand: blank forms with codes, posters for the wall."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import NumberRange

from webapp.core.formfields import KeyedForm, WholeNumberField, at_most, required, tidy
from webapp.tickets.forms.filing import LONGEST_PLACE

MOST_AT_ONCE = 50


class BlankForms(KeyedForm):
    """How many blank forms to print."""

    number = WholeNumberField(
        _("印几张"),
        validators=[
            required(_("请填印几张")),
            NumberRange(1, MOST_AT_ONCE, message=_("一次印 %(min)d 到 %(max)d 张")),
        ],
        description=_("每张一个编号，下面一条撕给写的人"),
    )


class PosterForm(KeyedForm):
    """Where a poster hangs."""

    place = StringField(
        _("贴在哪里"),
        filters=[tidy],
        validators=[required(_("请写贴在哪里")), at_most(LONGEST_PLACE)],
        description=_("像：6栋1单元门口、活动室。扫码的人不用再写地方"),
        render_kw={"autocomplete": "off", "maxlength": LONGEST_PLACE},
    )
