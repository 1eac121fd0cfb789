"""/oversight/: the supervision page, each figure's definition and history, the signed files."""

from pathlib import Path

from flask import Response, render_template

from webapp.core.access import public
from webapp.core.db import reader
from webapp.oversight import recompute
from webapp.oversight.blueprint import bp
from webapp.oversight.figures import Figure
from webapp.oversight.queries import published
from webapp.oversight.topics import by_id
from webapp.oversight.topics.work import EXCLUDED


@bp.get("/oversight/")
@public
def index() -> str:
    """All figures: the months frozen last, and how far the month under way has come."""
    page = published.overview(reader())
    left_out = [line for line in page.sections[0].lines if line.id in EXCLUDED]
    return render_template("oversight/index.html", page=page, left_out=left_out)


@bp.get("/oversight/figures/<figure_id>")
@public
def figure(figure_id: str) -> str:
    """What a figure means, and every month of it with its corrections."""
    one, topic, rows = published.history(reader(), figure_id)
    latest: dict[object, published.HistoryRow] = {}
    for row in rows:  # newest edition of a month first
        latest.setdefault(row.head.month, row)
    return render_template(
        "oversight/figure.html",
        one=one,
        topic=topic,
        rows=rows,
        latest=list(latest.values())[: published.TREND],
        counted=isinstance(one, Figure),
        names={id_: each.name for id_, each in by_id().items()},
    )


@bp.get("/oversight/files/<name>")
@public
def file(name: str) -> Response:
    """One signed file, byte by byte as it was signed."""
    found = published.file(reader(), name)
    kind = "text/csv" if name.endswith(".csv") else "application/json"
    response = Response(found.body.encode(), mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return response


@bp.get("/oversight/recompute.py")
@public
def script() -> Response:
    """The script that recomputes the page from the files."""
    return Response(
        Path(recompute.__file__).read_bytes(),
        mimetype="text/x-python",
        headers={"Content-Disposition": 'attachment; filename="recompute.py"'},
    )
