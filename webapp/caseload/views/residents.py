"""/staff/residents/: the list, registration for others, one file, who answers for it."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import col

from webapp.accounts.forms import ResetForm
from webapp.accounts.models import FilteredList
from webapp.accounts.saved_filters import saved_filters
from webapp.accounts.service import PhoneTaken
from webapp.caseload.blueprint import bp
from webapp.caseload.queries import people_filters, resident_file, resident_list
from webapp.caseload.queries.people_search import PeopleFound, search_people
from webapp.caseload.queries.people_words import without
from webapp.core import audit, clock, passwords
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import Forbidden
from webapp.core.formatting import age_on
from webapp.core.formfields import EmptyForm, as_choices
from webapp.core.labels import labels_of
from webapp.core.paging import Page, page_of, paginate
from webapp.core.posting import write_and_redirect
from webapp.engine.suggestion_requests import is_waiting
from webapp.official_facts.lifecycle import FactKind
from webapp.privacy import service as privacy
from webapp.residents import policy, queries
from webapp.residents.allowance import AllowanceKind
from webapp.residents.forms.registration import (
    AssistedForm,
    OpenAccountForm,
    ResponsibleForm,
)
from webapp.residents.models import ConsentChannel, Resident
from webapp.residents.sections import SECTIONS
from webapp.residents.services import phones, registration
from webapp.residents.services.consents import ENDING
from webapp.residents.views.file_urls import resident_at, staff_file

_NOBODY = "nobody"
_LIST = "list:居民"
_NARROWING = {"member", *people_filters.NAMES}


@bp.get("/staff/residents/")
@requires(Permission.RESIDENT_MANAGE)
def residents() -> str:
    """Residents by name or another column, searched by what staff say of them, and narrowed."""
    text = request.args.get("q", "").strip()[: resident_list.LONGEST_QUERY]
    view = request.args.get("show", "all")
    view = view if view in resident_list.VIEWS else "all"
    order = request.args.get("order", "")
    order = order if order in resident_list.ORDERS else ""
    staff = queries.members(reader())
    known = {str(row.id): row.id for row in staff} | {_NOBODY: resident_list.NOBODY}
    member = request.args.get("member", "")
    member = member if member in known else ""
    actor = current_actor()
    filters = people_filters.read_filters(request.args, actor)
    also = people_filters.conditions(reader(), filters, actor, today=clock.today())
    narrowed: Any = {"view": view, "member": known.get(member), "also": also}
    statement = resident_list.staff_list(actor, order=order or "name", **narrowed)
    counted = resident_list.staff_count(actor, **narrowed)
    found = (
        search_people(reader(), statement, counted, text, today=clock.today(), in_order=bool(order))
        if text
        else None
    )
    page = (
        paginate(reader(), statement, counted=counted)
        if found is None
        else _page_found(found, statement)
    )
    if filters.allowance is not None:
        _note_found_by_allowance(filters.allowance, page.total)
    chosen = {
        "q": text,
        "show": view if view != "all" else "",
        "member": member,
        **filters.chosen,
        "order": order,
    }
    narrowing = {name: value for name, value in chosen.items() if value and name in _NARROWING}
    return render_template(
        "caseload/residents.html",
        page=page,
        age_on=age_on,
        today=clock.today(),
        found=found,
        filters=filters,
        narrowing=narrowing,
        kept={name: value for name, value in chosen.items() if value and name not in _NARROWING},
        hours=people_filters.HOURS,
        facts=labels_of(FactKind),
        allowances=labels_of(AllowanceKind) if policy.can_find_by_allowance(actor) else {},
        fewer=[] if found is None else [(one, without(text, one)) for one in found.asked],
        text=text,
        view=view,
        views=resident_list.VIEWS,
        orders=resident_list.ORDERS,
        order=order,
        members=staff,
        member=member,
        chosen={name: value for name, value in chosen.items() if value},
        saved=saved_filters(reader(), current_actor().account_id, FilteredList.RESIDENTS),
    )


def _note_found_by_allowance(kind: AllowanceKind, number: int) -> None:
    """Put on record that people were listed by what is kept from others."""
    with get_db().transaction(current_actor()) as session:
        audit.record(session, "resident.find_by_allowance", _LIST, kind=kind, rows=number)


def _page_found(found: PeopleFound, statement: Any) -> Page:
    """Return the page asked for of those found, their rows as the list shows them."""
    page = page_of(found.ids)
    of_page = reader().execute(statement.where(col(Resident.id).in_(page.rows)))
    rows = {row.id: row for row in of_page}
    return replace(page, rows=[rows[id_] for id_ in page.rows if id_ in rows])


@bp.route("/staff/residents/new", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def new_resident() -> ResponseReturnValue:
    """Register a resident on their behalf."""
    actor, form = current_actor(), AssistedForm()
    known = None
    if form.validate_on_submit():
        try:
            with get_db().transaction(actor) as session:
                resident = registration.register_assisted(
                    session,
                    actor,
                    name=form.name.data,
                    unit_address=form.unit_address.data,
                    phone=form.phone.data or None,
                    contact_note=form.contact_note.data or "",
                    birth_date=form.birth_date.data,
                    sex=form.sex.data,
                    education=form.education.data,
                    channel=ConsentChannel(form.channel.data),
                    note=form.note.data or "",
                )
        except registration.AlreadyRegistered as twice:
            form.name.errors, known = [twice.message], twice.resident_id
        else:
            flash(_("登记好了。接着问问想做啥、会做啥，填了就开始找。"), "success")
            return redirect(url_for("caseload.resident", resident_id=resident.id), 303)
    page = render_template("caseload/new_resident.html", form=form, known=known)
    return page, 400 if form.is_submitted() else 200


@bp.get("/staff/residents/<id:resident_id>")
@requires(Permission.RESIDENT_MANAGE)
def resident(resident_id: int) -> str:
    """One resident's file; sensitive facts only by name."""
    urls = staff_file(resident_id)
    resident = resident_at(urls)
    actor, session = current_actor(), reader()
    file = queries.read_file(session, resident)
    overview = resident_file.read_overview(session, file)
    return render_template(
        "caseload/resident.html",
        urls=urls,
        channels=labels_of(ConsentChannel),
        file=file,
        overview=overview,
        match_href=resident_file.match_href,
        today=clock.today().isoformat(),
        sections=SECTIONS,
        duplicates=queries.possible_duplicates(session, resident),
        recomputing=is_waiting(session, resident_id=resident_id),
        consents=queries.consents_of(session, resident_id),
        ending=ENDING,
        can_edit=policy.can_edit(actor, resident),
        can_reveal=policy.can_reveal(actor, resident),
        can_open_account=policy.can_open_account(actor, resident),
        proven=phones.is_proven(session, resident),
        can_verify_phone=policy.can_verify_phone(actor, resident),
        can_reset_password=policy.can_reset_password(actor, resident),
        can_end=policy.can_end(actor, resident),
    )


@bp.route("/staff/residents/<id:resident_id>/responsible", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def responsible(resident_id: int) -> ResponseReturnValue:
    """Name who answers for the household."""
    urls = staff_file(resident_id)
    resident = resident_at(urls)
    file = queries.read_file(reader(), resident)
    form = ResponsibleForm(data={"member": file.household.responsible_id})
    form.member.choices = as_choices(
        (row.id, f"{row.name}（{row.title}）" if row.title else row.name)
        for row in queries.members(reader())
    )
    if not form.validate_on_submit():
        page = render_template("caseload/responsible.html", form=form, urls=urls, file=file)
        return page, 400 if form.is_submitted() else 200
    return write_and_redirect(
        registration.assign_responsible,
        _("责任人定好了，这一户的事先找他。"),
        urls.overview,
        resident_id=resident_id,
        account_id=form.member.data,
    )


@bp.route("/staff/residents/<id:resident_id>/account", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def open_account(resident_id: int) -> ResponseReturnValue:
    """Open an account for an assisted resident; the password is handed over in person."""
    actor, urls = current_actor(), staff_file(resident_id)
    resident = resident_at(urls)
    if not policy.can_open_account(actor, resident):
        return redirect(urls.overview, 303)
    form = OpenAccountForm(data={"phone": resident.phone})
    if form.validate_on_submit():
        hashed = passwords.hash_password(form.password.data)
        try:
            with get_db().transaction(actor) as session:
                registration.open_account_for(
                    session,
                    actor,
                    resident_id=resident_id,
                    phone=form.phone.data,
                    password_hash=hashed,
                )
        except PhoneTaken:
            form.phone.errors = [_("这个手机号已经有账号了")]
        else:
            flash(_("账号开好了。请当面把密码告诉本人，提醒他登录后改密码。"), "success")
            return redirect(urls.overview, 303)
    page = render_template("caseload/open_account.html", form=form, urls=urls, resident=resident)
    return page, 400 if form.is_submitted() else 200


@bp.route("/staff/residents/<id:resident_id>/password", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def reset_password(resident_id: int) -> ResponseReturnValue:
    """Give a resident who forgot it a new password, in person."""
    actor, urls = current_actor(), staff_file(resident_id)
    resident = resident_at(urls)
    if not policy.can_reset_password(actor, resident):
        raise Forbidden
    form = ResetForm()
    if not form.validate_on_submit() or form.refuse_number(resident.phone or ""):
        page = render_template(
            "caseload/reset_password.html", form=form, urls=urls, resident=resident
        )
        return page, 400 if form.is_submitted() else 200
    hashed = passwords.hash_password(form.password.data)
    return write_and_redirect(
        registration.reset_password_of,
        _("密码重设好了，请当面告诉本人。原来登录着的都已退出。"),
        urls.overview,
        resident_id=resident_id,
        password_hash=hashed,
    )


@bp.route("/staff/residents/<id:resident_id>/end", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def end_service(resident_id: int) -> ResponseReturnValue:
    """End the service for an assisted resident who told staff so."""
    actor, urls = current_actor(), staff_file(resident_id)
    resident = resident_at(urls)
    if not policy.can_end(actor, resident):
        raise Forbidden(_("有账号的居民由本人停用；已经停用的不用再办"))
    if not EmptyForm().validate_on_submit():
        return render_template(
            "privacy/leave.html", own=False, resident=resident, cancel=urls.overview
        )
    return write_and_redirect(
        privacy.leave,
        _("服务停用了，资料已经删除。"),
        url_for("caseload.residents"),
        resident_id=resident_id,
    )
