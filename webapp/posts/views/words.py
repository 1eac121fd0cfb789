"""What a post is called and how it reads outside the portal: addresses and the group's text."""

from flask import url_for

from webapp.core.db import reader
from webapp.openings.models import Opening
from webapp.posts import wording
from webapp.posts.queries.facts import facts_of
from webapp.posts.queries.posts import Shown


def group_text(shown: Shown) -> str:
    """Return what is pasted into a chat group, with the portal's link and the branch's phone."""
    asked = {
        "branch": shown.branch.name,
        "phone": shown.branch.phone,
        "office": shown.branch.office,
    }
    post = shown.post
    if post.opening_id is not None and post.ended_at is None:
        opening = reader().get_one(Opening, post.opening_id)
        url = url_for("openings.show", opening_id=opening.id, _external=True)
        return wording.group_text(facts_of(reader(), opening), url=url, **asked)
    url = url_for("posts.show", post_id=post.id, _external=True)
    return wording.plain_group_text(post.text, url=url, **asked)
