"""What is said twice is said once: a record keyed in twice must not weigh more.

Past openings are no repeats: who applied for the same work twice means it.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

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


def without_repeats(seeker: Seeker) -> Seeker:
    """Return the seeker with each wish, skill, certificate and job named once.

    Two spellings of one phrase are one; two jobs are one only when all that is told of them
    is the same.
    """
    said = {
        name: _once(items, map(normalise, items))
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
