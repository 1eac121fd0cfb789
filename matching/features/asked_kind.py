"""Which kind of opening a seeker's words ask for: to learn, a stall of one's own, work at home.

Somebody who names a trade wants the job; the course in it, or the shop, only when they say so.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from matching.records import Kind, Seeker
from matching.text.tfidf import is_chinese
from matching.utils.array_types import Float32Array

_ASKED: Final = {
    Kind.COURSE: re.compile(
        r"学(?![校生历堂过])|培训|考证|考个|拿个?[本证]|发个?[本证]|有人教|头教|从零|入门|上课"
    ),
    Kind.VENTURE: re.compile(
        r"开[个一家间]{0,2}.{0,4}[店馆铺摊]|摆.{0,2}摊|自己(?:做老板|干|开|卖|当|煮|弄|整)|盘[个一家下]|门面"
        r"|当老板|创业|加盟|生意|摊子|团长|小台子"
    ),
    Kind.PIECEWORK: re.compile(
        r"在家|在屋|拿[^，,]{0,6}回|领(?!.{0,2}(?:小|娃|孩|老|人|崽)).{0,4}回|带回|屋头[做弄]|计件|外发|手工活|走不开"
    ),
}
_UNLESS_ASKED: Final = (Kind.COURSE, Kind.VENTURE)


def asked_kinds(seekers: Sequence[Seeker], kinds: Sequence[Kind]) -> Float32Array:
    """Return whether a seeker asks for each kind, shape (n_seekers, n_kinds).

    1 where the words of wishes and skills ask for it, -1 for a course or a venture they do not
    ask for, else 0; 0 throughout for seekers who say nothing in Chinese.
    """
    table = np.zeros((len(seekers), len(kinds)), dtype=np.float32)
    for row, seeker in enumerate(seekers):
        said = "，".join((*seeker.wanted, *seeker.skills))
        if not is_chinese(said):
            continue
        for column, kind in enumerate(kinds):
            if kind in _ASKED and _ASKED[kind].search(said):
                table[row, column] = 1.0
            elif kind in _UNLESS_ASKED:
                table[row, column] = -1.0
    return table
