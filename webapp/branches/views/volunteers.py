"""/staff/branches/volunteers: what help is wanted, who is asked, what they say, their hours."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.branches import policy
from webapp.branches.blueprint import bp
from webapp.branches.forms.commitments import span, times_of
from webapp.branches.forms.volunteering import (
    AskForm,
    CallOffForm,
    ConfirmForm,
    HelpForm,
    HoursForm,
)
from webapp.branches.lifecycle import CallState, HelpState
from webapp.branches.models import Branch
from webapp.branches.models.volunteering import HelpCall, HelpWanted, VolunteerHours
from webapp.branches.queries import members as queries
from webapp.branches.queries import volunteering
from webapp.branches.services import volunteer_hours
from webapp.branches.services import volunteering as service
from webapp.branches.views.promises import may_close, served_branch
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound
from webapp.core.formfields import as_choices, show_faults
from webapp.core.posting import write_and_redirect


@bp.get("/staff/branches/volunteers")
@requires(Permission.BRANCH_SERVE)
def help_board() -> str:
    """What help is wanted, and what was given."""
    return render_template(
        "branches/help_board.html",
        wanted=volunteering.board(reader(), still_open=True),
        over=volunteering.board(reader(), still_open=False),
        desks=queries.desks(reader()),
        minutes=volunteering.minutes_by_branch(reader()),
        serves=lambda branch_id: policy.can_serve(current_actor(), branch_id),
        now=clock.now(),
    )


@bp.get("/staff/branches/volunteers/mine")
@requires(Permission.WORKBENCH)
def my_help() -> str:
    """What one was asked to help with, one's hours, and the thanks."""
    account_id = current_actor().account_id or 0
    return render_template(
        "branches/my_help.html",
        calls=volunteering.own_calls(reader(), account_id),
        minutes=volunteering.own_minutes(reader(), account_id),
        now=clock.now(),
    )


@bp.route("/staff/branches/<id:branch_id>/help/new", methods=["GET", "POST"])
@requires(Permission.BRANCH_SERVE)
def new_help(branch_id: int) -> ResponseReturnValue:
    """Write down what help is wanted."""
    branch = served_branch(branch_id)
    form = HelpForm(data={"owner": current_actor().account_id, "wanted": 1})
    form.choose_from(queries.of_branch(reader(), branch_id), queries.away(reader(), clock.now()))
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.want_help,
                _("记下了。下面是懂这一行的人，勾了就去问。"),
                lambda row: url_for(".help_wanted", help_id=row.id),
                branch_id=branch_id,
                fields=form.fields(),
            )
        except BadField as error:
            show_faults(form, error, {})
    page = render_template("branches/new_help.html", form=form, branch=branch)
    return page, 400 if form.is_submitted() else 200


@bp.get("/staff/branches/volunteers/<id:help_id>")
@requires(Permission.BRANCH_SERVE)
def help_wanted(help_id: int) -> str:
    """One thing: who could come, who was asked, what they said, their hours."""
    return _page(help_id)


@bp.post("/staff/branches/volunteers/<id:help_id>/ask")
@requires(Permission.BRANCH_SERVE)
def ask(help_id: int) -> ResponseReturnValue:
    """Ask whom one has ticked."""
    form = AskForm()
    form.people.choices = _people(_row(help_id))
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.ask,
                lambda asked: _("问了 %(n)d 位，他们在「我帮的忙」那一页回话。", n=asked),
                url_for(".help_wanted", help_id=help_id),
                help_id=help_id,
                account_ids=form.people.data,
            )
        except BadField as error:
            show_faults(form, error, {})
    return _page(help_id, ask=form), 400


@bp.post("/staff/branches/volunteers/<id:help_id>/finish")
@requires(Permission.BRANCH_SERVE)
def finish(help_id: int) -> ResponseReturnValue:
    """The work is done."""
    return write_and_redirect(
        service.finish,
        _("办完了。还没确认时间的，下面一个一个确认。"),
        url_for(".help_wanted", help_id=help_id),
        help_id=help_id,
    )


@bp.post("/staff/branches/volunteers/<id:help_id>/call-off")
@requires(Permission.BRANCH_SERVE)
def call_off(help_id: int) -> ResponseReturnValue:
    """Help is not wanted any more."""
    form = CallOffForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.call_off,
                _("记下了，问过的人都看得到不用来了。"),
                url_for(".help_wanted", help_id=help_id),
                help_id=help_id,
                reason=form.reason.data,
            )
        except BadField as error:
            show_faults(form, error, {})
    return _page(help_id, off=form), 400


@bp.post("/staff/branches/volunteers/calls/<id:call_id>/<any(yes, no):answer>")
@requires(Permission.WORKBENCH)
def answer(call_id: int, answer: str) -> ResponseReturnValue:
    """Say for oneself whether one comes."""
    return write_and_redirect(
        service.answer,
        lambda call: _said(call),
        url_for(".my_help"),
        call_id=call_id,
        yes=answer == "yes",
    )


@bp.post("/staff/branches/volunteers/calls/<id:call_id>/noted/<any(yes, no):answer>")
@requires(Permission.BRANCH_SERVE)
def note_answer(call_id: int, answer: str) -> ResponseReturnValue:
    """Note what somebody said by telephone."""
    return write_and_redirect(
        service.note_answer,
        _("记下了，本人也看得到。"),
        lambda call: url_for(".help_wanted", help_id=call.help_id),
        call_id=call_id,
        yes=answer == "yes",
    )


@bp.route("/staff/branches/volunteers/calls/<id:call_id>/mine", methods=["GET", "POST"])
@requires(Permission.WORKBENCH)
def my_hours(call_id: int) -> ResponseReturnValue:
    """Say from when until when one helped."""
    call, row, hours = _call(call_id)
    if call.account_id != current_actor().account_id:
        raise NotFound
    form = HoursForm(data=_times(row, hours))
    if form.validate_on_submit():
        starts_at, ends_at = span(form.day.data, form.start.data, form.end.data)
        try:
            return write_and_redirect(
                volunteer_hours.say_hours,
                _("记下了，支部确认了就算进您的时间里。"),
                url_for(".my_help"),
                call_id=call_id,
                starts_at=starts_at,
                ends_at=ends_at,
            )
        except BadField as error:
            show_faults(form, error, {})
    page = render_template("branches/hours.html", form=form, help=row, name="")
    return page, 400 if form.is_submitted() else 200


@bp.route("/staff/branches/volunteers/calls/<id:call_id>/hours", methods=["GET", "POST"])
@requires(Permission.BRANCH_SERVE)
def confirm_hours(call_id: int) -> ResponseReturnValue:
    """Confirm somebody's hours, and thank them."""
    call, row, hours = _call(call_id)
    if not may_close(row):
        raise NotFound
    name = queries.names_of(reader(), call.account_id)[call.account_id]
    thanks = _("%(name)s，谢谢您来帮忙，%(whom)s记着您。", name=name, whom=row.for_whom)
    form = ConfirmForm(data={**_times(row, hours), "thanks": thanks})
    if form.validate_on_submit():
        starts_at, ends_at = span(form.day.data, form.start.data, form.end.data)
        try:
            return write_and_redirect(
                volunteer_hours.confirm_hours,
                _("确认了，谢谢的话本人看得到。"),
                url_for(".help_wanted", help_id=row.id),
                call_id=call_id,
                starts_at=starts_at,
                ends_at=ends_at,
                thanks=form.thanks.data,
            )
        except BadField as error:
            show_faults(form, error, {})
    page = render_template("branches/hours.html", form=form, help=row, name=name)
    return page, 400 if form.is_submitted() else 200


def _said(call: HelpCall) -> str:
    if call.state is CallState.YES:
        return _("谢谢您！到时候见。有变化再点「来不了」。")
    if call.state is CallState.NOT_NEEDED:
        return _("刚好有人先答应了，这次不用来，谢谢您。")
    return _("知道了，没关系，下次再请您。")


def _row(help_id: int) -> HelpWanted:
    row = reader().get(HelpWanted, help_id)
    if row is None:
        raise NotFound
    return row


def _call(call_id: int) -> tuple[HelpCall, HelpWanted, VolunteerHours | None]:
    call = reader().get(HelpCall, call_id)
    if call is None:
        raise NotFound
    line = next(
        one for one in volunteering.calls_of(reader(), call.help_id) if one.call.id == call_id
    )
    return call, line.help, line.hours


def _times(row: HelpWanted, hours: VolunteerHours | None) -> dict[str, Any]:
    return times_of(*((hours.starts_at, hours.ends_at) if hours else (row.starts_at, row.ends_at)))


def _people(row: HelpWanted) -> Any:
    def words(one: volunteering.Candidate) -> str:
        told = (
            f"{one.member.name} · {'、'.join(one.member.profile.trades)}"
            if one.member.profile
            else one.member.name
        )
        state = _("请假") if one.away else _("那时在") if one.here else _("那时不一定在")
        return _("%(who)s · %(state)s", who=told, state=state)

    return as_choices(
        (one.member.account_id, words(one)) for one in volunteering.candidates(reader(), row)
    )


def _page(help_id: int, ask: Any = None, off: Any = None) -> str:
    row = _row(help_id)
    ask_form = ask or AskForm(formdata=None)
    ask_form.people.choices = _people(row)
    return render_template(
        "branches/help_wanted.html",
        row=row,
        branch=reader().get_one(Branch, row.branch_id),
        names=queries.names_of(reader(), row.owner_id, row.backup_id),
        calls=volunteering.calls_of(reader(), help_id),
        manages=may_close(row),
        is_open=row.state is HelpState.OPEN,
        has_begun=row.starts_at <= clock.now(),
        own_id=current_actor().account_id,
        form=ask or off or ask_form,
        ask_form=ask_form,
        off_form=off or CallOffForm(formdata=None),
    )
