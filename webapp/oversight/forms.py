"""Forms of the monthly report and of a correction."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField

from webapp.core.formfields import KeyedForm, as_choices, at_most, required, tidy
from webapp.oversight.figures import YEAR
from webapp.oversight.queries.report import heading_of
from webapp.oversight.topics import by_id, counted

_LONGEST_HEADING, _LONGEST_REASON = 40, 200


def _heading() -> StringField:
    return StringField(
        _("表头写什么"),
        filters=[tidy],
        validators=[required(_("请填表头")), at_most(_LONGEST_HEADING)],
        description=_("照街道台账上的字写"),
    )


class ColumnForm(KeyedForm):
    """A new column."""

    figure = SelectField(_("哪个数字"))
    heading = _heading()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [*by_id(), *(id_ for id_ in counted() if id_.endswith(YEAR))]
        self.figure.choices = as_choices([(id_, heading_of(id_)) for id_ in every])


class HeadingForm(KeyedForm):
    """Another heading for a column."""

    heading = _heading()


class CorrectionForm(KeyedForm):
    """Why a month is counted anew."""

    reason = StringField(
        _("为什么要更正"),
        filters=[tidy],
        validators=[required(_("请写为什么，这句话会公布")), at_most(_LONGEST_REASON)],
        description=_("会和改的数一起公布，不要写人名"),
    )
