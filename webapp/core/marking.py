"""A text with some of its parts marked, as HTML."""

from collections.abc import Iterable

from markupsafe import Markup, escape


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Markup:
    """Return ``text`` as HTML with each span (from, behind) in ``<mark>``; spans may overlap.

    >>> marked("a<b", [(0, 2), (1, 2)])
    Markup('<mark>a&lt;</mark>b')
    """
    pieces, done = [], 0
    for start, end in sorted(spans):
        if end <= done:
            continue
        start = max(start, done)
        pieces += [escape(text[done:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        done = end
    return Markup("").join([*pieces, escape(text[done:])])
