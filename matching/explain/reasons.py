"""Reasons and gaps of one pair, in plain Chinese, each told only when the two records say so.

The person themselves reads them, and so do staff who act for them: no sentence says whom it
speaks to or of (没有“您”).

A reason never speaks of what is merely unknown: no schooling named is not "不要求学历".
Declining or leaving is never told, to anybody.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from matching.eligibility import rules
from matching.eligibility.hours import covers, fixed
from matching.eligibility.places import shared_depth, split
from matching.explain.phrase_similarity import reads_alike, same_skill, same_work
from matching.features.catalogue import monthly_pay
from matching.features.text_features import SHUNNED
from matching.records import Kind, Note, Opening, Seeker
from matching.text.normalise import squeeze

MOST_REASONS = 4
MOST_SKILLS_NAMED = 3
# Reasons of the work itself that are told before that it is near.
WORK_FIRST = 2
DONE = {"viewed": "看过", "applied": "申请过", "hired": "做过"}


class Explanation(NamedTuple):
    """What speaks for an opening and what is missing, the weightiest first."""

    reasons: list[Note]
    gaps: list[Note]


def yuan(amount: float) -> str:
    """Return an amount as people write it: no decimals unless there are any."""
    return f"{amount:.2f}".rstrip("0").rstrip(".")


def _at_least(pay: float, asked: float) -> str:
    """Return a sum from an hourly or daily rate rounded down, never to below what is asked."""
    return yuan(_round(pay, math.floor, lambda rounded: rounded >= asked))


def _at_most(pay: float, asked: float) -> str:
    """Return a sum from an hourly or daily rate rounded up, never to what is asked."""
    return yuan(_round(pay, math.ceil, lambda rounded: rounded < asked))


def _round(pay: float, whole: Callable[[float], int], holds: Callable[[float], bool]) -> float:
    if pay == int(pay):  # a sum somebody named, not one that was multiplied
        return pay
    steps = (float(whole(pay / step) * step) for step in (10, 1))
    return next(filter(holds, steps), pay)


@lru_cache(maxsize=65536)
def _note(code: str, text: str) -> Note:
    # Notes are frozen and many people are told the same, so one object serves them all.
    return Note(code=code, text=text)


def wanted_note(wish: str, title: str) -> Note:
    """Return that the opening is work of a kind that is wanted."""
    return _note("wanted", f"想找“{wish.strip()}”，这里是“{title}”")


def skill_note(held: str, asked: str, *, alike: bool) -> Note:
    """Return that a skill held is one asked for, in the same words or not."""
    same = "这里正需要“{}”" if alike else "跟这里要的“{}”是一类活"
    return _note("skill", f"有“{held.strip()}”的本事，{same.format(asked.strip())}")


def title_note(held: str, title: str) -> Note:
    """Return that a skill held is of use in the work itself."""
    return _note("skill", f"有“{held.strip()}”的本事，做“{title}”用得上")


def experience_note(job: str) -> Note:
    """Return that such work was done before."""
    return _note("experience", f"做过“{job.strip()}”，有经验")


def past_note(action: str, title: str) -> Note:
    """Return that the opening is like one that drew the seeker."""
    return _note("past", f"跟{DONE[action]}的“{title.strip()}”差不多")


def teaches_note(taught: str, aim: str) -> Note:
    """Return that a course teaches what is wanted."""
    return _note("teaches", f"能学“{taught.strip()}”，跟想找的“{aim.strip()}”对得上")


def work_reasons(seeker: Seeker, opening: Opening) -> Iterator[Note]:
    """Yield what of the work itself speaks for the opening, the weightiest first."""
    title = opening.title.strip()
    for wish in seeker.wanted:
        if same_work(wish, title):
            yield wanted_note(wish, title)
            break
    for asked in opening.skills:
        held = next((skill for skill in seeker.skills if same_skill(skill, asked)), None)
        if held:
            yield skill_note(held, asked, alike=reads_alike(held, asked))
            break
    else:
        held = next((skill for skill in seeker.skills if same_skill(skill, title)), None)
        if held:
            yield title_note(held, title)
    for job in seeker.experience:
        if same_work(job.title, title):
            yield experience_note(job.title)
            break
    for one in reversed(seeker.past):
        if one.action not in SHUNNED and same_work(one.title, title):
            yield past_note(one.action, one.title)
            break
    for taught in opening.teaches:
        aim = next((wish for wish in seeker.wanted if same_work(wish, taught)), None)
        if aim:
            yield teaches_note(taught, aim)
            break


def near_reason(seeker: Seeker, opening: Opening) -> Note | None:
    """Return that the opening is near home, if it is."""
    if opening.at_home:
        return _note("at_home", "在家就能做")
    home = split(seeker.home)
    depth = shared_depth(seeker.home, opening.place)
    if len(home) >= 2 and depth == len(home):
        return _note("near", "就在自家小区" if depth >= 4 else "跟自家在同一个地方")
    if depth >= 3:
        return _note("near", "跟自家在同一个街道、镇上")
    if depth == 2 and len(home) >= 3:
        return _note("near", "跟自家在同一个区县")
    return None


def pay_reasons(seeker: Seeker, opening: Opening) -> Iterator[Note]:
    """Yield that the pay is enough."""
    low, _ = monthly_pay(opening)
    if seeker.min_pay and low is not None and low >= seeker.min_pay:
        least = _at_least(low, seeker.min_pay)
        yield _note("pay", f"每月{least}元起，够想要的{yuan(seeker.min_pay)}元")


def terms_reasons(seeker: Seeker, opening: Opening) -> Iterator[Note]:
    """Yield what of hours and schooling speaks for the opening."""
    hours = fixed(opening.hours, flexible=opening.flexible)
    if hours and seeker.available is not None and covers(seeker.available, hours):
        yield _note("hours", "上班时间都有空")
    elif not hours and (opening.flexible or any(window.flexible for window in opening.hours)):
        yield _note("flexible", "时间自己安排")
    if opening.education is not None and opening.education.rank == 0:
        yield _note("no_schooling", "不要求学历")


def reasons(seeker: Seeker, opening: Opening) -> list[Note]:
    """Return up to four reasons for the opening, the weightiest first."""
    return weightiest(
        work_reasons(seeker, opening),
        near_reason(seeker, opening),
        [*pay_reasons(seeker, opening), *terms_reasons(seeker, opening)],
    )


def weightiest(work: Iterable[Note], near: Note | None, rest: Iterable[Note]) -> list[Note]:
    """Return up to four reasons of those found."""
    found = list(work)
    if near:
        # Told early, since for many it decides; but the work itself comes first.
        found.insert(min(len(found), WORK_FIRST), near)
    found.extend(rest)
    return found[:MOST_REASONS]


def skill_gaps(seeker: Seeker, opening: Opening) -> Iterator[Note]:
    """Yield the skills asked for that nothing in the seeker's record speaks of."""
    known = [*seeker.skills, *seeker.certificates, *(job.title for job in seeker.experience)]
    lacking = [
        asked
        for asked in opening.skills
        if squeeze(asked) and not any(same_skill(skill, asked) for skill in known)
    ]
    if lacking and opening.kind is not Kind.COURSE:
        more = len(lacking) > MOST_SKILLS_NAMED
        yield lacking_note(lacking[:MOST_SKILLS_NAMED], more=more)


def lacking_note(named: Sequence[str], *, more: bool) -> Note:
    """Return that skills are asked for that nothing in the record speaks of."""
    listed = "、".join(asked.strip() for asked in named)
    return _note("skill_missing", f"要会{listed}{'等' if more else ''}，资料里还没有写")


def pay_gaps(seeker: Seeker, opening: Opening) -> Iterator[Note]:
    """Yield what the pay lacks beside what the seeker needs."""
    if seeker.min_pay and opening.kind is not Kind.COURSE:
        low, high = monthly_pay(opening)
        if high is not None and high < seeker.min_pay:
            most = _at_most(high, seeker.min_pay)
            text = f"每月最多{most}元，不到想要的{yuan(seeker.min_pay)}元"
            yield _note("pay_below", text)
        elif low is None and high is None:
            yield _note("unknown_pay", "没写明每月多少钱，要先问清楚")


def gaps(seeker: Seeker, opening: Opening, broken: list[Note] | None = None) -> list[Note]:
    """Return all gaps: broken hard rules in their order, then what is missing, then unknown.

    ``broken`` is :func:`matching.eligibility.rules.broken_rules` of the pair, when already asked.
    """
    told = rules.broken_rules(seeker, opening) if broken is None else broken
    missing = chain(skill_gaps(seeker, opening), pay_gaps(seeker, opening))
    return [*told, *missing, *rules.unknown_gaps(seeker, opening)]


def explain(seeker: Seeker, opening: Opening, broken: list[Note] | None = None) -> Explanation:
    """Return :func:`reasons` and :func:`gaps` of a pair."""
    return Explanation(reasons(seeker, opening), gaps(seeker, opening, broken))
