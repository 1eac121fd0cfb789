"""Use cases of what a person keeps: an opening, a search; forget it; tell of what is new."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

from flask_babel import gettext as _
from sqlmodel import Session, col, delete, func, select
from werkzeug.datastructures import MultiDict

from webapp import events
from webapp.accounts import service as accounts
from webapp.bookmarks.models import Bookmark, SearchAlert
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor, Permission
from webapp.core.db import Database
from webapp.core.errors import Conflict, Forbidden, NotFound, Refused
from webapp.openings import catalogue_cache
from webapp.openings.models import Opening
from webapp.openings.queries.catalogue import Entry, Shown
from webapp.openings.queries.filters import Filters, filter_faults, read_filters
from webapp.openings.queries.search import search
from webapp.residents.models import Resident
from webapp.rulebook.figures import rule

MOST_BOOKMARKS, MOST_ALERTS = 100, 10
#: What of a list's address says what is looked for; the rest is order, page and the own limits.
KEPT_PARAMETERS = frozenset(
    {"q", "kind", "at_home", "near", "no_schooling", "pay", "avoid", "hours", "reserved"}
)


def keep(session: Session, actor: Actor, *, opening_id: int) -> None:
    """Keep an opening that is or was public; again changes nothing."""
    account_id = _own(actor)
    opening = session.get(Opening, opening_id)
    if opening is None or opening.published_at is None:
        raise NotFound
    session.refresh(accounts.get_account(session, account_id), with_for_update=True)
    mine = session.exec(select(Bookmark.opening_id).where(Bookmark.account_id == account_id)).all()
    if opening_id in mine:
        return
    if len(mine) >= MOST_BOOKMARKS:
        raise Conflict(_("最多收藏 %(n)d 个，先去掉几个再收藏", n=MOST_BOOKMARKS))
    session.add(Bookmark(account_id=account_id, opening_id=opening_id, created_at=clock.now()))
    session.flush()
    audit.record(session, "bookmark.keep", f"account:{account_id}")


def drop(session: Session, actor: Actor, *, opening_id: int) -> None:
    """Keep an opening no longer."""
    account_id = _own(actor)
    session.exec(
        delete(Bookmark).where(
            col(Bookmark.account_id) == account_id, col(Bookmark.opening_id) == opening_id
        )
    )
    audit.record(session, "bookmark.drop", f"account:{account_id}")


def keep_search(session: Session, actor: Actor, *, asked: MultiDict[str, str]) -> SearchAlert:
    """Have the account told of new openings that answer a search, for a time set by the house.

    ``asked`` are the parameters of the public list. Raises ``Unverified`` for an account whose
    number is not proven, :class:`Refused` for a search that says nothing or holds a fault, and
    :class:`Conflict` for too many. The same search again begins anew.
    """
    account_id = _own(actor)
    if not accounts.is_verified(session, account_id):
        raise accounts.Unverified
    query = canonical(asked)
    if not query or filter_faults(asked):
        raise Refused(_("先写想找什么，或者选一样，再点「有这样的告诉我」"))
    session.refresh(accounts.get_account(session, account_id), with_for_update=True)
    days = timedelta(days=rule("search_alert_days", on=clock.today()))
    known = session.exec(
        select(SearchAlert).where(SearchAlert.account_id == account_id, SearchAlert.query == query)
    ).first()
    if known is not None:
        known.ends_on = clock.today() + days
        session.add(known)
        audit.record(session, "search_alert.keep", f"account:{account_id}")
        return known
    count = session.exec(
        select(func.count()).where(col(SearchAlert.account_id) == account_id)
    ).one()
    if count >= MOST_ALERTS:
        raise Conflict(_("最多记 %(n)d 种，先去掉一种再记", n=MOST_ALERTS))
    alert = SearchAlert(
        account_id=account_id,
        query=query,
        words=words_of(read_filters(asked)),
        created_at=clock.now(),
        ends_on=clock.today() + days,
        looked_at=clock.now(),
    )
    session.add(alert)
    session.flush()
    audit.record(session, "search_alert.keep", f"account:{account_id}")
    return alert


def drop_search(session: Session, actor: Actor, *, alert_id: int) -> None:
    """Be told no longer."""
    account_id = _own(actor)
    alert = session.get(SearchAlert, alert_id)
    if alert is None or alert.account_id != account_id:
        raise NotFound
    session.delete(alert)
    audit.record(session, "search_alert.drop", f"account:{account_id}")


def tell_of_new(db: Database) -> int:
    """Tell each account once of what was published since its searches were last looked at.

    What has ended is deleted. Each search is a transaction of its own and moves its mark in it,
    so a run that is cut off or a second scheduler tells nothing twice. Returns how many were told.
    """
    with db.transaction(SYSTEM) as session:
        session.exec(delete(SearchAlert).where(col(SearchAlert.ends_on) < clock.today()))
        waiting = session.exec(select(SearchAlert.id).order_by(col(SearchAlert.id))).all()
        shown = catalogue_cache.shown(session)
    told = 0
    for alert_id in waiting:
        with db.transaction(SYSTEM) as session:
            told += _look(session, shown, alert_id)
    return told


def forget(session: Session, *, account_id: int) -> None:
    """Delete all that an account keeps."""
    for table in (Bookmark, SearchAlert):
        session.exec(delete(table).where(col(table.account_id) == account_id))


def forget_of_resident(session: Session, *, resident_id: int) -> None:
    """Delete all that a resident keeps, when the service ends."""
    account_id = session.exec(
        select(Resident.account_id).where(Resident.id == resident_id)
    ).one_or_none()
    if account_id is not None:
        forget(session, account_id=account_id)


def canonical(asked: MultiDict[str, str]) -> str:
    """Return the parameters that say what is looked for, as one query string in a fixed order."""
    kept = [
        (name, value)
        for name, value in sorted(asked.items(multi=True))
        if name in KEPT_PARAMETERS and value.strip()
    ]
    return urlencode(kept)[:400]


def words_of(filters: Filters) -> str:
    """Return what a search is called on the person's page."""
    parts = [
        filters.q,
        str(filters.kind.label) if filters.kind else "",
        _("能在家做") if filters.at_home else "",
        _("离家近") if filters.near else "",
        _("一个月 %(n)d 元以上", n=filters.pay) if filters.pay else "",
        str(filters.hours.label) if filters.hours else "",
        _("不要学历") if filters.no_schooling else "",
        _("留给%(who)s的", who=filters.reserved.label) if filters.reserved else "",
    ]
    return "，".join(part for part in parts if part)[:120] or _("避开做不了的")


def answers(session: Session, shown: Shown, query: str) -> list[Entry]:
    """Return the entries that a kept search finds now."""
    filters = read_filters(MultiDict(parse_qsl(query)))
    passed = filters.apply(shown.entries)
    return search(session, shown, filters.q, passed).answers if filters.q else passed


def _look(session: Session, shown: Shown, alert_id: int) -> int:
    alert = session.exec(
        select(SearchAlert).where(SearchAlert.id == alert_id).with_for_update()
    ).first()
    if alert is None:
        return 0
    since, alert.looked_at = alert.looked_at, clock.now()
    session.add(alert)
    audit.record(session, "search_alert.look", f"account:{alert.account_id}")
    fresh = [entry for entry in answers(session, shown, alert.query) if entry.published_at > since]
    if not fresh:
        return 0
    key = f"search:{alert.id}:{max(entry.id for entry in fresh)}"
    events.announce(session, SYSTEM, events.AccountsConcerned((alert.account_id,), key))
    return 1


def _own(actor: Actor) -> int:
    if actor.account_id is None or not actor.may(Permission.RESIDENT_SELF):
        raise Forbidden
    return actor.account_id
