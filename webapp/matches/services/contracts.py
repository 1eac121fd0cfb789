"""Pictures of the contract of a hire: who adds them, and who looks at them."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlmodel import Session

from webapp.core import audit
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.core.photos import Kept
from webapp.employment.models import ContractPhoto
from webapp.employment.services import contract_photos
from webapp.matches import policy
from webapp.matches.lifecycle import HAD_WORK, TAKEN
from webapp.matches.models import Match
from webapp.matches.services.access import visible_match
from webapp.matches.services.transitions import lock_resident


def add_contract_photos(
    session: Session, actor: Actor, *, match_id: int, photos: Sequence[Kept]
) -> Match:
    """Add pictures of a contract that was signed after the hire was noted."""
    match = visible_match(session, actor, match_id)
    if actor.employer_id is None and not policy.can_decide(actor):
        raise Forbidden
    lock_resident(session, match.resident_id)
    session.refresh(match)
    if match.state not in TAKEN:
        raise Conflict(_("现在是「%(state)s」，不用传合同。", state=match.state.label))
    contract_photos.add(session, actor, match_id=match.id, photos=photos)
    return match


def contract_photo(
    session: Session, actor: Actor, *, match_id: int, photo_id: int
) -> ContractPhoto:
    """Return a picture to the person, their employer, or staff, whose look is written down.

    The paper has numbers and addresses on it that the branch does not need every day.
    """
    match = visible_match(session, actor, match_id)
    if match.state not in HAD_WORK:
        raise NotFound
    found = contract_photos.get(session, match_id=match_id, photo_id=photo_id)
    if policy.can_decide(actor):
        audit.record(session, "contract.read_photo", found)
    return found
