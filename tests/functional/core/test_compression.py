"""What is sent is compressed, files are kept by their digest, and lengths tell nobody anything."""

import gzip
import re
import shutil

import pytest

from tests.factories import make_account, make_opening
from webapp.core import static_files
from webapp.core.security import HEADERS
from webapp.ops import navigation

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = one_database  # nothing here asks it much
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def unpacked(response):
    assert response.headers["Content-Encoding"] == "gzip"
    assert int(response.headers["Content-Length"]) == len(response.data)
    return gzip.decompress(response.data)


@pytest.mark.parametrize("path", ["/", "/openings/", "/openings/99999", "/api/v1/openings"])
def test_pages_are_compressed_and_say_the_same(client, write, path):
    with write() as session:
        for n in range(3):
            make_opening(session, title=f"洗碗工{n}")
    client.get(path)  # the session is there before both
    plain, packed = client.get(path), client.get(path, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert plain.status_code == packed.status_code
    same = without_tokens(unpacked(packed)) == without_tokens(plain.data)
    assert same  # no comparison is printed: a page is one long line
    assert len(packed.data) < len(plain.data) / 2
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.vary
        assert set(HEADERS) <= set(answer.headers.keys())


def without_tokens(page):
    """Leave out what is made anew for each answer."""
    return re.sub(rb'name="csrf_token"[^>]*>|<updated>[^<]*</updated>|[0-9a-f]{8,}', b"", page)


def test_what_is_small_or_no_text_goes_as_it_is(client, write):
    with write() as session:
        opening = make_opening(session)
    for path in ("/healthz", f"/openings/{opening.id}/preview.png"):
        assert "Content-Encoding" not in client.get(path, headers=GZIP).headers
    refused = client.get("/", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers
    head = client.head("/", headers=GZIP)
    assert head.status_code == 200
    assert head.data == b""


@pytest.mark.parametrize(
    ("site", "compressed"),
    [
        (None, True),
        ("none", True),
        ("same-origin", True),
        ("cross-site", False),
        ("same-site", False),
    ],
)
def test_another_site_learns_nothing_from_lengths(client, sign_in, write, site, compressed):
    """BREACH needs compressed answers, with the session, to requests that another site makes."""
    with write() as session:
        account = make_account(session)
    browser = sign_in(account)
    headers = {**GZIP, **({"Sec-Fetch-Site": site} if site else {})}
    answer = browser.get("/openings/?q=guess", headers=headers)
    assert ("Content-Encoding" in answer.headers) is compressed
    fresh = client.application.test_client()  # without a session there is nothing to learn
    assert "Content-Encoding" in fresh.get("/openings/?q=guess", headers=headers).headers


def addresses(page):
    """Return the addresses of the interface's files on a page."""
    return sorted(set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page.get_data(as_text=True))))


def test_files_are_fetched_once_and_for_all(client):
    found = addresses(client.get("/"))
    assert {"fumin.css", "bootstrap.min.css", "fumin.js", "icons.svg"} <= {
        one.split("?")[0].rpartition("/")[2] for one in found
    }
    for address in found:
        answer = client.get(address, headers=GZIP)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Cookie" not in answer.vary  # or each new cookie fetched it again
        assert "Set-Cookie" not in answer.headers
        if answer.mimetype != "image/png" and len(answer.data) > 600:
            assert gzip.decompress(answer.data) == client.get(address).data
        tag = answer.headers["ETag"]
        assert client.get(address, headers={**GZIP, "If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("version", ["", "?v=", "?v=0123456789", "?v=%00", "?v=../../etc/passwd"])
def test_a_file_by_another_name_is_not_kept(client, version):
    answer = client.get(f"/static/fumin.css{version}")
    assert answer.status_code in {200, 400}
    assert "immutable" not in answer.headers.get("Cache-Control", "")
    assert client.get(f"/static/nothing.css{version}").status_code in {400, 404}


def test_a_changed_file_has_another_address(client, app, tmp_path, monkeypatch):
    before = addresses(client.get("/"))
    folder = tmp_path / "static"
    shutil.copytree(app.static_folder, folder)
    for file in folder.rglob("*.*"):
        file.write_bytes(file.read_bytes() + b"\n")
    monkeypatch.setattr(app, "static_folder", str(folder))
    for module, name in ((static_files, "_icon"), (navigation, "_drawn")):
        monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)  # as after a start
    after = addresses(client.get("/openings/"))
    assert {one.split("?")[0] for one in after} == {one.split("?")[0] for one in before}
    assert not set(after) & set(before)


def test_a_session_is_kept_all_the_same(client):
    client.get("/openings/?kind=course")
    assert client.get_cookie("fumin") is not None
