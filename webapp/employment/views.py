"""/staff/residents/<id>/employment and /me/employment: what a person does and did."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, Forbidden, NotFound
from webapp.core.formfields import as_choices
from webapp.core.local_addresses import local_next
from webapp.core.paging import asked_id
from webapp.core.posting import write_and_redirect
from webapp.employment import policy, queries
from webapp.employment.forms import EndForm, SaidForm, SpellForm, VerifyForm, WithdrawForm
from webapp.employment.lifecycle import WORK, Evidence, SpellKind, shown_by
from webapp.employment.models import EmploymentSpell
from webapp.employment.services import spells
from webapp.residents.services.registration import why_closed
from webapp.residents.views.file_urls import my_file, resident_at, staff_file

bp = Blueprint("employment", __name__)
STEPS = "any(verify, end, withdraw)"
_STAFF = "/staff/residents/<id:resident_id>/employment"
# What two taps record, by the name in the address; staff heard it from the person.
_HEARD = {"found": SpellKind.FOUND_ALONE, "again": SpellKind.LOOKING}


@dataclass(frozen=True)
class Step:
    """One thing staff do with a spell: its title, form, service, and what is said after it."""

    title: Any
    form: Any
    run: Any
    success_message: Any
    danger: bool = False


STEPS_OF_STAFF = {
    "verify": Step(
        lazy_gettext("核实：看过凭据了"),
        VerifyForm,
        lambda session, actor, spell_id, form: spells.verify(
            session,
            actor,
            spell_id=spell_id,
            evidence=Evidence(form.evidence.data),
            words=form.words.data or "",
        ),
        lazy_gettext("核实好了，从现在起算进数字里。"),
    ),
    "end": Step(
        lazy_gettext("记到哪天为止"),
        EndForm,
        lambda session, actor, spell_id, form: spells.end(
            session, actor, spell_id=spell_id, ends_on=form.ends_on.data
        ),
        lazy_gettext("记好了，这一段到此为止。"),
    ),
    "withdraw": Step(
        lazy_gettext("记错了，撤掉"),
        WithdrawForm,
        lambda session, actor, spell_id, form: spells.withdraw(
            session, actor, spell_id=spell_id, reason=form.reason.data
        ),
        lazy_gettext("撤掉了，不再算进数字里，记录还留着。"),
        danger=True,
    ),
}


@bp.route("/me/employment", methods=["GET", "POST"])
@requires(Permission.RESIDENT_SELF)
def mine() -> ResponseReturnValue:
    """What the person says of themself; staff look at it."""
    urls = my_file()
    resident = resident_at(urls)
    form = SaidForm()
    if not form.is_submitted():
        form.starts_on.data = clock.today()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                spells.record,
                partial(_told_own, looking=form.looking.data),
                url_for(".mine"),
                resident_id=resident.id,
                evidence=Evidence.OWN_WORD,
                **_said(form),
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    page = render_template(
        "employment/mine.html",
        form=form,
        urls=urls,
        lines=queries.history(reader(), resident.id),
        can_record=policy.can_record(current_actor(), resident),
    )
    return page, 400 if form.is_submitted() else 200


@bp.post("/me/employment/<id:spell_id>/withdraw")
@requires(Permission.RESIDENT_SELF)
def my_withdraw(spell_id: int) -> ResponseReturnValue:
    """Take back what one said oneself."""
    _spell(my_file().resident_id, spell_id)
    return write_and_redirect(
        spells.withdraw,
        _("撤掉了。"),
        url_for(".mine"),
        spell_id=spell_id,
        reason=_("本人撤回"),
    )


@bp.route(_STAFF, methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def index(resident_id: int) -> ResponseReturnValue:
    """A resident's spells, and one short form for a new one, or to correct (``?correct=``) one.

    ``?found`` fills in a job found alone and ``?again`` that somebody looks again, as the person
    says it: one more tap records it and leads to ``?next=``, where one heard of it.
    """
    corrected = asked_id("correct")
    wrong = _spell(resident_id, corrected) if corrected and request.method == "GET" else None
    urls = staff_file(resident_id)
    resident = resident_at(urls)
    heard = None if wrong else next((_HEARD[one] for one in _HEARD if one in request.args), None)
    form = SpellForm(data=_values(wrong, heard))
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                spells.record,
                partial(_recorded, resident.name, looking=form.looking.data),
                local_next() or url_for(".index", resident_id=resident_id),
                resident_id=resident_id,
                evidence=Evidence(form.evidence.data),
                corrects_id=form.corrects_id,
                **_said(form),
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    page = render_template(
        "employment/index.html",
        form=form,
        urls=urls,
        resident=resident,
        heard=heard,
        onward=local_next(),
        lines=queries.history(reader(), resident.id),
        can_change=policy.can_verify(current_actor(), resident),
    )
    return page, 400 if form.is_submitted() else 200


@bp.route(f"{_STAFF}/<id:spell_id>/<{STEPS}:step>", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def change(resident_id: int, spell_id: int, step: str) -> ResponseReturnValue:
    """Verify a spell, end it, or take it back: one thing a page."""
    resident, spell = resident_at(staff_file(resident_id)), _spell(resident_id, spell_id)
    if not policy.can_verify(current_actor(), resident):
        raise Forbidden(why_closed(resident))
    act = STEPS_OF_STAFF[step]
    form = act.form()
    if step == "verify":
        can_show = [one for one in shown_by(spell.kind) if one is not Evidence.OWN_WORD]
        form.evidence.choices = as_choices((one.value, one.label) for one in can_show)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                act.run,
                act.success_message,
                url_for(".index", resident_id=resident_id),
                spell_id=spell_id,
                form=form,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    page = render_template(
        "employment/change.html", form=form, act=act, spell=spell, resident=resident
    )
    return page, 400 if form.is_submitted() else 200


def _said(form: Any) -> dict[str, Any]:
    return {
        "kind": SpellKind(form.kind.data),
        "starts_on": form.starts_on.data,
        "ends_on": form.ends_on.data,
        "words": form.words.data or "",
        "looking": form.looking.data,
    }


def _told_own(spell: EmploymentSpell, *, looking: bool) -> str:
    """Return for the person what was recorded, and that nothing is suggested to who has work."""
    words = _("记下了。社区看过凭据就算数，不用您再跑。")
    if spell.kind in WORK and spell.ends_on is None and not looking:
        words += _("先不给您推荐活路了，想再找，在「我的」里点一下就行。")
    return words


def _recorded(name: str, spell: EmploymentSpell, *, looking: bool) -> str:
    """Return what was recorded of whom, and whether work is looked for from now on."""
    words = _("记好了：%(name)s，%(what)s。", name=name, what=spell.kind.label)
    if spell.ends_on is not None:
        return words
    if spell.kind is SpellKind.LOOKING:
        return words + _("又开始帮着找活路了。")
    if spell.kind in WORK:
        return words + (_("接着帮着找别的活。") if looking else _("先不推荐活路了。"))
    return words


def _values(spell: EmploymentSpell | None, heard: SpellKind | None = None) -> dict[str, Any]:
    if heard is not None:
        return {
            "kind": heard.value,
            "evidence": Evidence.OWN_WORD.value,
            "starts_on": clock.today(),
        }
    if spell is None:
        return {"starts_on": clock.today()}
    return {
        "kind": spell.kind.value,
        "starts_on": spell.starts_on,
        "ends_on": spell.ends_on,
        "words": spell.words,
        "evidence": spell.evidence.value,
        "corrects": str(spell.id),
    }


def _spell(resident_id: int, spell_id: int) -> EmploymentSpell:
    found = reader().get(EmploymentSpell, spell_id)
    if found is None or found.resident_id != resident_id:
        raise NotFound
    return found
