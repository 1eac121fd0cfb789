"""Form of the community's plan."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField

from webapp.core.formfields import some_ids


class PlanLinesForm(FlaskForm):
    """Lines of a plan that are ticked."""

    lines = SelectMultipleField(
        _("选中的"),
        coerce=int,
        validate_choice=False,
        validators=[some_ids(_("请先勾选几条"), _("一次最多 100 条"))],
    )
