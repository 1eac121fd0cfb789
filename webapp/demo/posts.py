"""Posts of the demo: four weeks of a community's news, drafts from its openings, one to come.

Written on their days by who answers for them, through the real services. One was corrected, one
taken back, one stands above the others; the pictures are drawn here.
"""

from datetime import datetime, time, timedelta
from typing import Any

from flask import current_app
from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import clock, photos
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.formatting import date_words
from webapp.core.vocabulary import Kind
from webapp.demo.act_as import act_as
from webapp.demo.content import read
from webapp.demo.post_pictures import PICTURES
from webapp.openings.models import Opening
from webapp.openings.policy import is_open
from webapp.posts.lifecycle import PostAction, PostKind
from webapp.posts.models import Post
from webapp.posts.services import changing, drafting, writing

# Of how many openings of a kind there are posts, and of how many more a draft.
_POSTED = {Kind.VACANCY: 2, Kind.COURSE: 1, Kind.VENTURE: 1}
_DRAFTED = {Kind.VACANCY: 3, Kind.PIECEWORK: 1, Kind.COURSE: 1}


def write(session: Session) -> None:
    """Write the posts; called once, in one transaction."""
    days = {f"d{n}": date_words(clock.today() + timedelta(days=n)) for n in range(1, 8)}
    for row in read("posts"):
        _write(session, _member(session, row["by"]), row, days)
    _from_openings(session, _member(session, "李晓梅"))


def _member(session: Session, name: str) -> Actor:
    account, branch = session.exec(
        select(Account, Branch)
        .join(Branch, col(Branch.id) == Account.branch_id)
        .where(Account.name == name, Account.role == Role.STAFF)
        .order_by(col(Account.id))
        .limit(1)
    ).one()
    return Actor(
        account_id=account.id,
        role=Role.STAFF,
        name=account.name,
        branch_id=branch.id,
        serves_all=branch.serves_all,
    )


def _write(session: Session, who: Actor, row: dict[str, Any], days: dict[str, str]) -> None:
    ahead = "ahead" in row
    moment = _moment(row["ahead"] if ahead else -row["days"], row["hour"])
    written = clock.now() - timedelta(hours=1) if ahead else moment
    with act_as(session, who, written):
        post = writing.save(
            session,
            who,
            fields=_fields(who, PostKind(row["kind"]), row["text"].format(**days), row),
            step=PostAction.SCHEDULE if ahead else PostAction.PUBLISH,
            photo=_picture(row.get("picture", "")),
            publish_at=moment if ahead else None,
        )
        post_id, alt = post.id, post.photo_alt
    if "correct" in row:
        with act_as(session, who, moment + timedelta(hours=2)):
            changing.correct(
                session,
                who,
                post_id=post_id,
                revision=_revision(session, post_id),
                text=row["correct"]["text"].format(**days),
                photo_alt=alt,
                why=row["correct"]["why"],
            )
    if "retract" in row:
        with act_as(session, who, moment + timedelta(days=1)):
            changing.retract(session, who, post_id=post_id, reason=row["retract"])
    if "pin" in row:
        with act_as(session, who, moment + timedelta(minutes=5)):
            changing.pin(session, who, post_id=post_id)


def _moment(days: int, hour: int) -> datetime:
    """Return an hour of the day so many days from today."""
    day = clock.today() + timedelta(days=days)
    return datetime.combine(day, time(hour), clock.LOCAL)


def _fields(who: Actor, kind: PostKind, text: str, row: dict[str, Any]) -> writing.PostFields:
    return writing.PostFields(
        kind=kind, text=text, responsible_id=who.account_id or 0, photo_alt=row.get("alt", "")
    )


def _revision(session: Session, post_id: int) -> int:
    return session.get_one(Post, post_id).revision


def _picture(name: str) -> photos.Kept | None:
    if not name:
        return None
    folder = current_app.extensions["settings"].uploads / writing.PHOTOS
    return photos.keep(folder, photos.read_photo(PICTURES[name]()))


def _from_openings(session: Session, who: Actor) -> None:
    """Have the newest openings draft their posts, and the first of them sent."""
    for kind in Kind:
        posted, drafted = _POSTED.get(kind, 0), _DRAFTED.get(kind, 0)
        for number, opening_id in enumerate(_newest(session, kind, posted + drafted)):
            drafted_at = _moment(-1 - number % 3, 10 + number)
            with act_as(session, SYSTEM, drafted_at):
                opening = session.get_one(Opening, opening_id)
                post = drafting.draft_from_opening(session, opening)
                found = (post.id, post.kind, post.text) if post else None
            if found is None or number >= posted:
                continue
            post_id, topic, text = found
            with act_as(session, who, drafted_at + timedelta(hours=1)):
                writing.save(
                    session,
                    who,
                    fields=_fields(who, topic, text, {}),
                    step=PostAction.PUBLISH,
                    post_id=post_id,
                    revision=_revision(session, post_id),
                )


def _newest(session: Session, kind: Kind, most: int) -> list[int]:
    rows = session.exec(
        select(Opening)
        .where(Opening.kind == kind, col(Opening.published_at).is_not(None))
        .order_by(col(Opening.published_at).desc(), col(Opening.id).desc())
    )
    fit = [one.id for one in rows if is_open(one, on=clock.today()) and one.places_left > 0]
    return fit[:most]
