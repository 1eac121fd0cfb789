"""Pages of their own that some kinds of opening have, as a course or an order of piecework has.

A part further up says where they are when the application is put together
(``webapp/reactions.py``), so that the pages of openings lead there without knowing it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from webapp.core.access import Actor
from webapp.core.vocabulary import Kind
from webapp.openings.models import Opening


@dataclass(frozen=True)
class Link:
    """An address with the words of the button that leads there."""

    href: str
    words: str


@dataclass(frozen=True)
class Sample:
    """A picture of what is made: its name and size on a page, and on a card; sizes in pixels."""

    name: str
    width: int
    height: int
    small: str
    small_width: int
    small_height: int


def _no_page(_session: Session, _actor: Actor, _opening: Opening) -> None:
    return None


def _not_timed(_session: Session, _opening_ids: Sequence[int]) -> Mapping[int, str]:
    return {}


def _no_samples(_session: Session, _opening_ids: Sequence[int]) -> Mapping[int, Sequence[Sample]]:
    return {}


@dataclass(frozen=True)
class OwnPages:
    """Where the openings of a kind are shown, taken on and kept; ``None`` where there is no page.

    ``shown`` stands in place of the public page, ``taken`` in place of its button to apply, and
    ``kept`` in place of the pages of its writer and of staff. ``an_hour`` says for openings by
    their ids what an hour of piecework brings, ``samples`` shows what is made; who learns anything
    new of either touches the opening.
    """

    shown: Callable[[Session, Actor, Opening], str | None] = _no_page
    taken: Callable[[Session, Actor, Opening], Link | None] = _no_page
    kept: Callable[[Session, Actor, Opening], str | None] = _no_page
    an_hour: Callable[[Session, Sequence[int]], Mapping[int, str]] = _not_timed
    samples: Callable[[Session, Sequence[int]], Mapping[int, Sequence[Sample]]] = _no_samples


_NONE = OwnPages()
_known: dict[Kind, OwnPages] = {}


def register(kind: Kind, pages: OwnPages) -> None:
    """Have the openings of ``kind`` lead to ``pages``."""
    _known[kind] = pages


def shown(session: Session, actor: Actor, opening: Opening) -> str | None:
    """Return the address everybody is led to instead of the opening's public page."""
    return _known.get(opening.kind, _NONE).shown(session, actor, opening)


def taken(session: Session, actor: Actor, opening: Opening) -> Link | None:
    """Return where ``actor`` takes an opening on instead of applying for it."""
    return _known.get(opening.kind, _NONE).taken(session, actor, opening)


def kept(session: Session, actor: Actor, opening: Opening) -> str | None:
    """Return the address of the page where staff or its company keep what the opening offers."""
    return _known.get(opening.kind, _NONE).kept(session, actor, opening)


def an_hour(session: Session, kind: Kind, opening_ids: Sequence[int]) -> Mapping[int, str]:
    """Return what an hour brings, in words, for those openings of ``kind`` of which it is known."""
    return _known.get(kind, _NONE).an_hour(session, opening_ids) if opening_ids else {}


def samples(
    session: Session, kind: Kind, opening_ids: Sequence[int]
) -> Mapping[int, Sequence[Sample]]:
    """Return the pictures of what is made, for those openings of ``kind`` that have any."""
    return _known.get(kind, _NONE).samples(session, opening_ids) if opening_ids else {}
