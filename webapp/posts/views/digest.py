"""/staff/posts/digest: the week on one page for the boards, and the board's QR code."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.core import clock
from webapp.core.access import Permission, requires
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.posts.blueprint import bp
from webapp.posts.queries import digest as weekly
from webapp.posts.views.public import qr_code


@bp.get("/staff/posts/digest")
@requires(Permission.POST_WRITE)
def digest() -> str:
    """Choose a week, look at its page, print it."""
    weeks = weekly.weeks(clock.today())
    monday = weekly.named(request.args.get("week", ""), weeks)
    monday = monday or weekly.monday_of(clock.today())
    return render_template(
        "posts/digest.html",
        weeks=[(one.isoformat(), weekly.week_words(one)) for one in weeks],
        monday=monday,
        digest=weekly.digest(reader(), monday),
        qr=_portal(),
        week_words=weekly.week_words,
    )


@bp.get("/staff/posts/digest/print")
@requires(Permission.POST_WRITE)
def digest_print() -> str:
    """One week's page for paper."""
    weeks = weekly.weeks(clock.today())
    monday = weekly.named(request.args.get("week", ""), weeks)
    if monday is None:
        raise NotFound
    return render_template(
        "posts/digest_print.html",
        digest=weekly.digest(reader(), monday),
        qr=_portal(),
        week_words=weekly.week_words,
        back_href=url_for("posts.digest", week=monday.isoformat()),
    )


@bp.get("/staff/posts/poster")
@requires(Permission.POST_WRITE)
def poster() -> ResponseReturnValue:
    """The QR code for the board: the posts, to hang up for good."""
    url = url_for("posts.index", _external=True)
    return render_template("posts/poster.html", qr=qr_code(url), back_href=url_for("posts.digest"))


def _portal() -> str:
    return qr_code(url_for("home.index", _external=True))
