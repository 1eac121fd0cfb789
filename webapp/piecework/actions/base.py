"""What people press at the desk: each act has a page with one form, and one service behind it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from webapp.core.access import Actor, current_actor
from webapp.core.db import get_db
from webapp.core.errors import Conflict, Forbidden, Refused
from webapp.piecework.forms.fields import PieceworkForm

Fact = tuple[Any, Any]


@dataclass(frozen=True)
class Scene:
    """What a page is about: the order (none for a run), the row acted on, where 返回 leads.

    ``facts`` and ``warnings`` are shown above the form.
    """

    order: Any
    row: Any
    name: str
    back: str
    shown: Any = None
    facts: list[Fact] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Act:
    """One thing to do.

    ``form`` makes the form of a scene; ``work`` calls the service; ``then`` says where to go
    from its result (default: back); ``look`` adds facts and warnings to the scene.
    """

    title: Any
    work: Callable[[Session, Actor, int, Any], object]
    said: Any
    form: Callable[[Scene], PieceworkForm]
    hint: Any = ""
    danger: bool = False
    then: Callable[[Any, Scene], str] | None = None
    look: Callable[[Scene], Scene] | None = None


def simple(kind: type[PieceworkForm]) -> Callable[[Scene], PieceworkForm]:
    """Return a maker of a form that needs nothing of the scene."""
    return lambda _scene: kind()


def perform(act: Act, scene: Scene) -> ResponseReturnValue:
    """Show the act's page, or do it; what is refused stands beside the field, nothing written."""
    actor = current_actor()
    form: Any = act.form(scene)
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with get_db().transaction(actor) as session:
                done = act.work(session, actor, scene.row.id, form)
        except (Refused, Conflict, Forbidden) as error:
            form.tell(error)
            status = error.status
        else:
            flash(str(act.said), "success")
            return redirect(act.then(done, scene) if act.then else scene.back, 303)
    scene = act.look(scene) if act.look else scene
    page = render_template("piecework/act.html", act=act, scene=scene, form=form)
    return page, status
