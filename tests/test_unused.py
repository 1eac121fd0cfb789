"""Nothing lies about unused: templates, macros, styles, icons, reference rows.

There is no catalogue of translations (``_`` marks what is shown, in the one language there is),
so there is no unused translation to look for. Permissions are held by
``tests/functional/core/test_rights.py``.
"""

import ast
import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, meta, nodes

from webapp.core.vocabulary import PayUnit
from webapp.imports.readers.fields import FIELDS
from webapp.rulebook import figures
from webapp.rulebook.models import DangerCode, Severity, WordingCode

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
STATIC = ROOT / "webapp/static"
TEMPLATES = ROOT / "webapp/templates"
SOURCES = sorted(
    path
    for folder in ("matching", "webapp")
    for path in (ROOT / folder).rglob("*.py")
    if "versions" not in path.parts
)


@cache
def strings() -> frozenset[str]:
    """Return every string constant of the program, docstrings left out."""
    found: set[str] = set()
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in alone
        }
    return frozenset(found)


@cache
def templates() -> dict[str, nodes.Template]:
    """Return name → parsed template."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"], autoescape=True
    )
    return {
        name: environment.parse((TEMPLATES / name).read_text(encoding="utf-8"))
        for name in environment.list_templates()
    }


def unused_templates(parsed: dict[str, nodes.Template], named: frozenset[str]) -> set[str]:
    """Return the templates that neither the program nor a template in use names."""
    waiting = [name for name in parsed if name in named]
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            found = list(meta.find_referenced_templates(parsed[name]))
            assert None not in found, f"{name} builds the name of a template"
            waiting += [other for other in found if other]
    return set(parsed) - used


def unused_macros(parsed: dict[str, nodes.Template]) -> set[str]:
    """Return ``template: macro`` for what is never called, and for names imported in vain."""
    called: dict[str, set[str]] = defaultdict(set)
    idle: set[str] = set()
    for name, tree in parsed.items():
        loaded = {one.name for one in tree.find_all(nodes.Name) if one.ctx == "load"}
        called[name] |= loaded
        for imported in tree.find_all(nodes.FromImport):
            assert isinstance(imported.template, nodes.Const), name
            for one in imported.names:
                theirs, ours = one if isinstance(one, tuple) else (one, one)
                called[imported.template.value].add(theirs)
                if ours not in loaded:
                    idle.add(f"{name}: {ours} (imported)")
        assert not list(tree.find_all(nodes.Import)), f"{name}: import macros by name"
    return idle | {
        f"{name}: {macro.name}"
        for name, tree in parsed.items()
        for macro in tree.find_all(nodes.Macro)
        if macro.name not in called[name]
    }


def test_no_template_is_unused():
    assert len(templates()) > 50
    assert unused_templates(templates(), strings()) == set()


def test_no_macro_is_unused():
    assert unused_macros(templates()) == set()


def test_unused_templates_and_macros_are_found():
    environment = Environment(autoescape=True)
    parsed = {
        "page.html": environment.parse("{% from 'm.html' import a, b %}{{ a() }}"),
        "m.html": environment.parse(
            "".join(f"{{% macro {name}() %}}{{% endmacro %}}" for name in "abc")
        ),
        "lost.html": environment.parse("{% include 'more.html' %}"),
        "more.html": environment.parse(""),
    }
    assert unused_templates(parsed, frozenset({"page.html"})) == {"lost.html", "more.html"}
    assert unused_macros(parsed) == {"page.html: b (imported)", "m.html: c"}


def markup() -> str:
    """Return all that may name a class, an icon or a static file: templates, scripts, strings."""
    pages = [*TEMPLATES.rglob("*.html"), *STATIC.glob("*.js")]
    quoted = (f"'{text}'" for text in strings())
    return "\n".join([*(path.read_text(encoding="utf-8") for path in pages), *quoted])


def unused_classes(style: str, text: str) -> set[str]:
    """Return the classes of a style sheet that nothing names, whole or as ``prefix-{{ … }}``."""
    bare = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", style, flags=re.DOTALL)
    selectors = " ".join(re.findall(r"[^{}]+(?=\{)", bare))
    words = set(re.findall(r"[\w-]+", text))
    prefixes = tuple(re.findall(r"([a-z][\w-]*-)(?:\{\{|' ~|\{)", text))
    return {
        name
        for name in re.findall(r"\.(-?[a-zA-Z_][\w-]*)", selectors)
        if name not in words and not name.startswith(prefixes)
    }


def test_no_class_is_unused():
    assert unused_classes((STATIC / "fumin.css").read_text(encoding="utf-8"), markup()) == set()
    assert unused_classes(".a, .b-on, .c { color: red } /* .d */", 'class="a b-{{ x }}"') == {"c"}


def test_no_static_file_is_unused():
    text = markup()
    for path in STATIC.rglob("*"):
        if path.is_file() and path.name != "LICENSE":
            assert path.name in text, path


def test_no_icon_is_unused():
    drawn = re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text())
    quoted = set(re.findall(r"['\"]([a-z0-9-]+)['\"]", markup()))
    quoted |= {f"draw-{name}" for name in quoted | {row["drawing"] for row in rows("drawings.csv")}}
    assert {name for name in drawn if name not in quoted} == set()


def rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_no_reference_file_is_unused():
    """Each is read by the program and described beside it."""
    for path in DATA.rglob("*"):
        if path.suffix in {".csv", ".json"}:
            named = path.name if path.suffix == ".csv" else path.stem
            assert named in strings(), path
            assert f"`{path.name}`" in (path.parent / "README.md").read_text(), path


def test_no_rule_is_unused():
    shipped = {row["rule"] for row in rows("rules.csv")}
    assert shipped - strings() == set()


@pytest.mark.parametrize("row", figures.shipped(), ids=lambda row: f"{row.name} {row.since}")
def test_every_figure_can_be_read(row):
    """No other row of the same day hides it."""
    assert figures.in_force(row.name, on=row.since) == row


def test_every_pay_floor_is_of_the_city_and_a_tier():
    for row in rows("pay_floors.csv"):
        place = {"1": "重庆市/九龙坡区", "2": "重庆市/城口县"}[row["tier"]]
        assert place.startswith(row["region"])
        for unit in (PayUnit.MONTH, PayUnit.HOUR):
            floor = figures.pay_floor(unit, place, on=figures.date.fromisoformat(row["valid_from"]))
            assert floor is not None
            assert floor.value == round(float(row[f"{unit}_yuan"]) * 100)


def test_every_wording_rule_can_be_read():
    known = list(rows("lint_rules.csv"))
    assert len({row["pattern"] for row in known}) == len(known)
    assert {row["code"] for row in known} == {code.value for code in WordingCode}
    assert {row["severity"] for row in known} <= {severity.value for severity in Severity}


def test_every_danger_word_can_be_read():
    known = list(rows("danger_words.csv"))
    assert len({row["word"] for row in known}) == len(known)
    assert {row["code"] for row in known} == {code.value for code in DangerCode}
    assert all(row["source"] for row in known)


def test_every_import_header_can_be_read():
    known = [(row["kind"], row["field"]) for row in rows("import_headers.csv")]
    assert len(set(known)) == len(known)
    assert set(known) == {(kind.value, key) for kind, fields in FIELDS.items() for key in fields}


def test_every_place_and_occupation_can_be_read():
    for name, column in (("places.csv", "path"), ("occupations.csv", "code")):
        found = [row[column] for row in rows(name)]
        assert len(set(found)) == len(found), name
    known = {row["code"] for row in rows("occupations.csv")}
    assert {row["code"] for row in rows("skills.csv")} - known <= {""}


@pytest.mark.parametrize("path", sorted((DATA / "demo").glob("*.json")), ids=lambda p: p.name)
def test_every_entry_of_the_demo_is_named(path):
    """What stands under a name is asked for by it: in the program or in another of the texts."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(content, dict):
        others = "".join(one.read_text() for one in path.parent.glob("*.json") if one != path)
        named = set(re.findall(r"[\"@](\w+)\"", others))  # "保洁员@hotel" names a pool
        assert set(content) - named - strings() == set()
