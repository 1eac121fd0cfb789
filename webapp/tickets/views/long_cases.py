"""/staff/tickets/cases/: what takes many errands; each errand, its papers, how it ended."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.branches.queries.members import of_branch, secretary_of
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import BadField
from webapp.core.formatting import date_words
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.tickets import long_case_policy as policy
from webapp.tickets.blueprint import bp
from webapp.tickets.forms.long_cases import (
    EndForm,
    HandsForm,
    MovePaperForm,
    NextForm,
    PaperForm,
    ReadForm,
    StepForm,
)
from webapp.tickets.long_case_lifecycle import (
    PAPER_MOVES,
    CaseReadReason,
    LongCaseOutcome,
    LongCaseState,
    PaperKind,
    PaperState,
    StepKind,
)
from webapp.tickets.queries import long_cases as queries
from webapp.tickets.services import long_case_data, long_case_papers, long_cases
from webapp.tickets.services.long_cases import Next

_PREFIX = "/staff/tickets/cases/<id:case_id>"
_FORMS = {
    "step": StepForm,
    "next": NextForm,
    "paper": PaperForm,
    "end": EndForm,
    "hands": HandsForm,
}


@bp.get("/staff/tickets/cases/")
@requires(Permission.WORKBENCH)
def long_case_list() -> str:
    """The long cases of the actor's branch by state, those with the next errand first."""
    asked = request.args.get("state", "")
    state = LongCaseState(asked) if asked in set(LongCaseState) else LongCaseState.OPEN
    page = paginate(reader(), queries.of_branch(current_actor().branch_id, state))
    return render_template(
        "tickets/long_cases/index.html",
        page=page,
        lines=[queries.line_of(row) for row in page.rows],
        state=state,
        states=list(LongCaseState),
        today=clock.today(),
    )


@bp.get(_PREFIX)
@requires(Permission.WORKBENCH)
def long_case(case_id: int) -> str:
    """One case: which errands and papers, without a word of what it is about."""
    return _page(case_id, {})


@bp.post(f"{_PREFIX}/read")
@requires(Permission.WORKBENCH)
def read_long_case(case_id: int) -> ResponseReturnValue:
    """Show its words on this one answer, which no browser keeps."""
    form, actor = ReadForm(), current_actor()
    long_cases.seen(reader(), actor, case_id)
    if not form.validate_on_submit():
        return _page(case_id, {}), 400
    with get_db().transaction(actor) as session:
        long_case_data.read(
            session, actor, case_id=case_id, reason=CaseReadReason(form.reason.data)
        )
    return _page(case_id, {}, open_words=True)


@bp.post(f"{_PREFIX}/step")
@requires(Permission.WORKBENCH)
def note_long_case_step(case_id: int) -> ResponseReturnValue:
    """Write down an errand and what comes next."""
    form = StepForm()
    long_cases.seen(reader(), current_actor(), case_id)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                long_cases.note_step,
                _("记下了，到下一步那天会在「今天要办」里。"),
                url_for(".long_case", case_id=case_id),
                case_id=case_id,
                day=form.day.data,
                kind=StepKind(form.kind.data),
                place=form.place.data or "",
                met=form.met.data or "",
                came_of=form.came_of.data,
                next_step=_next(form),
                idempotency_key=form.own_key,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    return _page(case_id, {"step": form}), 400


@bp.post(f"{_PREFIX}/next")
@requires(Permission.WORKBENCH)
def plan_long_case(case_id: int) -> ResponseReturnValue:
    """Change what comes next."""
    form = NextForm()
    long_cases.seen(reader(), current_actor(), case_id)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                long_cases.plan_next,
                lambda row: _("改好了，%(day)s提醒。", day=date_words(row.next_on)),
                url_for(".long_case", case_id=case_id),
                case_id=case_id,
                next_step=_next(form),
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    return _page(case_id, {"next": form}), 400


@bp.post(f"{_PREFIX}/hands")
@requires(Permission.WORKBENCH)
def give_long_case(case_id: int) -> ResponseReturnValue:
    """Put it into other hands of the branch."""
    form = HandsForm()
    long_cases.seen(reader(), current_actor(), case_id)
    _offer(form)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                long_cases.give_to,
                _("换好了。"),
                url_for(".long_case", case_id=case_id),
                case_id=case_id,
                owner_id=form.owner.data,
                backup_id=form.backup.data,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    return _page(case_id, {"hands": form}), 400


@bp.post(f"{_PREFIX}/papers")
@requires(Permission.WORKBENCH)
def need_long_case_paper(case_id: int) -> ResponseReturnValue:
    """Put a paper on the list."""
    form = PaperForm()
    long_cases.seen(reader(), current_actor(), case_id)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                long_case_papers.need,
                _("写进材料单了。"),
                url_for(".long_case", case_id=case_id) + "#papers",
                case_id=case_id,
                kind=PaperKind(form.kind.data),
                name=form.name.data or "",
                needed_for=StepKind(form.needed_for.data) if form.needed_for.data else None,
                in_hand=form.in_hand.data,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    return _page(case_id, {"paper": form}), 400


@bp.post(f"{_PREFIX}/papers/<id:paper_id>")
@requires(Permission.WORKBENCH)
def move_long_case_paper(case_id: int, paper_id: int) -> ResponseReturnValue:
    """Say where a paper is now."""
    form = MovePaperForm()
    long_cases.seen(reader(), current_actor(), case_id)
    if not form.validate_on_submit() or form.state.data not in set(PaperState):
        return _page(case_id, {}), 400
    return write_and_redirect(
        long_case_papers.move,
        lambda row: _("记下了：%(state)s。", state=row.state.label),
        url_for(".long_case", case_id=case_id) + "#papers",
        case_id=case_id,
        paper_id=paper_id,
        state=PaperState(form.state.data),
    )


@bp.post(f"{_PREFIX}/end")
@requires(Permission.WORKBENCH)
def end_long_case(case_id: int) -> ResponseReturnValue:
    """Say how it ended."""
    form = EndForm()
    long_cases.seen(reader(), current_actor(), case_id)
    if form.validate_on_submit():
        return write_and_redirect(
            long_cases.end,
            _("写下了结果。以后同样的事，会数得更准。"),
            url_for(".long_case", case_id=case_id),
            case_id=case_id,
            outcome=LongCaseOutcome(form.outcome.data),
            words=form.words.data,
        )
    return _page(case_id, {"end": form}), 400


@bp.get(f"{_PREFIX}/papers")
@requires(Permission.WORKBENCH)
def long_case_paper_list(case_id: int) -> str:
    """The list of papers, to print for the person."""
    case = long_cases.seen(reader(), current_actor(), case_id)
    return render_template(
        "tickets/long_cases/papers.html",
        line=queries.one(reader(), case.id),
        papers=queries.papers_of(reader(), case.id),
        back=url_for(".long_case", case_id=case.id),
    )


def _page(case_id: int, failed: dict[str, Any], *, open_words: bool = False) -> str:
    session, actor = reader(), current_actor()
    case = long_cases.seen(session, actor, case_id)
    steps = queries.steps_of(session, case_id)
    secretary_id = secretary_of(session, case.branch_id)
    hands = failed.get("hands") or HandsForm(
        formdata=None, data={"owner": case.owner_id, "backup": case.backup_id}
    )
    _offer(hands)
    forms = {name: failed.get(name) or make(formdata=None) for name, make in _FORMS.items()}
    if "step" not in failed:
        forms["step"].day.data = clock.today()
        forms["step"].kind.data = case.next_kind
    return render_template(
        "tickets/long_cases/show.html",
        line=queries.one(session, case_id),
        steps=steps,
        papers=queries.papers_of(session, case_id),
        moves=PAPER_MOVES,
        usual=queries.usual(session, case.kind, steps[0].LongCaseStep.kind if steps else None),
        last=steps[0].LongCaseStep.kind if steps else None,
        may_work=policy.can_work(actor, case, secretary_id=secretary_id),
        reasons=[
            reason
            for reason in CaseReadReason
            if reason is not CaseReadReason.CHECKING or actor.account_id == secretary_id
        ],
        forms={**forms, "hands": hands},
        failed=next(iter(failed.values()), None),
        open_words=open_words,
    )


def _offer(form: HandsForm) -> None:
    members = of_branch(reader(), current_actor().branch_id or 0)
    form.offer([(one.account_id, one.name) for one in members])


def _next(form: NextForm) -> Next:
    return Next(StepKind(form.next_kind.data), form.next_words.data or "", form.next_on.data)
