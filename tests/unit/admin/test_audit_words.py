"""Every action, subject and detail that the code can write into the audit trail has words.

The source is walked: a name written out is looked up, and one put together from a part's actions
is looked up for each of them. A name put together anew is asked for here.
"""

import ast
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import webapp
from tests.audit_words import without_words
from webapp.admin.presentation.areas import AREAS, choices_by_area
from webapp.admin.presentation.audit import ACTIONS, FORMER_ACTIONS, SUBJECTS
from webapp.admin.presentation.details import IDS, KEYS
from webapp.admin.presentation.reveals import REVEALS
from webapp.admin.queries.subject_names import PRIVATE
from webapp.matches.lifecycle import NOTES, MatchAction
from webapp.matches.services.transitions import ANSWERS
from webapp.ops import schema
from webapp.payment_checks.lifecycle import CheckAction
from webapp.piecework.lifecycle import AssignmentAction, OrderAction, OrderHold
from webapp.posts.lifecycle import PostAction
from webapp.residents.lifecycle import ResidentAction
from webapp.standing_services.lifecycle import ServiceAction
from webapp.tickets.lifecycle import TicketAction
from webapp.training.lifecycle import EnrolmentAction, RunAction
from webapp.training.services import transitions as training
from webapp.ventures.lifecycle import CaseAction
from webapp.ventures.services import transitions as ventures

ROOT = Path(webapp.__file__).parent
A = EnrolmentAction
#: What actions put together begin with → the actions, and those never written by that name.
FAMILIES: dict[str, tuple[tuple[type[StrEnum], ...], frozenset[StrEnum]]] = {
    # A run is announced by being added.
    "course_run.": ((RunAction,), frozenset({RunAction.ANNOUNCE})),
    # Answers of people are written as answers; what follows from another act is written with it.
    "enrolment.": (
        (EnrolmentAction,),
        training._ANSWERS | {A.BEGIN, A.FAIL, A.INVITE, A.LAPSE, A.OFFER, A.PASS, A.RELEASE},
    ),
    "match.": ((MatchAction,), frozenset(ANSWERS | NOTES | {MatchAction.TIME_OUT})),
    "payment_check.": ((CheckAction,), frozenset()),
    "piecework.order_": ((OrderAction, OrderHold), frozenset()),
    "piecework.share_": ((AssignmentAction,), frozenset()),
    "post.": ((PostAction,), frozenset()),
    "resident.": ((ResidentAction,), frozenset()),
    "standing_service.": ((ServiceAction,), frozenset()),
    "ticket.": ((TicketAction,), frozenset()),
    "venture_case.": ((CaseAction,), ventures._ANSWERS),
}
#: Files that pass an action on, written out where they are called.
PASSED_ON = {"imports/services/batches.py", "learning/services/switching.py"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call that writes into the trail, with its file."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                yield path.relative_to(ROOT).as_posix(), node


def written_out(node: ast.expr) -> list[str]:
    """Return the texts that an expression of literals may come to."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return written_out(node.body) + written_out(node.orelse)
    return []


def begins(node: ast.expr) -> str:
    """Return what a text put together begins with."""
    first = node.values[0] if isinstance(node, ast.JoinedStr) else None
    return str(first.value) if isinstance(first, ast.Constant) else ""


def test_every_action_that_the_code_writes_has_words():
    actions: set[str] = set()
    families, passed_on = set(), set()
    for path, call in calls():
        texts = written_out(call.args[1])
        actions |= set(texts)
        if texts:
            continue
        if prefix := begins(call.args[1]):
            families.add(prefix)
        else:
            passed_on.add(path)
    for prefix, (kinds, never) in FAMILIES.items():
        actions |= {f"{prefix}{one.value}" for kind in kinds for one in kind if one not in never}
    for path in PASSED_ON:  # an action is the only text of theirs that looks like one
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        texts = {str(one.value) for one in ast.walk(tree) if isinstance(one, ast.Constant)}
        actions |= {one for one in texts if one.startswith(("import.", "model."))}
    assert families == set(FAMILIES)
    assert passed_on == PASSED_ON
    assert len(actions) > 250
    assert actions - set(ACTIONS) == set()


def test_every_thing_that_the_code_names_in_words_has_words():
    tables = {
        one.partition(":")[0]
        for _path, call in calls()
        for one in [*written_out(call.args[2]), begins(call.args[2])]
        if one
    }
    assert {"list", "community_plan", "resident"} <= tables
    assert tables - set(SUBJECTS) == set()


def test_tables_named_for_words_exist():
    known = set(schema.all_tables().tables)
    assert known >= PRIVATE
    assert set(IDS.values()) <= known
    assert set(IDS) <= set(KEYS)


def test_every_action_stands_in_one_area():
    offered = [one.value for one in choices_by_area("全部")]
    assert sorted(offered) == sorted(["", *ACTIONS])
    assert all(prefixes for _area, prefixes in AREAS)


def test_who_reads_what_is_kept_from_others_is_found_as_such():
    assert set(REVEALS) <= set(ACTIONS)
    read = ("reveal", "read", "compare")
    like = {one for one in ACTIONS if one.partition(".")[2].startswith(read) or "_read" in one}
    harmless = {"enrolment.read_news", "import.read"}  # one's own news; a file that one hands in
    assert like - harmless <= set(REVEALS)


def test_what_lacks_words_is_told():
    assert without_words("moon.land", "crater:1", {"depth": 3}) == ["moon.land", "crater", "depth"]
    former = next(iter(FORMER_ACTIONS))
    assert without_words(former, "slip:1", {"fields": []}) == []
