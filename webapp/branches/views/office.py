"""/admin/help: what /help says of the address, the ways, the hours and the telephones."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.branches.blueprint import bp
from webapp.branches.forms.office import OfficeGuideForm
from webapp.branches.models.office import ONLY, OfficeGuide
from webapp.branches.queries.help_today import help_today
from webapp.branches.services import office
from webapp.core.access import Permission, requires
from webapp.core.db import reader
from webapp.core.formatting import hours_words
from webapp.core.posting import write_and_redirect


@bp.route("/admin/help", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def help_words() -> ResponseReturnValue:
    """Write the address and the ways; see which branch lacks a telephone, an office or hours."""
    guide = reader().get(OfficeGuide, ONLY)
    form = OfficeGuideForm(obj=guide)
    if form.validate_on_submit():
        return write_and_redirect(
            office.write_guide,
            _("记下了，「求助」那一页也跟着变了。"),
            url_for(".help"),
            address=form.address.data,
            directions=form.directions.data,
        )
    page = render_template(
        "branches/help_words.html",
        form=form,
        offices=help_today(reader()).offices,
        hours_words=hours_words,
    )
    return page, 400 if form.is_submitted() else 200
