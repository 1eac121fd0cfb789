"""What of a seeker's words counts: each once, and none that only names a group.

A record keyed in twice must not weigh more, and "女" or "有残疾证" among the skills must not weigh
at all. Past openings are no repeats: who applied for the same work twice means it.
"""

from matching.records import Experience, Seeker
from matching.text.normalise import normalise
from matching.text.protected_groups import is_group_label


def _distinct_phrases(items: list[str]) -> list[str]:
    kept: dict[str, str] = {}
    for item in items:
        if not is_group_label(item):
            kept.setdefault(normalise(item), item)
    return items if len(kept) == len(items) else list(kept.values())


def _distinct_jobs(jobs: list[Experience]) -> list[Experience]:
    if len(jobs) < 2:
        return jobs
    kept: dict[tuple[str, str, str, float | None], Experience] = {}
    for job in jobs:
        names = normalise(job.title), normalise(job.employer or ""), normalise(job.place or "")
        kept.setdefault((*names, job.years), job)
    return jobs if len(kept) == len(jobs) else list(kept.values())


def clean_seeker(seeker: Seeker) -> Seeker:
    """Return the seeker with each wish, skill, certificate and job named once.

    Two spellings of one phrase are one; two jobs are one only when all that is told of them
    is the same. Wishes, skills and certificates that only name a group are left out: for
    scoring, while the hard rule on certificates asks for all that are held.
    """
    wanted, skills = _distinct_phrases(seeker.wanted), _distinct_phrases(seeker.skills)
    certificates, jobs = _distinct_phrases(seeker.certificates), _distinct_jobs(seeker.experience)
    if (
        wanted is seeker.wanted
        and skills is seeker.skills
        and certificates is seeker.certificates
        and jobs is seeker.experience
    ):
        return seeker
    return seeker.model_copy(
        update={
            "wanted": wanted,
            "skills": skills,
            "certificates": certificates,
            "experience": jobs,
        }
    )
