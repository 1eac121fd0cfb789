"""Whether two phrases speak of the same work: the facts that reasons are told from."""

import re
from functools import lru_cache
from typing import NamedTuple

from matching import links
from matching.text import squeeze
from matching.wording import terms

# Words that many kinds of work share say nothing about which work it is.
_GENERIC = re.compile(
    r"服务员?|人员|员工|师傅|兼职|全职|招聘|急招|学徒|熟练|普通|临时|小时工|钟点|一名|若干|包吃住|白班|夜班"
)
_GENERIC_WORDS = frozenset(
    terms("part time full job work worker the a an of and for in at to with needed hiring now")
    + terms("seasonal temporary position opportunity shift associate assistant")
)
# Share of the shorter phrase's terms that both must hold.
ENOUGH = 0.5
# Both phrases have to be linked this surely to a skill before it counts as shared.
SURE = 0.6


@lru_cache(maxsize=65536)
def core(phrase: str) -> frozenset[str]:
    """Return the telling terms of a phrase, generic words left out unless nothing else is there."""
    kept = frozenset(terms(_GENERIC.sub(" ", phrase))) - _GENERIC_WORDS
    return kept or frozenset(terms(phrase))


class _Phrase(NamedTuple):
    """What comparing a phrase with others needs."""

    core: frozenset[str]
    # One Chinese character in common (工, 员) is chance; a pair of them or a word is not.
    telling: frozenset[str]
    squeezed: str
    names: frozenset[str]


@lru_cache(maxsize=131072)
def _phrase(text: str) -> _Phrase:
    terms_ = core(text)
    telling = frozenset(term for term in terms_ if len(term) > 1)
    return _Phrase(terms_, telling, squeeze(text), links.names(text, SURE))


def same_work(a: str, b: str) -> bool:
    """Return whether two phrases speak of the same work, by their words or a known skill.

    >>> same_work("会踩缝纫机", "缝纫工")
    True
    >>> same_work("超市收银", "超市理货员")
    False
    """
    if not a or not b:
        return False
    one, other = _phrase(a), _phrase(b)
    if not one.names.isdisjoint(other.names):
        return True
    if one.telling.isdisjoint(other.telling):
        return bool(one.squeezed) and one.squeezed == other.squeezed
    least = min(len(one.core), len(other.core))
    return len(one.core & other.core) >= ENOUGH * least
