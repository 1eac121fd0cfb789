"""Acts: each has a page with one form, and one service that the form calls."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, Refused
from webapp.core.posting import write_and_redirect
from webapp.piecework.forms.fields import PieceworkForm

Fact = tuple[Any, Any]


@dataclass(frozen=True)
class ActionContext:
    """What an act is about.

    ``order`` is ``None`` for a settlement run, ``row`` is the row acted on, ``name`` and
    ``back`` are the words and the address of the link back, ``shown`` is what queries found for
    the page. ``facts`` and ``warnings`` stand above the form.
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
    """One thing that people can do with an order, an assignment or something of theirs.

    ``form`` makes the form for a context; ``run`` calls the service with session, actor, the
    row's id and the form; ``next_url`` gives the address to go to from its result (by default
    the context's ``back``); ``context`` adds facts and warnings for the page.
    """

    title: Any
    run: Callable[[Session, Actor, int, Any], object]
    success_message: Any
    form: Callable[[ActionContext], PieceworkForm]
    hint: Any = ""
    danger: bool = False
    next_url: Callable[[Any, ActionContext], str] | None = None
    context: Callable[[ActionContext], ActionContext] | None = None


def simple(kind: type[PieceworkForm]) -> Callable[[ActionContext], PieceworkForm]:
    """Return a function that makes this form without looking at the context."""
    return lambda _context: kind()


def run_action(act: Act, context: ActionContext) -> ResponseReturnValue:
    """Show the act's page, or run the act once its form is valid.

    A refusal stands beside its field with the status of the error; nothing is written then.
    """
    form: Any = act.form(context)
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                lambda session, actor: act.run(session, actor, context.row.id, form),
                act.success_message,
                lambda done: act.next_url(done, context) if act.next_url else context.back,
            )
        except (Refused, Conflict, Forbidden) as error:
            form.tell(error)
            status = error.status
    context = act.context(context) if act.context else context
    page = render_template("piecework/act.html", act=act, context=context, form=form)
    return page, status
