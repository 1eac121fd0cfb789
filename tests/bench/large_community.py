"""Every page of the staff with 20,000 residents beside the demo's, in processor time.

The residents are written to a spreadsheet as an office would hand it in, and come in by
``fumin import residents`` and ``fumin suggest``. What they want and can do is made of real texts
where the benchmark data is given (see real_texts.py), else of short lists.
"""

import csv
import os
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests.bench import communities, real_texts, timing
from tests.forms import submit
from webapp import create_app
from webapp.core.settings import from_environment
from webapp.demo import load

RESIDENTS, ROUNDS = 20_000, 7
MOST = 1.3  # times what a page costs on the demo
FINDING = ("/staff/residents/?q=陈建", "/staff/residents/?q=139", "/staff/residents/?q=缝纫")
OF_ONE = ("/staff/residents/12", *FINDING)
SURNAMES, GIVEN = (
    "陈李王张刘杨黄周吴徐何罗唐邓彭曾蒋",
    "桂芳建国淑华德明小红秀英志强永珍光荣春梅文军",
)
HEADER = ("姓名", "性别", "年龄", "手机", "门牌", "想做什么", "会什么", "文化程度", "最低工资")
SCHOOLS = ("小学", "初中", "高中", "中专")


@dataclass(frozen=True)
class Cost:
    """A page's milliseconds of processor time on the demo and with many residents."""

    few: float
    many: float
    queries: int

    @property
    def times(self) -> float:
        """How many times as much it costs with many."""
        return self.many / self.few


def write_residents(path: Path, count: int = RESIDENTS) -> None:
    """Write a spreadsheet of so many invented people, always alike."""
    draw = random.Random(7)
    real = real_texts.seekers(count) if real_texts.folder() else None
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(HEADER)
        for number in range(count):
            row = communities.seeker_row(draw, number)
            if real:
                row |= {"wanted": real[number].wanted, "skills": real[number].skills}
            name = draw.choice(SURNAMES) + draw.choice(GIVEN) + draw.choice(GIVEN)
            room = f"{draw.randrange(1, 33)}0{draw.randrange(1, 7)}"
            flat = f"{draw.randrange(1, 16)}栋{draw.randrange(1, 4)}单元-{room}"
            words = "、".join(row["wanted"]), "、".join(row["skills"])
            facts = name, draw.choice("男女"), max(18, row["age"]), f"139{number:08d}", flat
            sheet.writerow((*facts, *words, draw.choice(SCHOOLS), row["min_pay"]))


def grow(small: Path, large: Path) -> None:
    """Make ``large`` from the demo's folder ``small``, by the commands an office would run."""
    shutil.copytree(small, large)
    sheet = large / "residents.csv"
    write_residents(sheet)
    environment = os.environ | {"FUMIN_DEMO": "1", "FUMIN_DATA_DIR": str(large)}
    for command in (("import", "residents", str(sheet)), ("suggest",)):
        started = time.perf_counter()
        subprocess.run(
            (sys.executable, "-m", "webapp.cli", *command),
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        print(f"fumin {command[0]}: {time.perf_counter() - started:.0f} s")


@dataclass(frozen=True)
class _Community:
    """The portal on one folder: its browsers by area, and the statements it has asked."""

    app: Flask
    browsers: dict[str, FlaskClient]
    asked: list[str]

    def get(self, url: str) -> TestResponse:
        return self.browsers[url.split("/")[1]].get(url)


def _opened(folder: Path) -> _Community:
    os.environ |= {"FUMIN_DEMO": "1", "FUMIN_DATA_DIR": str(folder)}
    app = create_app(from_environment())
    browsers = {}
    for area, phone in (("staff", "13800000003"), ("admin", "13800000004")):
        browsers[area] = app.test_client()
        submit(browsers[area], "/login", {"phone": phone, "password": load.PASSWORD})
    asked: list[str] = []
    engine = app.extensions["database"].read_engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    return _Community(app, browsers, asked)


def measure(few: Path, many: Path) -> dict[str, Cost]:
    """Return what each page of staff and admins costs in both, asked by turns in one process."""
    both = _opened(few), _opened(many)
    addresses = [
        rule.rule
        for rule in both[0].app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    pages = [url for url in addresses if url.split("/")[1] in both[0].browsers]
    found = {}
    for url in sorted((*pages, *OF_ONE)):
        answers = [one.get(url) for one in both]
        if any(one.status_code != 200 or one.mimetype != "text/html" for one in answers):
            continue
        seconds = timing.by_turns(
            {str(place): partial(one.get, url) for place, one in enumerate(both)}, ROUNDS
        )
        both[1].asked.clear()
        both[1].get(url)
        found[url] = Cost(1000 * seconds["0"], 1000 * seconds["1"], len(both[1].asked))
    return found


def main(folder: Path, small: Path) -> None:
    """Print the pages that grow most from the demo in ``small`` to 20,000 residents."""
    grow(small, folder / "large")
    report(measure(small, folder / "large"))


def report(found: dict[str, Cost]) -> None:
    """Print the costs of pages, those that grow most first, and how many grow too much."""
    grown = sorted(found, key=lambda url: -found[url].times)
    print(f"\n{'page':34}{'demo ms':>9}{'20,000 ms':>11}{'times':>7}{'queries':>9}")
    for url in (*grown[:15], *FINDING):
        cost = found[url]
        print(f"{url:34}{cost.few:9.1f}{cost.many:11.1f}{cost.times:7.2f}{cost.queries:9d}")
    over = sum(cost.times > MOST for cost in found.values())
    print(f"{over} of {len(grown)} pages cost more than {MOST} times as much\n")
