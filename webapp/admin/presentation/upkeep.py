"""What an admin is told of a matter that wants their eye, and where to see to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from webapp.admin.models import TrialFault, UpkeepMatter, UpkeepNotice
from webapp.admin.presentation.jobs import name_words
from webapp.core.formatting import moment_words
from webapp.rulebook.presentation import name_words as figure_words

_MOST_APART = 3


@dataclass(frozen=True)
class Told:
    """A sentence and the page that shows it."""

    words: str
    href: str


def told_all(notices: Sequence[UpkeepNotice]) -> list[Told]:
    """Return what is said of the notices; many figures are one matter, jobs that all stand too."""
    many = {
        UpkeepMatter.JOB_LATE: (
            _("%(n)d 件定时的事晚了", n=_count(notices, UpkeepMatter.JOB_LATE)),
            url_for("running.index"),
        ),
        UpkeepMatter.FIGURE_DUE: (
            _(
                "%(n)d 个规定的数目该核对了，看有没有新的",
                n=_count(notices, UpkeepMatter.FIGURE_DUE),
            ),
            url_for("rulebook.figures", show="due"),
        ),
        UpkeepMatter.FIGURE_UNSET: (
            _(
                "%(n)d 个规定的数目还没有填，居民看到的是「请到窗口问」",
                n=_count(notices, UpkeepMatter.FIGURE_UNSET),
            ),
            url_for("rulebook.figures", show="unset"),
        ),
    }
    joined = {matter for matter in many if _count(notices, matter) > _MOST_APART}
    single = [told(one) for one in notices if one.matter not in joined]
    return [*single, *(Told(*many[matter]) for matter in many if matter in joined)]


def _count(notices: Sequence[UpkeepNotice], matter: UpkeepMatter) -> int:
    return sum(one.matter is matter for one in notices)


def told(notice: UpkeepNotice) -> Told:
    """Return what is said of a notice."""
    subject, since = notice.subject, moment_words(notice.since)
    if notice.matter is UpkeepMatter.JOB_LATE:
        words = _("「%(job)s」晚了：%(since)s就该做", job=name_words(subject), since=since)
        return Told(words, url_for("running.index", _anchor=subject))
    if notice.matter is UpkeepMatter.FIGURE_DUE:
        words = _("「%(name)s」该核对了，看有没有新的", name=figure_words(subject))
        return Told(words, url_for("rulebook.figures", name=subject))
    if notice.matter is UpkeepMatter.FIGURE_UNSET:
        words = _("「%(name)s」还没有填，居民看到的是「请到窗口问」", name=figure_words(subject))
        return Told(words, url_for("rulebook.figures", name=subject))
    words = {
        UpkeepMatter.BACKUP_OLD: _("上一份好的备份是%(since)s的，超过一天了", since=since)
        if since
        else _("还没有一份好的备份"),
        UpkeepMatter.BACKUP_BROKEN: _("上次试的备份不能靠：%(why)s", why=TrialFault(subject).label)
        if subject
        else _("上次试着恢复没有成，备份可能用不了"),
        UpkeepMatter.DISK_LOW: _("硬盘快满了，再不清就写不进去"),
    }[notice.matter]
    return Told(words, url_for("backups.index"))
