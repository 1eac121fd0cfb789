"""Forms of complaints against employers."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField

from webapp.complaints.lifecycle import ComplaintKind, ComplaintOutcome
from webapp.core.formfields import KeyedForm, at_most, choices, required, tidy


class ComplaintForm(KeyedForm):
    """A complaint against an employer."""

    kind = RadioField(
        _("是哪一种事"), choices=choices(ComplaintKind), validators=[required(_("请选一种"))]
    )
    words = TextAreaField(
        _("发生了什么"),
        filters=[tidy],
        validators=[required(_("请写几句，发生了什么")), at_most(1000)],
        description=_("什么时候、谁、说了什么或收了多少钱"),
    )


class HandleForm(FlaskForm):
    """How a complaint ended, and what its writer is told."""

    outcome = RadioField(
        _("结果"), choices=choices(ComplaintOutcome), validators=[required(_("请选一种"))]
    )
    answer = TextAreaField(
        _("怎么答复"),
        filters=[tidy],
        validators=[required(_("请写明怎么处理的，本人会看到")), at_most(500)],
        description=_("来反映的人会看到这几句话，单位看不到"),
    )
