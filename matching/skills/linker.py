"""Link phrases about skills and wishes to known skills and occupations.

The table ``data/skills.csv`` holds the names people of the community would recognise, each with
the ways it is said. All occupations of the national classification stand behind it, at a lower
prior, so that any trade can be linked. A form of a name is compared with a piece of a phrase by
the characters (1- and 2-grams, weighted by how few names share them) and by the sounds they have
in common; the best forms are compared once more letter by letter. What is left unsure is asked of
:class:`matching.skills.work_classifier.WorkClassifier`, which knows what people do all day.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from rapidfuzz.fuzz import ratio
from scipy import sparse

from matching.skills.taxonomy import Entry, read_entries
from matching.skills.work_classifier import WorkClassifier
from matching.text.ngram_index import NgramIndex
from matching.text.pinyin import char_units, fold_syllable, syllables
from matching.text.segmentation import (
    MAX_CHARS,
    NEGATION_WEIGHT,
    is_aside,
    is_negated,
    merge_variants,
    segments,
    strip_particles,
    variants,
)
from matching.text.synonyms import replace_synonyms
from matching.text.tfidf import is_chinese
from matching.utils.array_types import Float32Array, IndexArray

BLOCK: Final = 256  # phrases linked at once; bounds the memory of a batch
MAX_FINALISTS: Final = 20  # forms of a segment compared letter by letter
MIN_SCORE: Final = 0.18  # links below this are chance
MAX_INEXACT: Final = 0.98  # upper bound of a score without an exact form
CONTAINED_SCORE: Final = 0.8  # letter similarity of a text that contains the whole form
SURE: Final = 0.8  # above this, syllables and embeddings are not compared
CHAR_POWERS: Final = (0.9, 0.4)  # powers of the shares of form and text, see GramIndex.search
KNOWN_SHARE_WEIGHT: Final = 0.4  # share of what all forms of a name together know of the piece
DISJOINT_CHARS_WEIGHT: Final = 0.7  # a typo leaves at least one character right
SYLLABLE_POWERS: Final = (1.6, 2.0)  # stricter, since many characters sound alike

# Set by hand on phrases that are not in the held-out lists.
PHONETIC_WEIGHT: Final = 0.9
LATER_WEIGHT: Final = 0.985  # of each segment relative to the one before
ASIDE_WEIGHT: Final = 0.6  # a segment about pay, health or household, among others
PURE_SKILL_WEIGHT: Final = 0.5  # a pure skill in a phrase of several segments
WHOLE_WEIGHT: Final = 0.9  # the whole phrase, if it has several segments
LETTER_WEIGHT: Final = 0.35  # share of the letter-by-letter comparison in the score
LITERAL_SHARE: Final = 0.8  # of what was said in so many letters, kept whatever it means
MEANING_WEIGHT: Final = 0.5  # share of the likely trades in the score of what is not sure
COMMUNITY_NAME_SHARE: Final = (
    0.4  # from this share on, the community's name stands for the official one
)
SAME_CODE_SHARE: Final = 0.93  # a second name of one code is told only when it is nearly as good


@dataclass(frozen=True, slots=True)
class Link:
    """A known skill or occupation: its name, its 2022 code (``None`` for a pure skill), and how
    well it fits, from 0 to 1."""

    name: str
    code: str | None
    score: float


class SkillLinker:
    """Links phrases to entries.

    Parameters
    ----------
    entries : the names to link to, each with its forms.
    classifier : which trade a text speaks of; it is asked about phrases that characters and
        sounds leave unsure.
    """

    def __init__(self, entries: Sequence[Entry], classifier: WorkClassifier | None = None) -> None:
        self.classifier = classifier
        self.entries = tuple(entries)
        number = {entry.name: at for at, entry in enumerate(self.entries)}
        self._trades = [number.get(name) for name in classifier.names] if classifier else []
        self._forms = [
            replace_synonyms(strip_particles(form))
            for entry in self.entries
            for form in entry.forms
        ]
        sizes = [len(entry.forms) for entry in self.entries]
        self._owner: IndexArray = np.repeat(np.arange(len(self.entries)), sizes)
        priors = np.array([entry.prior for entry in self.entries], dtype=np.float32)
        self._prior: Float32Array = priors[self._owner]
        self._exact = {
            form: number for number, entry in enumerate(self.entries) for form in entry.forms
        }
        self._char_index = NgramIndex(map(char_units, self._forms), self._owner)
        self._spelled = [
            syllables(strip_particles(f)) for entry in self.entries for f in entry.forms
        ]
        self._syllable_index = NgramIndex(map(_folded, self._spelled), self._owner)

    @classmethod
    def default(cls, directory: Path | None = None) -> "SkillLinker":
        """Return the linker over the tables of ``data/``, built once.

        Over those of another ``directory`` it goes by characters and sounds alone: the weights
        of the classifier belong to ``data/``.
        """
        return _default(directory)

    def link(self, phrase: str, top: int = 3) -> list[Link]:
        """Return up to ``top`` links of ``phrase``, best first; none when nothing is near.

        >>> [link.name for link in SkillLinker.default().link("踩缝纫机", top=1)]
        ['缝纫工']
        """
        return self.link_many([phrase], top)[0]

    def link_many(self, phrases: Sequence[str], top: int = 3) -> list[list[Link]]:
        """Return :meth:`link` of every phrase, in order; equal phrases are linked once."""
        distinct = list(dict.fromkeys(phrases))
        found: dict[str, list[Link]] = {}
        for start in range(0, len(distinct), BLOCK):
            block = distinct[start : start + BLOCK]
            found.update(zip(block, self._link_block(block, top), strict=True))
        return [list(found[phrase]) for phrase in phrases]

    def _link_block(self, phrases: Sequence[str], top: int) -> list[list[Link]]:
        segmented = [segments(phrase) for phrase in phrases]
        texts = list(
            dict.fromkeys(form for parts in segmented for part in parts for form in variants(part))
        )
        scores = dict(zip(texts, self._score(texts), strict=True))
        near = [self._merge(parts, scores) for parts in segmented]
        if self.classifier is not None:
            self._blend_meaning(phrases, near, self.classifier)
        return [self._select_links(scores, top) for scores in near]

    def _blend_meaning(
        self, phrases: Sequence[str], near: Sequence[dict[int, float]], classifier: WorkClassifier
    ) -> None:
        """Blend the scores of the Chinese phrases that are not sure with the likely trades."""
        weak = [
            i
            for i, scores in enumerate(near)
            if is_chinese(phrases[i]) and max(scores.values(), default=0.0) < SURE
        ]
        likely = classifier.likely([phrases[i][:MAX_CHARS] for i in weak])
        for i, (columns, shares) in zip(weak, likely, strict=True):
            said = NEGATION_WEIGHT if is_negated(phrases[i]) else 1.0
            meant = {
                number: said * share**0.5
                for column, share in zip(columns.tolist(), shares.tolist(), strict=True)
                if (number := self._trades[column]) is not None
            }
            for number in {*near[i], *meant}:
                literal = near[i].get(number, 0.0)
                blended = (1 - MEANING_WEIGHT) * literal + MEANING_WEIGHT * meant.get(number, 0.0)
                near[i][number] = max(blended, LITERAL_SHARE * literal)

    def _score(self, texts: Sequence[str]) -> list[dict[int, float]]:
        """Return the scores of similar entries for every squeezed text."""
        same = [replace_synonyms(text) for text in texts]
        asked = self._char_index.encode([char_units(text) for text in same])
        near = self._rescore(same, self._forms, self._char_index.search(asked, *CHAR_POWERS))
        known = self._char_index.known_share(asked)
        for row, scores in enumerate(near):
            for number, score in scores.items():
                blended = (1 - KNOWN_SHARE_WEIGHT) * score + KNOWN_SHARE_WEIGHT * float(
                    known[row, number]
                )
                scores[number] = min(blended, MAX_INEXACT)
        self._add_phonetic_scores(texts, near)
        for text, scores in zip(texts, near, strict=True):
            if text in self._exact:
                scores[self._exact[text]] = 1.0
        return near

    def _add_phonetic_scores(self, texts: Sequence[str], near: Sequence[dict[int, float]]) -> None:
        """Raise the scores of entries that sound like texts which are unsure so far."""
        weak = [i for i, scores in enumerate(near) if max(scores.values(), default=0.0) < SURE]
        spelled = [syllables(texts[i]) for i in weak]
        fits = self._syllable_index.search(
            self._syllable_index.encode(list(map(_folded, spelled))), *SYLLABLE_POWERS
        )
        chars = [
            frozenset() if texts[i].isascii() else frozenset(replace_synonyms(texts[i]))
            for i in weak
        ]
        for i, heard in zip(weak, self._rescore(spelled, self._spelled, fits, chars), strict=True):
            for number, score in heard.items():
                near[i][number] = max(near[i].get(number, 0.0), PHONETIC_WEIGHT * score)

    def _rescore(
        self,
        texts: Sequence[Sequence[str]],
        forms: Sequence[Sequence[str]],
        fits: sparse.csr_array,
        chars: Sequence[frozenset[str]] | None = None,
    ) -> list[dict[int, float]]:
        """Return the best score of each similar entry, after comparing finalists letter by letter.

        ``chars``, where given, are the characters of each text: a form without any of them is
        weighted down.
        """
        result: list[dict[int, float]] = []
        for row, text in enumerate(texts):
            near: dict[int, float] = {}
            for form, fit in self._finalists(fits, row):
                same = _letter_similarity(text, forms[form])
                score = float(self._prior[form]) * (
                    (1 - LETTER_WEIGHT) * fit + LETTER_WEIGHT * same
                )
                if chars and chars[row] and chars[row].isdisjoint(self._forms[form]):
                    score *= DISJOINT_CHARS_WEIGHT
                number = int(self._owner[form])
                near[number] = max(near.get(number, 0.0), score)
            result.append(near)
        return result

    def _finalists(self, fits: sparse.csr_array, row: int) -> list[tuple[int, float]]:
        span = slice(fits.indptr[row], fits.indptr[row + 1])
        forms, values = fits.indices[span], fits.data[span]
        if len(forms) > MAX_FINALISTS:
            kept = np.argpartition(-values * self._prior[forms], MAX_FINALISTS)[:MAX_FINALISTS]
            forms, values = forms[kept], values[kept]
        return list(zip(forms.tolist(), values.tolist(), strict=True))

    def _merge(self, parts: Sequence[str], scores: dict[str, dict[int, float]]) -> dict[int, float]:
        """Return the best score of every entry over the segments of one phrase.

        Among several segments those about work count more than those about the person: a pure
        skill (身体好), pay, hours, household.
        """
        near = [merge_variants(part, scores) for part in parts]
        several = len(parts) > 2  # the first is the whole
        merged: dict[int, float] = {}
        for place, (part, found) in enumerate(zip(parts, near, strict=True)):
            segment_weight = 1.0
            if several:
                segment_weight = (
                    LATER_WEIGHT ** (place - 1) * self._work_weight(part, found)
                    if place
                    else WHOLE_WEIGHT
                )
            for number, score in found.items():
                weight = (
                    min(segment_weight, PURE_SKILL_WEIGHT)
                    if several and self._is_skill(number)
                    else segment_weight
                )
                merged[number] = max(merged.get(number, 0.0), weight * score)
        return merged

    def _work_weight(self, part: str, near: dict[int, float]) -> float:
        best = max(near, key=near.__getitem__, default=None)
        if best is not None and near[best] >= SURE and self._is_skill(best):
            return PURE_SKILL_WEIGHT
        return ASIDE_WEIGHT if is_aside(part) else 1.0

    def _is_skill(self, number: int) -> bool:
        return self.entries[number].code is None

    def _prefer_community_names(self, near: dict[int, float]) -> dict[int, float]:
        """Replace an official name by the community's name with the same code (营销员)."""
        own: dict[str, int] = {}
        for number in sorted(near, key=lambda number: (-near[number], number)):
            code = self.entries[number].code
            if code is not None and self.entries[number].prior == 1.0:
                own.setdefault(code, number)
        merged = dict(near)
        for number, score in near.items():
            ours = own.get(self.entries[number].code or "")
            if ours is None or self.entries[number].prior == 1.0:
                continue
            if near[ours] >= COMMUNITY_NAME_SHARE * score:
                del merged[number]
                merged[ours] = max(merged[ours], score)
        return merged

    def _select_links(self, near: dict[int, float], top: int) -> list[Link]:
        near = self._prefer_community_names(near)
        order = sorted(near, key=lambda number: (-near[number], number))
        links: list[Link] = []
        codes: set[str] = set()
        for number in order:
            entry, score = self.entries[number], min(near[number], 1.0)
            if len(links) >= top or score < MIN_SCORE:
                break
            if entry.code in codes and score < SAME_CODE_SHARE * links[0].score:
                continue
            links.append(Link(entry.name, entry.code, round(score, 4)))
            codes.update([entry.code] if entry.code else [])
        return links


def _letter_similarity(text: Sequence[str], form: Sequence[str]) -> float:
    same = ratio(text, form) / 100
    held = isinstance(form, str) and len(form) > 3 and form in text
    return max(same, CONTAINED_SCORE) if held else same


def _folded(spelled: Iterable[str]) -> list[str]:
    return list(map(fold_syllable, spelled))


@lru_cache(maxsize=4)
def _default(directory: Path | None) -> SkillLinker:
    return SkillLinker(
        read_entries(directory), WorkClassifier.default() if directory is None else None
    )


def link_lines(lines: Iterable[str], top: int = 3) -> Iterator[dict[str, object]]:
    """Yield ``{"phrase", "links": [{"name", "code", "score"}]}`` for every line, in order.

    Lines are read a block at a time, so a stream of any length is linked in constant memory.
    """
    linker = SkillLinker.default()
    waiting = iter(lines)
    while block := [line.rstrip("\r\n") for line in islice(waiting, BLOCK)]:
        for phrase, links in zip(block, linker.link_many(block, top), strict=True):
            yield {"phrase": phrase, "links": [asdict(link) for link in links]}
