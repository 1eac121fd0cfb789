"""Every file of the code with the first sentence of its docstring: `make map` writes the map.

A newcomer searches it by the words of a question, so the sentence a file begins with is the one
place that says what it holds; `tests/test_documentation.py` keeps the map equal to the files.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAP = ROOT / ".github/MAP.md"
HEAD = """# Every file, and what it is for

Written by `make map` from the docstrings; [CONTRIBUTING](CONTRIBUTING.md) says how parts, layers
and subjects hang together. Search it for a word of your question.
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


def written() -> str:
    """Return the map as it should stand in :data:`MAP`."""
    lines, part = [HEAD], Path()
    for path in files():
        inside = path.relative_to(ROOT)
        here = Path(*inside.parent.parts[:2])
        if here != part:
            part = here
            lines.append(f"\n## `{part.as_posix()}/`\n\n")
        lines.append(f"- `{inside.relative_to(part).as_posix()}`: {first_sentence(path)}\n")
    return "".join(lines)


if __name__ == "__main__":
    MAP.write_text(written(), encoding="utf-8")
