"""How many seats a run has: asked when it is posted and when it is changed."""

from flask_babel import lazy_gettext as _
from wtforms import Field
from wtforms.validators import NumberRange

from webapp.core.formfields import WholeNumberField, required
from webapp.training.models.courses import MOST_SEATS


def seats_field() -> Field:
    """Return the field: a whole number from 1 to :data:`MOST_SEATS`."""
    return WholeNumberField(
        _("多少个座位"),
        validators=[
            required(_("请填座位数")),
            NumberRange(1, MOST_SEATS, message=_("请填 1 到 200 的整数")),
        ],
        render_kw={"inputmode": "numeric"},
    )
