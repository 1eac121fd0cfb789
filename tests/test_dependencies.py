"""What is declared is imported, what is imported is declared, and all of it is locked."""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Declared, needed and imported by nobody here, each with the reason.
NOT_IMPORTED = {
    "psycopg": "SQLAlchemy loads it for an address that begins with postgresql+psycopg",
}
TOOLS = {
    "ipykernel": "runs the notebooks",
    "mypy": "checks types",
    "ruff": "checks style",
    "scipy-stubs": "types for mypy",
    "types-openpyxl": "types for mypy",
}


def normal(name: str) -> str:
    """Return the name of a distribution as the lock writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: Iterable[str]) -> set[str]:
    """Return the distributions that requirements name."""
    return {normal(re.split(r"[\[<>=!~; ]", one, maxsplit=1)[0]) for one in requirements}


def source(path: Path) -> str:
    """Return a file's Python: all of it, or the cells of a notebook."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    return "\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "code")


@cache
def imported(*folders: str) -> frozenset[str]:
    """Return the distributions whose packages files import, inside functions too."""
    packages: set[str] = set()
    own = {"matching", "tests", "webapp"}
    for folder in folders:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix not in {".py", ".ipynb"}:
                continue
            own.add(path.stem if folder == "notebooks" else "")
            for node in ast.walk(ast.parse(source(path))):
                if isinstance(node, ast.Import):
                    packages |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    packages.add(node.module.split(".")[0])
    known = packages_distributions()
    found = {package for package in packages if package not in own | sys.stdlib_module_names}
    return frozenset(normal(known[package][0]) for package in found)


def declared(*, extras: bool = True) -> set[str]:
    project = PROJECT["project"]
    more = [one for some in project["optional-dependencies"].values() for one in some]
    return names(project["dependencies"]) | (names(more) if extras else set())


def test_the_program_imports_what_it_declares():
    assert declared() - set(NOT_IMPORTED) == imported("matching", "webapp")


def test_the_tests_import_what_they_declare():
    own = names(PROJECT["dependency-groups"]["dev"]) - set(TOOLS)
    used = imported("tests", "notebooks")
    assert used - own <= declared(), "declare these in the group dev"
    assert own - used <= imported("matching"), "these are imported by nobody"


def test_exceptions_are_declared():
    assert set(NOT_IMPORTED) <= declared()
    assert set(TOOLS) <= names(PROJECT["dependency-groups"]["dev"])


def test_what_is_declared_is_locked():
    """What builds the package too: ``make env`` builds without fetching anything by itself."""
    build = PROJECT["build-system"]["requires"]
    assert build == PROJECT["dependency-groups"]["build"]
    run = lock("requirements.lock")
    every = lock("tests/requirements.lock")
    assert declared(extras=False) | names(build) <= set(run)
    assert declared() | names(PROJECT["dependency-groups"]["dev"]) <= set(every)
    assert {name: version for name, version in every.items() if name in run} == run
    install = [
        line for line in (ROOT / "Makefile").read_text().splitlines() if "pip install" in line
    ]
    assert install
    assert all("--require-hashes" in line or "--no-build-isolation" in line for line in install)


def lock(name: str) -> dict[str, str]:
    """Return distribution → its first line of a lock, which must carry hashes and no address."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    return {entry.split("==")[0]: entry.splitlines()[0] for entry in entries}
