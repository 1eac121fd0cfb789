"""One fact read out of a text, and the text with the words it was read from marked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from webapp.core.marking import marked
from webapp.engine import extraction
from webapp.engine.extraction import Span


@dataclass(frozen=True)
class Fact:
    """What was understood (empty for nothing), from which words, and why to look again.

    ``spans`` are where those words stand in the text; ``doubt`` is empty when nothing is unsure.
    """

    label: Any
    words: str
    quote: str = ""
    doubt: str = ""
    spans: tuple[Span, ...] = ()


def fact(
    text: str, label: Any, words: str, *, phrases: Iterable[str] = (), doubt: str = ""
) -> Fact:
    """Return a fact read from ``phrases`` of the text, as far as they are found in it."""
    spans = [span for phrase in phrases for span in extraction.spans_of(text, phrase)]
    return fact_at(text, label, words, spans, doubt=doubt)


def fact_at(text: str, label: Any, words: str, spans: Iterable[Span], *, doubt: str = "") -> Fact:
    """Return a fact read from the words between ``spans``."""
    every = sorted(set(spans), key=lambda span: (span[0], -span[1]))
    found = tuple(
        one
        for at, one in enumerate(every)
        if not any(other[1] >= one[1] for other in every[:at])  # within another
    )
    quote = "，".join(" ".join(text[start:end].split()) for start, end in found)
    return Fact(label, words, quote, doubt, found)


def mark(text: str, facts: Iterable[Fact]) -> Markup:
    """Return the text as HTML, what facts were read from in ``<mark>``."""
    return marked(text, {span for one in facts for span in one.spans})
