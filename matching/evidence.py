"""Whether two phrases speak of the same work: the facts that reasons are told from."""

import re
from functools import lru_cache

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


def _reads_alike(a: str, b: str) -> bool:
    ours, theirs = core(a), core(b)
    shared = ours & theirs
    # One Chinese character in common (工, 员) is chance; a pair of them or a word is not.
    if not any(len(term) > 1 for term in shared):
        return bool(squeeze(a)) and squeeze(a) == squeeze(b)
    return len(shared) >= ENOUGH * min(len(ours), len(theirs))


@lru_cache(maxsize=262144)
def same_work(a: str, b: str) -> bool:
    """Return whether two phrases speak of the same work, by their words or a known skill.

    >>> same_work("会踩缝纫机", "缝纫工")
    True
    >>> same_work("超市收银", "超市理货员")
    False
    """
    if not a or not b:
        return False
    return _reads_alike(a, b) or bool(links.names(a, SURE) & links.names(b, SURE))
