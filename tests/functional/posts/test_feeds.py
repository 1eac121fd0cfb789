"""The feeds, read by a parser of somebody else's and held against what the standards require."""

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import feedparser
import pytest

from tests.forms import press
from tests.functional.pages import text
from tests.functional.posts import world as made
from tests.functional.posts.world import World, picture
from webapp.core import clock
from webapp.posts.models import Post

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.LOCAL)
ATOM = "{http://www.w3.org/2005/Atom}"
GONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}-\d\d-\d\d:[\w:]+")


@pytest.fixture
def world(db, write, sign_in) -> World:
    return made.make_world(db, write, sign_in)


def atom(client, url="/feed.atom"):
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    assert_rfc_4287(answer.data)
    parsed = feedparser.parse(answer.data)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    return answer, parsed


def assert_rfc_4287(data: bytes) -> None:
    """What RFC 4287 requires of a feed (4.1.1) and of an entry (4.1.2)."""
    root = ET.fromstring(data)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert TAG.fullmatch(element.findtext(f"{ATOM}id"))
        assert RFC_3339.fullmatch(element.findtext(f"{ATOM}updated"))
        assert element.find(f"{ATOM}author/{ATOM}name") is not None
        links = [(one.get("rel"), one.get("type")) for one in element.findall(f"{ATOM}link")]
        assert len(links) == len(set(links))
        assert all(one.get("href") for one in element.findall(f"{ATOM}link"))
    assert [one.get("rel") for one in root.findall(f"{ATOM}link")][:1] == ["self"]
    ids = [one.findtext(f"{ATOM}id") for one in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    for entry in root.findall(f"{ATOM}entry"):
        assert len(entry.findall(f"{ATOM}content")) == 1
        assert entry.find(f"{ATOM}content").get("type") == "text"
        alternate = [one for one in entry.findall(f"{ATOM}link") if one.get("rel") == "alternate"]
        assert len(alternate) == 1


def items(client, url="/feed.json"):
    """What JSON Feed 1.1 requires, and the items."""
    answer = client.get(url)
    assert answer.mimetype == "application/feed+json"
    feed = json.loads(answer.data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for item in feed["items"]:
        assert TAG.fullmatch(item["id"])
        assert item["content_text"]
        assert RFC_3339.fullmatch(item["date_modified"])
    return feed


def test_an_empty_feed_is_a_feed(client, db):
    _answer, parsed = atom(client)
    assert parsed.entries == []
    assert items(client)["items"] == []


def test_both_feeds_hold_what_everybody_reads(world, client):
    evil = "<b>粗</b> & ]]> \ufffe \u0085 🐟第一条。后面还有。"
    first = world.written(text=evil, photo=picture(), photo_alt="鱼")
    world.written(step="save", text="草稿，谁也看不到。")
    second = world.written(text="第二条。")
    _answer, parsed = atom(client)
    newest, entry = parsed.entries
    assert newest.title == "第二条。"
    assert "🐟第一条" in entry.content[0].value
    assert "\ufffe" not in entry.content[0].value
    assert entry.link == f"http://localhost/posts/{first.id}"
    assert entry.enclosures[0].type == "image/jpeg"
    assert entry.author == "富民支部"
    assert "草稿" not in str(parsed)
    feed = items(client)
    assert [one["id"] for one in feed["items"]] == [one.id for one in parsed.entries]
    assert "image" in feed["items"][1]
    assert feed["items"][0]["url"].endswith(f"/posts/{second.id}")
    # The id says nothing of the host, so it stays when the portal moves.
    moved = feedparser.parse(client.get("/feed.atom", base_url="https://fumin.example").data)
    assert [one.id for one in moved.entries] == [one.id for one in parsed.entries]
    assert moved.feed.id == parsed.feed.id
    assert moved.entries[0].link.startswith("https://fumin.example/")


def test_a_correction_updates_and_a_retraction_leaves_a_tombstone(world, client):
    with clock.frozen(NOON):
        kept, gone = world.written(text="留着的。"), world.written(text="要撤的。")
        before = atom(client)[1]
    with clock.frozen(NOON + timedelta(hours=2)):
        press(world.desk, f"/staff/posts/{kept.id}/correct", text="留着的，改了。", why="改一个字")
        press(world.desk, f"/staff/posts/{gone.id}/retract", reason="办不成 <了>")
        answer, after = atom(client)
    (entry,) = after.entries
    old = next(one for one in before.entries if one.title == "留着的。")
    assert entry.id == old.id
    assert entry.published == old.published
    assert entry.updated == "2026-11-24T06:00:00Z"
    assert after.feed.updated == entry.updated
    assert "更正过" in entry.content[0].value
    (stone,) = ET.fromstring(answer.data).findall(GONE)
    assert stone.get("ref") in {one.id for one in before.entries}
    assert stone.get("when") == "2026-11-24T06:00:00Z"
    assert stone[0].text == "办不成 <了>"
    assert "要撤的" not in text(answer)
    assert [one["id"] for one in items(client)["items"]] == [entry.id]


@pytest.mark.parametrize("url", ["/feed.atom", "/feed.json"])
def test_who_asks_again_is_told_that_nothing_changed(world, client, url):
    with clock.frozen(NOON):
        post = world.written()
    first = client.get(url)
    etag, day = first.headers["ETag"], first.headers["Last-Modified"]
    for known in ({"If-None-Match": etag}, {"If-Modified-Since": day}):
        again = client.get(url, headers=known)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == etag
    with clock.frozen(NOON + timedelta(minutes=1)):
        press(world.desk, f"/staff/posts/{post.id}/correct", text="改了。", why="改")
    for known in ({"If-None-Match": etag}, {"If-Modified-Since": day}):
        assert client.get(url, headers=known).status_code == 200
    both = {"If-None-Match": '"x"', "If-Modified-Since": "Tue, 24 Nov 2099 00:00:00 GMT"}
    assert client.get(url, headers=both).status_code == 200


def test_a_long_feed_comes_in_pages(world, client):
    world.written()
    with world.write() as session:
        own = world.rows()[0].model_dump(exclude={"id", "uid"})
        session.add_all(Post(**own, uid=f"{n:032d}") for n in range(24))
    first = atom(client)[1]
    assert len(first.entries) == 20
    links = {one.rel: one.href for one in first.feed.links}
    second = atom(client, links["next"])[1]
    assert len(second.entries) == 5
    assert not {one.id for one in first.entries} & {one.id for one in second.entries}
    feed = items(client)
    assert len(items(client, feed["next_url"])["items"]) == 5
    for strange in ("-1", "x", "9" * 30, "99"):
        assert client.get(f"/feed.atom?page={strange}").status_code == 200


def test_pages_say_where_the_feeds_are(client, db):
    page = text(client.get("/posts/"))
    assert 'type="application/atom+xml"' in page
    assert 'type="application/feed+json"' in page
