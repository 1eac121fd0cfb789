"""Whether two phrases speak of the same work: the facts that reasons are told from."""

import re
from functools import lru_cache
from typing import NamedTuple

from matching.skills import vectors as skill_vectors
from matching.text.normalise import squeeze
from matching.text.protected_groups import names_only_a_group
from matching.text.tfidf import terms

# Words that many kinds of work share say nothing about which work it is.
_GENERIC = re.compile(
    r"服务员?|人员|员工|师傅|兼职|全职|招聘|急招|学徒|熟练|普通|临时|小时工|钟点|一名|若干|包吃住|白班|夜班"
)
_GENERIC_WORDS = frozenset(
    terms("part time full job work worker the a an of and for in at to with needed hiring now")
    + terms("seasonal temporary position opportunity shift associate assistant")
)
# A factory hand may do anything: "广东打工十二年" is not minding a machine for being said of one.
NO_SKILL = frozenset({"普工"})
# Share of the shorter phrase's terms that both must hold.
ENOUGH = 0.5
# Both phrases have to be linked this surely to a skill before it counts as shared.
SURE = 0.6


@lru_cache(maxsize=65536)
def core(phrase: str) -> frozenset[str]:
    """Return the telling terms of a phrase, generic words left out unless nothing else is there."""
    kept = frozenset(terms(_GENERIC.sub(" ", phrase))) - _GENERIC_WORDS
    return kept or frozenset(terms(phrase))


class Facts(NamedTuple):
    """What comparing a phrase with others needs."""

    core: frozenset[str]
    # One Chinese character in common (工, 员) is chance; a pair of them or a word is not.
    telling: frozenset[str]
    squeezed: str
    names: frozenset[str]


@lru_cache(maxsize=131072)
def facts(text: str) -> Facts:
    """Return what comparing a phrase with others needs; nothing of one that names a group."""
    if names_only_a_group(text):
        return Facts(frozenset(), frozenset(), "", frozenset())
    terms_ = core(text)
    telling = frozenset(term for term in terms_ if len(term) > 1)
    return Facts(terms_, telling, squeeze(text), skill_vectors.names(text, SURE))


def same_work(a: str, b: str) -> bool:
    """Return whether two phrases speak of the same work, by their words or a known skill.

    >>> same_work("会踩缝纫机", "缝纫工")
    True
    >>> same_work("超市收银", "超市理货员")
    False
    """
    if not a or not b:
        return False
    one, other = facts(a), facts(b)
    return not one.names.isdisjoint(other.names) or _reads_alike(one, other)


def same_skill(held: str, asked: str) -> bool:
    """Return whether a skill held is one asked for, or belongs to the same work."""
    one, other = facts(held), facts(asked)
    return bool((one.names & other.names) - NO_SKILL) or _reads_alike(one, other)


def reads_alike(a: str, b: str) -> bool:
    """Return whether two phrases name the same work in words they share.

    >>> reads_alike("会踩缝纫机", "踩缝纫机"), reads_alike("会踩缝纫机", "锁边工")
    (True, False)
    """
    return _reads_alike(facts(a), facts(b))


def _reads_alike(one: Facts, other: Facts) -> bool:
    if one.telling.isdisjoint(other.telling):
        return bool(one.squeezed) and one.squeezed == other.squeezed
    least = min(len(one.core), len(other.core))
    return len(one.core & other.core) >= ENOUGH * least
