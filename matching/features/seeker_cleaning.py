"""Cleaning of seekers before scoring: repeats and names of protected groups are dropped.

A phrase entered twice must not weigh more, and "女" or "有残疾证" among the skills must have no
weight at all. Past openings are kept: applying for the same work twice is a stronger sign.
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
    """Return the seeker with each wish, skill, certificate and job once, for scoring.

    Phrases are equal if they differ in spelling only, jobs if all their fields are equal. Phrases
    that only name a protected group are left out; hard rules use the original record.
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
