"""The posts as feeds: Atom 1.0 and JSON Feed 1.1. Pure: rows in, text out.

Atom is RFC 4287, with tombstones (RFC 6721) and pages (RFC 5005). An entry's id is a tag: URI
(RFC 4151) made of the post's own ``uid``; it says nothing of the host, so it stays when the
portal moves.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
ATOM_TYPE = "application/atom+xml"
JSON_TYPE = "application/feed+json"
_TAG = "tag:fumin,2026-11-30:"


@dataclass(frozen=True)
class Entry:
    """One post in a feed; ``gone`` is why it was taken back, empty while it stands."""

    uid: str
    url: str
    title: str
    text: str
    author: str
    category: str
    published: datetime
    updated: datetime
    image: str = ""
    gone: str = ""


@dataclass(frozen=True)
class Feed:
    """One page of the feed; ``older`` and ``newer`` are the addresses of its neighbours."""

    uid: str
    title: str
    subtitle: str
    home: str
    address: str
    updated: datetime
    entries: Sequence[Entry]
    older: str = ""
    newer: str = ""


def entry_id(uid: str) -> str:
    """Return the id of a post, the same for ever."""
    return f"{_TAG}post:{uid}"


def moment(at: datetime) -> str:
    """Return a moment by RFC 3339, to the second in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def atom(feed: Feed) -> bytes:
    """Return the feed as Atom 1.0."""
    ET.register_namespace("", ATOM)
    ET.register_namespace("at", TOMBSTONES)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "zh-CN"})
    _add(root, "id", f"{_TAG}posts:{feed.uid}")
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", moment(feed.updated))
    _person(root, feed.title)
    _link(root, "self", feed.address, ATOM_TYPE)
    _link(root, "alternate", feed.home, "text/html")
    if feed.newer:
        _link(root, "previous", feed.newer, ATOM_TYPE)
    if feed.older:
        _link(root, "next", feed.older, ATOM_TYPE)
    for entry in feed.entries:
        _tombstone(root, entry) if entry.gone else _entry(root, entry)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _entry(root: ET.Element, entry: Entry) -> None:
    element = _add(root, "entry")
    _add(element, "id", entry_id(entry.uid))
    _add(element, "title", entry.title)
    _add(element, "updated", moment(entry.updated))
    _add(element, "published", moment(entry.published))
    _person(element, entry.author)
    _link(element, "alternate", entry.url, "text/html")
    if entry.image:
        _link(element, "enclosure", entry.image, "image/jpeg")
    _add(element, "category").set("term", entry.category)
    _add(element, "content", entry.text).set("type", "text")


def _tombstone(root: ET.Element, entry: Entry) -> None:
    attributes = {"ref": entry_id(entry.uid), "when": moment(entry.updated)}
    element = ET.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", attributes)
    ET.SubElement(element, f"{{{TOMBSTONES}}}comment").text = entry.gone


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = text
    return element


def _link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    attributes = {"rel": rel, "type": kind, "href": href}
    ET.SubElement(parent, f"{{{ATOM}}}link", attributes)


def _person(parent: ET.Element, name: str) -> None:
    _add(_add(parent, "author"), "name", name)


def json_feed(feed: Feed) -> str:
    """Return the feed as JSON Feed 1.1, which has no tombstones: what is taken back is left out."""
    content: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "language": "zh-CN",
        "authors": [{"name": feed.title}],
        "items": [_item(entry) for entry in feed.entries if not entry.gone],
    }
    if feed.older:
        content["next_url"] = feed.older
    return json.dumps(content, ensure_ascii=False)


def _item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry_id(entry.uid),
        "url": entry.url,
        "title": entry.title,
        "content_text": entry.text,
        "date_published": moment(entry.published),
        "date_modified": moment(entry.updated),
        "authors": [{"name": entry.author}],
        "tags": [entry.category],
        "language": "zh-CN",
    }
    return {**item, "image": entry.image} if entry.image else item
