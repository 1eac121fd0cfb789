"""A newcomer registers and applies in one act: from an opening straight to the branch."""

from typing import NamedTuple

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.accounts import service as accounts
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.errors import BadField, Conflict, Gone, NotFound
from webapp.core.vocabulary import Kind
from webapp.matches.models import Match
from webapp.matches.services import requirements
from webapp.matches.services.resident_answers import apply_directly
from webapp.openings.models import Opening
from webapp.openings.policy import is_open
from webapp.residents.lifecycle import AgeTold
from webapp.residents.models import Resident
from webapp.residents.services import registration

# Where the wish of somebody whose number is not proven takes nothing from others.
TAKEN_DOWN = frozenset({Kind.VACANCY, Kind.COURSE, Kind.VENTURE})


class Welcomed(NamedTuple):
    """The session of a newcomer; no ``match_id`` where one applies on a page of its own."""

    token: str
    match_id: int | None


def register_and_apply(
    session: Session,
    actor: Actor,
    *,
    opening_id: int,
    name: str,
    phone: str,
    age: AgeTold,
    idempotency_key: str,
) -> Welcomed:
    """Open an account without a password and apply with it, all or nothing.

    The number is not proven: the wish is recorded as ``interested``, the branch calls, and nobody
    but the branch sees who it is. Of a course the wish takes no seat and of a stall no lot, so
    whoever types another's number takes nothing from anybody. Piecework is lent out: it is taken
    on by its own page afterwards. Raises
    :class:`NotFound` for what is not public, :class:`Gone` for what has ended,
    :class:`~webapp.core.errors.BadField` on ``age`` for who is too young for it, and
    :class:`webapp.accounts.service.OpenedAlready` for a form sent twice.
    """
    opening = session.get(Opening, opening_id)
    if opening is None or opening.published_at is None:
        raise NotFound
    if not is_open(opening, on=clock.today()):
        raise Gone
    if age is AgeTold.CHILD:
        raise BadField("age", _("没满16岁，按规定不能做工。想学手艺，可以请大人陪着到社区来问。"))
    resident, token = registration.register_self(
        session, actor, phone=phone, name=name, idempotency_key=idempotency_key
    )
    barred = requirements.weigh(
        session, resident_id=resident.id, opening=opening, age_told=age.least
    ).barred
    if barred:
        raise BadField("age", _("%(why)s，这一个报不了。别的活可以报。", why=barred))
    if opening.kind not in TAKEN_DOWN:
        return Welcomed(token, None)
    own = Actor(
        account_id=resident.account_id,
        role=Role.RESIDENT,
        name=name,
        resident_id=resident.id,
    )
    match = apply_directly(session, own, opening_id=opening_id, asked_later=True)
    return Welcomed(token, match.id)


def resume(session: Session, *, opening_id: int, idempotency_key: str) -> Welcomed:
    """Return what the same form opened a moment ago; raise :class:`Conflict` when that is over."""
    resumed = accounts.resume_opened(session, idempotency_key)
    if resumed is None:
        raise Conflict(_("这张表已经交过了。请用手机号登录，或者打电话给社区。"))
    match_id = session.exec(
        select(Match.id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .where(Resident.account_id == resumed.account_id, Match.opening_id == opening_id)
    ).first()
    return Welcomed(resumed.token, match_id)
