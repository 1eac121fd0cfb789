"""A query understood: what was likely meant by its letters, its conditions, its other words."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from matching.search.concepts import Asked, all_concepts, split_concepts
from matching.search.spelling import Spelling
from matching.text.normalise import normalise, squeeze
from matching.text.segmentation import strip_fillers

MAX_CHARS: Final = 100  # a longer query is cut
_PARTICLES: Final = re.compile(
    "(?:想要?|想找|要|找|帮|有没有|有没得|哪里有)?(.+?)(?:的|吗|嘛|啊|呀|哦|不)*"
)


class Query(NamedTuple):
    """A query understood.

    Attributes
    ----------
    meant : str
        The query in likely Chinese.
    asked : list of Asked
        Its conditions, in an order of their own.
    words : list of str
        What is left of it, sorted: the order of words makes no difference.
    """

    meant: str
    asked: list[Asked]
    words: list[str]

    @property
    def is_empty(self) -> bool:
        return not self.asked and not self.words


@lru_cache(maxsize=1)
def concept_names() -> tuple[str, ...]:
    """Return the everyday names of all conditions, for spelling."""
    return tuple(name for concept in all_concepts() for name in concept.names)


def understand_query(text: str, spelling: Spelling) -> Query:
    """Understand a query with the words that are there to be found."""
    parts = _parts(normalise(text[:MAX_CHARS]))
    joined = squeeze("".join(parts))
    if len(parts) > 1 and joined.isascii() and spelling.meant(joined) != joined:
        parts = [joined]  # pinyin with spaces between the syllables
    meant = list(dict.fromkeys(_meant(squeeze(part), spelling) for part in parts))
    asked, rest = split_concepts(" ".join(meant))
    words = [_bare(part) for part in _parts(rest)]
    kept = {word for word in words if len(word) > 1 or (word and not asked)}
    return Query(" ".join(meant), asked, sorted(kept))


def _meant(part: str, spelling: Spelling) -> str:
    """Return a part as it is where it asks a condition, else the word that was likely meant."""
    asked, rest = split_concepts(part)
    return part if asked and len(rest.strip()) < 2 else spelling.meant(part)


def _bare(part: str) -> str:
    stripped = strip_fillers(part)
    found = _PARTICLES.fullmatch(stripped)
    return found[1] if found and len(found[1]) > 1 else stripped


def _parts(text: str) -> list[str]:
    kept = "".join(char if char.isalnum() else " " for char in text)
    return kept.split()


def name_texts(texts: Iterable[str]) -> list[str]:
    """Return names of openings and of conditions, for :class:`Spelling`."""
    return [*texts, *concept_names()]
