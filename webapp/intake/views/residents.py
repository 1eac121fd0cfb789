"""A paragraph typed at the counter: a resident's file, and at once their three best openings."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import NotFound
from webapp.core.formfields import EmptyForm
from webapp.core.posting import write_and_redirect
from webapp.intake import queries
from webapp.intake.blueprint import bp
from webapp.intake.forms import PersonForm, TextForm
from webapp.intake.models import PastedKind, PastedText
from webapp.intake.readings import facts, free_hours
from webapp.intake.readings.person import PersonReading, read
from webapp.intake.services import residents as services
from webapp.intake.services import texts
from webapp.matches.suggestions import compute
from webapp.residents import sensitive_words as sensitive
from webapp.residents.forms.profile import FEN, SensitiveForm
from webapp.residents.models import ConsentChannel, ConsentPurpose
from webapp.residents.queries import read_file
from webapp.residents.services import consents, profile, registration
from webapp.residents.views.file_urls import staff_file

KIND = PastedKind.RESIDENT


@bp.route("/staff/residents/paste", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def person_paste() -> ResponseReturnValue:
    """Type or paste what a resident says of themself."""
    form = TextForm()
    form.text.label.text = _("本人说的话")
    if form.validate_on_submit():
        if read(form.text.data, today=clock.today()) is not None:
            return write_and_redirect(
                texts.keep_text,
                "",
                lambda pasted: url_for(".person_review", pasted_id=pasted.id),
                kind=KIND,
                text=form.text.data,
                idempotency_key=form.own_key,
            )
        form.text.errors = [_("没读出这个人的情况。写上姓名、想做啥、会做啥，再试一次")]
    page = render_template("intake/paste_person.html", form=form)
    return page, 400 if form.is_submitted() else 200


@bp.route("/staff/residents/paste/<id:pasted_id>", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def person_review(pasted_id: int) -> ResponseReturnValue:
    """What was read beside the text, to be put right; with the consent it becomes a file."""
    actor = current_actor()
    pasted = texts.get_pasted(reader(), actor, pasted_id, KIND)
    onward = url_for(".person_openings", pasted_id=pasted_id)
    if pasted.resident_id is not None:  # came back, or clicked twice
        return redirect(onward, 303)
    reading = _reading(pasted)
    form = PersonForm(reading)
    known = None
    if form.validate_on_submit():
        try:
            with get_db().transaction(actor) as session:
                resident = services.register_from_text(
                    session,
                    actor,
                    pasted_id=pasted_id,
                    person=_person(form),
                    sections=_sections(form),
                    jobs=[reading.jobs[int(n)] for n in form.jobs.data or []]
                    if "jobs" in form
                    else [],
                )
        except registration.AlreadyRegistered as twice:
            form.name.errors, known = [twice.message], twice.resident_id
        else:
            compute.compute_suggestions(get_db(), resident_ids=[resident.id])
            flash(_("登记好了。"), "success")
            return redirect(onward, 303)
    page = render_template(
        "intake/review_person.html",
        form=form,
        facts=reading.facts,
        doubts=reading.doubts,
        looking=reading.looking,
        sensitive=_sensitive_words(reading.sensitive),
        text=facts.mark(pasted.text, reading.facts.values()),
        known=known,
        discard=url_for(".person_discard", pasted_id=pasted_id),
    )
    return page, 400 if form.is_submitted() else 200


@bp.post("/staff/residents/paste/<id:pasted_id>/discard")
@requires(Permission.RESIDENT_MANAGE)
def person_discard(pasted_id: int) -> ResponseReturnValue:
    """Throw the text away: the person did not agree, or it was a mistake."""
    if not EmptyForm().validate_on_submit():
        return redirect(url_for(".person_review", pasted_id=pasted_id), 303)
    return write_and_redirect(
        texts.discard_text,
        _("那段话删掉了。"),
        url_for("caseload.residents"),
        pasted_id=pasted_id,
        kind=KIND,
    )


@bp.get("/staff/residents/paste/<id:pasted_id>/openings")
@requires(Permission.RESIDENT_MANAGE)
def person_openings(pasted_id: int) -> str:
    """The three best openings of the person just registered, and what still waits for consent."""
    pasted, resident_id = _registered(pasted_id)
    resident = registration.get_resident(reader(), current_actor(), resident_id)
    recorded = read_file(reader(), resident).sensitive
    waiting = {
        field: words
        for field, words in sensitive.find(pasted.text).items()
        if field not in recorded
    }
    return render_template(
        "intake/person_openings.html",
        resident=resident,
        urls=staff_file(resident_id),
        cards=queries.best_suggestions(reader(), resident_id),
        waiting=_sensitive_words(waiting),
        record=url_for(".person_sensitive", pasted_id=pasted_id),
    )


@bp.route("/staff/residents/paste/<id:pasted_id>/sensitive", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def person_sensitive(pasted_id: int) -> ResponseReturnValue:
    """Record the sensitive facts of the text, once the person has agreed to that."""
    pasted, resident_id = _registered(pasted_id)
    resident = registration.editable(reader(), current_actor(), resident_id)
    stands = consents.standing(reader(), resident_id=resident_id, purpose=ConsentPurpose.SENSITIVE)
    form = SensitiveForm(data=sensitive.find(pasted.text))
    words = None if stands else _("本人同意：社区记录这些，用来申报补贴、核对身份")
    form.offer(recorded=set(), consent=words)
    if not form.validate_on_submit():
        page = render_template(
            "intake/person_sensitive.html",
            form=form,
            resident=resident,
            back=url_for(".person_openings", pasted_id=pasted_id),
        )
        return page, 400 if form.is_submitted() else 200
    return write_and_redirect(
        services.record_sensitive_from_text,
        _("记下了，加密保存。只有社区工作人员说明原因才能看，看一次记一次。"),
        url_for(".person_openings", pasted_id=pasted_id),
        pasted_id=pasted_id,
        facts={name: form[name].data or "" for name in profile.SENSITIVE},
        consented=not stands,
    )


def _registered(pasted_id: int) -> tuple[PastedText, int]:
    pasted = texts.get_pasted(reader(), current_actor(), pasted_id, KIND)
    if pasted.resident_id is None:
        raise NotFound
    return pasted, pasted.resident_id


def _reading(pasted: PastedText) -> PersonReading:
    reading = read(pasted.text, today=clock.local(pasted.created_at).date())
    if reading is None:  # read by an older version of the program
        raise NotFound
    return reading


def _person(form: PersonForm) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "unit_address": form.unit_address.data,
        "phone": form.phone.data or None,
        "contact_note": form.contact_note.data or "",
        "birth_date": form.birth_date.data,
        "sex": form.sex.data,
        "education": form.education.data,
        "channel": ConsentChannel(form.channel.data),
        "note": form.note.data or "",
    }


def _sections(form: PersonForm) -> dict[str, dict[str, Any]]:
    least = form.min_pay.data
    return {
        "wanted": {"wanted": form.wanted.data or []},
        "skills": {"skills": form.skills.data or []},
        "certificates": {"certificates": form.certificates.data or []},
        "limits": {"limits": form.limits.data or []},
        "hours": {
            "available": free_hours.windows_of(form.free.data),
            "situation": form.situation.data or "",
        },
        "reach": {
            "reach": form.reach.data,
            "min_pay_fen": None if least is None else least * FEN,
        },
    }


def _sensitive_words(found: dict[str, str]) -> list[str]:
    """Return which sensitive facts there are, by name alone."""
    names = {"id_number": _("身份证号"), "disability": _("残疾证情况"), "allowance": _("低保情况")}
    return [words for field, words in names.items() if field in found]
