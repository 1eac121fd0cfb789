"""Phrases that only name a protected group, and nothing about work."""

import re
from functools import lru_cache

from matching.text.normalise import squeeze

# Sex, marital status, allowance or disability, with nothing else.
_GROUP = re.compile(
    r"(?:我|本人|有|是|持|办了?|领了?|吃|享受|属于)*"
    r"(?:[男女][性人士]?|离异|离婚|丧偶|单亲(?:妈妈|家庭)?|特困(?:户|人员)?|(?:城市|农村)?低保(?:户|证|家庭|人员)?|"
    r"[一二三四1-4]?级?(?:肢体|听力|视力|言语|智力|精神|多重|重度|轻度)?[一二三四1-4]?级?"
    r"(?:伤残|残疾)(?:人|证|人证|证明)?[一二三四1-4]?级?)"
)


@lru_cache(maxsize=65536)
def is_group_label(phrase: str) -> bool:
    """Return whether a phrase only names sex, disability, allowance or marital status.

    >>> is_group_label("有残疾证（二级）"), is_group_label("照顾残疾人")
    (True, False)
    """
    return bool(_GROUP.fullmatch(squeeze(phrase)))
