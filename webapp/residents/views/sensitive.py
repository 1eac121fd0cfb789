"""Sensitive facts: recorded with a consent of their own, shown to staff once and for a reason."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import Forbidden, NotFound
from webapp.core.posting import write_and_redirect
from webapp.residents import policy, queries
from webapp.residents.blueprint import bp
from webapp.residents.forms.profile import SensitiveForm
from webapp.residents.forms.registration import RevealForm
from webapp.residents.models import ConsentChannel, ConsentPurpose
from webapp.residents.services import consents, profile
from webapp.residents.views.file_urls import FileUrls, my_file, resident_at, staff_file


@bp.route("/me/profile/sensitive", methods=["GET", "POST"])
@requires(Permission.RESIDENT_SELF)
def my_sensitive() -> ResponseReturnValue:
    """Record or erase one's own sensitive facts."""
    return _record(my_file())


@bp.route("/staff/residents/<id:resident_id>/sensitive", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def sensitive(resident_id: int) -> ResponseReturnValue:
    """Record or erase sensitive facts as the resident told staff."""
    return _record(staff_file(resident_id))


def _record(urls: FileUrls) -> ResponseReturnValue:
    resident = resident_at(urls)
    if not policy.can_edit(current_actor(), resident):
        raise Forbidden
    purpose = ConsentPurpose.SENSITIVE
    consented = consents.standing(reader(), resident_id=resident.id, purpose=purpose) is not None
    file = queries.read_file(reader(), resident)
    form = SensitiveForm()
    form.offer(
        recorded=file.sensitive,
        consent=None if consented else _consent_words(urls),
    )
    if not form.validate_on_submit():
        page = render_template(
            "residents/sensitive.html", form=form, urls=urls, file=file, resident=resident
        )
        return page, 400 if form.is_submitted() else 200
    return write_and_redirect(
        profile.record_sensitive,
        _("记下了，加密保存。只有社区工作人员说明原因才能看，看一次记一次。"),
        urls.overview,
        resident_id=urls.resident_id,
        facts={name: form[name].data or "" for name in profile.SENSITIVE},
        erase=form.erase.data if "erase" in form else [],
        consented=not consented,
        channel=ConsentChannel.PAGE if urls.own else ConsentChannel.IN_PERSON,
    )


def _consent_words(urls: FileUrls) -> str:
    if urls.own:
        return _("我同意：社区记录我填的这些，用来申报补贴、核对身份，不给用人单位看")
    return _("本人当面同意：社区记录这些，用来申报补贴、核对身份，不给用人单位看")


@bp.route("/staff/residents/<id:resident_id>/reveal/<field>", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def reveal(resident_id: int, field: str) -> ResponseReturnValue:
    """Ask why; then show the fact on this one answer, which no browser keeps."""
    urls = staff_file(resident_id)
    resident = resident_at(urls)
    if field not in queries.read_file(reader(), resident).sensitive:
        raise NotFound
    form, value = RevealForm(), None
    if form.validate_on_submit():
        actor = current_actor()
        with get_db().transaction(actor) as session:
            value = profile.reveal(
                session, actor, resident_id=resident.id, field=field, reason=form.reason.data
            )
    page = render_template(
        "residents/reveal.html",
        form=form,
        field_name=field,
        value=value,
        urls=urls,
        resident=resident,
    )
    return page, 400 if form.is_submitted() and value is None else 200
