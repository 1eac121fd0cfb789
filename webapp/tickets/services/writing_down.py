"""Staff write down what somebody said or wrote on paper: under its code, in whose name they agree.

Who could lie: a member who puts words into somebody's mouth (nothing is put to a resident's name
without their word, the audit trail says who wrote it, and the slip lets them see it), and who
gains time with paper (its clock runs from the day it was handed in).
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.residents.models import Resident, ResidentState
from webapp.tickets.lifecycle import TicketChannel
from webapp.tickets.models.printed import BlankForm
from webapp.tickets.services.filing import Filed, Reporter, Reserved, file_ticket

_AT = time(12)  # of the day it was handed in: nobody writes down the hour


@dataclass(frozen=True)
class Paper:
    """The form it stands on, if that is one of ours, and the day it was handed in."""

    code: str | None = None
    handed_in_on: date | None = None


def write_down(
    session: Session,
    actor: Actor,
    *,
    channel: TicketChannel,
    reporter: Reporter,
    agreed: bool = False,
    paper: Paper | None = None,
    **ticket: Any,
) -> Filed:
    """File it for whoever said it; ``agreed``: the resident whose name it has told staff so.

    Raises ``BadField`` for a resident who did not, for the code of no form or of one that was
    typed in before, and for a day before it was printed; ``Conflict`` when somebody types in the
    same form at this moment.
    """
    if reporter.resident_id is not None:
        resident = session.get(Resident, reporter.resident_id)
        if resident is None or resident.state is ResidentState.LEFT:
            raise NotFound
        if not agreed:
            raise BadField("consent", _("没有本人的话，不能记在他名下"))
    form = _form(session, paper) if paper and paper.code else None
    filed = file_ticket(
        session,
        actor,
        channel=channel,
        reporter=reporter,
        reserved=_reserved(paper, form) if paper else None,
        **ticket,
    )
    if form is not None:
        _take(session, form, filed)
    on_behalf = reporter.resident_id is not None
    audit.record(session, "ticket.write_down", filed.ticket, on_behalf=on_behalf)
    return filed


def _form(session: Session, paper: Paper) -> BlankForm:
    form = session.exec(select(BlankForm).where(BlankForm.code == paper.code)).first()
    if form is None:
        raise BadField("paper_code", _("没有印过这个编号的表，看看有没有抄错"))
    if form.ticket_id is not None:
        raise BadField("paper_code", _("这张表已经录过了"))
    if paper.handed_in_on and paper.handed_in_on < clock.local(form.printed_at).date():
        raise BadField("handed_in_on", _("这张表那时候还没有印"))
    return form


def _reserved(paper: Paper, form: BlankForm | None) -> Reserved:
    now, day = clock.now(), paper.handed_in_on
    received = min(datetime.combine(day, _AT, clock.LOCAL), now) if day else now
    return Reserved(received, form.code, form.pin) if form else Reserved(received)


def _take(session: Session, form: BlankForm, filed: Filed) -> None:
    taken = session.exec(
        update(BlankForm)
        .where(col(BlankForm.id) == form.id, col(BlankForm.ticket_id).is_(None))
        .values(ticket_id=filed.ticket.id, pin=None)
    )
    if taken.rowcount != 1:
        raise Conflict(_("这张表刚才已经有人录了"))
