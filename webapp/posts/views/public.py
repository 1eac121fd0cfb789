"""/posts/: the community's microblog; one post with what it is shared by."""

from pathlib import Path

import segno
from flask import Response, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from webapp.core import photos, preview
from webapp.core.access import current_actor, public
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.paging import asked_id, paginate
from webapp.posts import policy
from webapp.posts.blueprint import bp
from webapp.posts.lifecycle import PostState
from webapp.posts.queries import posts
from webapp.posts.queries.posts import Shown
from webapp.posts.services.writing import PHOTOS
from webapp.posts.views.words import group_text
from webapp.posts.wording import shorten

_DAY = 24 * 3600


@bp.get("/posts/")
@public
def index() -> str:
    """The posts, pinned ones first; ``?branch=`` shows one branch's."""
    branch_id = asked_id("branch")
    page = paginate(reader(), posts.public(branch_id))
    shown = posts.shown_rows(page.rows)
    return render_template(
        "posts/index.html",
        page=page,
        shown=shown,
        corrected=posts.corrected_ids(reader(), [one.post.id for one in shown]),
        branches=posts.branches(reader()),
        branch_id=branch_id,
    )


@bp.get("/posts/<id:post_id>")
@public
def show(post_id: int) -> ResponseReturnValue:
    """One post, how it is shared, and what it said before; 410 once it is taken back."""
    shown = _seen(post_id)
    if shown.post.state is PostState.RETRACTED:
        return render_template("posts/retracted.html", shown=shown, post=shown.post), 410
    url = url_for("posts.show", post_id=post_id, _external=True)
    return render_template(
        "posts/show.html",
        shown=shown,
        post=shown.post,
        url=url,
        qr=qr_code(url),
        group_text=group_text(shown),
        corrections=posts.corrections(reader(), post_id),
        opening=posts.open_opening(reader(), shown.post),
        may_change=policy.can_change(current_actor(), shown.post),
    )


@bp.get("/posts/<id:post_id>/photo")
@public
def photo(post_id: int) -> Response:
    """The picture of a post; the same as long as its address is, so a browser may keep it."""
    stored = _standing(post_id).post.photo
    response = photos.answer(folder(), stored, max_age=_DAY)
    response.cache_control.public = True
    response.set_etag(Path(stored).stem)
    response.make_conditional(request)
    return response


@bp.get("/posts/<id:post_id>/preview.png")
@public
def preview_picture(post_id: int) -> Response:
    """The picture that chat groups show beside the link."""
    shown = _standing(post_id)
    url = url_for("posts.show", post_id=post_id, _external=True)
    foot = shorten(f"华龙天空 · {shown.branch.name}", 25)
    response = make_response(preview.draw(shown.headline, foot, url, font=preview.font_path()))
    response.mimetype = "image/png"
    response.cache_control.public, response.cache_control.max_age = True, _DAY
    response.set_etag(f"{shown.post.uid}-{shown.post.revision}")
    response.make_conditional(request)
    return response


def folder() -> Path:
    """Return where the pictures of posts are kept."""
    uploads: Path = current_app.extensions["settings"].uploads
    return uploads / PHOTOS


def qr_code(url: str) -> Markup:
    """Return an address as a QR code."""
    code = segno.make(url, error="m").svg_inline(omitsize=True, border=0)
    return Markup(code)  # noqa: S704 - drawn by segno from our own address


def _seen(post_id: int) -> Shown:
    """Return a post that everybody may read, or could."""
    shown = posts.find(reader(), post_id)
    if shown is None or shown.post.state not in {PostState.PUBLISHED, PostState.RETRACTED}:
        raise NotFound
    return shown


def _standing(post_id: int) -> Shown:
    shown = _seen(post_id)
    if shown.post.state is not PostState.PUBLISHED:
        raise NotFound
    return shown
