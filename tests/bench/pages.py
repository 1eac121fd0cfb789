"""Whole pages a second: the portal's busiest lists against a bare Flask + SQL + Jinja page.

The peer reads 20 rows of the same table with plain SQL through the same driver and renders
them with the same fields in a bare template: no accounts, no rights, no words, no layout.
Both are called through WSGI in one process, by turns, on the demo community.
"""

import logging
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.bench import large_community
from tests.forms import submit
from webapp import create_app
from webapp.core.db import Database
from webapp.core.settings import from_environment
from webapp.demo import load
from webapp.ops import schema

ROUNDS, SECONDS = 7, 0.7

PEER_PAGE = """<!doctype html><html lang="zh-CN">
<head><meta charset="utf-8"><title>找活路</title></head><body><h1>找活路</h1><ul>
{% for row in rows %}<li><a href="/openings/{{ row.id }}"><h2>{{ row.title }}</h2>
<p>{{ row.pay_text }}</p><p>{{ row.place }}</p><p>{{ row.employer }}</p>
<p>{% if row.at_home %}在家做{% endif %} {{ row.headcount - row.hired_count }} 人</p></a></li>
{% endfor %}</ul><p>{{ total }}</p></body></html>"""
PEER_ROWS = """SELECT opening.id, title, pay_text, place, at_home, headcount, hired_count,
employer.name AS employer FROM opening LEFT JOIN employer ON employer.id = employer_id
WHERE opening.state = 'published' ORDER BY published_at DESC LIMIT 20"""


def peer(path: Path) -> Flask:
    """Return the bare page over the same file."""
    app = Flask("peer")
    template = app.jinja_env.from_string(PEER_PAGE)  # compiled once, as from a file

    @app.get("/")
    def page() -> str:
        if "connection" not in g:
            g.connection = sqlite3.connect(path)
            g.connection.row_factory = sqlite3.Row
        rows = g.connection.execute(PEER_ROWS).fetchall()
        total = g.connection.execute(
            "SELECT count(*) FROM opening WHERE state = 'published'"
        ).fetchone()[0]
        return template.render(rows=rows, total=total)

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        if connection := g.pop("connection", None):
            connection.close()

    return app


def demo_app(folder: Path) -> Flask:
    """Return the portal on a fresh demo community."""
    os.environ |= {"FUMIN_DEMO": "1", "FUMIN_DATA_DIR": str(folder)}
    app = create_app(from_environment())
    database: Database = app.extensions["database"]
    schema.upgrade(database)
    with app.app_context():
        load.load_if_empty(database, lambda _done, _total: None)
    return app


def pages_a_second(get: Callable[[], object]) -> float:
    """Return how often ``get`` runs in a second."""
    end, n = time.perf_counter() + SECONDS, 0
    start = time.perf_counter()
    while time.perf_counter() < end:
        get()
        n += 1
    return n / (time.perf_counter() - start)


def queries(database: Database, get: Callable[[], object]) -> int:
    """Return how many SQL statements ``get`` runs."""
    seen = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(database.read_engine, "before_cursor_execute", note)
    get()
    event.remove(database.read_engine, "before_cursor_execute", note)
    return len([statement for statement in seen if not statement.startswith("BEGIN")])


def _page(browser: FlaskClient, url: str) -> Callable[[], object]:
    def get() -> object:
        response = browser.get(url)
        assert response.status_code == 200, response.status_code
        return response.data

    return get


def main(*, large: bool = False) -> None:
    """Print pages a second and queries a page, as ratios of the peer's; then what grows.

    With 20,000 residents every page of the staff is beside the same page of the demo.
    """
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as name:
        small = Path(name) / "demo"
        app = demo_app(small)
        bare = _page(peer(small / "fumin.sqlite3").test_client(), "/")
        staff = app.test_client()
        submit(staff, "/login", {"phone": "13800000003", "password": load.PASSWORD})
        visitor = app.test_client()
        lists = {
            "public list /openings/": _page(visitor, "/openings/"),
            **{
                f"{what} {url}": _page(staff, url)
                for what, url in (
                    ("staff queue", "/staff/matches/"),
                    ("workbench", "/staff/"),
                    ("residents", "/staff/residents/"),
                    ("a file", "/staff/residents/12"),
                )
            },
        }
        print(f"{'page':32}{'pages/s':>9}{'of peer':>9}{'queries':>9}")
        for title, get in lists.items():
            ours, theirs = [], []
            for _ in range(ROUNDS):
                theirs.append(pages_a_second(bare))
                ours.append(pages_a_second(get))
            ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
            count = queries(app.extensions["database"], get)
            print(f"{title:32}{statistics.median(ours):9.0f}{ratio:9.2f}{count:9d}")
            print(
                f"{'  bare Flask + SQL + Jinja':32}{statistics.median(theirs):9.0f}{1:9.2f}{2:9d}"
            )
        large_community.main(Path(name), small)
