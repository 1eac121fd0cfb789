"""/admin/audit: who did what to what, found by any of them, and taken away as a file."""

import io
from datetime import timedelta

from flask import Response, render_template, request, send_file, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.admin import service, trail_files
from webapp.admin.blueprint import bp
from webapp.admin.forms import AuditExportForm, AuditFilter, AuditPurpose
from webapp.admin.presentation import audit as audit_words
from webapp.admin.presentation.reveals import REVEALS
from webapp.admin.queries import search, subject_names, trail
from webapp.admin.queries.entries import worded
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.paging import asked_id

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Search:
    """What the address asks for: the form as filled in, and what was found by its words."""

    def __init__(self) -> None:
        self.form = AuditFilter(request.args)
        self.good = self.form.validate()
        self.who = (self.form.who.data or "") if self.good else ""
        self.thing = (self.form.thing.data or "") if self.good else ""
        self.people = list(search.accounts(reader(), self.who)) if self.who else []
        self.subjects, self.subjects_left = (
            search.subjects(reader(), self.thing) if self.thing else ([], False)
        )
        self.one = asked_id("by")
        self.of = self._exact()

    @property
    def words(self) -> list[str]:
        """Return what links have narrowed the search to, in words."""
        told = []
        if self.one:
            named = subject_names.names_of(reader(), "account", [self.one])
            told.append(named.get(self.one) or _("账号 %(number)s", number=self.one))
        if self.of:
            thing = subject_names.things(reader(), current_actor(), [self.of])[self.of]
            told.append(thing.full)
        return told

    @property
    def too_many(self) -> bool:
        """Whether more are called so than were looked for."""
        return len(self.people) > search.MOST or self.subjects_left

    def _exact(self) -> str:
        table, _colon, number = request.args.get("of", "")[:64].partition(":")
        known = table in audit_words.SUBJECTS and (
            number == "*" or (number.isascii() and number.isdecimal())
        )
        return f"{table}:{number}" if known else ""

    @property
    def asked(self) -> trail.Asked:
        """Return it as the trail is asked."""
        first, last = self.form.stretch(clock.today())
        accounts = tuple(row.id for row in self.people[: search.MOST]) if self.who else None
        subjects = tuple(self.subjects) if self.thing else None
        return trail.Asked(
            accounts=(self.one,) if self.one else accounts,
            actions=self._actions(),
            subjects=(self.of,) if self.of else subjects,
            since=clock.start_of_day(first) if first and self.good else None,
            until=clock.start_of_day(last + timedelta(days=1)) if last and self.good else None,
        )

    def _actions(self) -> tuple[str, ...] | None:
        chosen = self.form.action.data
        named = audit_words.names_of(chosen) if chosen in audit_words.ACTIONS else []
        if not self.form.reveals.data:
            return tuple(named) or None
        return tuple(one for one in REVEALS if not named or one in named)

    @property
    def chosen(self) -> int:
        """Return how many filters are set."""
        form = self.form
        asked = (
            self.who or self.one, self.thing or self.of, form.action.data, form.reveals.data,
            form.days.data or form.since.data or form.until.data,
        )  # fmt: skip
        return sum(bool(one) for one in asked)

    def address(self, endpoint: str = "admin.audit_log", **changed: str | int | None) -> str:
        """Return the address of this search with some of it changed, from its first step."""
        kept = {
            key: value
            for key in (*(field.name for field in self.form), "by", "of")
            if (value := request.args.get(key))
        }
        return url_for(endpoint, **{**kept, **changed})  # type: ignore[arg-type]


@bp.get("/admin/audit")
@requires(Permission.AUDIT_READ)
def audit_log() -> ResponseReturnValue:
    """Who did what, newest first."""
    found = _Search()
    older, newer = asked_id("older"), asked_id("newer")
    step = trail.step(reader(), found.asked, older=older, newer=newer) if found.good else trail.NONE
    page = render_template(
        "admin/audit.html",
        form=found.form,
        search=found,
        step=step,
        entries=worded(reader(), current_actor(), step.rows),
        most=trail.MOST_COUNTED,
        moved=bool(older or newer),
    )
    return page, 200 if found.good else 400


@bp.route("/admin/audit/export", methods=["GET", "POST"])
@requires(Permission.AUDIT_READ)
def export_audit() -> ResponseReturnValue:
    """Ask what the entries are for, note it, and hand over the file."""
    found = _Search()
    asked, actor = found.asked, current_actor()
    form = AuditExportForm()
    if found.good and form.validate_on_submit():
        with get_db().transaction(actor) as session:
            service.note_export(
                session,
                actor,
                asked=asked,
                purpose=AuditPurpose(form.purpose.data),
                sensitive=bool(found.form.reveals.data),
            )
        name = _("操作记录%(day)s", day=clock.today())
        if form.form_of_file.data == "xlsx":
            return send_file(
                io.BytesIO(trail_files.workbook(reader(), actor, asked)),
                mimetype=_XLSX,
                as_attachment=True,
                download_name=f"{name}.xlsx",
            )
        answer = Response(
            stream_with_context(trail_files.lines(get_db(), actor, asked)), mimetype="text/csv"
        )
        answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
        return answer
    page = render_template(
        "admin/audit_export.html",
        form=form,
        search=found,
        rows=trail.count(reader(), asked) if found.good else 0,
        most=trail_files.MOST_IN_WORKBOOK,
    )
    return page, 400 if form.is_submitted() or not found.good else 200
