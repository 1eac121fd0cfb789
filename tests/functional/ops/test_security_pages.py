"""security.txt, and the reports of browsers about what the pages' policy refused."""

import json
import logging
from dataclasses import replace
from datetime import datetime

import pytest

from webapp.core import clock
from webapp.core.settings import SettingsError, from_environment

PATH = "/csp-reports"


def report(client, body, kind="application/csp-report"):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(PATH, data=data, content_type=kind)


def test_where_to_tell_of_a_hole(app, client, settings, monkeypatch):
    def fields():
        page = client.get("/.well-known/security.txt")
        assert page.mimetype == "text/plain"
        return dict(line.split(": ", 1) for line in page.get_data(as_text=True).splitlines())

    told = fields()
    assert client.get(told["Contact"]).status_code == 200
    assert client.get(told["Canonical"]).status_code == 200
    ends = datetime.fromisoformat(told["Expires"])
    assert 90 < (ends - clock.now()).days < 365
    named = replace(settings, security_contact="mailto:safe@example.org")
    monkeypatch.setitem(app.extensions, "settings", named)
    assert fields()["Contact"] == "mailto:safe@example.org"


@pytest.mark.parametrize(
    "wrong", ["safe@example.org", "http://x", "mailto:a\nExpires: 1", "mailto:张"]
)
def test_a_contact_that_nobody_can_follow_stops_the_program(wrong, monkeypatch, tmp_path):
    monkeypatch.setenv("FUMIN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FUMIN_DEMO", "1")
    monkeypatch.setenv("FUMIN_SECURITY_CONTACT", wrong)
    with pytest.raises(SettingsError, match="FUMIN_SECURITY_CONTACT"):
        from_environment()


def test_what_a_page_refused_is_logged_without_its_address(client, caplog):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert f"report-uri {PATH}" in policy
    told = {
        "document-uri": "http://localhost/feedback/SECRET-CODE",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?who=陈桂芳",
    }
    with caplog.at_level(logging.WARNING):
        assert report(client, {"csp-report": told}).status_code == 204
    (line,) = [one.getMessage() for one in caplog.records if one.name.endswith("security_pages")]
    assert line.endswith("script-src-elem of https://evil.example on tickets.follow")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"csp-report": 1}', b"\xff\xfe", b"[" * 10_000, b"x" * 20_000]
)
def test_a_report_that_is_none_is_refused(client, caplog, body):
    assert report(client, body).status_code == 400
    assert not [one for one in caplog.records if one.name.endswith("security_pages")]


def test_what_strangers_write_stays_out_of_the_log(client, caplog):
    told = {
        "document-uri": "http://[",
        "effective-directive": "x\nERROR all is lost",
        "blocked-uri": "javascript://\x1b[31m/",
    }
    with caplog.at_level(logging.WARNING):
        assert report(client, {"csp-report": told}).status_code == 204
    line = caplog.records[-1].getMessage()
    assert line.isprintable()
    assert "lost" not in line


def test_one_address_is_heard_thirty_times_an_hour(client):
    told = {"csp-report": {"effective-directive": "img-src", "blocked-uri": "inline"}}
    assert {report(client, told).status_code for _ in range(30)} == {204}
    assert report(client, told).status_code == 429


def test_over_https_browsers_come_back_over_https(app, client, monkeypatch):
    assert "Strict-Transport-Security" not in client.get("/").headers  # as the demo
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    headers = client.get("/").headers
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
