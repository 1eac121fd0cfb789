"""Every page of the staff with 20,000 residents beside the demo's, in processor time.

The residents are written to a spreadsheet as an office would hand it in, and come in by
``fumin import residents`` and ``fumin suggest``. What they want and can do is made of real texts
where the benchmark data is given (see real_texts.py), else of short lists.
"""

import csv
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.bench import communities, real_texts
from tests.forms import submit
from webapp import create_app
from webapp.core.settings import from_environment
from webapp.demo import load

RESIDENTS, ROUNDS = 20_000, 5
SURNAMES, GIVEN = (
    "陈李王张刘杨黄周吴徐何罗唐邓彭曾蒋",
    "桂芳建国淑华德明小红秀英志强永珍光荣春梅文军",
)
HEADER = ("姓名", "性别", "年龄", "手机", "门牌", "想做什么", "会什么", "文化程度", "最低工资")
SCHOOLS = ("小学", "初中", "高中", "中专")


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


def _opened(folder: Path) -> tuple[Flask, dict[str, FlaskClient]]:
    os.environ |= {"FUMIN_DEMO": "1", "FUMIN_DATA_DIR": str(folder)}
    app = create_app(from_environment())
    browsers = {}
    for area, phone in (("staff", "13800000003"), ("admin", "13800000004")):
        browsers[area] = app.test_client()
        submit(browsers[area], "/login", {"phone": phone, "password": load.PASSWORD})
    return app, browsers


def measure(folder: Path) -> dict[str, tuple[float, int]]:
    """Return each page of staff and admins → milliseconds of processor time, queries."""
    app, browsers = _opened(folder)
    asked: list[str] = []
    event.listen(
        app.extensions["database"].read_engine,
        "before_cursor_execute",
        lambda *told: asked.append(told[2]),
    )
    found = {}
    addresses = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    for url in sorted((*addresses, "/staff/residents/12")):
        area = url.split("/")[1]
        if area not in browsers:
            continue
        answer = browsers[area].get(url)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        taken = []
        for _ in range(ROUNDS):
            started = time.process_time()
            browsers[area].get(url)
            taken.append(time.process_time() - started)
        asked.clear()
        browsers[area].get(url)
        found[url] = (1000 * statistics.median(taken), len(asked))
    return found


def main(folder: Path, small: Path) -> None:
    """Print the pages that grow most from the demo in ``small`` to 20,000 residents."""
    grow(small, folder / "large")
    few, many = measure(small), measure(folder / "large")
    grown = sorted(many, key=lambda url: few[url][0] / many[url][0])
    print(f"\n{'page':34}{'demo ms':>9}{'20,000 ms':>11}{'times':>7}{'queries':>9}")
    for url in grown[:15]:
        (before, _), (after, queries) = few[url], many[url]
        print(f"{url:34}{before:9.1f}{after:11.1f}{after / before:7.2f}{queries:9d}")
    over = sum(many[url][0] > 1.3 * few[url][0] for url in grown)
    print(f"{over} of {len(grown)} pages cost more than 1.3 times as much\n")
