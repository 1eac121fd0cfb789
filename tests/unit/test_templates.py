"""Every template compiles and keeps the rules that hold for all pages."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from jinja2 import Environment, FileSystemLoader, nodes
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from tests.conftest import KEY
from webapp import create_app
from webapp.core.settings import Settings

WEBAPP = Path(__file__).parents[2] / "webapp"
TEMPLATES = WEBAPP / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))

TRANSLATORS = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
HAN = re.compile(r"[\u3400-\u9fff]")
JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
POST_FORM = re.compile(r"<form\b[^>]*\bmethod=[\"']post[\"'].*?</form>", re.DOTALL | re.IGNORECASE)
CSRF = re.compile(r"\b(?:csrf(?:_token)?|keyed)\(|\.(csrf_token|hidden_tag)\b")
ICON = re.compile(r"(?:\bicon\(|icon_name=)\s*['\"]([a-z0-9-]+)['\"]")


def source(name: str) -> str:
    """Return a template's text without its Jinja comments."""
    return JINJA_COMMENT.sub("", (TEMPLATES / name).read_text(encoding="utf-8"))


def environment() -> Environment:
    """Return the portal's kind of environment, without the portal."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"], autoescape=True
    )


def untranslated(text: str) -> list[str]:
    """Return the Chinese that a template would show without looking it up."""
    found: list[str] = []

    def walk(node: nodes.Node) -> None:
        if isinstance(node, nodes.Call) and getattr(node.node, "name", "") in TRANSLATORS:
            return
        if isinstance(node, nodes.TemplateData) and HAN.search(node.data):
            found.append(node.data.strip())
        if isinstance(node, nodes.Const) and HAN.search(str(node.value)):
            found.append(str(node.value))
        for child in node.iter_child_nodes():
            walk(child)

    walk(environment().parse(text))
    return found


class Markup(HTMLParser):
    """Collects what the content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note style and on* attributes, <style>, and scripts that are neither files nor data."""
        values = dict(attrs)
        self.refused += [
            f"{tag} {key}=" for key in values if key == "style" or re.match("on[a-z]", key)
        ]
        if tag == "style" or (
            tag == "script" and "src" not in values and values.get("type") != "application/ld+json"
        ):
            self.refused.append(f"<{tag}>")


def refused(text: str) -> list[str]:
    """Return the markup in a template that the content security policy would refuse."""
    markup = Markup()
    markup.feed(JINJA.sub(" ", text))
    markup.close()
    return markup.refused


def unprotected(text: str) -> list[str]:
    """Return the first line of every form that posts without a CSRF token."""
    return [form.splitlines()[0] for form in POST_FORM.findall(text) if not CSRF.search(form)]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with its own filters; its database is never opened."""
    folder = tmp_path_factory.mktemp("portal")
    app = create_app(
        Settings(
            data_dir=folder,
            database_url=f"sqlite:///{folder}/never-opened.sqlite3",
            secret_key="only-for-tests-0123456789-abcdefghijk",
            encryption_keys=(KEY,),  # those of all tests of the process
            demo=True,
        )
    )
    yield app
    app.extensions["database"].dispose()


@pytest.mark.parametrize("name", NAMES)
def test_compiles(name, portal):
    portal.jinja_env.get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_words_are_translatable(name):
    assert untranslated(source(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_inline(name):
    assert refused(source(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_posting_forms_carry_a_token(name):
    assert unprotected(source(name)) == []


def test_a_part_of_a_page_imports_the_macros_it_calls():
    """An included file sees the page's imports, until somebody tidies them away there."""
    parsed = {name: environment().parse(source(name)) for name in NAMES}
    macros = {macro.name for tree in parsed.values() for macro in tree.find_all(nodes.Macro)}
    macros.add("icon")  # a function, imported like one
    for name, tree in parsed.items():
        calls = {
            call.node.name
            for call in tree.find_all(nodes.Call)
            if isinstance(call.node, nodes.Name)
        }
        known = {macro.name for macro in tree.find_all(nodes.Macro)}
        for found in tree.find_all(nodes.FromImport):
            known |= {one if isinstance(one, str) else one[1] for one in found.names}
        assert calls & macros <= known, name


def test_icons_exist():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (WEBAPP / "static/icons.svg").read_text()))
    wanted = {icon for name in NAMES for icon in ICON.findall(source(name))}
    # The navigation names its icons after the words: ("openings.index", _("找活路"), "briefcase").
    wanted |= set(
        re.findall(r'_\("[^"]+"\), "([a-z0-9-]+)"\)', (WEBAPP / "ops/navigation.py").read_text())
    )
    assert len(wanted) > 20
    assert wanted <= drawn


def test_rules_catch_what_they_forbid():
    assert untranslated("<p>{{ _('好') }}{% trans %}好{% endtrans %}</p>") == []
    assert untranslated("<p>找活路</p>{{ '好' if x }}") == ["<p>找活路</p>", "好"]
    assert refused('<p style="x" onclick="y"></p><script>1</script>') == [
        "p style=",
        "p onclick=",
        "<script>",
    ]
    assert (
        refused('<script src="a.js"></script><script type="application/ld+json">{}</script>') == []
    )
    assert unprotected('<form method="post">\n{{ field(x) }}</form>') == ['<form method="post">']
    assert unprotected('<form method="post">{{ csrf() }}</form>') == []


class Example(FlaskForm):
    """A form with one field of each shape that the macros draw differently."""

    name = StringField("姓名", [InputRequired("写上姓名")], description="和证件一样")
    reach = RadioField(
        "最远去哪里",
        [InputRequired("选一个")],
        choices=[SelectChoice("a", "家里"), SelectChoice("b", "市内")],
    )


def draw(portal: Flask, macro: str, data: dict[str, str]) -> str:
    """Return what a macro of forms.html draws for the example form after ``data`` was sent."""
    with portal.test_request_context():
        form = Example(formdata=MultiDict(data), meta={"csrf": False})
        form.validate()
        return render_template_string(
            "{% from 'components/forms.html' import field, error_summary %}{{ " + macro + " }}",
            form=form,
        )


def test_field_ties_hint_and_error_to_the_control(portal):
    html = draw(portal, "field(form.name)", {})
    assert 'aria-describedby="name-hint name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="name-error"' in html
    assert "写上姓名" in html


def test_field_keeps_what_was_typed_and_marks_no_error(portal):
    html = draw(portal, "field(form.name)", {"name": "王<秀英>"})
    assert 'value="王&lt;秀英&gt;"' in html
    assert "aria-invalid" not in html
    assert "name-error" not in html


def test_error_summary_links_to_fields(portal):
    html = draw(portal, "error_summary(form)", {"name": "王"})
    assert 'href="#reach-0"' in html  # the first choice can take the focus
    assert 'href="#name"' not in html
    assert draw(portal, "error_summary(form)", {"name": "王", "reach": "a"}).strip() == ""
