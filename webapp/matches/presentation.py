"""Chinese sentences on a match: its state and events, for the resident and for staff."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.access import Role
from webapp.core.formatting import date_words, moment_words
from webapp.core.labels import label
from webapp.engine.records import OWN_RULES
from webapp.matches.lifecycle import AWAITS_EMPLOYER, MatchAction, MatchOrigin, MatchState
from webapp.matches.reason_codes import (
    ApplyBasis,
    DeclineReason,
    DismissReason,
    FollowUpBasis,
    LeaveReason,
    RefuseReason,
    refusal_sentence,
)
from webapp.matches.services import employer_reminders

S, A = MatchState, MatchAction
_TONES = {
    S.OFFERED: "warn",
    S.INTERESTED: "warn",
    S.NO_REPLY: "warn",
    S.INTERVIEW: "warn",
    S.JOB_OFFER: "good",
    S.HIRED: "good",
    S.DAY_30: "good",
    S.DAY_90: "good",
    S.RETAINED: "good",
    S.SHARED: "wait",
    S.APPLIED: "wait",
    S.SEEN: "wait",
}
_CODES: dict[str, Any] = {
    A.APPLY_DIRECTLY: ApplyBasis,
    A.SAY_INTERESTED: ApplyBasis,
    A.DECLINE: DeclineReason,
    A.GIVE_DECLINE_REASON: DeclineReason,
    A.DISMISS: DismissReason,
    A.FOLLOW_UP_30: FollowUpBasis,
    A.FOLLOW_UP_90: FollowUpBasis,
    A.RETAIN: FollowUpBasis,
    A.LEAVE: LeaveReason,
    A.REFUSE: RefuseReason,
}


def tone(state: MatchState) -> str:
    """Return the colour that goes with a state."""
    return _TONES.get(state, "neutral")


# Ways in which nothing came of a suggestion, whoever said so: lists of a person do not tell
# them apart, so that nobody reads a list of what somebody did not take (the refusal firewall).
_CAME_TO_NOTHING = frozenset({S.DISMISSED, S.DECLINED, S.WITHDRAWN, S.OPENING_CLOSED})


def in_a_list(match: Any) -> str:
    """Return a match's state for staff's lists of one person's matches.

    ``match``: a row or its columns state and start_date.
    """
    if match.state in _CAME_TO_NOTHING:
        return _("没有成")
    return label(S.OFFERED) if match.state is S.NO_REPLY else state_words(match)


def has_begun(match: Any) -> bool:
    """Whether the first day of work has come; ``match``: a row or its start_date."""
    return match.start_date is not None and match.start_date <= clock.today()


def state_words(match: Any) -> str:
    """Return a match's state in a word or two: at work only from the first day on.

    ``match``: a row or its columns state and start_date.
    """
    if match.state is not S.HIRED:
        return label(match.state)
    if has_begun(match):
        return _("已上岗")
    return _("已说好，%(day)s上岗", day=date_words(match.start_date))


def broken_rules(gaps: list[dict[str, str]]) -> list[str]:
    """Return, of what a match keeps as missing, the hard rules it breaks, in words for staff."""
    return [gap["text"] for gap in gaps if gap["code"] in OWN_RULES]


def broken_words(gaps: list[dict[str, str]]) -> str:
    """Return for a line of a list that a match breaks hard rules, empty when it does not."""
    broken = broken_rules(gaps)
    if not broken:
        return ""
    if any(gap.get("accepted") for gap in gaps):
        return _("不合要求，本人知道：%(what)s", what="；".join(broken))
    return _("不合要求：%(what)s", what="；".join(broken))


def standing(match: Any) -> str:
    """Return the state of a match as a sentence for the resident.

    ``match`` is a row or its columns: state, origin, chases, offered_until, interview_at,
    interview_place, start_date, note. Whoever applied by themself, or was asked for by the
    employer, is not told that the community suggested it.
    """
    state = match.state
    if state in AWAITS_EMPLOYER and match.chases >= employer_reminders.TOLD:
        return _("雇主未回复，社区还在催。您可以先看看别的")
    if sentence := _BY_ORIGIN().get((match.origin, state)):
        return sentence
    if state is S.OFFERED:
        return _("社区推荐给您，请在%(day)s前回话", day=date_words(match.offered_until))
    if state is S.INTERVIEW:
        return _(
            "单位约您面试：%(when)s，%(where)s",
            when=moment_words(match.interview_at),
            where=match.interview_place,
        )
    if state is S.HIRED:
        if has_begun(match):
            return _("%(day)s上的岗", day=date_words(match.start_date))
        return _("录用了，说好%(day)s上岗", day=date_words(match.start_date))
    if state is S.REFUSED:
        return _("单位这次没选您：%(why)s", why=match.note or _("没有说原因"))
    return _FIXED()[state]


def _BY_ORIGIN() -> dict[tuple[MatchOrigin, MatchState], str]:  # noqa: N802 - as _FIXED
    own, asked = MatchOrigin.RESIDENT, MatchOrigin.EMPLOYER
    return {
        (own, S.INTERESTED): _("您自己报的名。再点一下同意，我们就告诉单位"),
        (own, S.SHARED): _("您自己报的名，也同意了，社区正在告诉单位"),
        (own, S.APPLIED): _("您自己报的名，社区已告诉单位，等单位回话"),
        (asked, S.INTERESTED): _("单位想请您，您说愿意。再点一下同意，我们就告诉单位"),
        (asked, S.APPLIED): _("单位想请您，您也同意了，等单位回话"),
    }


def _FIXED() -> dict[MatchState, str]:  # noqa: N802 - a table, in the reader's language
    return {
        S.SUGGESTED: _("社区正在看合不合适"),
        S.CONFIRMED: _("社区正在看合不合适"),
        S.DISMISSED: _("社区看过，暂时放在一边"),
        S.INTERESTED: _("您说愿意。再点一下同意，我们就告诉单位"),
        S.NO_REPLY: _("还没有等到您的回话，现在回话也行"),
        S.DECLINED: _("您说先不去，这件事只有社区知道"),
        S.SHARED: _("您已同意，社区正在告诉单位"),
        S.APPLIED: _("社区已推荐，等单位回话"),
        S.SEEN: _("单位看过您的情况了，等单位回话"),
        S.JOB_OFFER: _("单位想要您，等您和单位说好哪天上岗"),
        S.DAY_30: _("上岗满30天了"),
        S.DAY_90: _("上岗满90天了"),
        S.RETAINED: _("稳稳地做着"),
        S.LEFT: _("这份活已经结束，社区接着帮您找"),
        S.WITHDRAWN: _("您撤回了，接着给您找别的"),
        S.HIRED_ELSEWHERE: _("您别处的活说好了，这个先放下"),
        S.OPENING_CLOSED: _("这个机会已经结束"),
    }


# What a resident says; staff may note it for them.
_SAID = frozenset(
    {
        A.APPLY,
        A.ASK_OTHER_TIME,
        A.CAN_COME,
        A.DECLINE,
        A.GIVE_DECLINE_REASON,
        A.HEAR_RESIDENT,
        A.SAY_INTERESTED,
        A.WITHDRAW,
    }
)


def told(event: Any, role: Role | None) -> str | None:
    """Return an event as a sentence for the resident; ``None`` if it is not for them.

    ``role`` is the role of the account that did it, ``None`` for the system: what staff noted of
    the resident's own words says so.
    """
    sentence = _told(event)
    if sentence and event.action in _SAID and role is Role.STAFF:
        return _("%(said)s（社区替您记下的）", said=sentence)
    return sentence


def _told(event: Any) -> str | None:
    action = event.action
    if event.code == ApplyBasis.KNOWING:
        return _("您看过要求，知道有的不合，还是想试试")
    if action == A.REFUSE:
        return _("单位这次没选您：%(why)s", why=refusal_sentence(event.code or RefuseReason.OTHER))
    if action == A.OFFER_JOB and event.reason:
        return _("单位想要您，还说：%(what)s", what=event.reason)
    sentence = _TOLD().get(action)
    if action == A.RESTORE and event.to_state == S.OFFERED:
        return _("之前的推荐又可以办了，等您回话")
    return sentence


def _TOLD() -> dict[str, str]:  # noqa: N802 - a table, in the reader's language
    return {
        A.OFFER: _("社区推荐给您，等您回话"),
        A.APPLY_DIRECTLY: _("您说想要这个机会"),
        A.SAY_INTERESTED: _("您说愿意"),
        A.DECLINE: _("您说先不去"),
        A.TIME_OUT: _("到日子还没有等到您的回话，现在回话也行"),
        A.APPLY: _("您同意了，社区已告诉单位"),
        A.SEE: _("单位看过您的情况了"),
        A.CHASE: _("单位还没回话，社区催了一次"),
        A.TELL_SILENT: _("雇主未回复。社区还在催，您可以先看看别的"),
        A.INVITE_INTERVIEW: _("单位约您面试"),
        A.ASK_OTHER_TIME: _("您说想改面试时间，等单位回话"),
        A.CAN_COME: _("您又能去了，面试还是原来的时间"),
        A.KEEP_TIME: _("单位说面试时间改不了，还是原来的时间"),
        A.OFFER_JOB: _("单位想要您"),
        A.HIRE: _("录用了，恭喜！"),
        A.WITHDRAW: _("撤回了"),
        A.HIRE_ELSEWHERE: _("您别处的活说好了，这个先放下"),
        A.RESTORE: _("之前放下的，现在接着办"),
        A.CLOSE_OPENING: _("这个机会结束了"),
        A.FOLLOW_UP_30: _("上岗满30天，社区来问过了"),
        A.FOLLOW_UP_90: _("上岗满90天，社区来问过了"),
        A.RETAIN: _("上岗满半年，社区来问过了"),
        A.LEAVE: _("这份活结束了"),
        A.UNDO_HIRE: _("上岗是记错了，改回原来的样子"),
        A.HEAR_RESIDENT: _("您说还在做"),
        A.GIVE_DECLINE_REASON: _("您说了为什么，下次照着找"),
    }


TOLD_ACTIONS = frozenset(
    {
        A.OFFER,
        A.APPLY_DIRECTLY,
        A.SAY_INTERESTED,
        A.DECLINE,
        A.TIME_OUT,
        A.APPLY,
        A.SEE,
        A.INVITE_INTERVIEW,
        A.ASK_OTHER_TIME,
        A.CAN_COME,
        A.KEEP_TIME,
        A.OFFER_JOB,
        A.HIRE,
        A.REFUSE,
        A.WITHDRAW,
        A.HIRE_ELSEWHERE,
        A.RESTORE,
        A.CLOSE_OPENING,
        A.FOLLOW_UP_30,
        A.FOLLOW_UP_90,
        A.RETAIN,
        A.LEAVE,
        A.CHASE,
        A.TELL_SILENT,
        A.UNDO_HIRE,
        A.HEAR_RESIDENT,
        A.GIVE_DECLINE_REASON,
    }
)


def noted(event: Any) -> str:
    """Return an event as a line for staff: action, reason, note."""
    action = MatchAction(event.action)
    parts = [label(action)]
    if event.code and action in _CODES:
        parts.append(label(_CODES[action](event.code)))
    if action is A.POSTPONE:
        parts.append(_("到%(day)s", day=date_words(date.fromisoformat(event.reason))))
    elif action in {A.CHASE, A.TELL_SILENT}:
        parts.append(_("满 %(n)s 天没有回话", n=event.reason))
    elif event.reason:
        parts.append(event.reason)
    return "：".join([parts[0], "，".join(parts[1:])]) if len(parts) > 1 else parts[0]


def is_chased(match: Any) -> bool:
    """Whether the employer's answer is overdue; ``match``: a row or its state and chases."""
    return match.state in AWAITS_EMPLOYER and match.chases > 0
