"""Openings prepared for comparing with any number of seekers."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from math import log

import numpy as np
from scipy import sparse

from matching.eligibility.hours import fixed_windows, window_keys
from matching.eligibility.places import PathIndex, split_path
from matching.pay import parser as pay_parser
from matching.records import Kind, Opening, PayRange, PayUnit, Window
from matching.skills import meaning
from matching.skills import vectors as skill_vectors
from matching.text.normalise import squeeze
from matching.text.tfidf import TermSpace
from matching.utils.array_types import Float32Array, IntArray
from matching.utils.sparse import dense_product, transpose_rows

Path = tuple[str, ...]
# Parts of a place path that are compared.
MAX_DEPTH = 6


def work_texts(opening: Opening) -> tuple[str, ...]:
    """Return the texts of an opening about the work itself."""
    texts = (opening.title, opening.category, opening.description, *opening.skills)
    texts += (*opening.certificates, *opening.teaches)
    return tuple(part for part in texts if part)


def opening_texts(opening: Opening) -> tuple[str, ...]:
    """Return :func:`work_texts` with employer and place."""
    return work_texts(opening) + tuple(part for part in (opening.employer, opening.place) if part)


def opening_text(opening: Opening) -> str:
    """Return :func:`opening_texts` as one text."""
    return " ".join(opening_texts(opening))


def monthly_pay(opening: Opening) -> tuple[float | None, float | None]:
    """Return the bounds of monthly pay in yuan, ``None`` where not stated."""
    texts = opening.pay
    return (
        (None, None)
        if texts is None
        else _monthly_bounds(texts.text, texts.min, texts.max, texts.unit)
    )


@lru_cache(maxsize=65536)
def _monthly_bounds(
    text: str | None, least: float | None, most: float | None, unit: PayUnit | None
) -> tuple[float | None, float | None]:
    # Of plain values, which are quicker to look up than the record.
    texts = PayRange.model_construct(text=text, min=least, max=most, unit=unit)
    return pay_parser.monthly(pay_parser.from_range(texts)) or (None, None)


class PlaceRarity:
    """Rarity of place prefixes: how much it means that two places share one.

    Parameters
    ----------
    places : iterable of paths
        Places of openings. Sharing the city means little when all are in it.

    Attributes
    ----------
    rarity : dict of str to float
        For each prefix of a path, its parts joined by slashes: ``log((n + 1) / (df + 0.5))``
        divided by ``log(n + 1)``, at most about 1.
    """

    def __init__(self, places: Iterable[Path]) -> None:
        paths = [path for path in places if path]
        counts = Counter("/".join(path[: i + 1]) for path in paths for i in range(len(path)))
        total = len(paths) + 1
        self.rarity = {
            start: max(0.0, log(total / (count + 0.5))) / log(total)
            for start, count in counts.items()
        }


class FeatureSpace:
    """Weights of terms and places, from one collection of openings.

    Equal openings count once: copies of an advertisement do not make its words common.
    """

    def __init__(self, openings: Iterable[Opening]) -> None:
        listed = list(openings)
        self.terms = TermSpace(opening_texts(opening) for opening in listed)
        distinct = {(opening.title, split_path(opening.place)[:MAX_DEPTH]) for opening in listed}
        self.places = PlaceRarity(path for _, path in distinct)


class Catalogue:
    """Openings prepared for comparing with any number of seekers.

    Parameters
    ----------
    openings : sequence of Opening
    space : Space, optional
        Weights of terms and places; by default those of these openings themselves.
    """

    def __init__(self, openings: Sequence[Opening], space: FeatureSpace | None = None) -> None:
        self.openings = list(openings)
        self.titles = [opening.title for opening in self.openings]
        everything = [opening_texts(opening) for opening in self.openings]
        self.space = space or FeatureSpace(self.openings)
        words = self.space.terms
        self.title_vectors = words.vectors(self.titles)
        self.all_vectors = words.vectors(everything)
        # Transposed once, for products with phrases.
        self.all_terms = transpose_rows(self.all_vectors)
        self._title_terms = transpose_rows(self.title_vectors)
        self._work_terms = transpose_rows(
            words.presence([work_texts(opening) for opening in self.openings])
        )
        self._taught_terms = transpose_rows(
            words.presence([tuple(o.teaches) for o in self.openings])
        )

    def __len__(self) -> int:
        return len(self.openings)

    @cached_property
    def skill_link_vectors(self) -> sparse.csr_array | None:
        """Skills and occupations linked to each opening, ``None`` if no opening is Chinese."""
        return skill_vectors.opening_vectors(self.openings)

    @cached_property
    def _links_by_term(self) -> sparse.csr_array | None:
        return None if self.skill_link_vectors is None else transpose_rows(self.skill_link_vectors)

    @cached_property
    def trade_vectors(self) -> sparse.csr_array:
        """Likely trades of each opening, as :func:`matching.skills.meaning.opening_trades`."""
        return meaning.opening_trades(self.openings)

    @cached_property
    def _trades_by_column(self) -> sparse.csr_array:
        return transpose_rows(self.trade_vectors)

    @cached_property
    def _meanings(self) -> Float32Array:
        return meaning.opening_meanings(self.openings)

    def prepare_meaning(self) -> None:
        """Look up links, trades and sentence vectors of all openings now, not when first asked."""
        if self.skill_link_vectors is not None:
            _ = self._links_by_term, self._trades_by_column, self._meanings

    def background_digest(self) -> str:
        """Return a digest of what openings tell together: how rare terms and places are, what is
        usual pay, and whether any is Chinese."""
        terms, rarity = self.space.terms, self.space.places.rarity
        told = [sorted(terms.columns.items()), terms.unknown, sorted(rarity.items())]
        told += [self._usual_pay, self.skill_link_vectors is None]
        found = hashlib.sha256(repr(told).encode())
        found.update(terms.weights.tobytes())
        return found.hexdigest()

    def similarities(self, phrases: Sequence[str], part: str) -> Float32Array:
        """Return the similarity of phrases and a part of each opening.

        Parameters
        ----------
        phrases : sequence of str
        part : {"title", "work", "taught", "link", "trade", "meaning"}
            The title (cosine); all that is said of the work, or what is taught (share of the
            phrase's weight found there); known skills and occupations (cosine); likely trades
            (affinity); the sentence vector of the whole posting (cosine).

        Returns
        -------
        ndarray of shape (len(phrases), n_openings)
            In 0–1.
        """
        words, links = self.space.terms, self._links_by_term
        if part in {"link", "trade", "meaning"} and links is None:
            return np.zeros((len(phrases), len(self)), dtype=np.float32)
        if part == "meaning":
            cosine: Float32Array = meaning.phrase_meanings(phrases) @ self._meanings.T
            return np.clip(cosine, 0, 1)
        if part == "trade":
            left, right = meaning.phrase_trades(phrases), self._trades_by_column
        elif part == "link" and links is not None:
            left, right = skill_vectors.vectors(phrases), links
        elif part == "title":
            left, right = words.vectors(phrases), self._title_terms
        else:
            left = words.shares(phrases)
            right = self._work_terms if part == "work" else self._taught_terms
        return dense_product(left, right)

    @cached_property
    def at_home(self) -> Float32Array:
        """1 for work at home, else 0; shape (n_openings,)."""
        return np.array([opening.at_home for opening in self.openings], dtype=np.float32)

    @cached_property
    def paths(self) -> list[Path]:
        return [split_path(opening.place)[:MAX_DEPTH] for opening in self.openings]

    @cached_property
    def places(self) -> tuple[PathIndex, IntArray]:
        """The distinct paths, and the code of each opening's path among them."""
        known = {path: code for code, path in enumerate(dict.fromkeys(self.paths))}
        which = np.array([known[path] for path in self.paths], dtype=np.int64)
        return PathIndex(list(known), MAX_DEPTH), which

    @cached_property
    def hours(self) -> tuple[list[tuple[Window, ...]], IntArray]:
        """The distinct fixed hours, and the code of each opening's among them."""
        each = [
            fixed_windows(opening.hours, flexible=opening.flexible) for opening in self.openings
        ]
        keys = [window_keys(windows) for windows in each]
        # Plain tuples are far quicker to compare than the records.
        known = dict(zip(keys, each, strict=True))
        number = {key: code for code, key in enumerate(known)}
        return list(known.values()), np.array([number[key] for key in keys], dtype=np.int64)

    @cached_property
    def max_monthly_pay(self) -> Float32Array:
        """Upper bound of monthly pay in yuan, NaN where not stated; shape (n_openings,)."""
        bounds = [monthly_pay(opening) for opening in self.openings]
        most = [high if high is not None else low for low, high in bounds]
        return np.array([np.nan if value is None else value for value in most], dtype=np.float32)

    @cached_property
    def _usual_pay(self) -> float | None:
        """Log of the median monthly pay, ``None`` where none is known."""
        known = self.max_monthly_pay[np.isfinite(self.max_monthly_pay) & (self.max_monthly_pay > 0)]
        return float(np.log(np.median(known))) if known.size else None

    @cached_property
    def pay_level(self) -> Float32Array:
        """Log of monthly pay over the catalogue's median, within ±1; 0 where unknown."""
        if self._usual_pay is None:
            return np.zeros(len(self), dtype=np.float32)
        with np.errstate(divide="ignore", invalid="ignore"):
            level = np.log(self.max_monthly_pay) - np.float32(self._usual_pay)
        return np.where(np.isfinite(level), np.clip(level, -1, 1), 0).astype(np.float32)

    @cached_property
    def min_education(self) -> IntArray:
        """Rank of the required education, -1 where none is stated; shape (n_openings,)."""
        asked = [-1 if o.education is None else o.education.rank for o in self.openings]
        return np.array(asked, dtype=np.int64)

    @cached_property
    def kind_codes(self) -> IntArray:
        """Place of each opening's kind among all of :class:`Kind`."""
        code = {kind: number for number, kind in enumerate(Kind)}
        return np.array([code[opening.kind] for opening in self.openings], dtype=np.int64)

    def encode_field(
        self, field: Callable[[Opening], str | None]
    ) -> tuple[dict[str, int], IntArray]:
        """Return the codes of a field's distinct values, and each opening's code; -1 if empty."""
        each = [squeeze(field(opening) or "") for opening in self.openings]
        known = {value: code for code, value in enumerate(dict.fromkeys(filter(None, each)))}
        return known, np.array([known.get(value, -1) for value in each], dtype=np.int64)

    @cached_property
    def employers(self) -> tuple[dict[str, int], IntArray]:
        return self.encode_field(lambda opening: opening.employer)

    @cached_property
    def categories(self) -> tuple[dict[str, int], IntArray]:
        return self.encode_field(lambda opening: opening.category)

    @cached_property
    def kinds(self) -> tuple[dict[str, int], IntArray]:
        return self.encode_field(lambda opening: str(opening.kind))
