"""Look at what was drawn, reply to what was found, note what was done about it.

Who could lie: who did the work, helped, or lives with whom it is about (refused from the data), a
friend of theirs (says so and passes it on, on record), somebody who would put a kinder finding
over a harsh one (a finding stands), a branch that would have it forgotten (it waits in what is to
be done today until somebody who leads there has written what was done).
"""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp import events
from webapp.branches.queries import members as branches
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.rulebook.figures import rule
from webapp.spot_checks import policy
from webapp.spot_checks.lifecycle import TO_FOLLOW_UP, Finding
from webapp.spot_checks.models import SpotCheckLine, SpotCheckRecusal
from webapp.spot_checks.queries import lines as queries
from webapp.spot_checks.services import assigning


def visible(session: Session, actor: Actor, line_id: int) -> tuple[SpotCheckLine, bool]:
    """Return a line that the actor may know of, and whether they lead there."""
    return _checked(session, actor, session.get(SpotCheckLine, line_id))


def find(
    session: Session, actor: Actor, *, line_id: int, finding: Finding, words: str
) -> SpotCheckLine:
    """Note what the reviewer found; it stands. Whose work it was, and the branch, hear of it."""
    line = _to_look(session, actor, line_id)
    if finding is not Finding.AS_IT_SHOULD and not words:
        raise BadField("words", _("请写一句您看到了什么"))
    reply_until = None
    if line.member_id is not None:
        days = rule("spot_check_reply_days", on=clock.today())
        reply_until = clock.today() + timedelta(days=days)
    _change(
        session,
        line,
        col(SpotCheckLine.finding).is_(None),
        finding=finding,
        words=words,
        found_at=clock.now(),
        reply_until=reply_until,
    )
    audit.record(session, "spot_check.find", line, finding=finding.value)
    leader = queries.leader_of(session, line) if finding in TO_FOLLOW_UP else None
    _tell(session, line, "found", line.member_id, leader)
    return line


def pass_on(session: Session, actor: Actor, *, line_id: int) -> SpotCheckLine:
    """Have somebody else look at a line: the reviewer knows who it is about, or is kin."""
    line = _to_look(session, actor, line_id)
    recusal = SpotCheckRecusal(line_id=line.id, account_id=actor.account_id or 0, at=clock.now())
    session.add(recusal)
    session.flush()
    audit.record(session, "spot_check.pass", line)
    assigning.assign(session)
    return line


def reply(session: Session, actor: Actor, *, line_id: int, words: str) -> SpotCheckLine:
    """Note what the member whose work it was says to the finding; once, in time."""
    line, leads = _locked(session, actor, line_id)
    if actor.account_id != line.member_id:
        raise NotFound if not leads else Forbidden
    if not policy.can_reply(actor, line):
        raise Conflict(_("已经说明过了，或者过了说明的日子"))
    _change(
        session,
        line,
        col(SpotCheckLine.replied_at).is_(None),
        reply=words,
        replied_at=clock.now(),
    )
    audit.record(session, "spot_check.reply", line)
    _tell(session, line, "replied", line.reviewer_id, queries.leader_of(session, line))
    return line


def note_measures(session: Session, actor: Actor, *, line_id: int, words: str) -> SpotCheckLine:
    """Note what was done about a finding; by who leads where it went wrong, once."""
    line, leads = _locked(session, actor, line_id)
    if not leads:
        raise Forbidden
    if not policy.can_follow_up(actor, line, leads=leads):
        raise Conflict(_("这件已经写过怎么改的，或者没有要改的"))
    _change(
        session,
        line,
        col(SpotCheckLine.measured_at).is_(None),
        measures=words,
        measured_at=clock.now(),
        measured_by_id=actor.account_id,
    )
    audit.record(session, "spot_check.measures", line)
    _tell(session, line, "measured", line.reviewer_id, line.member_id)
    return line


def _to_look(session: Session, actor: Actor, line_id: int) -> SpotCheckLine:
    line, _leads = _locked(session, actor, line_id)
    if actor.account_id != line.reviewer_id:
        raise Forbidden
    if line.finding is not None:
        raise Conflict(_("这件已经看过了，写下的不能再改"))
    may = assigning.who_may(session, line, branches.members(session))
    if not policy.can_look(actor, line) or actor.account_id not in may:
        raise Forbidden(_("这件您经过手，或者是您支部、您家里的，会换一位来看"))
    return line


def _locked(session: Session, actor: Actor, line_id: int) -> tuple[SpotCheckLine, bool]:
    line = session.exec(
        select(SpotCheckLine)
        .where(SpotCheckLine.id == line_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    return _checked(session, actor, line)


def _checked(
    session: Session, actor: Actor, line: SpotCheckLine | None
) -> tuple[SpotCheckLine, bool]:
    if line is None:
        raise NotFound
    leads = queries.leader_of(session, line) == actor.account_id
    if not policy.can_read(actor, line, leads=leads):
        raise NotFound
    return line, leads


def _change(session: Session, line: SpotCheckLine, still: Any, **changes: Any) -> None:
    done = session.exec(
        update(SpotCheckLine)
        .where(
            col(SpotCheckLine.id) == line.id,
            col(SpotCheckLine.reviewer_id) == line.reviewer_id,
            still,
        )
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("刚才已经有人动过，请看看最新情况。"))
    session.refresh(line)


def _tell(session: Session, line: SpotCheckLine, what: str, *account_ids: int | None) -> None:
    told = tuple(sorted({one for one in account_ids if one is not None}))
    if told:
        key = f"spot-check:{line.id}:{what}"
        events.announce(session, SYSTEM, events.AccountsConcerned(told, key))
