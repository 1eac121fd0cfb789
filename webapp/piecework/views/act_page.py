"""The page of an act, for staff and employers alike."""

from flask.typing import ResponseReturnValue

from webapp.core.access import current_actor
from webapp.core.errors import NotFound
from webapp.piecework.actions.base import run_action
from webapp.piecework.actions.context import read_context
from webapp.piecework.actions.registry import Acts


def act_page(acts: Acts, thing: str, thing_id: int, act_name: str) -> ResponseReturnValue:
    """Return the page of an act, or its outcome; ``NotFound`` for an act these people lack."""
    act = acts.get((thing, act_name))
    if act is None:
        raise NotFound
    return run_action(act, read_context(thing, thing_id, current_actor()))
