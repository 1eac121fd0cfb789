"""/staff/export: take a list away as a spreadsheet, as one sees it, with a purpose on record.

The list is asked for as its page would be, by the same person: what the page would not show is
not in the file, and what it masks is masked. The rows are read from the page itself, so that
every list that stands above a pager can be taken away, and none can say more than its page.
"""

import io
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, current_app, g, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from webapp.core import audit, clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db
from webapp.core.errors import NotFound
from webapp.core.formfields import choices
from webapp.core.labels import LabelledEnum
from webapp.core.paging import MOST_EXPORTED, asked_number
from webapp.core.spreadsheets.writing import table_workbook

bp = Blueprint("list_export", __name__)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_AREAS = ("/staff/", "/admin/")
#: Classes of lists on pages, of what parts a row without columns, and tags that have no end.
_LISTS = {"data-table", "cells", "cards"}
_PARTS = {"cell-title", "cell-subtitle", "tag", "count"}
_VOID = {"br", "img", "input", "path", "use"}
_LONGEST_TITLE = 40
#: What marks the end of a list on its page.
_END = "list-export"


class ExportPurpose(LabelledEnum):
    """What a list is taken away for."""

    CALLS = "calls", "打电话、上门"
    LEDGER = "ledger", "对台账"
    MEETING = "meeting", "开会用"
    STREET = "street", "报街道办"
    CHECK = "check", "核对、查错"


class ExportForm(FlaskForm):
    """The purpose."""

    purpose = RadioField(
        lazy_gettext("拿去做什么"),
        choices=choices(ExportPurpose),
        validators=[InputRequired(lazy_gettext("请选拿去做什么"))],
    )


@bp.route("/staff/export", methods=["GET", "POST"])
@requires(Permission.LIST_EXPORT)
def export() -> ResponseReturnValue:
    """Ask what a list is for, note it, and hand over the file."""
    address = request.args.get("of", "")
    found = _read(address)
    form = ExportForm()
    if form.validate_on_submit():
        note = _("%(day)s导出，%(n)d 行", day=clock.today(), n=len(found.rows))
        if found.parts > 1:
            note += _("；第 %(n)d 份，一共 %(all)d 份", n=found.part, all=found.parts)
        data = table_workbook(found.title, found.heads, found.rows, ["", note])
        with get_db().transaction(current_actor()) as session:
            audit.record(
                session,
                "list.export",
                f"list:{found.title[:_LONGEST_TITLE]}",
                purpose=form.purpose.data,
                rows=len(found.rows),
            )
        name = f"{found.title}{clock.today()}.xlsx"
        return send_file(io.BytesIO(data), mimetype=_XLSX, as_attachment=True, download_name=name)
    page = render_template(
        "ops/list_export.html",
        form=form,
        found=found,
        address=address,
        following=_following(address, found),
        most=MOST_EXPORTED,
    )
    return page, 400 if form.is_submitted() else 200


class _List(HTMLParser):
    """The list that stands right above the mark: its heads and rows, the title of its page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.title = ""
        self.heads: list[str] = []
        self.rows: list[list[str]] = []
        self.part = self.parts = 1
        self._container = ""  # the tag of the list that is open
        self._row: list[str] | None = None
        self._words: list[str] | None = None
        self._is_head = self._in_title = self._done = False
        self._skipped: list[str] = []
        self.feed(html)
        if not self._done:
            raise NotFound
        self._even_out()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a list, a row, a cell; leave out what is only there for pressing."""
        classes = set((dict(attrs).get("class") or "").split())
        if self._done or _END in classes:
            self._done = True
        elif self._skipped or self._is_skipped(tag, classes):
            if tag not in _VOID:
                self._skipped.append(tag)
        elif tag == "h1":
            self._in_title = True
        elif classes & _LISTS and tag in {"table", "ul"}:
            self._container, self.heads, self.rows = tag, [], []
        elif self._row is None and (self._container, tag) in {("table", "tr"), ("ul", "li")}:
            self._row, self._words = [], [] if tag == "li" else None
        elif self._container == "table" and tag in {"th", "td"}:
            self._words, self._is_head = [], dict(attrs).get("scope") == "col"
        elif self._row is not None and self._container == "ul" and self._is_part(tag, classes):
            self._end_words()
            self._words = []
        elif tag == "br" and self._words is not None:
            self._words.append(" ")

    def handle_data(self, data: str) -> None:
        """Collect words."""
        if self._skipped or self._done:
            return
        if self._in_title:
            self.title += data.strip()
        elif self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        """End a cell, a row, a list."""
        if self._done:
            return
        if self._skipped:
            if tag == self._skipped[-1]:
                self._skipped.pop()
        elif tag == "h1":
            self._in_title = False
        elif tag in {"th", "td"} and self._words is not None:
            cells = self.heads if self._is_head else self._row
            if cells is not None:
                cells.append(self._text())
        elif self._row is not None and (self._container, tag) in {("table", "tr"), ("ul", "li")}:
            self._end_words()
            if any(self._row):
                self.rows.append(self._row)
            self._row = self._words = None
        elif tag == self._container:
            self._container = ""

    def _is_skipped(self, tag: str, classes: set[str]) -> bool:
        return (
            tag in {"svg", "button", "select"}
            or "visually-hidden" in classes
            or (self._in_title and tag == "span")  # a number beside the heading
            or (self._row is not None and (tag == "form" or "buttons" in classes))
        )

    @staticmethod
    def _is_part(tag: str, classes: set[str]) -> bool:
        return tag in {"p", "h2", "h3", "dd"} or bool(_PARTS & classes)

    def _end_words(self) -> None:
        text = self._text()
        if text and self._row is not None:
            self._row.append(text)

    def _text(self) -> str:
        text = " ".join("".join(self._words or []).split())
        self._words = None
        return text

    def _even_out(self) -> None:
        """Give every row as many cells, and drop columns in which there is nothing to read."""
        width = max((len(row) for row in self.rows), default=0)
        if not self.heads:
            self.heads = [_("名称"), _("说明"), _("情况")][:width]
        self.heads += [_("其他")] * (width - len(self.heads))
        rows = [row + [""] * (len(self.heads) - len(row)) for row in self.rows]
        kept = [n for n in range(len(self.heads)) if not rows or any(row[n] for row in rows)]
        self.heads = [self.heads[n] for n in kept]
        self.rows = [[row[n] for n in kept] for row in rows]


def _following(address: str, found: _List) -> str:
    """Return where the next part of a long list is taken away; empty after the last."""
    if found.part >= found.parts:
        return ""
    parts = urlsplit(address)
    kept = [(key, one) for key, one in parse_qsl(parts.query) if key != "page"]
    query = urlencode([*kept, ("page", found.part + 1)])
    return url_for("list_export.export", of=f"{parts.path}?{query}")


def _read(address: str) -> _List:
    """Return the whole list of a page, as the person behind this request would see it.

    Raises ``NotFound`` for what is no list, and whatever the page refuses with.
    """
    parts = urlsplit(address)
    if parts.netloc or parts.scheme or not parts.path.startswith(_AREAS):
        raise NotFound
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    cookie = {"Cookie": request.headers.get("Cookie", "")}
    with app.test_request_context(address, base_url=request.host_url, headers=cookie):
        g.whole_list = True
        if request.routing_exception is not None or request.endpoint == "list_export.export":
            raise NotFound
        refused = app.preprocess_request()
        shown = app.make_response(refused if refused is not None else app.dispatch_request())
        html = shown.get_data(as_text=True) if shown.status_code == 200 else ""
        part, every = asked_number(), int(g.get("list_pages", 1))
    found = _List(html)
    found.part, found.parts = min(part, every), every
    return found
