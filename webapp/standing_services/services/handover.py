"""A member leaves: whom they visit, alone or as the backup, goes to somebody of the branch."""

from flask_babel import gettext as _
from sqlmodel import Session, col

from webapp.branches.services.pairs import count_pairs, hand_over_pairs
from webapp.core.access import Actor
from webapp.events import MemberDutiesAsked, MemberLeaves
from webapp.standing_services.lifecycle import ServiceState
from webapp.standing_services.models import StandingService

_GOES_ON = col(StandingService.state) != ServiceState.ENDED


def name_duties(session: Session, actor: Actor, event: MemberDutiesAsked) -> None:
    """Add how many people a member visits or stands in for."""
    event.add(_("上门服务"), count_pairs(session, event.account_id, StandingService, _GOES_ON))


def take_over(session: Session, actor: Actor, event: MemberLeaves) -> int:
    """Have the successor visit in the member's place; return how many people."""
    return hand_over_pairs(session, event, StandingService, _GOES_ON)
