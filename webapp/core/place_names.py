"""Places as people write them → place paths: 安徽省 - 合肥市, 重庆九龙坡华岩, 沙坪坝区."""

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).resolve().parents[2] / "data" / "places.csv"
_LONGEST_PART = 20
_MOST_PARTS = 5
_ANYWHERE = re.compile(r"不限|全国.*|各地|多地|就近(?:分配|安排)?|面议")
_SLASHES = re.compile(r"\s*[/\\>|·]+\s*")
# A dash parts a path, but not 2-1-501.
_DASHES = re.compile(r"\s+[-–—]+\s+|(?<=[^\x00-\x7f])\s*[-–—]+\s*(?=[^\x00-\x7f])")
_LEVEL_WORD = re.compile(r"(?<=..)(?:省|市|(?<!园)(?<!小)(?<!社)区|县|镇|乡|街道)$")
_MUNICIPALITY = re.compile(r"(北京|上海|天津|重庆)市?")
# From broad to narrow: province, city, district, town.
_STEPS = (
    re.compile(r".{2,8}?(?:省|自治区)"),
    re.compile(r".{2,6}?(?:市|自治州|地区|盟)"),
    re.compile(r".{1,7}?(?:(?<!小)(?<!社)(?<!园)(?<!业)区|县|旗|市)"),
    re.compile(r".{2,8}?(?:街道|镇|乡)(?!道)"),
)
_STREET = re.compile(r"[路街巷道号]|\d")


class FoundPlace(NamedTuple):
    """A place path, and the words that are narrower than it."""

    path: str
    address: str


def read_place(text: str) -> FoundPlace:
    """Return where a text says the work is; nothing for 不限.

    >>> read_place("安徽省 - 合肥市").path, read_place("九龙坡区华岩镇").path
    ('安徽省/合肥市', '重庆市/九龙坡区/华岩镇')
    """
    text = unicodedata.normalize("NFKC", text).strip().strip("-—/ ")
    if not text or _ANYWHERE.fullmatch(text):
        return FoundPlace("", "")
    parts = [part.strip() for part in _split(text) if part.strip()]
    if len(parts) == 1:
        parts = _cut(parts[0])
    path, rest = _walk(parts)
    while rest and len(path) < _MOST_PARTS and _is_name(rest[0]):
        path.append(rest.pop(0))
    address = text if rest or any("/" in part for part in path) else ""
    return FoundPlace("/".join(part.replace("/", "") for part in path)[:120], address[:120])


def _split(text: str) -> list[str]:
    if _SLASHES.search(text):
        return _SLASHES.split(text)
    if _DASHES.search(text):
        return _DASHES.split(text)
    spaced = text.split()
    return spaced if all(_is_name(part) for part in spaced) else [text.replace(" ", "")]


def _is_name(part: str) -> bool:
    return len(part) <= _LONGEST_PART and not _STREET.search(re.sub(r"街道$", "", part))


def _cut(text: str) -> list[str]:
    """Cut words without any sign between them at the names of levels."""
    parts: list[str] = []
    steps = list(_STEPS)
    found = _MUNICIPALITY.match(text)
    if found:
        parts.append(f"{found[1]}市")
        text, steps = text[found.end() :], steps[2:]
    for step in steps:
        found = step.match(text)
        if found:
            parts.append(found[0])
            text = text[found.end() :]
    if text and not parts:
        known = _longest_known(text)
        if known and known != text:
            return [known, text[len(known) :]]
    return [*parts, text] if text else parts


def _longest_known(text: str) -> str | None:
    """Return the longest name the text begins with; 九龙 alone is no town in 九龙园区."""
    names = _anywhere()
    starts = (text[:n] for n in range(len(text), 1, -1))
    return next(
        (name for name in starts if name in names and (len(names[name]) < 3 or len(name) > 2)),
        None,
    )


def _walk(parts: list[str]) -> tuple[list[str], list[str]]:
    """Return the path the parts lead to in the table, and the parts beyond it."""
    path: tuple[str, ...] = ()
    rest = list(parts)
    if rest and rest[0] not in _children().get((), {}):
        path = _anywhere().get(rest[0], ())
        rest = rest[1:] if path else rest
    while rest:
        below = _children().get(path, {})
        known = next((name for name in below if len(name) > 2 and rest[0].startswith(name)), None)
        name = rest[0] if rest[0] in below else known
        if name is None:
            break
        path = below[name]
        rest[0] = rest[0][len(name) :]
        rest = [part for part in rest if part]
    return list(path), rest


@cache
def _children() -> dict[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Return, for each path of the table, its children by all their names."""
    tree: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {}
    for path, names in _table():
        below = tree.setdefault(path[:-1], {})
        for name in names:
            below.setdefault(name, path)
    return tree


@cache
def _anywhere() -> dict[str, tuple[str, ...]]:
    """Return the paths that one name alone tells, ambiguous names left out."""
    found: dict[str, tuple[str, ...]] = {}
    twice: set[str] = set()
    for path, names in sorted(_table(), key=lambda item: len(item[0])):
        for name in names:
            # A district is meant before a town of the same name.
            if name in found and len(found[name]) == len(path) and found[name] != path:
                twice.add(name)
            found.setdefault(name, path)
    return {name: path for name, path in found.items() if name not in twice}


@cache
def _table() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = []
    for row in rows:
        path = tuple(row["path"].split("/"))
        names = [path[-1], _LEVEL_WORD.sub("", path[-1]), *row["aliases"].split("|")]
        table.append((path, tuple(dict.fromkeys(name for name in names if name))))
    return table
