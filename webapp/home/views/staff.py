"""/staff/: what waits today, and each kind of it in full."""

from typing import Any

from flask import render_template, url_for

from webapp.contacts import presentation as calls
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.paging import paginate
from webapp.duplicates import queries as duplicates
from webapp.home import worklist
from webapp.home.blueprint import bp
from webapp.home.worklist import LISTS, WorkList
from webapp.matches.queries import staff_queue
from webapp.piecework.presentation.order_figures import settle_words
from webapp.piecework.services import settlements

_NAMES = f"any({', '.join(LISTS)})"


@bp.get("/staff/")
@requires(Permission.WORKBENCH)
def staff() -> str:
    """What waits today on one screen: how many of each kind, and the first with what to do."""
    session, actor = reader(), current_actor()
    queue = staff_queue.read_queue(session, actor, staff_queue.Filters(), size=1)
    return render_template(
        "home/staff.html",
        to_decide=staff_queue.counted(queue.total),
        next_pair=queue.rows[0] if queue.rows else None,
        lists=[_first(name, one) for name, one in LISTS.items()],
        notes=_notes(session),
        alike=duplicates.waiting(session),
    )


@bp.get(f"/staff/work/<{_NAMES}:name>")
@requires(Permission.WORKBENCH)
def work_list(name: str) -> str:
    """One kind of thing that waits, in full: what its number on the workbench counts."""
    one = LISTS[name]
    page = paginate(reader(), one.statement())
    return render_template(
        "home/work_list.html",
        work=one,
        page=page,
        lines=calls.with_words([one.line(row) for row in page.rows]),
        note=_notes(reader()).get(name),
    )


def _first(name: str, one: WorkList) -> dict[str, Any]:
    count, row = worklist.counted_first(reader(), one.statement())
    return {
        "name": name,
        "title": one.title,
        "count": count,
        "href": url_for("home.work_list", name=name),
        "line": one.line(row) if row else None,
    }


def _notes(session: Any) -> dict[str, tuple[str, str]]:
    """Return what is to be said above a list, and in which tone: when pay is settled."""
    due = settlements.due(session)
    return {"settle": (settle_words(due), "bad" if due.late else "info")} if due.lines else {}
