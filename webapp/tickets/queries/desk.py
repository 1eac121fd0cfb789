"""Staff's lists of tickets, and what one ticket's page shows."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core.access import Actor
from webapp.core.db import moment
from webapp.core.labels import LabelledEnum
from webapp.core.memo import built_once
from webapp.residents.models import Resident
from webapp.tickets.lifecycle import TicketState, Urgency
from webapp.tickets.models.steps import TicketEvent, TicketPhoto
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.policy import Standing
from webapp.tickets.queries.scope import in_charge, is_open, may_read

S = TicketState


class DeskList(LabelledEnum):
    """The lists of the desk."""

    MINE = "mine", "我手上的"
    UNSORTED = "unsorted", "还没派人的"
    OVERDUE = "overdue", "过期的"
    CALLS = "calls", "要回访的"
    UNREAD = "unread", "等着公开的"
    BRANCH = "branch", "本支部的"
    ABOUT_STAFF = "about_staff", "说到我们的人的"
    ALL = "all", "全部"


def overdue() -> ColumnElement[bool]:
    """Return the condition of what is late now; a clock that stands is compared where it stands."""
    return col(Ticket.due_at) <= func.coalesce(col(Ticket.paused_at), moment())


def of_list(actor: Actor, standing: Standing, which: DeskList) -> Select[Any]:
    """Return the rows of a list: danger first, then what is due first, then what is done."""
    conditions: dict[DeskList, list[ColumnElement[bool]]] = {
        DeskList.MINE: [in_charge(actor), is_open()],
        DeskList.UNSORTED: [col(Ticket.state).in_((S.RECEIVED, S.CLASSIFIED))],
        DeskList.OVERDUE: [is_open(), overdue()],
        DeskList.CALLS: [
            col(Ticket.state).in_((S.REPLIED, S.CALLBACK)),
            col(Ticket.owner_id).is_distinct_from(actor.account_id),
        ],
        DeskList.UNREAD: [
            ~col(Ticket.is_private),
            col(Ticket.published_at).is_(None),
            col(Ticket.state).not_in((S.DUPLICATE, S.OUT_OF_SCOPE)),
        ],
        DeskList.ABOUT_STAFF: [col(Ticket.about_staff).is_(True)],
        DeskList.BRANCH: [col(Ticket.branch_id) == actor.branch_id],
        DeskList.ALL: [],
    }
    return _rows(may_read(actor, standing), *conditions[which])


@built_once
def waiting(actor: Actor, standing: Standing) -> Select[Any]:
    """Return what the actor has to do today: to sort, in hand, or late with the actor as backup."""
    acts = col(Ticket.state).not_in((S.WAITING_REPORTER, S.REFERRED_OUT, S.REPLIED, S.CALLBACK))
    own = and_(col(Ticket.owner_id) == actor.account_id, acts)
    late = and_(col(Ticket.backup_id) == actor.account_id, overdue())
    leads = and_(
        col(Ticket.state) == S.CLASSIFIED,
        or_(
            col(Ticket.branch_id) == actor.branch_id,
            col(Ticket.branch_id).in_(standing.secretary_of),
        ),
    )
    to_sort = col(Ticket.state) == S.RECEIVED
    return _rows(may_read(actor, standing), is_open(), or_(own, late, leads, to_sort))


def _rows(*conditions: ColumnElement[bool]) -> Any:
    done = case((is_open(), 0), else_=1)
    danger = case((and_(is_open(), col(Ticket.urgency) == Urgency.DANGER), 0), else_=1)
    statement: Any = (
        select(Ticket, col(Branch.name).label("branch"), col(Account.name).label("owner"))
        .outerjoin(Branch, col(Branch.id) == Ticket.branch_id)
        .outerjoin(Account, col(Account.id) == Ticket.owner_id)
        .where(*conditions)
        .order_by(done, danger, col(Ticket.due_at), col(Ticket.id).desc())
    )
    return statement


def counts(session: Session, actor: Actor, standing: Standing) -> dict[DeskList, int]:
    """Return how many stand in each list, in one query."""
    queries = [
        select(func.count())
        .select_from(of_list(actor, standing, which).order_by(None).subquery())
        .scalar_subquery()
        for which in DeskList
    ]
    row = session.execute(select(*queries)).one()
    return dict(zip(DeskList, row, strict=True))


@dataclass(frozen=True)
class Seen:
    """One ticket as its page shows it: names beside the numbers of the row."""

    ticket: Ticket
    branch: Branch | None
    names: dict[int, str]
    resident: Resident | None
    first: Ticket | None
    followers: list[Ticket]
    events: list[TicketEvent]
    photos: list[TicketPhoto]

    def name(self, account_id: int | None) -> str:
        """Return a member's name, empty for nobody."""
        return self.names.get(account_id or 0, "")

    @property
    def reporter_name(self) -> str:
        """Whose it is, as it was said or as the file knows them; empty for somebody unnamed."""
        return self.ticket.reporter_name or (self.resident.name if self.resident else "")

    @property
    def reporter_phone(self) -> str:
        """By which number they are reached; empty for none."""
        return self.ticket.reporter_phone or ((self.resident.phone or "") if self.resident else "")


def seen(session: Session, ticket: Ticket) -> Seen:
    """Return what a ticket's page shows, in a fixed number of queries."""
    events = list(
        session.exec(
            select_rows(TicketEvent)
            .where(TicketEvent.ticket_id == ticket.id)
            .order_by(col(TicketEvent.id))
        )
    )
    photos = list(
        session.exec(
            select_rows(TicketPhoto)
            .where(TicketPhoto.ticket_id == ticket.id)
            .order_by(col(TicketPhoto.id))
        )
    )
    accounts = {one.actor_id for one in events} | {
        ticket.owner_id,
        ticket.backup_id,
        ticket.about_account_id,
        ticket.filed_by_id,
        ticket.published_by_id,
    }
    names = select(col(Account.id), col(Account.name)).where(
        col(Account.id).in_([one for one in accounts if one is not None])
    )
    followers = select_rows(Ticket).where(Ticket.duplicate_of_id == ticket.id)
    return Seen(
        ticket,
        session.get(Branch, ticket.branch_id) if ticket.branch_id else None,
        {row[0]: row[1] for row in session.execute(names)},
        session.get(Resident, ticket.resident_id) if ticket.resident_id else None,
        session.get(Ticket, ticket.duplicate_of_id) if ticket.duplicate_of_id else None,
        list(session.exec(followers.order_by(col(Ticket.id)))),
        events,
        photos,
    )


def photo(session: Session, ticket_id: int, photo_id: int) -> TicketPhoto | None:
    """Return a picture of this ticket, ``None`` for another's."""
    found = session.get(TicketPhoto, photo_id)
    return found if found is not None and found.ticket_id == ticket_id else None
