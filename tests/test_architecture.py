"""The rules of the house, held against the code as it stands."""

import ast
import re
import subprocess
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from matching import records
from webapp.core import vocabulary

ROOT = Path(__file__).parent.parent
PYTHON = sorted(
    path
    for folder in ("matching", "webapp")
    for path in (ROOT / folder).rglob("*.py")
    if "versions" not in path.parts
)
ALLOWED_TOP = {
    "LICENSE", "Makefile", "README.md", "data", "matching", "notebooks", "pyproject.toml",
    "requirements.lock", "tests", "webapp",
}  # fmt: skip
# The order of the parts: each imports only those before it. Imports in functions count too.
PARTS = (
    "core", "engine", "events", "accounts", "jobs", "rulebook", "branches", "guides", "draws",
    "notices", "employers", "residents", "official_facts", "employment",
    "openings", "bookmarks", "contacts", "matches", "piecework", "payment_checks",
    "training", "trials", "statements", "ventures", "rights", "messages", "learning",
    "complaints", "tickets", "standing_services", "posts", "spot_checks", "duplicates", "figures",
    "oversight", "privacy", "caseload", "needs", "calendars", "handsets",
    "home", "imports", "intake", "admin", "ops", "reactions", "demo", "cli",
)  # fmt: skip
# Modules that look up to a later part, each for a reason that no event could serve.
LOOKING_UP = {
    # Who signs in: the person, organisation or branch an account stands for, in one query.
    "webapp.accounts.actors": {"branches", "employers", "residents"},
    # An applicant's page shows the telephone numbers both sides agreed to exchange.
    "webapp.matches.views.employer": {"messages"},
}
LIBRARY = (
    "version", "records", "utils", "text", "pay", "skills", "eligibility", "extraction",
    "triage", "features", "explain",
    "ranking", "search", "evaluation", "learning", "planning", "file_commands", "cli",
)  # fmt: skip


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in PYTHON}


@cache
def imported(path: Path, *, top_level_only: bool = False) -> frozenset[str]:
    """Return the project's modules that a file imports."""
    tree = ast.parse(path.read_text())
    nodes = tree.body if top_level_only else list(ast.walk(tree))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in names}
    return frozenset(name for name in found if name.split(".")[0] in {"matching", "webapp"})


def test_matching_knows_nothing_of_the_web():
    forbidden = {"flask", "sqlmodel", "sqlalchemy", "webapp"}
    for path in PYTHON:
        if path.relative_to(ROOT).parts[0] != "matching":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not {name.split(".")[0] for name in names} & forbidden, path


def part_of(module: str) -> str:
    """Return the folder, or the module at the root, that a module belongs to."""
    return module.split(".")[1] if "." in module else ""


def test_one_door_to_the_library():
    doors = {
        part_of(name)
        for name, path in MODULES.items()
        if name.startswith("webapp") and any(m.startswith("matching") for m in imported(path))
    }
    assert doors <= {"engine", "cli"}


def looking_up(top: str, order: tuple[str, ...]) -> dict[str, set[str]]:
    """Return the modules that import a later part of ``order``, with those parts."""
    height = {part: at for at, part in enumerate(order)}
    found: dict[str, set[str]] = {}
    for name, path in MODULES.items():
        if not name.startswith(f"{top}.") or part_of(name) in {"migrations", "__main__"}:
            continue
        others = {part_of(m) for m in imported(path) if m.startswith(f"{top}.")}
        above = {other for other in others if height[other] > height[part_of(name)]}
        if above:
            found[name] = above
    return found


def test_parts_import_only_lower_parts():
    assert looking_up("webapp", PARTS) == LOOKING_UP


def test_the_library_imports_downwards():
    assert looking_up("matching", LIBRARY) == {}


LAYERS = {
    "models": 0, "lifecycle": 0, "policy": 1, "services": 2, "service": 2, "queries": 2,
    "forms": 2, "views": 3,
}  # fmt: skip


def test_layers_import_only_lower_layers():
    """views → forms, services → lifecycle, policy → models; nothing points back up."""
    for name, path in MODULES.items():
        own = layer(name)
        for other in imported(path) if own is not None else ():
            theirs = layer(other)
            assert theirs is None or own is None or theirs <= own, f"{name} imports {other}"


def layer(module: str) -> int | None:
    parts = module.split(".")
    return LAYERS.get(parts[2]) if parts[0] == "webapp" and len(parts) > 2 else None


def test_no_circle_of_imports():
    graph = {
        name: {
            other
            for other in imported(path, top_level_only=True)
            if other != name and other in MODULES
        }
        for name, path in MODULES.items()
    }
    state: dict[str, int] = defaultdict(int)

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert state[name] != 1, " → ".join((*trail, name))
        if state[name] == 2:
            return
        state[name] = 1
        for other in graph[name]:
            visit(other, (*trail, name))
        state[name] = 2

    for name in graph:
        visit(name, ())


def test_services_know_nothing_of_requests():
    for path in PYTHON:
        if layer(module_name(path)) in {0, 1, 2} and "forms" not in (*path.parts, path.stem):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and node.module == "flask":
                    names = {alias.name for alias in node.names}
                    assert not names & {"request", "session", "g", "current_app"}, path


def test_only_the_clock_tells_the_time():
    for path in PYTHON:
        if path.name != "clock.py":
            assert not re.search(r"datetime\.now\(|date\.today\(|time\.time\(", path.read_text()), (
                path
            )


@pytest.mark.parametrize("name", ["Kind", "Education", "Reach", "Demand", "PayUnit"])
def test_one_vocabulary(name):
    theirs, ours = getattr(records, name), getattr(vocabulary, name)
    assert [member.value for member in theirs] == [member.value for member in ours]


def test_the_top_level_holds_only_what_it_should():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    if not listed:
        pytest.skip("not a git checkout")
    top = {name.split("/")[0] for name in listed}
    assert {name for name in top if not name.startswith(".")} <= ALLOWED_TOP
