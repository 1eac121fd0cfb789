"""What of a seeker's words counts: each once, and none that only names a group.

A record keyed in twice must not weigh more, and "女" or "有残疾证" among the skills must not weigh
at all. Past openings are no repeats: who applied for the same work twice means it.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from matching.evidence import names_only_a_group
from matching.records import Experience, Seeker
from matching.text import normalise

Said = TypeVar("Said")


def _once(items: Sequence[Said], keys: Iterable[Hashable]) -> list[Said]:
    first: dict[Hashable, Said] = {}
    for item, key in zip(items, keys, strict=True):
        first.setdefault(key, item)
    return list(first.values())


def _job_key(job: Experience) -> Hashable:
    return (
        normalise(job.title),
        normalise(job.employer or ""),
        normalise(job.place or ""),
        job.years,
    )


def what_counts(seeker: Seeker) -> Seeker:
    """Return the seeker with each wish, skill, certificate and job named once.

    Two spellings of one phrase are one; two jobs are one only when all that is told of them
    is the same. Wishes, skills and certificates that only name a group are left out: for
    scoring, while the hard rule on certificates asks for all that are held.
    """
    said = {
        name: _once(
            told := [one for one in items if not names_only_a_group(one)], map(normalise, told)
        )
        for name, items in (
            ("wanted", seeker.wanted),
            ("skills", seeker.skills),
            ("certificates", seeker.certificates),
        )
    }
    jobs = _once(seeker.experience, map(_job_key, seeker.experience))
    same = (
        len(jobs) == len(seeker.experience)
        and len(said["wanted"]) == len(seeker.wanted)
        and len(said["skills"]) == len(seeker.skills)
        and len(said["certificates"]) == len(seeker.certificates)
    )
    return seeker if same else seeker.model_copy(update={**said, "experience": jobs})
