"""The workbench's statements are built once a day, and say at every hour what a new one would."""

import sys
from datetime import timedelta
from inspect import isfunction
from typing import Any

from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.home import worklist


def forget() -> int:
    """Empty the memory of every function that is ``built_once``; return how many there are."""
    own = [module for name, module in sys.modules.items() if name.startswith("webapp.")]
    functions = {one for module in own for one in vars(module).values() if isfunction(one)}
    cells = [cell.cell_contents for one in functions for cell in one.__closure__ or ()]
    kept = [
        one
        for one in cells
        if "built_once" in getattr(one, "__qualname__", "") and hasattr(one, "cache_clear")
    ]
    for one in kept:
        one.cache_clear()
    return len(kept)


def told(statement: Any) -> tuple[str, dict[str, Any]]:
    compiled = statement.compile()
    return str(compiled), compiled.construct_params()


def test_statements_are_kept_for_the_day_and_no_longer(app, staff, monkeypatch):
    actor = Actor(staff.id, Role.STAFF, branch_id=staff.branch_id)
    monkeypatch.setattr(worklist, "current_actor", lambda: actor)
    day = clock.start_of_day(clock.today())

    def at(hours: int) -> dict[str, Any]:
        with clock.frozen(day + timedelta(hours=hours)), app.test_request_context():
            return {name: one.statement() for name, one in worklist.LISTS.items()}

    morning, evening, next_day = at(1), at(23), at(25)
    assert forget() >= 20
    new = at(23), at(25)
    with clock.frozen(day + timedelta(hours=23)):
        for name, statement in evening.items():
            assert statement is morning[name], name
            assert told(statement) == told(new[0][name]), name
    with clock.frozen(day + timedelta(hours=25)):
        for name, statement in next_day.items():
            assert told(statement) == told(new[1][name]), name
    days = [name for name in evening if told(evening[name])[1] != told(next_day[name])[1]]
    assert {"again", "due", "visits", "expiring"} <= set(days)  # these ask what day it is


def test_another_member_gets_a_statement_of_their_own(app, staff, monkeypatch):
    found = []
    for account_id in (staff.id, staff.id + 1):
        actor = Actor(account_id, Role.STAFF, branch_id=staff.branch_id)
        monkeypatch.setattr(worklist, "current_actor", lambda actor=actor: actor)
        with app.test_request_context():
            found.append(worklist.LISTS["visits"].statement())
    assert told(found[0]) != told(found[1])
