"""A branch with its member who writes posts, and pictures for it."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from sqlmodel import select
from werkzeug.test import TestResponse

from tests import factories
from tests.forms import press
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.openings.models import Opening
from webapp.openings.services import publication
from webapp.posts.models import Post

WORDS = "周六上午九点，院坝里免费修电器。把坏的带来，老周会修。"


@dataclass
class World:
    """The database, a member of staff with a browser, and the office's telephone."""

    db: Database
    write: Callable[[], Any]
    sign_in: Callable[[Account], FlaskClient]
    member: Account
    desk: FlaskClient
    phone: str = "023-61234567"

    def post(self, **changes: Any) -> TestResponse:
        """Send the form of a new post."""
        fields = {"text": WORDS, "kind": "activity", "step": "publish"}
        return press(self.desk, "/staff/posts/new", **{**fields, **changes})

    def written(self, **changes: Any) -> Post:
        """Return a post written through the form."""
        answer = self.post(**changes)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return self.rows()[-1]

    def rows(self) -> list[Post]:
        """Return all posts in the order they were begun."""
        with self.db.reader() as session:
            return list(session.exec(select(Post).order_by(Post.id)).all())

    def row(self, post_id: int) -> Post:
        """Return one post as it stands."""
        with self.db.reader() as session:
            return session.get_one(Post, post_id)

    def opening(self, **fields: Any) -> Opening:
        """Return an opening published as a review does it."""
        with self.write() as session:
            opening = factories.make_opening(session, **fields)
            publication.make_public(session, opening, {"published_at": clock.now()})
        return opening


def make_world(db: Database, write: Any, sign_in: Any) -> World:
    """Return a world with one member of the branch that serves all."""
    with write() as session:
        branch = factories.make_branch(session, name="富民支部")
        member = factories.make_account(
            session, role=Role.STAFF, name="李晓梅", branch_id=branch.id
        )
    return World(db, write, sign_in, member, sign_in(member))


def picture(*, size: tuple[int, int] = (200, 120), exif: bool = False) -> tuple[io.BytesIO, str]:
    """Return a picture as a file of a form, with a camera's notes if asked for."""
    out = io.BytesIO()
    image = Image.new("RGB", size, "navy")
    notes = Image.Exif()
    if exif:
        notes[0x010F] = "SecretCam"
        notes[0x0132] = "2026:11:20 10:00:00"
    image.save(out, "JPEG", exif=notes)
    out.seek(0)
    return out, "a.jpg"


def bomb() -> tuple[io.BytesIO, str]:
    """Return a small file that unfolds to a picture of 81 million points."""
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    out.seek(0)
    return out, "b.png"


def tomorrow() -> str:
    """Return tomorrow as a form takes it."""
    return (clock.today() + timedelta(days=1)).isoformat()
