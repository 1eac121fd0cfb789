"""Posts of the community, and what they said before they were corrected."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, json_list, primary_key
from webapp.posts.lifecycle import PostKind, PostState

LONGEST = 500
MOST_PINNED = 3
_UNSEEN = text("state IN ('draft', 'scheduled')")


class Post(SQLModel, table=True):
    """One short post; never deleted, so that its address and its id in feeds stay its own.

    ``uid`` names it in feeds for good. ``opening_id`` is what it tells of, where it was drafted
    from an opening; ``ended_at`` is when that took nobody any more. ``revision`` counts changes of
    the words, and tells a form that was filled in on an older text. ``channel_ids`` are the
    outside channels it goes to when it is published, ``site`` the address at which its writer
    reached the portal, for links made without a request. ``updated_at`` is what feeds compare.
    ``pin_slot`` holds a post above the others: the places are few, and each is held once.
    """

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint(f"length(text) BETWEEN 1 AND {LONGEST}", name="text_of_a_length"),
        CheckConstraint("(photo = '') = (photo_alt = '')", name="photo_has_words"),
        CheckConstraint(
            "(state IN ('published', 'retracted')) = (published_at IS NOT NULL)",
            name="published_has_moment",
        ),
        CheckConstraint(
            "published_at IS NULL OR responsible_id IS NOT NULL", name="published_has_responsible"
        ),
        CheckConstraint(
            "state <> 'scheduled' OR (publish_at IS NOT NULL AND responsible_id IS NOT NULL)",
            name="scheduled_has_moment",
        ),
        CheckConstraint(
            "(state = 'retracted') = (retracted_at IS NOT NULL) "
            "AND (state = 'retracted') = (retract_reason <> '')",
            name="retracted_has_reason",
        ),
        CheckConstraint(
            f"pin_slot IS NULL OR (state = 'published' AND pin_slot BETWEEN 1 AND {MOST_PINNED})",
            name="pinned_is_public",
        ),
        CheckConstraint("ended_at IS NULL OR opening_id IS NOT NULL", name="only_openings_end"),
        UniqueConstraint("pin_slot"),
        # An opening has one post at a time that nobody has seen yet.
        Index(
            "uq_post_opening_unseen",
            "opening_id",
            unique=True,
            sqlite_where=_UNSEEN,
            postgresql_where=_UNSEEN,
        ),
        Index("ix_post_public", "state", "published_at"),
        Index("ix_post_due", "state", "publish_at"),
        Index("ix_post_updated", "state", "updated_at"),
    )

    id: int = primary_key()
    uid: str = Field(max_length=32, unique=True)
    kind: PostKind = Field(sa_column=enum_column(PostKind))
    state: PostState = Field(default=PostState.DRAFT, sa_column=enum_column(PostState))
    branch_id: int = Field(foreign_key="branch.id", index=True)
    responsible_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    author_id: int | None = Field(default=None, foreign_key="account.id")
    opening_id: int | None = Field(default=None, foreign_key="opening.id", index=True)
    text: str = Field(sa_type=Text)
    photo: str = Field(default="", max_length=60)
    photo_alt: str = Field(default="", max_length=120)
    photo_width: int | None = None
    photo_height: int | None = None
    channel_ids: list[int] = json_list()
    site: str = Field(default="", max_length=200)
    revision: int = 0
    publish_at: datetime | None = None
    published_at: datetime | None = None
    ended_at: datetime | None = None
    retracted_at: datetime | None = None
    retract_reason: str = Field(default="", max_length=120)
    pin_slot: int | None = None
    created_at: datetime
    updated_at: datetime


class PostCorrection(SQLModel, table=True):
    """What a post said before a correction; append-only, anybody may read it."""

    __tablename__ = "post_correction"
    __table_args__ = (UniqueConstraint("post_id", "revision"),)

    id: int = primary_key()
    post_id: int = Field(foreign_key="post.id", index=True)
    revision: int
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")
    why: str = Field(max_length=120)
    text_before: str = Field(sa_type=Text)
    alt_before: str = Field(default="", max_length=120)
