"""/admin/report/: the columns of the monthly report, and corrections of frozen months."""

from datetime import date

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound, Refused
from webapp.core.formatting import month_words
from webapp.core.posting import write_and_redirect
from webapp.oversight.blueprint import bp
from webapp.oversight.forms import ColumnForm, CorrectionForm, HeadingForm
from webapp.oversight.models import ReportColumn
from webapp.oversight.queries import published, report
from webapp.oversight.services import columns, correcting


@bp.get("/admin/report/")
@requires(Permission.REPORT_KEEP)
def settings() -> str:
    """The columns in their order, and the months that may be corrected."""
    return render_template(
        "oversight/settings.html",
        columns=[(row, report.heading_of(row.figure)) for row in report.columns(reader())],
        months=published.frozen(reader()),
    )


@bp.route("/admin/report/columns/new", methods=["GET", "POST"])
@requires(Permission.REPORT_KEEP)
def new_column() -> ResponseReturnValue:
    """Add a column."""
    form = ColumnForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                columns.add_column,
                _("加好了，排在最后"),
                url_for("oversight.settings"),
                figure=form.figure.data,
                heading=form.heading.data,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    page = render_template("oversight/column.html", form=form, title=_("加一列"))
    return page, 400 if form.is_submitted() else 200


@bp.route("/admin/report/columns/<id:column_id>", methods=["GET", "POST"])
@requires(Permission.REPORT_KEEP)
def column(column_id: int) -> ResponseReturnValue:
    """Call a column something else."""
    row = _known(column_id)
    form = HeadingForm(obj=row)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                columns.rename_column,
                _("改好了"),
                url_for("oversight.settings"),
                column_id=column_id,
                heading=form.heading.data,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    page = render_template(
        "oversight/column.html", form=form, title=_("改表头"), what=report.heading_of(row.figure)
    )
    return page, 400 if form.is_submitted() else 200


@bp.post("/admin/report/columns/<id:column_id>/up")
@requires(Permission.REPORT_KEEP)
def move_up(column_id: int) -> ResponseReturnValue:
    """Move a column one place towards the front."""
    _known(column_id)
    return write_and_redirect(
        columns.move_column, _("往前挪了一格"), url_for("oversight.settings"), column_id=column_id
    )


@bp.post("/admin/report/columns/<id:column_id>/remove")
@requires(Permission.REPORT_KEEP)
def remove(column_id: int) -> ResponseReturnValue:
    """Leave a column out."""
    _known(column_id)
    return write_and_redirect(
        columns.remove_column, _("去掉了这一列"), url_for("oversight.settings"), column_id=column_id
    )


@bp.route("/admin/report/months/<month:month>/correct", methods=["GET", "POST"])
@requires(Permission.REPORT_KEEP)
def correct(month: date) -> ResponseReturnValue:
    """Count a month anew, with the reason that is published beside."""
    if month not in published.frozen(reader()):
        raise NotFound
    form = CorrectionForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                correcting.correct,
                _("重新数过了，改的数和原来的一起公布"),
                url_for("oversight.settings"),
                month=month,
                reason=form.reason.data,
            )
        except Refused as error:
            form.reason.errors = [error.message]
    page = render_template("oversight/correct.html", form=form, month=month_words(month))
    return page, 400 if form.is_submitted() else 200


def _known(column_id: int) -> ReportColumn:
    row = reader().get(ReportColumn, column_id)
    if row is None:
        raise NotFound
    return row
