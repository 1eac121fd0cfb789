"""The form that types in what was ticked on a printed list."""

import re

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import StringField

from webapp.core.converters import LARGEST_ID
from webapp.core.formfields import KeyedForm, at_most, clean, required
from webapp.training.lifecycle import Presence

_PERSON = re.compile(r"p([1-9][0-9]{0,9})")


class PaperForm(KeyedForm):
    """The code of the list, and for each person ``p<enrolment>``: what is ticked."""

    code = StringField(
        _("纸上右上角的码"),
        filters=[clean],
        validators=[required(_("请照纸上填，四位数")), at_most(10)],
        description=_("四位数，防拿错纸"),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )

    def ticked(self) -> dict[int, Presence]:
        """Return enrolment → what was ticked; other fields and values count as nothing."""
        sent = ((_PERSON.fullmatch(name), said) for name, said in request.form.items())
        return {
            int(name[1]): Presence(said)
            for name, said in sent
            if name and int(name[1]) <= LARGEST_ID and said in set(Presence)
        }
