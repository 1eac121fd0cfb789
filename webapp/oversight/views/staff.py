"""/staff/report/: the monthly report on screen, on paper and as a spreadsheet."""

import io
from datetime import date

from flask import redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, requires
from webapp.core.db import reader
from webapp.core.formatting import month_words
from webapp.oversight.blueprint import bp
from webapp.oversight.queries import published, report

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/staff/report/")
@requires(Permission.WORKBENCH)
def reports() -> str:
    """The months of which there is a report."""
    return render_template("oversight/reports.html", months=published.frozen(reader()))


@bp.get("/staff/report/<month:month>")
@requires(Permission.WORKBENCH)
def report_page(month: date) -> str:
    """The report of a month, to print."""
    return render_template(
        "oversight/report.html",
        report=report.report(reader(), month),
        back_href=url_for("oversight.reports"),
    )


@bp.get("/staff/report/latest.xlsx")
@requires(Permission.WORKBENCH)
def latest_file() -> ResponseReturnValue:
    """The newest report as a spreadsheet, in one tap; without any, the page that says so."""
    months = published.frozen(reader())
    return report_file(months[0]) if months else redirect(url_for("oversight.reports"))


@bp.get("/staff/report/<month:month>.xlsx")
@requires(Permission.WORKBENCH)
def report_file(month: date) -> ResponseReturnValue:
    """The report as a spreadsheet; it holds nothing but what is published."""
    data = report.workbook(report.report(reader(), month))
    name = _("月报%(month)s.xlsx", month=month_words(month))
    return send_file(io.BytesIO(data), mimetype=_XLSX, as_attachment=True, download_name=name)
