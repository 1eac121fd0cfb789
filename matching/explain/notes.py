"""Every sentence of reasons and gaps, in plain Chinese.

Residents read them, and so do staff who act for them: no sentence says whom it addresses or
speaks of (no “您”). A sentence is made only from facts in the two records. Declining or leaving
an earlier opening is never mentioned.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from matching.eligibility.hours import covers, fixed_windows
from matching.eligibility.places import shared_depth, split_path
from matching.features.catalogue import monthly_pay
from matching.records import Kind, Note, Opening, Seeker

MAX_SKILLS_NAMED = 3
ACTION_TEXTS = {"viewed": "看过", "applied": "申请过", "hired": "做过"}


def format_yuan(amount: float) -> str:
    """Return an amount with at most two decimals, trailing zeros left out.

    >>> format_yuan(2200.0), format_yuan(0.35)
    ('2200', '0.35')
    """
    return f"{amount:.2f}".rstrip("0").rstrip(".")


def _round_down(pay: float, required: float) -> str:
    """Return pay rounded down, but not below ``required``."""
    return format_yuan(_round(pay, math.floor, lambda rounded: rounded >= required))


def _round_up(pay: float, required: float) -> str:
    """Return pay rounded up, but to less than ``required``."""
    return format_yuan(_round(pay, math.ceil, lambda rounded: rounded < required))


def _round(pay: float, rounding: Callable[[float], int], holds: Callable[[float], bool]) -> float:
    if pay == int(pay):  # stated as it is, not computed from an hourly or daily rate
        return pay
    steps = (float(rounding(pay / step) * step) for step in (10, 1))
    return next(filter(holds, steps), pay)


@lru_cache(maxsize=65536)
def _note(code: str, text: str) -> Note:
    # Notes are frozen and shared by many pairs, so one object serves them all.
    return Note(code=code, text=text)


# --- the work itself ------------------------------------------------------------------------


def wanted_note(wish: str, title: str) -> Note:
    """The opening is work of a kind that is wanted."""
    return _note("wanted", f"想找“{wish.strip()}”，这里是“{title}”")


def skill_note(held: str, required: str, *, same_words: bool) -> Note:
    """A skill held is one the opening requires, in the same words or not."""
    match = "这里正需要“{}”" if same_words else "跟这里要的“{}”是一类活"
    return _note("skill", f"有“{held.strip()}”的本事，{match.format(required.strip())}")


def title_note(held: str, title: str) -> Note:
    """A skill held is of use in the work named by the title."""
    return _note("skill", f"有“{held.strip()}”的本事，做“{title}”用得上")


def experience_note(job: str) -> Note:
    """Such work was done before."""
    return _note("experience", f"做过“{job.strip()}”，有经验")


def past_note(action: str, title: str) -> Note:
    """The opening is like one viewed, applied for or held before."""
    return _note("past", f"跟{ACTION_TEXTS[action]}的“{title.strip()}”差不多")


def teaches_note(taught: str, wish: str) -> Note:
    """A course teaches what is wanted."""
    return _note("teaches", f"能学“{taught.strip()}”，跟想找的“{wish.strip()}”对得上")


def meaning_note(phrase: str, answer: str) -> Note:
    """A part of the posting tells of work like what is wished or known, in other words."""
    return _note("meaning", f"说的“{phrase.strip()}”，跟这里写的“{answer}”像是一类活")


def missing_skills_note(named: Sequence[str], *, more: bool) -> Note:
    """Skills are required that nothing in the record mentions; ``more`` than are named."""
    listed = "、".join(skill.strip() for skill in named)
    return _note("skill_missing", f"要会{listed}{'等' if more else ''}，资料里还没有写")


# --- place, pay, hours, schooling -----------------------------------------------------------


def place_reasons(seeker: Seeker, opening: Opening) -> Iterator[Note]:
    """Yield that the work is at home or near it."""
    if opening.at_home:
        yield _note("at_home", "在家就能做")
        return
    home = split_path(seeker.home)
    depth = shared_depth(seeker.home, opening.place)
    if len(home) >= 2 and depth == len(home):
        yield _note("near", "就在自家小区" if depth >= 4 else "跟自家在同一个地方")
    elif depth >= 3:
        yield _note("near", "跟自家在同一个街道、镇上")
    elif depth == 2 and len(home) >= 3:
        yield _note("near", "跟自家在同一个区县")


def pay_reasons(seeker: Seeker, opening: Opening) -> Iterator[Note]:
    """Yield that the pay is enough."""
    low, _ = monthly_pay(opening)
    if seeker.min_pay and low is not None and low >= seeker.min_pay:
        least = _round_down(low, seeker.min_pay)
        yield _note("pay", f"每月{least}元起，够想要的{format_yuan(seeker.min_pay)}元")


def terms_reasons(seeker: Seeker, opening: Opening) -> Iterator[Note]:
    """Yield that the hours suit, and that no schooling is required."""
    hours = fixed_windows(opening.hours, flexible=opening.flexible)
    if hours and seeker.available is not None and covers(seeker.available, hours):
        yield _note("hours", "上班时间都有空")
    elif not hours and (opening.flexible or any(window.flexible for window in opening.hours)):
        yield _note("flexible", "时间自己安排")
    # Unknown schooling is no reason: only an opening that says "none" is praised for it.
    if opening.education is not None and opening.education.rank == 0:
        yield _note("no_schooling", "不要求学历")


def pay_gaps(seeker: Seeker, opening: Opening) -> Iterator[Note]:
    """Yield that the pay is below what the seeker needs, or not stated."""
    if seeker.min_pay and opening.kind is not Kind.COURSE:
        low, high = monthly_pay(opening)
        if high is not None and high < seeker.min_pay:
            most = _round_up(high, seeker.min_pay)
            text = f"每月最多{most}元，不到想要的{format_yuan(seeker.min_pay)}元"
            yield _note("pay_below", text)
        elif low is None and high is None:
            yield _note("unknown_pay", "没写明每月多少钱，要先问清楚")
