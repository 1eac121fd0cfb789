"""/staff/caseload/, /staff/filters/ and a resident's contacts."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import col

from webapp.accounts import saved_filters
from webapp.accounts.models import FilteredList
from webapp.caseload import service
from webapp.caseload.blueprint import bp
from webapp.caseload.forms import ContactForm, FilterForm, ShareOutForm
from webapp.caseload.queries import caseloads
from webapp.contacts import presentation as calls
from webapp.contacts import queries as contacts_of
from webapp.contacts.models import Contact, ContactWay
from webapp.contacts.service import Said, note_resident
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.formfields import as_choices
from webapp.core.posting import write_and_redirect
from webapp.residents import policy
from webapp.residents.models import ResidentState
from webapp.residents.queries import members
from webapp.residents.views.file_urls import resident_at, staff_file

NOBODY = "nobody"
_LISTS = {FilteredList.QUEUE: "matches.queue", FilteredList.RESIDENTS: "caseload.residents"}
_PAGE = "page"
_CALLED = {ResidentState.SEEKING, ResidentState.PAUSED}


@bp.get("/staff/caseload/")
@requires(Permission.RESIDENT_MANAGE)
def index() -> str:
    """The actor's households; ``?member=`` shows a colleague's, or those without anybody."""
    return _page(ShareOutForm(formdata=None), members(reader()))


@bp.post("/staff/caseload/share-out")
@requires(Permission.RESIDENT_MANAGE)
def share_out() -> ResponseReturnValue:
    """Preview the change, then apply it once it is confirmed."""
    form, staff = ShareOutForm(), members(reader())
    form.member.choices = _choices(staff)
    if not form.validate_on_submit():
        return _page(form, staff), 400
    if not form.sure.data:
        return render_template(
            "caseload/preview.html",
            form=form,
            households=caseloads.households(reader(), form.ids.data),
            member={row.id: row.name for row in staff}[form.member.data],
            back=url_for(".index", member=request.args.get("member")),
        )
    with get_db().transaction(current_actor()) as session:
        changed = service.share_out(
            session, current_actor(), household_ids=form.ids.data, account_id=form.member.data
        )
    flash(_("%(n)d 户换了责任人。", n=changed), "success")
    return redirect(url_for(".index", member=form.member.data), 303)


def _page(form: ShareOutForm, staff: list[Any]) -> str:
    chosen = _chosen(staff)
    form.member.choices = _choices(staff)
    page = caseloads.caseload(reader(), chosen)
    return render_template(
        "caseload/index.html",
        page=page,
        calls=_calls(page.rows),
        form=form,
        chosen=chosen,
        members=staff,
        mine=current_actor().account_id,
    )


def _calls(cases: list[caseloads.Case]) -> dict[int, dict[str, Any]]:
    """Return resident → whom to telephone, of those in the cases who look for work."""
    people = [one for case in cases for one in case.people if one.state in _CALLED]
    lines = [{"call": calls.resident(one, "resident", one.id, waits=False)} for one in people]
    return {one.id: line["call"] for one, line in zip(people, calls.with_words(lines), strict=True)}


def _chosen(staff: list[Any]) -> int | None:
    asked = request.args.get("member", "")
    if asked == NOBODY:
        return None
    known = {str(row.id): row.id for row in staff}
    return known.get(asked, current_actor().account_id)


def _choices(staff: list[Any]) -> list[Any]:
    return as_choices((row.id, row.name) for row in staff)


@bp.route("/staff/residents/<id:resident_id>/contacts", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def contacts(resident_id: int) -> ResponseReturnValue:
    """Contacts with a resident, and a form to add one."""
    actor, urls = current_actor(), staff_file(resident_id)
    resident = resident_at(urls)
    form = ContactForm()
    if form.validate_on_submit():
        again = form.next_on.data
        return write_and_redirect(
            note_resident,
            _("记好了，到日子会在“今天要办”里提醒。") if again else _("记好了。"),
            urls.overview,
            resident_id=resident_id,
            said=Said(
                way=ContactWay(form.way.data),
                reached=form.reached.data == "yes",
                words=form.words.data,
                next_on=form.next_on.data,
            ),
        )
    page = render_template(
        "caseload/contacts.html",
        form=form,
        urls=urls,
        resident=resident,
        contacts=contacts_of.latest(reader(), col(Contact.resident_id) == resident_id),
        can_edit=policy.can_edit(actor, resident),
    )
    return page, 400 if form.is_submitted() else 200


@bp.route("/staff/filters/", methods=["GET", "POST"])
@requires(Permission.WORKBENCH)
def filters() -> ResponseReturnValue:
    """The actor's saved filters; a POST saves one more."""
    actor, form = current_actor(), FilterForm()
    if form.validate_on_submit():
        shown = FilteredList(form.list.data)
        return write_and_redirect(
            service.keep_filter,
            _("存好了，以后点一下名字就行。"),
            _href(shown, _clean(form.query.data)),
            name=form.name.data,
            shown=shown,
            query=_clean(form.query.data),
        )
    kept = [
        (shown, [(row.id, row.name, _href(shown, row.query)) for row in rows])
        for shown in FilteredList
        if (rows := saved_filters.saved_filters(reader(), actor.account_id, shown))
    ]
    page = render_template("caseload/filters.html", form=form, kept=kept)
    return page, 400 if form.is_submitted() else 200


@bp.post("/staff/filters/<id:filter_id>/drop")
@requires(Permission.WORKBENCH)
def drop_filter(filter_id: int) -> ResponseReturnValue:
    """Delete a saved filter."""
    return write_and_redirect(
        service.drop_filter, _("删掉了。"), url_for(".filters"), filter_id=filter_id
    )


def _clean(query: str | None) -> str:
    """Return an address's query without the page, so that the list begins at its start."""
    pairs = parse_qsl(query or "", max_num_fields=20)
    return urlencode([pair for pair in pairs if pair[0] not in {_PAGE, "id", "list"}])


def _href(shown: FilteredList, query: str) -> str:
    return url_for(_LISTS[shown]) + (f"?{query}" if query else "")
