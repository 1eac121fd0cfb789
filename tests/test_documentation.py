"""Settings, commands, addresses, jobs and folders stand in the README or the contributors' guide.

Tables are compared in both directions: what is gone may not stay written either.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from werkzeug.routing import Rule

from matching.cli import parser
from tests import code_map
from webapp.cli import main
from webapp.core.access import PERMISSIONS, Role
from webapp.ops import frequent_jobs, scheduled_jobs

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / ".github/CONTRIBUTING.md"
DECISIONS = sorted((ROOT / ".github/decisions").glob("*.md"))
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", GUIDE, *DECISIONS)
}
DOCS = PAGES["README.md"] + PAGES[".github/CONTRIBUTING.md"]
SECTIONS = ["Context", "Decision", "Consequences"]
SETTING = re.compile(r"\bFUMIN_[A-Z_]*[A-Z]\b")
OPTION = re.compile(r"`(--[a-z-]+)")
# What is asked of the folders that the pages name: parts of the tree, no example's name.
PATH = re.compile(r"`((?:\.ci|\.github|data|matching|notebooks|tests|webapp)/[\w./-]*)`")


def rows(first_cell: str) -> Iterator[list[str]]:
    """Return the cells of the table rows whose first cell begins with ``first_cell``."""
    for line in DOCS.splitlines():
        if line.startswith(f"| {first_cell}"):
            yield [cell.strip() for cell in line.strip("| ").split(" | ")]


def test_every_setting_is_documented():
    used: set[str] = set()
    places = ("webapp", "matching", "tests", "notebooks", ".ci")
    files = [path for place in places for path in (ROOT / place).rglob("*")]
    for path in [*files, ROOT / "Makefile"]:
        if path.is_file() and (path.suffix in {"", ".py", ".ipynb"} or path.name == "Makefile"):
            used |= set(SETTING.findall(path.read_text(encoding="utf-8")))
    assert len(used) > 10
    assert used == set(SETTING.findall(DOCS))


def test_every_target_and_variable_of_make_is_documented():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = " ".join(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)).split()
    assert targets
    for target in targets:
        assert re.search(rf"\bmake {re.escape(target)}\b", DOCS), target
    for name in re.findall(r"^(?:export )?(\w+) \?=", makefile, re.MULTILINE):
        assert re.search(rf"\b{name}\b", DOCS), name


def fumin_commands(
    group: click.Group = main, path: tuple[str, ...] = ("fumin",)
) -> Iterator[tuple[str, set[str]]]:
    """Return command → its long options."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from fumin_commands(command, (*path, name))
        else:
            options = {one for param in command.params for one in param.opts if one[:2] == "--"}
            yield " ".join((*path, name)), options


def matching_commands() -> Iterator[tuple[str, set[str]]]:
    """Return command → its long options."""
    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, one in action.choices.items():
                options = {text for own in one._actions for text in own.option_strings}
                yield f"python -m matching {name}", options - {"-h", "--help"}


COMMANDS = dict([*fumin_commands(), *matching_commands()])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_documented(command):
    found = [row for row in rows(f"`{command}") if re.match(rf"`{command}[ `]", row[0])]
    assert len(found) == 1, f"no row, or several, for `{command}`"
    assert set(OPTION.findall(" ".join(found[0]))) == COMMANDS[command]


def test_no_command_is_documented_that_is_gone():
    written = [row[0] for start in ("`fumin ", "`python -m matching ") for row in rows(start)]
    assert len(written) == len(COMMANDS)


def test_every_scheduled_job_is_documented():
    jobs = {job.name for job in (*scheduled_jobs.JOBS, *frequent_jobs.FREQUENT_JOBS)}
    written = {
        row[0].strip("`") for row in rows("`") if len(row) == 3 and row[0].strip("`") in jobs
    }
    assert written == jobs


def shown(rule: str) -> str:
    """Return an address as the guide writes it: ``<id>`` for a number, ``<…>`` for a choice."""
    return re.sub(r"<([^<>]*)>", lambda one: "<id>" if one[1].startswith("id:") else "<…>", rule)


def who(app: Flask, rule: Rule) -> str:
    """Return the roles that a view lets in."""
    permission = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
    if permission is None:
        return "public"
    roles = [role.value for role in Role if permission in PERMISSIONS[role]]
    return "signed in" if len(roles) == len(Role) else ", ".join(roles)


def documented_addresses() -> dict[str, tuple[str, str]]:
    """Return address → (who, part), from the table of addresses of the guide."""
    found = {}
    for line in PAGES[".github/CONTRIBUTING.md"].splitlines():
        if not line.startswith("| `/"):
            continue
        base, roles, part, below = (cell.strip() for cell in line.strip("|").split("|"))
        base = base.strip("`")
        stem = base if base.endswith("/") else f"{base}/"
        for address in [base, *(stem + one for one in re.findall(r"`([^`]+)`", below))]:
            assert address not in found, f"{address} stands twice"
            found[address] = (roles, part.strip("`"))
    return found


def test_every_address_is_documented(built):
    used = {
        shown(rule.rule): (who(built, rule), _part(built, rule))
        for rule in built.url_map.iter_rules()
        if rule.endpoint != "static"
    }
    assert documented_addresses() == used


def _part(app: Flask, rule: Rule) -> str:
    return app.view_functions[rule.endpoint].__module__.split(".")[1]


def test_every_folder_is_on_the_map():
    for top in ("webapp", "matching"):
        for folder in (ROOT / top).iterdir():
            if folder.is_dir() and any(folder.rglob("*.py")):
                assert f"`{top}/{folder.name}/`" in PAGES["README.md"], folder


@pytest.mark.parametrize("page", PAGES)
def test_paths_that_are_named_exist(page):
    for path in PATH.findall(PAGES[page]):
        assert (ROOT / path).exists(), path


def test_decisions_are_numbered_and_whole():
    assert [path.name[:4] for path in DECISIONS] == [
        f"{n:04}" for n in range(1, len(DECISIONS) + 1)
    ]
    for path in DECISIONS:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequences",
        ]
        assert f"decisions/{path.name}" in PAGES[".github/CONTRIBUTING.md"], path


def test_the_map_has_every_file_as_it_begins_and_every_address(built):
    assert code_map.MAP.read_text(encoding="utf-8") == code_map.written(built), "run `make map`"
