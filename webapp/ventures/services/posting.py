"""Post a stall or a project on one page, change it, and know it by its opening."""

from dataclasses import asdict, dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.core.formatting import yuan
from webapp.core.photos import Kept
from webapp.core.vocabulary import Kind
from webapp.guides.trades import Site, Trade
from webapp.openings.fields import OpeningFields
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.policy import note_fault
from webapp.openings.services import editing, review, wording
from webapp.ventures import policy
from webapp.ventures.lifecycle import Allocation
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.ventures import RentPeriod, Venture
from webapp.ventures.services import rounds
from webapp.ventures.services.places import sync_opening, taken
from webapp.ventures.services.transitions import lock_venture


@dataclass(frozen=True)
class VentureTerms:
    """What a venture is, beside what its opening says; money in fen."""

    trade: Trade
    site: Site
    allocation: Allocation = Allocation.DRAW
    places: int = 1
    sells: str = ""
    rent_fen: int | None = None
    rent_period: RentPeriod | None = None
    rent_to: str = ""
    deposit_fen: int | None = None
    deposit_to: str = ""
    deposit_back: str = ""
    stock_fen: int | None = None
    stock_words: str = ""
    earn_min_fen: int | None = None
    earn_max_fen: int | None = None
    earn_source: str = ""
    example: bool = True
    risks: list[str] = field(default_factory=list)
    season: str = ""
    plan: str = ""
    photo_alt: str = ""


def post_venture(
    session: Session,
    actor: Actor,
    *,
    fields: OpeningFields,
    terms: VentureTerms,
    idempotency_key: str,
    employer_name: str = "",
    note: str = "",
    photo: Kept | None = None,
) -> Venture:
    """Write a venture with its opening and publish it in one step.

    Raises :class:`BadField` for terms that make no sense, :class:`Incomplete` for what the
    opening lacks. The same ``idempotency_key`` again returns what it made the first time.
    """
    if not policy.can_manage(actor):
        raise Forbidden
    known = session.exec(
        select(Venture).join(Opening).where(Opening.idempotency_key == idempotency_key)
    ).first()
    if known is not None:
        return known
    _check(terms, photo)
    opening = editing.create_opening(
        session,
        actor,
        kind=Kind.VENTURE,
        fields=_opening_fields(fields, terms),
        idempotency_key=idempotency_key,
        employer_name=employer_name,
    )
    venture = Venture(
        opening_id=opening.id,
        created_at=clock.now(),
        created_by_id=actor.account_id,
        **asdict(terms),
        **_photo(photo),
    )
    session.add(venture)
    session.flush()
    editing.submit_opening(session, actor, opening_id=opening.id)
    _publish(session, actor, opening, note)
    audit.record(session, "venture.post", venture)
    return venture


def edit_venture(
    session: Session,
    actor: Actor,
    *,
    venture_id: int,
    fields: OpeningFields,
    terms: VentureTerms,
    employer_name: str = "",
    note: str = "",
    photo: Kept | None = None,
) -> Venture:
    """Change a venture and publish it again; an ended one that has run out is open anew.

    Once somebody has applied, how places are given out stays as it is, and entries do not close
    earlier than was said (``BadField``); with a frozen list nothing changes (``Conflict``).
    """
    if not policy.can_manage(actor):
        raise Forbidden
    venture, opening = lock_venture(session, venture_id)
    if rounds.waiting_round(session, venture_id) is not None:
        raise Conflict(_("名单定死了，等抽签出来再改"))
    last, until = opening.valid_until, fields.valid_until
    if last and until and clock.today() <= last > until and _has_cases(session, venture_id):
        raise BadField("valid_until", _("已经有人报名了，不能比说好的提前截止"))
    if terms.places < len(taken(session, venture_id)):
        raise BadField("places", _("已经给出去的比这个多，不能少于给出去的"))
    if terms.allocation is not venture.allocation and _has_cases(session, venture_id):
        raise BadField("allocation", _("已经有人报名了，分摊位的办法不能再换"))
    has_photo = photo is not None or venture.photo != ""
    _check(terms, photo, has_photo=has_photo)
    editing.edit_opening(
        session,
        actor,
        opening_id=opening.id,
        fields=_opening_fields(fields, terms, taken=opening.hired_count),
        employer_name=employer_name,
    )
    for name, value in {**asdict(terms), **_photo(photo)}.items():
        setattr(venture, name, value)
    session.add(venture)
    session.flush()
    if opening.state is not OpeningState.SUBMITTED:
        editing.submit_opening(session, actor, opening_id=opening.id)
    _publish(session, actor, opening, note)
    sync_opening(session, venture)
    audit.record(session, "venture.edit", venture)
    return venture


def take_back(session: Session, actor: Actor, *, venture_id: int) -> Venture:
    """Take a stall back that is not given out after all; who waited for it is told.

    Who holds a place keeps it. ``Conflict`` with a frozen list: what was drawn for is given out.
    """
    if not policy.can_manage(actor):
        raise Forbidden
    venture, opening = lock_venture(session, venture_id)
    if rounds.waiting_round(session, venture_id) is not None:
        raise Conflict(_("名单定死了，等抽签出来再说"))
    editing.close_opening(session, actor, opening_id=opening.id)
    audit.record(session, "venture.take_back", venture)
    return venture


def ensure_venture(session: Session, opening: Opening) -> Venture:
    """Return the venture of an opening of that kind; made of what the opening says if new."""
    found = session.exec(select(Venture).where(Venture.opening_id == opening.id)).first()
    if found is not None:
        return found
    venture = Venture(
        opening_id=opening.id,
        trade=Trade.OTHER,
        site=Site.HOME if opening.at_home else Site.MARKET,
        allocation=Allocation.DRAW,
        places=opening.places_left,
        created_at=clock.now(),
    )
    session.add(venture)
    session.flush()
    return venture


def venture_of_opening(session: Session, opening_id: int) -> int | None:
    """Return the id of an opening's venture, ``None`` for openings of other kinds."""
    return session.exec(select(Venture.id).where(Venture.opening_id == opening_id)).first()


def get_venture(session: Session, actor: Actor, venture_id: int) -> Venture:
    """Return a venture for staff to keep; for anybody else it is not there (404)."""
    venture = session.get(Venture, venture_id)
    if venture is None or not policy.can_manage(actor):
        raise NotFound
    return venture


def _has_cases(session: Session, venture_id: int) -> bool:
    known = select(VentureCase.id).where(VentureCase.venture_id == venture_id)
    return session.exec(known).first() is not None


def _check(terms: VentureTerms, photo: Kept | None, *, has_photo: bool | None = None) -> None:
    if terms.rent_fen is not None and terms.rent_period is None:
        raise BadField("rent_period", _("租金按什么算，请选一样"))
    if terms.rent_fen is not None and not terms.rent_to:
        raise BadField("rent_to", _("租金交给谁，要写清楚"))
    if terms.deposit_fen and not terms.deposit_to:
        raise BadField("deposit_to", _("押金交给谁，要写清楚"))
    if terms.deposit_fen and not terms.deposit_back:
        raise BadField("deposit_back", _("押金什么时候退，要写清楚"))
    earns = terms.earn_min_fen is not None or terms.earn_max_fen is not None
    if earns and not terms.earn_source:
        raise BadField("earn_source", _("没有出处的收入不能写。写谁说的、哪天问的，或者不填收入"))
    if terms.earn_min_fen is not None and terms.earn_max_fen is not None:
        if terms.earn_max_fen < terms.earn_min_fen:
            raise BadField("earn_max", _("不能比前面的少"))
    elif earns:
        raise BadField("earn_max", _("最少和最多都要填，不能只写一头"))
    pictured = has_photo if has_photo is not None else photo is not None
    if pictured and not terms.photo_alt:
        raise BadField("photo_alt", _("写一句照片上是什么，看不见的人靠它"))


def _opening_fields(fields: OpeningFields, terms: VentureTerms, *, taken: int = 0) -> OpeningFields:
    low, high = terms.earn_min_fen, terms.earn_max_fen
    earns = "" if low is None or high is None else f"{yuan(low)}-{yuan(high)}元/月".replace(",", "")
    at_home = terms.site in {Site.HOME, Site.ONLINE}
    values = {
        **fields.values(),
        "pay_text": earns,
        "flexible": True,
        "at_home": at_home,
        "headcount": taken + terms.places,
    }
    return OpeningFields(**values)


def _photo(photo: Kept | None) -> dict[str, Any]:
    if photo is None:
        return {}
    return {"photo": photo.stored, "photo_width": photo.width, "photo_height": photo.height}


def _publish(session: Session, actor: Actor, opening: Opening, note: str) -> None:
    """Publish the opening; words that need a reason are named beside the field for it."""
    session.refresh(opening)
    flagged = [one for one in wording.findings(session, opening) if not one.blocks]
    if flagged and note_fault(note):
        words = "；".join(dict.fromkeys(f"{one.says}（“{one.phrase}”）" for one in flagged))
        raise BadField("note", _("%(what)s。%(how)s", what=words, how=note_fault(note)))
    review.publish_opening(
        session, actor, opening_id=opening.id, seen=opening.updated_at, note=note
    )
