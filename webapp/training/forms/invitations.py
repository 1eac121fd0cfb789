"""Form by which staff invite people to a run."""

from flask_babel import lazy_gettext as _

from webapp.core.formfields import ChecksField, KeyedForm, some_ids

MOST_AT_ONCE = 60


class InviteForm(KeyedForm):
    """Whom to invite; the page lists them."""

    residents = ChecksField(
        _("请哪些人"),
        coerce=int,
        validate_choice=False,
        validators=[some_ids(_("请至少勾一个人"), _("一次最多请 60 个人"), most=MOST_AT_ONCE)],
    )
