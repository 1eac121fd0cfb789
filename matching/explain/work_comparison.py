"""The seekers' phrases against the work of openings, for many pairs at once.

Which phrase speaks for a pair: the first wish, skill, job or earlier opening (the latest first)
of the seeker that goes with the title; for required skills and what a course teaches, the first
of the opening's that anything of the seeker goes with.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from matching.explain import notes
from matching.explain.meaning_comparison import MIN_AFFINITY, MeaningIndex
from matching.explain.phrase_similarity import SAME_SKILL, SAME_WORK, SHARES_WORDS, PhraseIndex
from matching.features.text_features import NEGATIVE_ACTIONS
from matching.records import Kind, Note, Opening, Seeker
from matching.text.normalise import squeeze
from matching.utils.array_types import BoolArray, IntArray
from matching.utils.ragged import MISSING, RaggedArray, as_ragged, first_hit, take_or_missing


class NoteTable(NamedTuple):
    """Notes of pairs, written once for all pairs with equal keys.

    Attributes
    ----------
    keys : ndarray of shape (n_pairs,)
        Equal for pairs with the same notes, ``MISSING`` for none.
    write : callable
        Returns the notes of the pair at a position.
    """

    keys: IntArray
    write: Callable[[int], Iterable[Note]]


class WorkIndex:
    """Titles, required and taught skills of a catalogue.

    Parameters
    ----------
    openings : sequence of Opening
    """

    def __init__(self, openings: Sequence[Opening]) -> None:
        self.meaning = MeaningIndex(openings)
        self.titles = [one.title.strip() for one in openings]
        skills = (phrase for one in openings for phrase in (*one.skills, *one.teaches))
        self.phrase_index = PhraseIndex([*self.titles, *skills])
        codes = self.phrase_index.codes
        self.title_codes = np.array([codes[title] for title in self.titles], dtype=np.int64)
        self.required = as_ragged([[codes[skill] for skill in one.skills] for one in openings])
        self.taught = as_ragged([[codes[skill] for skill in one.teaches] for one in openings])
        # A skill of nothing but punctuation requires nothing.
        named = [bool(squeeze(phrase)) for phrase in self.phrase_index.phrases]
        self.is_named = np.array(named, dtype=np.bool_)
        courses = [one.kind is Kind.COURSE for one in openings]
        self.is_course = np.array(courses, dtype=np.bool_)


class PairComparison:
    """Pairs of some seekers and a catalogue's openings, compared phrase by phrase.

    Parameters
    ----------
    index : WorkIndex
        Its phrase table is valid until the next comparison: read the notes before.
    seekers : sequence of Seeker
    rows, columns : ndarray of shape (n_pairs,)
    """

    def __init__(
        self, index: WorkIndex, seekers: Sequence[Seeker], rows: IntArray, columns: IntArray
    ) -> None:
        self._index, self._rows, self._columns = index, rows, columns
        self._phrases: list[str] = []
        self._wanted = self._add([one.wanted for one in seekers])
        self._skills = self._add([one.skills for one in seekers])
        jobs = [[job.title for job in one.experience] for one in seekers]
        self._jobs = self._add(jobs)
        held = [[*one.skills, *one.certificates] for one in seekers]
        self._known = self._add([both + done for both, done in zip(held, jobs, strict=True)])
        positive = [
            [one for one in reversed(seeker.past) if one.action not in NEGATIVE_ACTIONS]
            for seeker in seekers
        ]
        n_before = len(self._phrases)
        self._past = self._add([[one.title for one in past] for past in positive])
        self._action_names = list(notes.ACTION_TEXTS)
        actions = [self._action_names.index(one.action) for past in positive for one in past]
        self._actions = np.array([0] * n_before + actions, dtype=np.int64)
        self._codes = index.phrase_index.rows(self._phrases)
        self._width = len(index.phrase_index.phrases)

    def _add(self, lists: Sequence[Sequence[str]]) -> RaggedArray:
        """Add phrases of each seeker, and return their positions among all phrases."""
        start = len(self._phrases)
        for phrases in lists:
            self._phrases.extend(phrases)
        offsets = np.cumsum([0, *map(len, lists)])
        return RaggedArray(offsets, np.arange(start, len(self._phrases)))

    def _first_match(
        self, phrases: RaggedArray, rows: IntArray, targets: IntArray, flag: int
    ) -> IntArray:
        """Return the first phrase of each row's seeker that matches its target, or ``MISSING``."""
        owners, positions = phrases.gather(rows)
        hit = (self._index.phrase_index.table[self._codes[positions], targets[owners]] & flag) > 0
        return take_or_missing(positions, first_hit(owners, hit, len(rows)))

    def _first_matched(
        self, targets: RaggedArray, phrases: RaggedArray, flag: int
    ) -> tuple[IntArray, IntArray]:
        """Return the first target of each pair's opening that is matched: by whom, and which."""
        owners, codes = targets.gather(self._columns)
        positions = self._first_match(phrases, self._rows[owners], codes, flag)
        first = first_hit(owners, positions != MISSING, len(self._rows))
        return take_or_missing(positions, first), take_or_missing(codes, first)

    def _key(self, positions: IntArray, targets: IntArray) -> IntArray:
        """Return one number for a phrase and a target."""
        codes = take_or_missing(self._codes, positions)
        return np.where(codes == MISSING, MISSING, codes * self._width + targets)

    def _title(self, pair: int) -> str:
        return self._index.titles[int(self._columns[pair])]

    def reasons(self) -> list[NoteTable]:
        """Return what speaks for the work of each pair, the most important first."""
        named = [
            self._wanted_notes(),
            self._skill_notes(),
            self._experience_notes(),
            self._past_notes(),
            self._teaches_notes(),
        ]
        silent = np.logical_and.reduce([table.keys == MISSING for table in named])
        return [*named, self._meaning_notes(np.flatnonzero(silent))]

    def _wanted_notes(self) -> NoteTable:
        titles = self._index.title_codes[self._columns]
        wishes = self._first_match(self._wanted, self._rows, titles, SAME_WORK)

        def write(pair: int) -> Iterable[Note]:
            yield notes.wanted_note(self._phrases[wishes[pair]], self._title(pair))

        return NoteTable(self._key(wishes, titles), write)

    def _skill_notes(self) -> NoteTable:
        """A required skill that is held; else one of use for the title."""
        held, required = self._first_matched(self._index.required, self._skills, SAME_SKILL)
        titles = self._index.title_codes[self._columns]
        useful = self._first_match(self._skills, self._rows, titles, SAME_SKILL)
        useful[held != MISSING] = MISSING
        of_title = useful != MISSING
        keys = self._key(np.where(of_title, useful, held), np.where(of_title, titles, required))
        table, phrases = self._index.phrase_index.table, self._index.phrase_index.phrases

        def write(pair: int) -> Iterable[Note]:
            if of_title[pair]:
                yield notes.title_note(self._phrases[useful[pair]], self._title(pair))
            else:
                position, target = held[pair], required[pair]
                same_words = bool(table[self._codes[position], target] & SHARES_WORDS)
                yield notes.skill_note(
                    self._phrases[position], phrases[target], same_words=same_words
                )

        return NoteTable(np.where(keys == MISSING, MISSING, 2 * keys + of_title), write)

    def _experience_notes(self) -> NoteTable:
        titles = self._index.title_codes[self._columns]
        jobs = self._first_match(self._jobs, self._rows, titles, SAME_WORK)

        def write(pair: int) -> Iterable[Note]:
            yield notes.experience_note(self._phrases[jobs[pair]])

        return NoteTable(self._key(jobs, np.zeros_like(jobs)), write)

    def _past_notes(self) -> NoteTable:
        titles = self._index.title_codes[self._columns]
        past = self._first_match(self._past, self._rows, titles, SAME_WORK)

        def write(pair: int) -> Iterable[Note]:
            position = past[pair]
            action = self._action_names[self._actions[position]]
            yield notes.past_note(action, self._phrases[position])

        return NoteTable(self._key(past, take_or_missing(self._actions, past)), write)

    def _teaches_notes(self) -> NoteTable:
        wishes, taught = self._first_matched(self._index.taught, self._wanted, SAME_WORK)
        phrases = self._index.phrase_index.phrases

        def write(pair: int) -> Iterable[Note]:
            yield notes.teaches_note(phrases[taught[pair]], self._phrases[wishes[pair]])

        return NoteTable(self._key(wishes, taught), write)

    def _meaning_notes(self, pairs: IntArray) -> NoteTable:
        """What answers a wish or skill in meaning, for pairs of which nothing else is told."""
        first = np.full(len(self._rows), MISSING, dtype=np.int64)
        for phrases in (self._wanted, self._skills):
            owners, positions = phrases.gather(self._rows[pairs])
            distinct, which = np.unique(positions, return_inverse=True)
            said = [self._phrases[position] for position in distinct.tolist()]
            affinities = self._index.meaning.affinities(said, which, self._columns[pairs][owners])
            hit = first_hit(owners, affinities >= MIN_AFFINITY, len(pairs))
            found = take_or_missing(positions, hit)
            first[pairs] = np.where(first[pairs] == MISSING, found, first[pairs])
        n_openings = len(self._index.titles)
        codes = take_or_missing(self._codes, first)
        keys = np.where(codes == MISSING, MISSING, codes * n_openings + self._columns)
        self._index.meaning.prepare(self._columns[first != MISSING])

        def write(pair: int) -> Iterable[Note]:
            phrase, column = self._phrases[first[pair]], int(self._columns[pair])
            answer = self._index.meaning.answer(phrase, column)
            if answer is not None:
                yield notes.meaning_note(phrase, answer)

        return NoteTable(keys, write)

    def wished(self) -> BoolArray:
        """Return whether the work of each pair goes with a wish of the seeker."""
        titles = self._index.title_codes[self._columns]
        found: BoolArray = self._first_match(self._wanted, self._rows, titles, SAME_WORK) != MISSING
        return found

    def missing_skills(self) -> NoteTable:
        """Return the required skills that nothing in a seeker's record mentions."""
        owners, required = self._index.required.gather(self._columns)
        known = self._first_match(self._known, self._rows[owners], required, SAME_SKILL)
        missing = (known == MISSING) & self._index.is_named[required]
        missing &= ~self._index.is_course[self._columns][owners]
        owners, required = owners[missing], required[missing]
        rank = np.arange(len(owners)) - np.searchsorted(owners, owners)
        named = np.full((len(self._rows), notes.MAX_SKILLS_NAMED), MISSING, dtype=np.int64)
        shown = rank < notes.MAX_SKILLS_NAMED
        named[owners[shown], rank[shown]] = required[shown]
        more = np.bincount(owners, minlength=len(self._rows)) > notes.MAX_SKILLS_NAMED
        # The phrases' codes as digits of one number, below 2**63 for a million phrases.
        digits = named + 1
        keys = more.astype(np.int64)
        for column in digits.T:
            keys = keys * (self._width + 1) + column
        phrases = self._index.phrase_index.phrases

        def write(pair: int) -> Iterable[Note]:
            skills = [phrases[code] for code in named[pair].tolist() if code != MISSING]
            yield notes.missing_skills_note(skills, more=bool(more[pair]))

        return NoteTable(np.where(named[:, 0] == MISSING, MISSING, keys), write)
