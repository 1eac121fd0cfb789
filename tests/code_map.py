"""Every file of the code with its first sentence and its addresses: `make map` writes the map.

A newcomer searches it by the words of a question, so the sentence a file begins with is the one
place that says what it holds; who has a page before them searches it by the page's address.
`tests/test_documentation.py` keeps the map equal to the files.
"""

import ast
import inspect
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask

from webapp import create_app
from webapp.core.settings import Settings

ROOT = Path(__file__).parents[1]
MAP = ROOT / ".github/MAP.md"
HEAD = """# Every file, and what it is for

Written by `make map` from the docstrings; [CONTRIBUTING](CONTRIBUTING.md) says how parts, layers
and subjects hang together. Search it for a word of your question, or for the address of a page:
each address stands under the file that answers it.
"""
# A sentence ends before a capital letter or the end, not at "e.g." or a file's name.
SENTENCE = re.compile(r"(.+?[.!?])(?:\s+[A-Z`:]|$)")


def files() -> Iterator[Path]:
    """Yield the modules that hold something, part by part: no migration, no bare ``__init__``."""
    for folder in (ROOT / "webapp", ROOT / "matching"):
        for path in sorted(folder.rglob("*.py"), key=lambda path: (path.parent != folder, path)):
            content = ast.parse(path.read_text(encoding="utf-8")).body
            bare = path.name == "__init__.py" and len(content) < 2
            if not bare and "migrations" not in path.parts:
                yield path


def first_sentence(path: Path) -> str:
    """Return how a file's docstring begins, on one line; ``ValueError`` when it has none."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if not docstring:
        raise ValueError(f"{path} does not say what it is for")
    paragraph = " ".join(docstring.split("\n\n")[0].split())
    found = SENTENCE.match(paragraph)
    return found[1] if found else paragraph


def addresses(rule: str) -> list[str]:
    """Return the addresses of a rule: one for each step it takes, other parts by their names.

    >>> addresses("/me/<id:order_id>/<any('keep', 'drop'):step>/<section>")
    ['/me/<order_id>/keep/<section>', '/me/<order_id>/drop/<section>']
    """
    steps = re.search(r"<any\(([^)]*)\):\w+>", rule)
    if steps:
        words = [word.strip(" '\"") for word in steps[1].split(",")]
        return [address for word in words for address in addresses(rule.replace(steps[0], word, 1))]
    return [re.sub(r"<(?:[^<>]+:)?(\w+)>", r"<\1>", rule)]


def answered(app: Flask) -> dict[Path, list[str]]:
    """Return each file of views with the addresses it answers, parts of an address as ``<id>``."""
    found = defaultdict(set)
    for rule in app.url_map.iter_rules():
        view = inspect.unwrap(app.view_functions[rule.endpoint])
        path = Path(view.__code__.co_filename)
        found[path].update(addresses(rule.rule))
    return {path: sorted(rules) for path, rules in found.items()}


def written(app: Flask) -> str:
    """Return the map as it should stand in :data:`MAP`."""
    lines, part, views = [HEAD], Path(), answered(app)
    for path in files():
        inside = path.relative_to(ROOT)
        here = Path(*inside.parent.parts[:2])
        if here != part:
            part = here
            lines.append(f"\n## `{part.as_posix()}/`\n\n")
        lines.append(f"- `{inside.relative_to(part).as_posix()}`: {first_sentence(path)}\n")
        lines.extend(f"  - `{address}`\n" for address in views.get(path, []))
    return "".join(lines)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data_dir=Path(folder),
            database_url=f"sqlite:///{folder}/unused.sqlite3",
            secret_key="only-to-ask-for-addresses-0123456789",
            encryption_keys=(Fernet.generate_key().decode(),),
            demo=True,
        )
        MAP.write_text(written(create_app(settings)), encoding="utf-8")
