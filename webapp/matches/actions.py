"""The buttons on a match: the form each sends, the service it calls, the message after it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlmodel import Session

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.formfields import EmptyForm
from webapp.core.vocabulary import Kind
from webapp.matches import services
from webapp.matches.forms import answers, hiring, suggesting
from webapp.matches.lifecycle import (
    CAN_BE_TRIED_AGAIN,
    ENDS_AT_INTEREST,
    HANDED_IN,
    TAKEN,
    TRANSITIONS,
    WITH_EMPLOYER,
    MatchAction,
    MatchState,
)
from webapp.matches.models import Match
from webapp.matches.reason_codes import (
    Channel,
    DeclineReason,
    DismissReason,
    FollowUpSource,
    LeaveReason,
    RefuseReason,
)

A, S = MatchAction, MatchState
Verb = Callable[[Session, Actor, int, Any], Match]


@dataclass(frozen=True)
class Act:
    """A button: ``run`` is called with the valid form, ``success_message`` is shown after it.

    It is offered while the match is in one of ``states``.
    """

    form: type[FlaskForm]
    run: Verb
    success_message: Any
    states: frozenset[MatchState]


def _states(*wanted: MatchAction) -> frozenset[MatchState]:
    return frozenset(state for state, action in TRANSITIONS if action in wanted)


def _answer(session: Session, actor: Actor, match_id: int, form: Any) -> Match:
    if form.answer.data == "decline":
        why = DeclineReason(form.why.data) if form.why.data else None
        return services.decline(session, actor, match_id=match_id, code=why, note=form.words.data)
    if form.answer.data == "interested":
        return services.say_interested(session, actor, match_id=match_id)
    return services.share_and_apply(
        session, actor, match_id=match_id, channel=Channel(form.told.data)
    )


def _follow_up(session: Session, actor: Actor, match_id: int, form: Any) -> Match:
    asked = form.asked.data
    sources = list(FollowUpSource) if asked == "both" else [FollowUpSource(asked)]
    for source in sources:
        match = services.say_still_there(
            session, actor, match_id=match_id, source=source, note=form.heard.data
        )
    return match


def _still_there(source: FollowUpSource) -> Verb:
    return lambda session, actor, match_id, form: services.say_still_there(
        session, actor, match_id=match_id, source=source
    )


_ASKED_AFTER = _states(A.FOLLOW_UP_30, A.FOLLOW_UP_90, A.RETAIN)


def _other_time(success_message: Any) -> Act:
    return Act(
        answers.OtherTimeForm,
        lambda session, actor, match_id, form: services.ask_other_time(
            session,
            actor,
            match_id=match_id,
            halves=form.halves.data,
            wants_call=form.wants_call.data,
        ),
        success_message,
        frozenset({S.INTERVIEW}),
    )


# What an employer does with an applicant; staff may record it for them.
HIRING: dict[str, Act] = {
    "seen": Act(
        EmptyForm,
        lambda session, actor, match_id, form: services.mark_seen(
            session, actor, match_id=match_id
        ),
        _("记下了：看过了。本人会知道。"),
        frozenset({S.APPLIED}),
    ),
    "invite": Act(
        hiring.InviteForm,
        lambda session, actor, match_id, form: services.invite(
            session,
            actor,
            match_id=match_id,
            at=form.at,
            place=form.place.data,
            contact=form.contact.data or "",
            bring=form.bring.data or "",
        ),
        _("约好了。本人会在手机上看到，没有手机的由社区转告。"),
        _states(A.INVITE_INTERVIEW),
    ),
    "keep-time": Act(
        EmptyForm,
        lambda session, actor, match_id, form: services.keep_time(
            session, actor, match_id=match_id
        ),
        _("记下了：面试还是原来的时间。本人会知道。"),
        frozenset({S.INTERVIEW}),
    ),
    "offer-job": Act(
        hiring.JobOfferForm,
        lambda session, actor, match_id, form: services.offer_job(
            session, actor, match_id=match_id, note=form.message.data
        ),
        _("记下了：想要这个人。说好哪天上岗后，再来记录用。"),
        _states(A.OFFER_JOB),
    ),
    "hire": Act(
        hiring.HireForm,
        lambda session, actor, match_id, form: services.hire(
            session,
            actor,
            match_id=match_id,
            start_date=form.start_date.data,
            evidence=form.evidence.data,
            signed=form.signed,
            photos=form.kept,
        ),
        _("录用记好了，名额少一个。满30天社区会来问问情况。"),
        _states(A.HIRE),
    ),
    "refuse": Act(
        hiring.RefuseForm,
        lambda session, actor, match_id, form: services.refuse(
            session,
            actor,
            match_id=match_id,
            code=RefuseReason(form.refuse_code.data),
            remark=form.remark.data or "",
        ),
        _("记下了。本人会看到您选的原因，社区接着帮本人找。"),
        _states(A.REFUSE),
    ),
    "contract": Act(
        hiring.ContractForm,
        lambda session, actor, match_id, form: services.add_contract_photos(
            session, actor, match_id=match_id, photos=form.kept
        ),
        _("合同的照片收好了。"),
        TAKEN,
    ),
    "leave": Act(
        hiring.LeaveForm,
        lambda session, actor, match_id, form: services.leave_job(
            session,
            actor,
            match_id=match_id,
            code=LeaveReason(form.leave_code.data),
            note=form.leave_note.data,
        ),
        _("离岗记好了，名额空出一个，社区接着帮本人找。"),
        TAKEN,
    ),
    "undo-hire": Act(
        hiring.UndoHireForm,
        lambda session, actor, match_id, form: services.undo_hire(
            session, actor, match_id=match_id, reason=form.mistake.data
        ),
        _("改回来了：名额还了，本人别的推荐接着办。"),
        TAKEN,
    ),
}

# What an employer may do; in a follow-up they answer only for themselves.
EMPLOYING: dict[str, Act] = {
    **HIRING,
    "ask-for": Act(
        hiring.AskForForm,
        lambda session, actor, match_id, form: services.ask_for(
            session,
            actor,
            match_id=match_id,
            opening_id=form.other_opening.data,
            words=form.ask_words.data,
        ),
        _("已告诉社区。社区看过再问本人，本人愿意就会出现在来应聘的人里。"),
        WITH_EMPLOYER - TAKEN,
    ),
    "still-there": Act(
        EmptyForm,
        _still_there(FollowUpSource.EMPLOYER),
        _("记下了，谢谢您告诉社区。"),
        _ASKED_AFTER,
    ),
}

# What staff decide about a suggestion, in the queue. The line that lets it be taken back says it.
DECIDING: dict[str, Act] = {
    "confirm": Act(
        suggesting.ConfirmForm,
        lambda session, actor, match_id, form: services.confirm_match(
            session,
            actor,
            match_id=match_id,
            channel=Channel(form.channel.data),
            offered_until=form.offered_until.data,
        ),
        "",
        frozenset({S.SUGGESTED}),
    ),
    "dismiss": Act(
        suggesting.DismissForm,
        lambda session, actor, match_id, form: services.dismiss_match(
            session,
            actor,
            match_id=match_id,
            code=DismissReason(form.code.data),
            note=form.note.data,
        ),
        "",
        frozenset({S.SUGGESTED}),
    ),
    "postpone": Act(
        suggesting.PostponeForm,
        lambda session, actor, match_id, form: services.postpone_match(
            session,
            actor,
            match_id=match_id,
            until=clock.today() + timedelta(days=form.days.data),
        ),
        "",
        frozenset({S.SUGGESTED}),
    ),
}

# What else staff do with a match.
HELPING: dict[str, Act] = {
    "answer": Act(
        suggesting.AnswerForm,
        _answer,
        _("回话记好了，是代办，操作记录里写着您的名字。"),
        frozenset({S.OFFERED, S.NO_REPLY, S.INTERESTED}),
    ),
    "renew": Act(
        suggesting.RenewForm,
        lambda session, actor, match_id, form: services.renew_offer(
            session, actor, match_id=match_id, channel=Channel(form.again_channel.data)
        ),
        _("又推荐了一次，再等一周。"),
        frozenset({S.NO_REPLY}),
    ),
    "again": Act(
        suggesting.RenewForm,
        lambda session, actor, match_id, form: services.suggest_again(
            session, actor, match_id=match_id, channel=Channel(form.again_channel.data)
        ),
        _("又推荐了一次，等本人回话。"),
        CAN_BE_TRIED_AGAIN,
    ),
    "follow-up": Act(
        hiring.FollowUpForm,
        _follow_up,
        _("回访记好了。两边都说还在，就算到了这一步。"),
        _ASKED_AFTER,
    ),
    "other-time": _other_time(_("记下了，已告诉单位。单位改好时间，再转告本人。")),
    "one-sided": Act(
        EmptyForm,
        lambda session, actor, match_id, form: services.close_one_sided(
            session, actor, match_id=match_id
        ),
        _("记好了，注明只问到一边。"),
        _ASKED_AFTER,
    ),
    "withdraw": Act(
        EmptyForm,
        lambda session, actor, match_id, form: services.withdraw(session, actor, match_id=match_id),
        _("撤回了，单位看不到本人的情况了。"),
        HANDED_IN | {S.INTERESTED},
    ),
}

# What a resident answers.
ANSWERING: dict[str, Act] = {
    "interested": Act(
        EmptyForm,
        lambda session, actor, match_id, form: services.say_interested(
            session, actor, match_id=match_id
        ),
        _("好的。还差一步：同意把情况告诉单位。"),
        frozenset({S.OFFERED, S.NO_REPLY}),
    ),
    "share": Act(
        EmptyForm,
        lambda session, actor, match_id, form: services.share_and_apply(
            session, actor, match_id=match_id, channel=Channel.PAGE
        ),
        _("已告诉单位。单位一回话，您在“消息”里就能看到。"),
        frozenset({S.INTERESTED, S.SHARED}),
    ),
    "decline": Act(
        answers.DeclineForm,
        lambda session, actor, match_id, form: services.decline(
            session,
            actor,
            match_id=match_id,
            code=DeclineReason(form.why.data) if form.why.data else None,
        ),
        _("好的，不选这个，接着给您找。这件事我们不报给别的部门和单位。"),
        frozenset({S.OFFERED, S.NO_REPLY, S.INTERESTED}),
    ),
    "withdraw": Act(
        EmptyForm,
        lambda session, actor, match_id, form: services.withdraw(session, actor, match_id=match_id),
        _("撤回了，单位看不到您的情况了。"),
        HANDED_IN,
    ),
    "other-time": _other_time(_("已告诉单位和社区。改好了时间，您在这里看得到。")),
    "can-come": Act(
        EmptyForm,
        lambda session, actor, match_id, form: services.can_come(session, actor, match_id=match_id),
        _("好的，还是原来的时间去。"),
        frozenset({S.INTERVIEW}),
    ),
    "why": Act(
        answers.WhyForm,
        lambda session, actor, match_id, form: services.give_decline_reason(
            session, actor, match_id=match_id, code=DeclineReason(form.because.data)
        ),
        _("谢谢，下次照着您说的找。"),
        frozenset({S.DECLINED}),
    ),
    "still-there": Act(
        EmptyForm,
        _still_there(FollowUpSource.RESIDENT),
        _("好的，记下了。有难处随时告诉社区。"),
        _ASKED_AFTER,
    ),
    "leave": HIRING["leave"],
}


def offered(acts: dict[str, Act], state: MatchState, kind: Kind) -> dict[str, FlaskForm]:
    """Return a fresh form of each act that is offered in ``state`` for this kind of opening."""
    if kind in ENDS_AT_INTEREST and state is MatchState.INTERESTED:
        return {}
    return {name: act.form(formdata=None) for name, act in acts.items() if state in act.states}
