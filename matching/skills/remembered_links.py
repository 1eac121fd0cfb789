"""The best links of texts, remembered by content between runs."""

from collections.abc import Sequence
from typing import Final

import orjson

from matching.skills.linker import Link, SkillLinker
from matching.skills.version import tables_version
from matching.utils.stored_cache import Stored, StoredCache

# Links kept of each text.
TOP: Final = 4
_MAX_REMEMBERED: Final = 131072

Links = tuple[Link, ...]


def link_remembered(texts: Sequence[str]) -> list[Links]:
    """Return up to ``TOP`` links of every text, best first, as the linker over ``data/`` does."""
    return _remembered.get(texts)


def _link(texts: Sequence[str]) -> list[Links]:
    return [tuple(links) for links in SkillLinker.default().link_many(texts, TOP)]


def _encode(links: Links) -> bytes:
    return orjson.dumps([(link.name, link.code, link.score) for link in links])


def _decode(raw: bytes) -> Links:
    return tuple(Link(*one) for one in orjson.loads(raw))


_remembered: StoredCache[Links] = StoredCache(
    _MAX_REMEMBERED, _link, Stored("links", tables_version, _encode, _decode)
)
