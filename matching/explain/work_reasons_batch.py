"""What of the work itself speaks for many pairs, and which skills are lacking.

The questions of :func:`matching.explain.reasons.work_reasons` and
:func:`matching.explain.reasons.skill_gaps`, asked of all pairs of a block at once.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from matching.explain import reasons as pairwise
from matching.explain.phrase_similarity_batch import READS_ALIKE, SAME_SKILL, SAME_WORK, Likeness
from matching.features.text_features import SHUNNED
from matching.records import Kind, Note, Opening, Seeker
from matching.text.normalise import squeeze
from matching.utils.array_types import IntArray
from matching.utils.ragged import NOTHING, Lists, as_lists, at_or_nothing, first_of

# A number for each pair, alike when the same is told and ``NOTHING`` when nothing is, and what
# is told of the pair at a position.
Talk = tuple[IntArray, Callable[[int], Iterable[Note]]]


class WorkTalk:
    """A catalogue's titles and skills, made ready to be compared with what seekers say.

    Parameters
    ----------
    openings : sequence of Opening
    """

    def __init__(self, openings: Sequence[Opening]) -> None:
        self.titles = [one.title.strip() for one in openings]
        more = (phrase for one in openings for phrase in (*one.skills, *one.teaches))
        self.likeness = Likeness([*self.titles, *more])
        codes = self.likeness.codes
        self.title_codes = np.array([codes[title] for title in self.titles], dtype=np.int64)
        self.asked = as_lists([[codes[skill] for skill in one.skills] for one in openings])
        self.taught = as_lists([[codes[skill] for skill in one.teaches] for one in openings])
        says = [bool(squeeze(phrase)) for phrase in self.likeness.phrases]
        self.says_something = np.array(says, dtype=np.bool_)
        courses = [one.kind is Kind.COURSE for one in openings]
        self.is_course = np.array(courses, dtype=np.bool_)

    def of(self, seekers: Sequence[Seeker], rows: IntArray, columns: IntArray) -> "PairTalk":
        """Return what is said of the pairs; to be read before this is asked again."""
        return PairTalk(self, seekers, rows, columns)


class PairTalk:
    """What seekers say, beside the openings of their pairs."""

    def __init__(
        self, talk: WorkTalk, seekers: Sequence[Seeker], rows: IntArray, columns: IntArray
    ) -> None:
        self._talk, self._rows, self._columns = talk, rows, columns
        self._said: list[str] = []
        self._wanted = self._say([one.wanted for one in seekers])
        self._skills = self._say([one.skills for one in seekers])
        done = [[job.title for job in one.experience] for one in seekers]
        self._jobs = self._say(done)
        known = [[*one.skills, *one.certificates] for one in seekers]
        self._known = self._say([both + jobs for both, jobs in zip(known, done, strict=True)])
        drew = [[one for one in reversed(s.past) if one.action not in SHUNNED] for s in seekers]
        before = len(self._said)
        self._past = self._say([[one.title for one in past] for past in drew])
        kinds = list(pairwise.DONE)
        actions = [kinds.index(one.action) for past in drew for one in past]
        self._actions = np.array([0] * before + actions, dtype=np.int64)
        self._codes = talk.likeness.rows(self._said)
        self._width = len(talk.likeness.phrases)

    def _say(self, each: Sequence[Sequence[str]]) -> Lists:
        """Add what seekers say, and return where it stands."""
        places = len(self._said)
        for phrases in each:
            self._said.extend(phrases)
        starts = np.cumsum([0, *map(len, each)])
        return Lists(starts, np.arange(places, len(self._said)))

    def _goes_with(self, said: Lists, rows: IntArray, targets: IntArray, flag: int) -> IntArray:
        """Return the first of what each row's seeker says that goes with its target."""
        whose, places = said.of(rows)
        hit = (self._talk.likeness.table[self._codes[places], targets[whose]] & flag) > 0
        return at_or_nothing(places, first_of(whose, hit, len(rows)))

    def _through(self, named: Lists, said: Lists, flag: int) -> tuple[IntArray, IntArray]:
        """Return what is said and what it goes with, of the first so named by each opening."""
        whose, targets = named.of(self._columns)
        places = self._goes_with(said, self._rows[whose], targets, flag)
        first = first_of(whose, places != NOTHING, len(self._rows))
        return at_or_nothing(places, first), at_or_nothing(targets, first)

    def _key(self, places: IntArray, targets: IntArray) -> IntArray:
        """Return a number for each phrase said together with its target."""
        codes = at_or_nothing(self._codes, places)
        return np.where(codes == NOTHING, NOTHING, codes * self._width + targets)

    def reasons(self) -> list[Talk]:
        """Return what speaks for the work of each pair, the weightiest first."""
        return [self._wishes(), self._abilities(), self._experience(), self._drawn(), self._aims()]

    def _wishes(self) -> Talk:
        targets = self._talk.title_codes[self._columns]
        found = self._goes_with(self._wanted, self._rows, targets, SAME_WORK)

        def tell(pair: int) -> Iterable[Note]:
            yield pairwise.wanted_note(self._said[found[pair]], self._title(pair))

        return self._key(found, targets), tell

    def _abilities(self) -> Talk:
        held, asked = self._through(self._talk.asked, self._skills, SAME_SKILL)
        titles = self._talk.title_codes[self._columns]
        useful = self._goes_with(self._skills, self._rows, titles, SAME_SKILL)
        useful[held != NOTHING] = NOTHING
        of_title = useful != NOTHING
        keys = self._key(np.where(of_title, useful, held), np.where(of_title, titles, asked))
        table, phrases = self._talk.likeness.table, self._talk.likeness.phrases

        def tell(pair: int) -> Iterable[Note]:
            if of_title[pair]:
                yield pairwise.title_note(self._said[useful[pair]], self._title(pair))
            else:
                place, target = held[pair], asked[pair]
                alike = bool(table[self._codes[place], target] & READS_ALIKE)
                yield pairwise.skill_note(self._said[place], phrases[target], alike=alike)

        return np.where(keys == NOTHING, NOTHING, 2 * keys + of_title), tell

    def _experience(self) -> Talk:
        targets = self._talk.title_codes[self._columns]
        found = self._goes_with(self._jobs, self._rows, targets, SAME_WORK)

        def tell(pair: int) -> Iterable[Note]:
            yield pairwise.experience_note(self._said[found[pair]])

        return self._key(found, np.zeros_like(found)), tell

    def _drawn(self) -> Talk:
        targets = self._talk.title_codes[self._columns]
        found = self._goes_with(self._past, self._rows, targets, SAME_WORK)
        kinds = list(pairwise.DONE)

        def tell(pair: int) -> Iterable[Note]:
            place = found[pair]
            yield pairwise.past_note(kinds[self._actions[place]], self._said[place])

        return self._key(found, at_or_nothing(self._actions, found)), tell

    def _aims(self) -> Talk:
        aims, taught = self._through(self._talk.taught, self._wanted, SAME_WORK)
        phrases = self._talk.likeness.phrases

        def tell(pair: int) -> Iterable[Note]:
            yield pairwise.teaches_note(phrases[taught[pair]], self._said[aims[pair]])

        return self._key(aims, taught), tell

    def lacking(self) -> Talk:
        """Return the skills asked for that nothing the seekers say speaks of."""
        whose, asked = self._talk.asked.of(self._columns)
        known = self._goes_with(self._known, self._rows[whose], asked, SAME_SKILL)
        lacks = (known == NOTHING) & self._talk.says_something[asked]
        lacks &= ~self._talk.is_course[self._columns][whose]
        whose, asked = whose[lacks], asked[lacks]
        rank = np.arange(len(whose)) - np.searchsorted(whose, whose)
        most = pairwise.MOST_SKILLS_NAMED
        named = np.full((len(self._rows), most), NOTHING, dtype=np.int64)
        told = rank < most
        named[whose[told], rank[told]] = asked[told]
        more = np.bincount(whose, minlength=len(self._rows)) > most
        # Numbers of several digits, each a phrase: below 2**63 for a million different phrases.
        digits = named + 1
        keys = more.astype(np.int64)
        for place in range(most):
            keys = keys * (self._width + 1) + digits[:, place]
        phrases = self._talk.likeness.phrases

        def tell(pair: int) -> Iterable[Note]:
            names = [phrases[code] for code in named[pair].tolist() if code != NOTHING]
            yield pairwise.lacking_note(names, more=bool(more[pair]))

        return np.where(named[:, 0] == NOTHING, NOTHING, keys), tell

    def _title(self, pair: int) -> str:
        return self._talk.titles[int(self._columns[pair])]
