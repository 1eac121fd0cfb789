"""Reasons and gaps of one pair: :class:`ReasonBuilder` with a single seeker and opening."""

from matching.eligibility.rules import broken_rules
from matching.explain.reason_builder import Explanation, ReasonBuilder
from matching.records import Note, Opening, Seeker


def explain(seeker: Seeker, opening: Opening, broken: list[Note] | None = None) -> Explanation:
    """Return why an opening suits a seeker and what is missing.

    Parameters
    ----------
    seeker : Seeker
    opening : Opening
    broken : list of Note, optional
        :func:`matching.eligibility.rules.broken_rules` of the pair, if already known.

    Returns
    -------
    Explanation
        Up to four reasons; and all gaps: broken hard rules, then what is missing, then what is
        not known. Both with the most important first.

    >>> cleaner = Opening(id="o", title="保洁员")
    >>> [note.text for note in explain(Seeker(id="s", wanted=["做保洁"]), cleaner).reasons]
    ['想找“做保洁”，这里是“保洁员”']
    """
    broken = broken_rules(seeker, opening) if broken is None else broken
    (found,) = ReasonBuilder([opening]).explain([seeker])
    return Explanation(found.reasons, [*broken, *found.gaps])


def reasons(seeker: Seeker, opening: Opening) -> list[Note]:
    """Return the reasons of :func:`explain`."""
    return explain(seeker, opening, []).reasons


def gaps(seeker: Seeker, opening: Opening, broken: list[Note] | None = None) -> list[Note]:
    """Return the gaps of :func:`explain`."""
    return explain(seeker, opening, broken).gaps
