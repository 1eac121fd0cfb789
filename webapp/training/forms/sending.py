"""What a telephone sends of its own accord, as JSON; any other shape is refused as a whole."""

from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from webapp.core.converters import LARGEST_ID
from webapp.core.errors import Refused
from webapp.training.lifecycle import Presence

MOST_TAPS = 400

Key = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
# A clock may be wrong, but by years that can be reckoned with.
Moment = Annotated[
    AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC))
]
Id = Annotated[int, Field(gt=0, le=LARGEST_ID, strict=True)]
Sent = TypeVar("Sent", bound=BaseModel)


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tap(_Shape):
    """One tap: what somebody was marked, or the key of an earlier tap that is taken back."""

    id: Key
    enrolment: Id
    presence: Presence | None = None
    undoes: Key | None = None
    by_code: bool = False
    made_at: Moment

    @model_validator(mode="after")
    def _one_thing(self) -> "Tap":
        if (self.presence is None) == (self.undoes is None):
            raise ValueError("a tap marks or takes back")
        return self


class Sending(_Shape):
    """All taps that wait, in their order; ``at`` is the telephone's clock as it sends them.

    ``ends``: the telephone deletes its copy now.
    """

    at: Moment
    taps: Annotated[list[Tap], Field(max_length=MOST_TAPS)]
    ends: bool = False

    def put_right(self, made_at: datetime, *, now: datetime) -> datetime:
        """Return a moment of the telephone's clock by ours; never one to come."""
        return min(now - (self.at - made_at), now) if made_at <= self.at else now


class Envelope(_Shape):
    """A sending as it travels: ``body`` is the text of a :class:`Sending`, which is signed."""

    token: Annotated[str, Field(max_length=100)]
    body: Annotated[str, Field(max_length=200_000)]
    signature: Annotated[str, Field(max_length=200)]


class Claim(_Shape):
    """A telephone's wish to take up a grant."""

    code: Annotated[str, Field(max_length=60)]
    public_key: Annotated[str, Field(max_length=200)]


def read(kind: type[Sent], text: str | bytes) -> Sent:
    """Parse JSON of this shape; raise :class:`Refused` for anything else."""
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        raise Refused from error
