"""One piece of a phrase, said in full and with less around the matter, and what it comes to."""

from typing import Final

from .phrases import bare, elsewhere, is_denied

DENIED: Final = 0.5
CORE: Final = 0.99  # what is left when the words around the matter are taken away
ELSEWHERE: Final = 0.9  # what is left when the place is taken away as well


def told(part: str) -> dict[str, float]:
    """Return a piece as said, then with less around the matter, each with how far to trust it."""
    trusted = {part: 1.0}
    trusted.setdefault(bare(part), CORE)
    trusted.setdefault(elsewhere(part), ELSEWHERE)
    return trusted


def of_piece(part: str, scores: dict[str, dict[int, float]]) -> dict[int, float]:
    """Return the score of every entry near a piece, however much of it is taken away."""
    denied = DENIED if is_denied(part) else 1.0
    near: dict[int, float] = {}
    for text, trust in told(part).items():
        for number, score in scores[text].items():
            # Said in just these words, a denial is part of the name: 不怕脏.
            weight = trust * (1.0 if score >= 1.0 else denied)
            near[number] = max(near.get(number, 0.0), weight * score)
    return near
