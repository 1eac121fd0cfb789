"""/staff/posts/<id>: one post at the desk: what groups read, correct, retract, pin, send."""

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import photos
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, Conflict, Incomplete, NotFound
from webapp.core.formfields import show_faults
from webapp.core.posting import write_and_redirect
from webapp.notices import outbox
from webapp.posts.blueprint import bp
from webapp.posts.forms import CorrectionForm, RetractionForm
from webapp.posts.lifecycle import UNSEEN, PostState
from webapp.posts.queries import posts
from webapp.posts.queries.posts import Shown
from webapp.posts.services import changing, writing
from webapp.posts.services.publishing import key_of
from webapp.posts.views.public import folder
from webapp.posts.views.words import group_text


@bp.get("/staff/posts/<id:post_id>")
@requires(Permission.POST_WRITE)
def staff_post(post_id: int) -> str:
    """One post: how it reads, the group's text, where it was sent, and what may be done."""
    shown = _own(post_id)
    post = shown.post
    sent = outbox.public_rows(reader(), key=key_of(post))
    reached = {row.channel_id for row, _name in sent}
    return render_template(
        "posts/staff_post.html",
        shown=shown,
        post=post,
        unseen=post.state in UNSEEN,
        public=post.state is PostState.PUBLISHED,
        group_text=group_text(shown),
        corrections=posts.corrections(reader(), post_id),
        sent=sent,
        most=len(outbox.BACKOFF),
        channels=[
            one
            for one in outbox.community_channels(reader())
            if one.enabled and one.id not in reached
        ],
    )


@bp.get("/staff/posts/<id:post_id>/photo")
@requires(Permission.POST_WRITE)
def staff_photo(post_id: int) -> Response:
    """The picture of a post that may not be public yet."""
    return photos.answer(folder(), _own(post_id).post.photo)


@bp.route("/staff/posts/<id:post_id>/correct", methods=["GET", "POST"])
@requires(Permission.POST_WRITE)
def correct(post_id: int) -> ResponseReturnValue:
    """Correct a public post; what it said stays to be read."""
    shown = _public(post_id)
    post = shown.post
    form = CorrectionForm(
        data={"text": post.text, "photo_alt": post.photo_alt, "revision": str(post.revision)}
    )
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                changing.correct,
                _("更正好了，原来怎么写的大家也看得到。"),
                url_for("posts.staff_post", post_id=post_id),
                post_id=post_id,
                revision=int(form.revision.data),
                text=form.text.data,
                photo_alt=form.photo_alt.data or "",
                why=form.why.data,
            )
        except Conflict as error:
            form.form_errors.append(error.message)
        except (BadField, Incomplete) as error:
            show_faults(form, error, {})
    page = render_template("posts/correct.html", form=form, shown=shown, post=post)
    return page, 400 if form.is_submitted() else 200


@bp.route("/staff/posts/<id:post_id>/retract", methods=["GET", "POST"])
@requires(Permission.POST_WRITE)
def retract(post_id: int) -> ResponseReturnValue:
    """Take a public post back."""
    shown = _public(post_id)
    form = RetractionForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                changing.retract,
                _("撤回了，那一页只留一句为什么。发到群里的收不回来，请到群里说一声。"),
                url_for("posts.staff_post", post_id=post_id),
                post_id=post_id,
                reason=form.reason.data,
            )
        except Incomplete as error:
            show_faults(form, error, {})
    page = render_template("posts/retract.html", form=form, shown=shown, post=shown.post)
    return page, 400 if form.is_submitted() else 200


@bp.post("/staff/posts/<id:post_id>/<any(discard, pin, unpin):step>")
@requires(Permission.POST_WRITE)
def step(post_id: int, step: str) -> ResponseReturnValue:
    """Put a draft away; put a post above the others, or let it down again."""
    verb, words = {
        "discard": (writing.discard, _("不发了，放到“撤回、不发的”里。")),
        "pin": (changing.pin, _("置顶了。")),
        "unpin": (changing.unpin, _("不置顶了。")),
    }[step]
    target = url_for("posts.staff_post", post_id=post_id)
    return write_and_redirect(verb, words, target, post_id=post_id)


@bp.post("/staff/posts/<id:post_id>/send/<id:channel_id>")
@requires(Permission.POST_WRITE)
def send(post_id: int, channel_id: int) -> ResponseReturnValue:
    """Send a public post to one more group."""
    return write_and_redirect(
        changing.send,
        _("排上了，一会儿就发到群里；没发成会写在下面。"),
        url_for("posts.staff_post", post_id=post_id),
        post_id=post_id,
        channel_id=channel_id,
        site=request.url_root,
    )


def _own(post_id: int) -> Shown:
    shown = posts.may_change(reader(), current_actor(), post_id)
    if shown is None:
        raise NotFound
    return shown


def _public(post_id: int) -> Shown:
    shown = _own(post_id)
    if shown.post.state is not PostState.PUBLISHED:
        raise NotFound
    return shown
