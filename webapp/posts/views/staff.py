"""/staff/posts/: drafts, what is to be sent, and writing a post."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import clock, photos
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, Conflict, Incomplete, NotFound
from webapp.core.formfields import show_faults
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.notices import outbox
from webapp.posts.blueprint import bp
from webapp.posts.forms import PostForm
from webapp.posts.lifecycle import UNSEEN, PostAction, PostKind
from webapp.posts.models import Post
from webapp.posts.queries import posts
from webapp.posts.queries.posts import Shown
from webapp.posts.services import writing
from webapp.posts.views.public import folder

_WITH_PICTURE = frozenset({"posts.new", "posts.edit"})
_DONE = {
    PostAction.PUBLISH: "发出去了，大家现在就看得到。",
    PostAction.SCHEDULE: "定好了，到时间自己发。",
    PostAction.SAVE: "存好了，还没有发。",
}


@bp.url_value_preprocessor
def _room_for_a_picture(endpoint: str | None, _values: object) -> None:
    """Allow a form with a picture to be larger than other requests, before it is read."""
    if endpoint in _WITH_PICTURE and current_actor().may(Permission.POST_WRITE):
        request.max_content_length = 2 * photos.MOST_BYTES


@bp.get("/staff/posts/")
@requires(Permission.POST_WRITE)
def board() -> str:
    """What is written: drafts, what is scheduled, what is out, what is over."""
    show = request.args.get("show", "")
    show = show if show in posts.DESK else "draft"
    page = paginate(reader(), posts.desk(current_actor(), show))
    return render_template(
        "posts/board.html", page=page, shown=posts.shown_rows(page.rows), show=show
    )


@bp.route("/staff/posts/new", methods=["GET", "POST"])
@requires(Permission.POST_WRITE)
def new() -> ResponseReturnValue:
    """Write a post."""
    actor = current_actor()
    form = PostForm(data={"revision": "0", "responsible": actor.account_id, "time": "09:00"})
    return _write(form, None)


@bp.route("/staff/posts/<id:post_id>/edit", methods=["GET", "POST"])
@requires(Permission.POST_WRITE)
def edit(post_id: int) -> ResponseReturnValue:
    """Go on with a draft, or change what is scheduled."""
    shown = posts.may_change(reader(), current_actor(), post_id)
    if shown is None or shown.post.state not in UNSEEN:
        raise NotFound
    return _write(PostForm(data=_values(shown.post)), shown)


def _write(form: PostForm, shown: Shown | None) -> ResponseReturnValue:
    actor = current_actor()
    channels = [one for one in outbox.community_channels(reader()) if one.enabled]
    form.offer(posts.members(reader(), actor), [(one.id, one.name) for one in channels])
    if form.validate_on_submit():
        try:
            return _save(form, shown.post if shown else None)
        except Conflict as error:
            form.form_errors.append(error.message)
        except (BadField, Incomplete) as error:
            show_faults(form, error, {})
    page = render_template("posts/write.html", form=form, shown=shown)
    return page, 400 if form.is_submitted() else 200


def _save(form: PostForm, post: Post | None) -> ResponseReturnValue:
    step = PostAction(form.step.data)
    written: list[Post] = []

    def target(saved: Post) -> str:
        written.append(saved)
        return url_for("posts.staff_post", post_id=saved.id)

    with photos.handed_in(folder(), [form.photo.data], most=1, name="photo") as handed:
        photo = handed.kept[0] if handed.kept else None
        response = write_and_redirect(
            writing.save,
            _(_DONE[step]),
            target,
            fields=writing.PostFields(
                kind=PostKind(form.kind.data),
                text=form.text.data,
                responsible_id=form.responsible.data,
                photo_alt=form.photo_alt.data or "",
                drop_photo=form.drop_photo.data,
                channel_ids=tuple(form.channels.data or ()),
                site=request.url_root,
            ),
            step=step,
            photo=photo,
            publish_at=form.publish_at,
            post_id=post.id if post else None,
            revision=int(form.revision.data) if post else None,
        )
        kept = photo is not None and any(one.photo == photo.stored for one in written)
        handed.written = kept
    return response


def _values(post: Post) -> dict[str, Any]:
    at = clock.local(post.publish_at) if post.publish_at else None
    return {
        "text": post.text,
        "kind": post.kind.value,
        "responsible": post.responsible_id or current_actor().account_id,
        "photo_alt": post.photo_alt,
        "channels": post.channel_ids,
        "step": (PostAction.SCHEDULE if at else PostAction.PUBLISH).value,
        "day": at.date() if at else None,
        "time": f"{at:%H:%M}" if at else "09:00",
        "revision": str(post.revision),
    }
