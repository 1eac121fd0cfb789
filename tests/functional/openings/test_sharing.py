"""An opening handed on: link with a preview, text for a group, code to scan, slip of paper."""

import io
import re
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.factories import make_employer, make_opening
from tests.functional.pages import text
from tests.functional.training import world as courses
from tests.functional.ventures import world as stalls
from webapp.core import clock, preview
from webapp.core.vocabulary import Kind
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

META = re.compile(r'<meta property="(og:[^"]+)" content="([^"]*)">')


def shared(page):
    """Return the text that may be pasted into a chat."""
    return re.search(r'id="share-text"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1]


def test_a_link_shows_what_it_leads_to(client, write):
    with write() as session:
        employer = make_employer(session, name='重庆"暖邻"家政')
        opening = make_opening(session, title="保洁<员>", employer_id=employer.id)
    # Behind a proxy that ends TLS the address is the one people type.
    answer = client.get(f"/openings/{opening.id}", base_url="https://fumin.example")
    page = answer.get_data(as_text=True)
    found = dict(META.findall(page))
    address = f"https://fumin.example/openings/{opening.id}"
    assert found["og:url"] == address
    assert f'<link rel="canonical" href="{address}">' in page
    assert found["og:image"] == f"{address}/preview.png"
    assert found["og:title"].startswith("保洁&lt;员&gt; · 2,800")
    assert "&#34;暖邻&#34;家政" in found["og:description"]
    assert "http" not in found["og:description"]
    picture = client.get(urlsplit(found["og:image"]).path)
    assert picture.mimetype == "image/png"
    size = tuple(int(found[f"og:image:{side}"]) for side in ("width", "height"))
    assert Image.open(io.BytesIO(picture.data)).size == size == (1200, 630)
    tag = picture.headers["ETag"]
    again = client.get(f"/openings/{opening.id}/preview.png", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_the_preview_needs_no_font(monkeypatch, client, write):
    monkeypatch.setattr(preview, "FONTS", ())
    preview.font_path.cache_clear()
    with write() as session:
        opening = make_opening(session)
    try:
        assert client.get(f"/openings/{opening.id}/preview.png").data.startswith(b"\x89PNG")
    finally:
        preview.font_path.cache_clear()


def test_the_text_for_a_group_says_what_decides(write, people, client):
    maker, desk, employer = people
    with write() as session:
        opening = make_opening(
            session,
            title="洗碗工",
            employer_id=employer.id,
            hours=[
                {"days": "1234567", "start": "07:00", "end": "09:00"},
                {"days": "1234567", "start": "18:00", "end": "20:00"},
            ],
        )
        draft = make_opening(
            session, employer_id=employer.id, state=OpeningState.DRAFT, published_at=None
        )
        stall = make_opening(session, kind=Kind.VENTURE, title="水果摊位")
    texts = {
        shared(text(browser.get(address)))
        for browser, address in (
            (client, f"/openings/{opening.id}"),
            (maker, f"/employer/openings/{opening.id}"),
            (desk, f"/staff/openings/{opening.id}"),
        )
    }
    [words] = texts  # whoever posts it, it is the same
    lines = words.splitlines()
    assert lines[0] == "【招聘岗位】洗碗工"
    assert "2,800–3,200 元/月" in lines
    assert "每天 07:00–09:00、18:00–20:00" in lines
    assert lines[-1].endswith(f"前报名，不收钱：http://localhost/openings/{opening.id}")
    for browser, address in ((maker, "/employer/openings"), (desk, "/staff/openings")):
        assert "share-text" not in text(browser.get(f"{address}/{draft.id}"))
    assert "不收钱" not in shared(text(client.get(f"/openings/{stall.id}")))  # it has a rent


@pytest.mark.parametrize("kind", [Kind.COURSE, Kind.VENTURE])
def test_a_course_and_a_stall_are_handed_on_from_their_own_pages(app, db, client, write, kind):
    course = kind is Kind.COURSE
    frozen_at = courses.NOON if course else stalls.NOON
    with clock.frozen(frozen_at):
        if course:
            world = courses.make_world(app, db)
            path = f"/training/{world.course_id}"
        else:
            world = stalls.make_world(app, db)
            path = f"/ventures/{world.venture_id}"
        page = text(client.get(path))
        words = shared(page).splitlines()
        found = dict(META.findall(page))
        assert words[-1].endswith(f"：http://localhost{path}")
        assert "不收钱" not in words[-1]
        assert found["og:url"] == f"http://localhost{path}"
        assert found["og:title"].startswith(words[0].partition("】")[2])
        assert "http" not in found["og:description"]
        leads = [urlsplit(found["og:image"]).path]
        leads += re.findall(r'(?:src|href)="([^"]+(?:code\.svg|/slip))"', page)
        assert len(leads) == 3
        assert {client.get(one).status_code for one in leads} == {200}
        opening_id = int(leads[0].split("/")[2])
        with write() as session:  # what is over is not handed on
            session.get_one(Opening, opening_id).valid_until = frozen_at.date().replace(year=2020)
        assert "share-text" not in text(client.get(path))


def test_a_code_holds_the_public_address_alone(write, people, client):
    """What a signed-in reader scans out is what everybody would: no list, no name."""
    _maker, desk, _employer = people
    with write() as session:
        opening = make_opening(session)
        draft = make_opening(session, state=OpeningState.DRAFT, published_at=None)
    client.get("/openings/?q=secret")
    codes = {
        browser.get(f"/openings/{opening.id}/code.svg{query}").data
        for browser in (client, desk)
        for query in ("", "?next=/me/")
    }
    [code] = codes
    assert code.startswith(b"<svg")
    assert b"style=" not in code
    page = text(client.get(f"/openings/{opening.id}"))
    assert f'src="/openings/{opening.id}/code.svg"' in page
    for name in ("code.svg", "preview.png"):
        assert client.get(f"/openings/{draft.id}/{name}").status_code == 404


def test_the_slip_is_a_sheet_of_a6_with_a_big_code(client, write):
    with write() as session:
        employer = make_employer(session, name="重庆暖邻家政服务有限公司")
        opening = make_opening(session, employer_id=employer.id)
    page = text(client.get(f"/openings/{opening.id}/slip"))
    assert 'class="paper-a6"' in page
    for words in ("2,800–3,200 元/月", "重庆暖邻家政服务有限公司", f"编号 {opening.id}"):
        assert words in page
    assert "怎么去" not in page


@pytest.mark.parametrize(
    ("place", "address", "words"),
    [
        ("重庆市/九龙坡区/华岩镇/华龙家园", "华龙家园3栋", "华岩镇，华龙家园3栋"),
        ("重庆市/九龙坡区/华岩镇/华龙家园", "社区菜市场", "华岩镇 华龙家园，社区菜市场"),
        ("重庆市/九龙坡区/华岩镇", "", "九龙坡区 华岩镇"),
        ("", "石坪桥横街8号", "石坪桥横街8号"),
        ("重庆", "重庆北站", "重庆北站"),
    ],
)
def test_a_place_is_said_once(client, write, place, address, words):
    with write() as session:
        opening = make_opening(session, place=place, address=address)
    page = text(client.get(f"/openings/{opening.id}"))
    assert f"<dt>地点</dt>\n    <dd>{words}</dd>" in page
