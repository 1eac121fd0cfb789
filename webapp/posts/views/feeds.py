"""/feed.atom and /feed.json: the posts for programs that read feeds."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Response, request, url_for
from flask_babel import gettext as _

from webapp.core.access import public
from webapp.core.db import reader
from webapp.core.paging import Page, paginate
from webapp.posts import feeds, wording
from webapp.posts.blueprint import bp
from webapp.posts.lifecycle import PostState
from webapp.posts.queries import posts
from webapp.posts.queries.posts import Shown

_KEPT = 300  # seconds a reader need not ask again
_BEGINNING = datetime(2026, 11, 30, tzinfo=UTC)  # of a feed without posts


@bp.get("/feed.atom")
@public
def atom() -> Response:
    """The posts as Atom 1.0; 304 while nothing has changed."""
    return _answer(feeds.atom, feeds.ATOM_TYPE)


@bp.get("/feed.json")
@public
def json_feed() -> Response:
    """The posts as JSON Feed 1.1; 304 while nothing has changed."""
    return _answer(feeds.json_feed, feeds.JSON_TYPE)


def _answer(write: Callable[[feeds.Feed], bytes | str], kind: str) -> Response:
    """Answer with the page asked for; nothing is read beyond two rows while it is as it was.

    What a feed holds depends on its posts alone, so the count of their changes is its ETag.
    """
    changed = posts.last_change(reader()) or _BEGINNING
    response = Response(mimetype=kind)
    response.set_etag(f"{posts.version(reader())}-{request.url_root}-{request.args.get('page')}")
    response.last_modified = changed.replace(microsecond=0)
    response.cache_control.public, response.cache_control.max_age = True, _KEPT
    response.make_conditional(request)
    if response.status_code != 304:
        response.set_data(write(_feed(changed)))
    return response


def _feed(changed: datetime) -> feeds.Feed:
    page = paginate(reader(), posts.in_feeds())
    shown = posts.shown_rows(page.rows)
    corrected = posts.corrected_ids(reader(), [one.post.id for one in shown])
    return feeds.Feed(
        uid=posts.first_uid(reader()),
        title=_("华龙天空"),
        subtitle=_("华龙家园社区的招工、培训、摊位、活动和通知"),
        home=url_for("posts.index", _external=True),
        address=_address(page, page.number),
        updated=changed,
        entries=[_entry(one, corrected=one.post.id in corrected) for one in shown],
        older=_address(page, page.number + 1) if page.number < page.pages else "",
        newer=_address(page, page.number - 1) if page.number > 1 else "",
    )


def _address(page: Page, number: int) -> str:
    own = request.endpoint or ""
    return url_for(own, _external=True, page=number if 1 < number <= page.pages else None)


def _entry(shown: Shown, *, corrected: bool) -> feeds.Entry:
    post = shown.post
    text = post.text
    if corrected:
        text += "\n" + _("（更正过，原来怎么写的点开看）")
    if post.ended_at is not None:
        text = _("（这个已经结束了）") + text
    photo = url_for("posts.photo", post_id=post.id, v=post.photo[:8], _external=True)
    return feeds.Entry(
        uid=post.uid,
        url=url_for("posts.show", post_id=post.id, _external=True),
        title=wording.xml_text(shown.headline),
        text=wording.xml_text(text),
        author=wording.xml_text(shown.branch.name),
        category=post.kind.label,
        published=post.published_at or post.updated_at,
        updated=post.updated_at,
        image=photo if post.photo else "",
        gone=wording.xml_text(post.retract_reason) if post.state is PostState.RETRACTED else "",
    )
