"""Forms of results and certificates."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField

from webapp.core.formfields import as_choices, at_most, required, tidy


class ResultForm(FlaskForm):
    """A trainer's result, as a member types it in."""

    passed = RadioField(
        _("老师怎么评的"),
        choices=as_choices([("yes", _("通过，可以结业")), ("no", _("这次没过"))]),
        validators=[required(_("请选一项"))],
    )
    trainer = StringField(
        _("哪位老师评的"), filters=[tidy], validators=[required(_("请填老师的名字")), at_most(40)]
    )
    note = StringField(_("补一句"), filters=[tidy], validators=[at_most(200)])


class RevokeForm(FlaskForm):
    """Why a certificate no longer stands."""

    reason = StringField(
        _("为什么作废"),
        filters=[tidy],
        validators=[required(_("请写一句，本人会看到")), at_most(200)],
        description=_("本人会看到这句话；外人只看到作废了"),
    )


class NameForm(FlaskForm):
    """The whole name on a certificate, typed by who has the paper before them."""

    name = StringField(
        _("纸上写的全名"),
        filters=[tidy],
        validators=[required(_("请照纸上的名字填")), at_most(40)],
        description=_("跟发证时的名字比一比，这里不显示也不记下"),
    )
