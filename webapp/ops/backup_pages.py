"""/admin/backups/: which backups there are, whether they were tried, and room for more.

Nobody takes a backup away by a page: it holds everything that is kept of everybody.
"""

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.core import clock
from webapp.core.access import Permission, requires
from webapp.core.db import reader
from webapp.core.posting import write_and_redirect
from webapp.core.settings import Settings
from webapp.ops import backup_copies as copies

bp = Blueprint("backups", __name__)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


@bp.get("/admin/backups/")
@requires(Permission.JOB_MANAGE)
def index() -> str:
    """The newest first, with what came of trying each."""
    settings = _settings()
    there = copies.kept_copies(reader())
    good = copies.newest_good(reader(), settings)
    free, total = copies.space(settings)
    return render_template(
        "ops/backups.html",
        copies=[(copy, copies.is_there(settings, copy)) for copy in there],
        good=good,
        old=good is None or clock.now() - good.made_at > copies.OLDEST,
        free=free,
        total=total,
        low=copies.is_low(free, total, there[0].size if there else 0),
        folder=settings.backups,
        kept=settings.backups_kept,
        size_words=size_words,
    )


@bp.post("/admin/backups/<id:copy_id>/try")
@requires(Permission.JOB_MANAGE)
def try_backup(copy_id: int) -> ResponseReturnValue:
    """Have a backup restored for trial."""
    return write_and_redirect(
        copies.ask_trial,
        "",
        lambda job: url_for("jobs.show", job_id=job.id, follow=1),
        copy_id=copy_id,
        page=url_for("backups.index"),
    )


def size_words(size: int) -> str:
    """Return a number of bytes as people read it."""
    if size < 1 << 20:
        return f"{max(size >> 10, 1)} KB"
    return f"{size / (1 << 20):.1f} MB" if size < 1 << 30 else f"{size / (1 << 30):.1f} GB"
