"""Use cases of duplicates: keep apart, merge, undo a merge."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, delete, func, select, update

from webapp.accounts import sessions
from webapp.accounts.models import Account
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, NotFound
from webapp.duplicates import policy
from webapp.duplicates.models import DuplicateKind, DuplicatePair, PairState
from webapp.duplicates.services.merging import carry, carry_back
from webapp.engine.suggestion_requests import request_suggestions
from webapp.matches.lifecycle import PENDING, TAKEN, MatchState
from webapp.matches.models import Match
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState
from webapp.residents.services import phones

LONGEST_NOTE = 100
TABLES: dict[DuplicateKind, type[Resident] | type[Opening]] = {
    DuplicateKind.RESIDENT: Resident,
    DuplicateKind.OPENING: Opening,
}


def get_pair(session: Session, actor: Actor, pair_id: int) -> DuplicatePair:
    """Return a pair the actor may judge; others raise :class:`NotFound`."""
    pair = session.get(DuplicatePair, pair_id)
    if pair is None or not policy.can_judge(actor, pair.kind):
        raise NotFound
    return pair


def keep_apart(session: Session, actor: Actor, *, pair_id: int) -> DuplicatePair:
    """Keep the two apart: the pair is not suggested again."""
    pair = get_pair(session, actor, pair_id)
    _decide(session, actor, pair, PairState.OPEN, state=PairState.APART)
    audit.record(session, "duplicate.keep_apart", pair)
    return pair


def merge(session: Session, actor: Actor, *, pair_id: int, kept_id: int) -> DuplicatePair:
    """Move the other row's history to the one kept; the other is disabled until an undo.

    Raises :class:`Conflict` when one of them has been merged or closed meanwhile, both have
    one matter under way with the same partner, or the places of an opening do not suffice.
    """
    pair = get_pair(session, actor, pair_id)
    if kept_id not in (pair.first_id, pair.second_id):
        raise NotFound
    gone_id = pair.first_id + pair.second_id - kept_id
    kept, gone = _both(session, pair, kept_id, gone_id)
    if pair.kind is DuplicateKind.RESIDENT:
        _refuse_unproven(session, kept, gone)
    _refuse_if_both_under_way(session, pair.kind, kept_id, gone_id)
    session.exec(
        delete(Match).where(
            _column(pair.kind) == gone_id,
            col(Match.state) == MatchState.SUGGESTED,
            col(Match.postponed_until).is_(None),
        )
    )
    moved = carry(session, pair.kind.value, source=gone_id, target=kept_id)
    before = _rest(session, pair.kind, kept, gone, moved)
    _decide(
        session,
        actor,
        pair,
        PairState.OPEN,
        state=PairState.MERGED,
        kept_id=kept_id,
        moved=moved,
        before=before,
    )
    _suggest_anew(session, pair.kind, [kept_id])
    rows = sum(len(one["ids"]) for one in moved)
    audit.record(session, "duplicate.merge", pair, kept=kept_id, rows=rows)
    return pair


def undo(session: Session, actor: Actor, *, pair_id: int) -> DuplicatePair:
    """Undo a merge: move everything back and restore both rows."""
    pair = get_pair(session, actor, pair_id)
    kept_id, moved, before = pair.kept_id, pair.moved, pair.before
    _decide(session, actor, pair, PairState.MERGED, state=PairState.OPEN, kept_id=None, moved=[])
    if kept_id is None:
        raise Conflict
    gone_id = pair.first_id + pair.second_id - kept_id
    kept, gone = _locked(session, pair.kind, kept_id, gone_id)
    carry_back(session, moved, source=gone_id, target=kept_id)
    _wake(session, pair.kind, kept, gone, moved, before)
    _suggest_anew(session, pair.kind, [kept_id, gone_id])
    audit.record(session, "duplicate.undo", pair)
    return pair


def _decide(
    session: Session, actor: Actor, pair: DuplicatePair, expected: PairState, **values: Any
) -> None:
    decided = session.exec(
        update(DuplicatePair)
        .where(col(DuplicatePair.id) == pair.id, col(DuplicatePair.state) == expected)
        .values(decided_at=clock.now(), decided_by_id=actor.account_id, **values)
    )
    if decided.rowcount != 1:
        raise Conflict(_("这一对刚才已经有人办了"))
    session.refresh(pair)


def _locked(session: Session, kind: DuplicateKind, kept_id: int, gone_id: int) -> tuple[Any, Any]:
    """Return both rows, locked in the order of their ids."""
    table: Any = TABLES[kind]
    rows = session.exec(
        select(table)
        .where(col(table.id).in_([kept_id, gone_id]))
        .order_by(col(table.id))
        .with_for_update()
    ).all()
    by_id: dict[int, Any] = {row.id: row for row in rows}
    if len(by_id) != 2:
        raise Conflict(_("其中一份已经没有了"))
    return by_id[kept_id], by_id[gone_id]


def _both(session: Session, pair: DuplicatePair, kept_id: int, gone_id: int) -> tuple[Any, Any]:
    kept, gone = _locked(session, pair.kind, kept_id, gone_id)
    over = {
        DuplicateKind.RESIDENT: ResidentState.LEFT,
        DuplicateKind.OPENING: OpeningState.CLOSED,
    }[pair.kind]
    if over in (kept.state, gone.state):
        raise Conflict(_("其中一份已经停用或结束，不用再合并"))
    return kept, gone


def _refuse_unproven(session: Session, kept: Resident, gone: Resident) -> None:
    """Refuse to open one file to the account of another whose number nobody has proven."""
    if not (phones.is_proven(session, kept) and phones.is_proven(session, gone)):
        raise Conflict(_("其中一份的手机号还没有核对：先打电话或者当面核对，确定是本人，再来合并"))


def _column(kind: DuplicateKind) -> Any:
    return col(Match.resident_id) if kind is DuplicateKind.RESIDENT else col(Match.opening_id)


def _refuse_if_both_under_way(
    session: Session, kind: DuplicateKind, kept_id: int, gone_id: int
) -> None:
    """Refuse a merge when both have a match under way with the same partner."""
    here = _column(kind)
    partner = col(Match.opening_id) if kind is DuplicateKind.RESIDENT else col(Match.resident_id)
    kept_partners = select(partner).where(here == kept_id, col(Match.state) != MatchState.SUGGESTED)
    both = session.exec(
        select(func.count()).where(
            here == gone_id,
            col(Match.state).in_([*PENDING, *TAKEN]),
            partner.in_(kept_partners),
        )
    ).one()
    if both:
        raise Conflict(_("两份都有同一件事办着，请先把其中一边办完或撤回，再来合并"))


def _rest(
    session: Session, kind: DuplicateKind, kept: Any, gone: Any, moved: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Disable the row not kept; return the former values of both."""
    before = {"kept": kept.state.value, "gone": gone.state.value}
    if kind is DuplicateKind.OPENING:
        _shift_places(session, moved, source=gone, target=kept)
        gone.state = OpeningState.CLOSED
        gone.state_reason = _("和另一条是同一件事，已合并")
        session.flush()
        return before
    if gone.account_id is not None:
        before["account"] = gone.account_id
        account = session.get_one(Account, gone.account_id)
        before["enabled"] = account.enabled
        gone.account_id = None
        session.flush()  # the account may belong to one file at a time
        if kept.account_id is None:
            before["account_moved"] = True
            kept.account_id = account.id
        else:  # one person, one account: the one of the file kept
            account.enabled = False
            sessions.end_all(session, account.id)
    before["contact"] = _keep_contact(kept, gone)
    if gone.state is ResidentState.EMPLOYED:
        kept.state = ResidentState.EMPLOYED
    gone.state = ResidentState.LEFT
    kept.updated_at = gone.updated_at = clock.now()
    session.flush()
    return before


def _wake(
    session: Session,
    kind: DuplicateKind,
    kept: Any,
    gone: Any,
    moved: Sequence[dict[str, Any]],
    before: dict[str, Any],
) -> None:
    """Restore the values both had before the merge."""
    if kind is DuplicateKind.OPENING:
        _shift_places(session, moved, source=kept, target=gone)
        gone.state, gone.state_reason = OpeningState(before["gone"]), ""
        session.flush()
        return
    if account_id := before.get("account"):
        if before.get("account_moved"):
            kept.account_id = None
            session.flush()
        gone.account_id = account_id
        session.get_one(Account, account_id).enabled = before["enabled"]
    for column, (was, became) in before.get("contact", {}).items():
        if getattr(kept, column) == became:  # not corrected by anybody since
            setattr(kept, column, was)
    gone.state = ResidentState(before["gone"])
    if kept.state is ResidentState.EMPLOYED:
        kept.state = ResidentState(before["kept"])
    kept.updated_at = gone.updated_at = clock.now()
    session.flush()


def _keep_contact(kept: Resident, gone: Resident) -> dict[str, list[str | None]]:
    """Keep every way to reach the person; return what each column was and became.

    The number of the file dropped becomes the kept file's where that has none; a second number
    stands in the note.
    """
    phone = kept.phone or gone.phone
    notes = [kept.contact_note, gone.contact_note if gone.contact_note != kept.contact_note else ""]
    if gone.phone and gone.phone != phone:
        notes.append(_("另一个号码 %(phone)s", phone=gone.phone))
    note = "；".join(one for one in notes if one)
    if len(note) > LONGEST_NOTE:  # the second number matters more than two wordings of a note
        note = "；".join(one for one in (notes[2:] or notes[1:])[:1] + notes[:1] if one)
    changed: dict[str, list[str | None]] = {}
    for column, value in (("phone", phone), ("contact_note", note[:LONGEST_NOTE])):
        if getattr(kept, column) != value:
            changed[column] = [getattr(kept, column), value]
            setattr(kept, column, value)
    return changed


def _shift_places(
    session: Session, moved: Sequence[dict[str, Any]], *, source: Opening, target: Opening
) -> None:
    """Move the hired count along with the matches that moved."""
    ids = [id_ for one in moved if one["table"] == "match" for id_ in one["ids"]]
    if not ids:
        return
    hired = session.exec(
        select(func.count()).where(
            col(Match.id).in_(ids), col(Match.opening_id) == target.id, col(Match.state).in_(TAKEN)
        )
    ).one()
    if target.hired_count + hired > target.headcount:
        raise Conflict(_("名额不够：先把要留的那条的人数改多，再来合并"))
    source.hired_count -= hired
    target.hired_count += hired
    session.flush()


def _suggest_anew(session: Session, kind: DuplicateKind, ids: Sequence[int]) -> None:
    for id_ in ids if kind is DuplicateKind.RESIDENT else [None]:
        request_suggestions(session, resident_id=id_)
