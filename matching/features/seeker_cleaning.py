"""Cleaning of seekers before scoring: repeats and names of protected groups are dropped.

A phrase entered twice must not weigh more, and "女" or "有残疾证" among the skills must have no
weight at all. Past openings are kept: applying for the same work twice is a stronger sign.
"""

from collections.abc import Iterable

from matching.records import Experience, Seeker
from matching.skills.understanding import understand, understand_many
from matching.text.normalise import normalise
from matching.text.protected_groups import is_group_label


def _distinct_phrases(items: list[str]) -> list[str]:
    kept: dict[str, str] = {}
    for item in items:
        wanted = understand(item).wanted
        if wanted.strip() and not is_group_label(wanted):
            kept.setdefault(normalise(wanted), wanted)
    found = list(kept.values())
    return items if found == items else found


def unwanted_phrases(seeker: Seeker) -> list[str]:
    """Return what the seeker's wishes and skills say is not wanted any more, each once."""
    denied = (understand(text).unwanted for text in (*seeker.wanted, *seeker.skills))
    return list(dict.fromkeys(text for text in denied if text))


def _distinct_jobs(jobs: list[Experience]) -> list[Experience]:
    if len(jobs) < 2:
        return jobs
    kept: dict[tuple[str, str, str, float | None], Experience] = {}
    for job in jobs:
        names = normalise(job.title), normalise(job.employer or ""), normalise(job.place or "")
        kept.setdefault((*names, job.years), job)
    return jobs if len(kept) == len(jobs) else list(kept.values())


def understand_phrases(seekers: Iterable[Seeker]) -> None:
    """Understand all that seekers say at once, which is far quicker than one by one."""
    understand_many(
        text for one in seekers for text in (*one.wanted, *one.skills, *one.certificates)
    )


def clean_seeker(seeker: Seeker) -> Seeker:
    """Return the seeker with each wish, skill, certificate and job named once, and understood.

    What is not wanted any more is left out (see :func:`unwanted_phrases`), and pinyin is written
    in Chinese. Two spellings of one phrase are one; two jobs are one only when all that is told
    of them is the same. Wishes, skills and certificates that only name a group are left out: for
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
