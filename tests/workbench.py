"""Follow the numbers of the workbench to the lists they count."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

MANY = re.compile(r"(\d+) 多")


class _Numbers(HTMLParser):
    """Collect each number of a page's main part with its link, ``None`` where it has none."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: list[tuple[str, str | None]] = []
        self._main = False
        self._in_number = 0
        self._href: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        classes = (attributes.get("class") or "").split()
        self._main = self._main or tag == "main"
        if tag == "a":
            self._href = attributes.get("href")
        if self._main and {"count", "figure-value"} & set(classes):
            self._in_number = 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._href = None
        if tag == "main":
            self._main = False

    def handle_data(self, data: str) -> None:
        if self._in_number and data.strip():
            self.numbers.append((data.strip(), self._href))
            self._in_number = 0


def numbers(page: str) -> list[tuple[str, str | None]]:
    """Return the numbers of a page as (words, address of the list)."""
    reader = _Numbers()
    reader.feed(page)
    return reader.numbers


def rows_behind(see: Callable[[str], str], href: str) -> int:
    """Return how many rows a list has on all its pages."""
    found = 0
    for page in _pages(see, href):
        found += len(re.findall(r'<li class="cell[ "]', page))
    return found


def _pages(see: Callable[[str], str], href: str) -> Iterator[str]:
    following: str | None = href
    while following:
        page = see(following)
        yield page
        link = re.search(r'rel="next" href="([^"]+)"', page)
        following = link[1].replace("&amp;", "&") if link else None


def untrue(see: Callable[[str], str], page: str = "/staff/") -> list[tuple[str, str | None, int]]:
    """Return the numbers above 0 whose list does not hold as many rows: (words, address, rows)."""
    wrong = []
    for words, href in numbers(see(page)):
        if words == "0":
            continue
        rows = rows_behind(see, href) if href else -1
        many = MANY.fullmatch(words)  # counted no further, and listed no further
        if rows != int(many[1] if many else words):
            wrong.append((words, href, rows))
    return wrong
