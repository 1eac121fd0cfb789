"""Use cases of draws: open one, enter, freeze the list, type the result in, call it off.

Who could lie: somebody who knows the result before the list stands (the result's day must lie
ahead), somebody who adds an entry afterwards (the list and its hash are public and triggers hold
them), one person who types in for two (two accounts, and a trigger), somebody who dislikes what
came out (nothing is called off once the result can be known, and nothing is drawn for twice).
"""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp import events
from webapp.core import audit, clock, receipt_codes
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound, Refused
from webapp.draws import order, policy
from webapp.draws.lifecycle import (
    AWAITS_SEED,
    TRANSITIONS,
    DrawAction,
    DrawState,
    SeedSource,
)
from webapp.draws.models import Draw, DrawEntry, SeedEntry

_FURTHEST = 60  # days; nobody should wait for ever


def begin(session: Session, actor: Actor, *, subject: str, title: str, places: int) -> Draw:
    """Open a draw of ``places`` for ``subject``; title is public and names nobody.

    Raises ``Conflict`` when there is a draw for the subject that was not called off.
    """
    if not policy.can_freeze(actor):
        raise Forbidden
    known = session.exec(
        select(Draw.id).where(Draw.subject == subject, Draw.state != DrawState.CANCELLED)
    ).first()
    if known is not None:
        raise Conflict(_("这件事已经有一次抽签了"))
    draw = Draw(
        code=receipt_codes.fresh(),
        subject=subject,
        title=" ".join(title.split()),
        places=places,
        created_at=clock.now(),
    )
    session.add(draw)
    session.flush()
    audit.record(session, "draw.begin", draw, count=places)
    return draw


def enter(session: Session, draw_id: int, *, code: str | None = None) -> DrawEntry:
    """Add an entry and return it with its receipt code; the caller knows whose it is.

    ``code`` is a receipt that was handed out before, when somebody applied; fresh by default.
    """
    draw = lock(session, draw_id)
    if draw.state is not DrawState.OPEN:
        raise Conflict(_("报名已经截止，名单定下来了"))
    entry = DrawEntry(draw_id=draw_id, code=code or receipt_codes.fresh())
    session.add(entry)
    session.flush()
    return entry


def take_out(session: Session, entry_id: int) -> None:
    """Take an entry out again while the list is open; the caller knows who asked."""
    entry = session.get(DrawEntry, entry_id)
    if entry is None:
        raise NotFound
    if lock(session, entry.draw_id).state is not DrawState.OPEN:
        raise Conflict(_("名单已经定下来了，不能再退出；轮到时可以不要"))
    session.delete(entry)
    session.flush()


def freeze(session: Session, actor: Actor, *, draw_id: int, source: SeedSource, day: date) -> Draw:
    """Close the entries, number them and publish the list's hash; wait for a coming result."""
    if not policy.can_freeze(actor):
        raise Forbidden
    draw = lock(session, draw_id)
    if day <= clock.today():
        raise BadField("day", _("要用以后的开奖，最早明天：今天的号码可能有人已经知道"))
    if day.isoweekday() not in source.weekdays:
        raise BadField("day", _("%(name)s那天不开奖", name=source.label))
    if (day - clock.today()).days > _FURTHEST:
        raise BadField("day", _("太远了，请在 %(n)d 天以内", n=_FURTHEST))
    entries = list(session.exec(select(DrawEntry).where(DrawEntry.draw_id == draw_id)))
    if not entries:
        raise Refused(_("还没有人报名，不用抽"))
    entries.sort(key=lambda entry: entry.code)
    for number, entry in enumerate(entries, 1):
        entry.number = number
        session.add(entry)
    session.flush()
    text = order.list_text(
        code=draw.code,
        title=draw.title,
        places=draw.places,
        source=source,
        day=day,
        codes=[entry.code for entry in entries],
    )
    _move(
        session,
        draw,
        DrawAction.FREEZE,
        list_text=text,
        list_hash=order.digest(text),
        source=source,
        source_day=day,
        known_at=source.known_at(day),
        frozen_at=clock.now(),
    )
    audit.record(session, "draw.freeze", draw, digest=draw.list_hash, count=len(entries))
    return draw


def type_seed(
    session: Session, actor: Actor, *, draw_id: int, numbers: str, round_number: int
) -> Draw:
    """Type the public result in; the second person's must equal the first's, unseen.

    Two that differ are both kept and both begin again. Two that agree draw the order.
    """
    if not policy.can_run(actor) or actor.account_id is None:
        raise Forbidden
    draw = lock(session, draw_id)
    if draw.state not in AWAITS_SEED or draw.source is None or draw.known_at is None:
        raise Conflict(_("现在不用填号码：%(state)s", state=draw.state.label))
    if draw.known_at > clock.now():
        raise Refused(_("还没有开奖，开奖以后再填"))
    if round_number != draw.round:
        raise Conflict(_("刚才两个人填的不一样，要重新填。请看看最新情况。"))
    try:
        value = order.parse_numbers(draw.source, numbers)
    except ValueError as error:
        raise BadField("numbers", str(error)) from error
    first = session.exec(
        select(SeedEntry).where(SeedEntry.draw_id == draw.id, SeedEntry.round == draw.round)
    ).first()
    if first is not None and first.typed_by_id == actor.account_id:
        raise Refused(_("您已经填过了，要换一位同事再填一遍"))
    session.add(
        SeedEntry(
            draw_id=draw.id,
            round=draw.round,
            turn=1 if first is None else 2,
            value=value,
            typed_by_id=actor.account_id,
            typed_at=clock.now(),
        )
    )
    session.flush()
    if first is None:
        _move(session, draw, DrawAction.TYPE)
        audit.record(session, "draw.type", draw)
    elif first.value != value:
        _move(session, draw, DrawAction.MISMATCH, round=draw.round + 1)
        audit.record(session, "draw.mismatch", draw)
    else:
        _draw(session, actor, draw, value)
    return draw


def _draw(session: Session, actor: Actor, draw: Draw, seed: str) -> None:
    entries = {
        entry.code: entry
        for entry in session.exec(select(DrawEntry).where(DrawEntry.draw_id == draw.id))
    }
    for rank, code in enumerate(order.drawn_order(seed, order.codes_in(draw.list_text)), 1):
        entries[code].rank = rank
        session.add(entries[code])
    session.flush()
    _move(session, draw, DrawAction.CONFIRM, seed=seed, drawn_at=clock.now())
    audit.record(session, "draw.done", draw)
    events.announce(session, actor, events.DrawDone(draw.id, draw.subject))


def cancel(session: Session, actor: Actor, *, draw_id: int, reason: str) -> Draw:
    """Call a draw off, with a reason everybody reads; never once the result can be known."""
    if not policy.can_run(actor):
        raise Forbidden
    draw = lock(session, draw_id)
    if draw.known_at is not None and draw.known_at <= clock.now():
        raise Conflict(_("已经开奖了，不能再说不抽：不然谁不满意都能重来"))
    _move(session, draw, DrawAction.CANCEL, cancelled_at=clock.now(), reason=reason)
    audit.record(session, "draw.cancel", draw)
    events.announce(session, actor, events.DrawCancelled(draw.id, draw.subject))
    return draw


def lock(session: Session, draw_id: int) -> Draw:
    """Return a draw, its row locked until the transaction ends."""
    draw = session.exec(
        select(Draw)
        .where(Draw.id == draw_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if draw is None:
        raise NotFound
    return draw


def faults(session: Session) -> list[str]:
    """Return what of the frozen and drawn draws does not follow from their lists, a line each."""
    found = []
    for draw in session.exec(select(Draw).where(Draw.list_hash != "").order_by(col(Draw.id))):
        entries = list(
            session.exec(
                select(DrawEntry)
                .where(DrawEntry.draw_id == draw.id)
                .order_by(col(DrawEntry.number), col(DrawEntry.id))
            )
        )
        codes = order.codes_in(draw.list_text)
        if order.digest(draw.list_text) != draw.list_hash:
            found.append(f"draw {draw.id}: the list is not the one whose hash was published")
        if [(one.number, one.code) for one in entries] != list(enumerate(codes, 1)):
            found.append(f"draw {draw.id}: the entries are not those of the list")
        if draw.state is DrawState.DRAWN:
            ranked = sorted(entries, key=lambda one: one.rank or 0)
            drawn = list(enumerate(order.drawn_order(draw.seed, codes), 1))
            if [(one.rank, one.code) for one in ranked] != drawn:
                found.append(f"draw {draw.id}: the order does not follow from seed and list")
    return found


def _move(session: Session, draw: Draw, action: DrawAction, **changes: Any) -> None:
    target = TRANSITIONS.get((draw.state, action))
    if target is None:
        raise Conflict(_("这次抽签现在是「%(state)s」，不能再做这一步。", state=draw.state.label))
    done = session.exec(
        update(Draw)
        .where(col(Draw.id) == draw.id, col(Draw.state) == draw.state)
        .values(state=target, **changes)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("刚才已经有人动过这次抽签，请看看最新情况。"))
    session.refresh(draw)
