"""The road of pictures: from "at home or outside" to what is open, two choices a screen.

For who does not read. Each question halves what is left; one that would leave nothing on a side is
not asked. Nothing is kept: the answers so far are the address (``way``, a letter each).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.core.drawings import Drawing
from webapp.openings.pictured import HANDS
from webapp.openings.queries.catalogue import Entry

FEW = 4  # so few are looked at without another question
_INSIDE = frozenset({"house", "care"})


def _inside(entry: Entry) -> bool:
    return _turn(entry) in _INSIDE


def _turn(entry: Entry) -> str:
    """Return at which turn an opening stands: work of the hands outside of home is a workshop's."""
    turn = entry.drawing.turn
    return "works" if turn in HANDS and not entry.at_home else turn


def _short(entry: Entry) -> bool:
    return entry.hours_drawing in {"own-time", "half"}


@dataclass(frozen=True)
class _Question:
    """A question of two answers: a letter and the test an opening passes, for each."""

    words: str
    first: str
    second: str
    is_first: Callable[[Entry], bool]
    asked: Callable[[str], bool]
    drawn: tuple[Drawing, Drawing] | None = None  # else the drawings of the work on each side
    only_many: bool = False


def _questions() -> tuple[_Question, ...]:
    what = _("会做哪样？")
    return (
        _Question(
            _("在哪里做？"), "h", "o", lambda one: one.at_home, lambda way: True,
            (Drawing("home", _("在家做"), ""), Drawing("out", _("出门做"), "")),
        ),
        _Question(what, "a", "b", _inside, lambda way: "o" in way),
        _Question(what, "s", "m", lambda one: _turn(one) == "sewing", lambda way: "h" in way),
        _Question(what, "1", "2", lambda one: _turn(one) == "house", lambda way: "a" in way),
        _Question(what, "3", "4", lambda one: _turn(one) == "street", lambda way: "b" in way),
        _Question(
            _("做多久？"), "d", "f", lambda one: not _short(one), lambda way: True,
            (Drawing("sun", _("一整天"), ""), Drawing("half", _("半天，或者时间自己定"), "")),
            only_many=True,
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One of two pictures: where it leads on the way, its drawings, how many openings it holds."""

    way: str
    drawn: tuple[Drawing, ...]
    count: int

    @property
    def words(self) -> str:
        """What is said of it."""
        return "、".join(one.word for one in self.drawn)


@dataclass(frozen=True)
class Stop:
    """Where somebody stands on the road: a question with two choices, or no question any more."""

    entries: Sequence[Entry]
    words: str = ""
    choices: tuple[Choice, ...] = ()


def stop_at(entries: Iterable[Entry], way: str) -> Stop:
    """Return what is asked next of who came this ``way``, with the openings it leads to.

    Letters that mean nothing are passed over.
    """
    left, known = list(entries), way  # what need not be asked is known all the same
    for question in _questions():
        if not question.asked(known):
            continue
        sides = (
            [one for one in left if question.is_first(one)],
            [one for one in left if not question.is_first(one)],
        )
        letters = (question.first, question.second)
        answered = next((n for n, letter in enumerate(letters) if letter in way), None)
        if answered is not None:
            left = sides[answered]
        elif not all(sides):
            known += letters[0] if sides[0] else letters[1]
        elif not question.only_many or len(left) > FEW:
            return Stop(
                left,
                question.words,
                tuple(
                    Choice(way + letter, _drawn(question, n, side), len(side))
                    for n, (letter, side) in enumerate(zip(letters, sides, strict=True))
                ),
            )
    return Stop(left)


def _drawn(question: _Question, side: int, entries: Sequence[Entry]) -> tuple[Drawing, ...]:
    """Return the drawings of one side: its own, or those of the work on it, the commonest first."""
    if question.drawn:
        return (question.drawn[side],)
    counts: dict[Drawing, int] = {}
    for entry in entries:
        counts[entry.drawing] = counts.get(entry.drawing, 0) + 1
    return tuple(sorted(counts, key=lambda one: -counts[one]))
