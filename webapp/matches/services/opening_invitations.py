"""Staff ask several people for one opening at once, and are told who could not be asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlmodel import Session

from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.matches import policy
from webapp.matches.queries.opening_people import count_waiting, names_of
from webapp.matches.reason_codes import Channel
from webapp.matches.services.access import visible_match
from webapp.matches.services.staff_decisions import confirm_match
from webapp.matches.services.transitions import lock_opening


class MoreThanPlaces(Conflict):
    """More would be asked than there are places; nothing is written until staff say so."""

    def __init__(self, *, asked: int, places: int, waiting: int) -> None:
        self.asked, self.places, self.waiting = asked, places, waiting
        super().__init__(
            _(
                "还空 %(places)d 个名额，%(waiting)d 个人已经问着，这里又勾了 %(asked)d 个。",
                places=places,
                waiting=waiting,
                asked=asked,
            )
        )


@dataclass
class Asked:
    """Who was asked, by name, and who could not be, each with the reason."""

    names: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def ask_for_opening(
    session: Session,
    actor: Actor,
    *,
    opening_id: int,
    match_ids: Sequence[int],
    channel: Channel,
    more_than_places: bool,
) -> Asked:
    """Confirm and offer some suggestions of one opening; each that cannot be is told, not lost.

    Raises :class:`MoreThanPlaces` where fewer places are left than people would then be asked,
    unless ``more_than_places``: staff who know that few say yes.
    """
    if not policy.can_decide(actor):
        raise Forbidden
    opening = lock_opening(session, opening_id, to_write=True)  # two desks count one after another
    if opening is None:
        raise NotFound
    chosen = sorted(set(match_ids))
    places = max(opening.headcount - opening.hired_count, 0)
    waiting = count_waiting(session, opening_id)
    if waiting + len(chosen) > places and not more_than_places:
        raise MoreThanPlaces(asked=len(chosen), places=places, waiting=waiting)
    names = names_of(session, chosen)
    done = Asked()
    for match_id in chosen:
        try:
            if visible_match(session, actor, match_id).opening_id != opening_id:
                raise NotFound
            confirm_match(session, actor, match_id=match_id, channel=channel)
        except NotFound:
            done.refused.append((names.get(match_id, _("这一行")), _("不在这个机会的名单里")))
        except Conflict as moved:  # checked before anything of it was written
            done.refused.append((names[match_id], moved.message))
        else:
            done.names.append(names[match_id])
    return done
