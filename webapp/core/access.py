"""Who may do what: roles, permissions, and the default refusal.

Every endpoint is refused unless its view is marked :func:`public` or :func:`requires`.
What a person may do with one particular thing is asked of the part's ``policy.can_*``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from webapp.core.errors import Forbidden
from webapp.core.labels import LabelledEnum

View = TypeVar("View", bound=Callable[..., Any])


class Role(LabelledEnum):
    """What kind of account it is."""

    RESIDENT = "resident", "居民"
    EMPLOYER = "employer", "用人单位"
    STAFF = "staff", "社区工作人员"
    ADMIN = "admin", "管理员"


class Permission(StrEnum):
    """One thing an account may be allowed to do, in alphabetical order."""

    ACCOUNT_MANAGE = "account:manage"
    ACCOUNT_SELF = "account:self"
    AUDIT_READ = "audit:read"
    BRANCH_SERVE = "branch:serve"
    DRAW_RUN = "draw:run"
    EMPLOYER_SELF = "employer:self"
    EMPLOYER_VERIFY = "employer:verify"
    IMPORT_RUN = "import:run"
    INCOME_PATH = "income:path"
    JOB_FOLLOW = "job:follow"
    JOB_MANAGE = "job:manage"
    LIST_EXPORT = "list:export"
    MATCH_ANSWER = "match:answer"
    MATCH_DECIDE = "match:decide"
    MATCH_HIRE = "match:hire"
    MODEL_MANAGE = "model:manage"
    OPENING_REVIEW = "opening:review"
    OPENING_SUBMIT = "opening:submit"
    PIECEWORK_MANAGE = "piecework:manage"
    PIECEWORK_ORDER = "piecework:order"
    PIECEWORK_WORK = "piecework:work"
    POST_WRITE = "post:write"
    REPORT_KEEP = "report:keep"
    RESIDENT_MANAGE = "resident:manage"
    RESIDENT_SELF = "resident:self"
    RULE_WRITE = "rule:write"
    TRAINING_LEARN = "training:learn"
    TRAINING_MANAGE = "training:manage"
    VENTURE_MANAGE = "venture:manage"
    VENTURE_OWN = "venture:own"
    WORKBENCH = "workbench:see"


_OWN = {Permission.ACCOUNT_SELF}
_STAFF = _OWN | {
    Permission.BRANCH_SERVE,
    Permission.DRAW_RUN,
    Permission.EMPLOYER_VERIFY,
    Permission.IMPORT_RUN,
    Permission.INCOME_PATH,
    Permission.JOB_FOLLOW,
    Permission.LIST_EXPORT,
    Permission.MATCH_DECIDE,
    Permission.OPENING_REVIEW,
    Permission.PIECEWORK_MANAGE,
    Permission.POST_WRITE,
    Permission.RESIDENT_MANAGE,
    Permission.TRAINING_MANAGE,
    Permission.VENTURE_MANAGE,
    Permission.WORKBENCH,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.RESIDENT: frozenset(
        _OWN
        | {
            Permission.RESIDENT_SELF,
            Permission.INCOME_PATH,
            Permission.MATCH_ANSWER,
            Permission.PIECEWORK_WORK,
            Permission.TRAINING_LEARN,
            Permission.VENTURE_OWN,
        }
    ),
    Role.EMPLOYER: frozenset(
        _OWN
        | {
            Permission.EMPLOYER_SELF,
            Permission.MATCH_HIRE,
            Permission.OPENING_SUBMIT,
            Permission.PIECEWORK_ORDER,
        }
    ),
    Role.STAFF: frozenset(_STAFF),
    Role.ADMIN: frozenset(
        _OWN
        | {
            Permission.ACCOUNT_MANAGE,
            Permission.AUDIT_READ,
            Permission.JOB_FOLLOW,
            Permission.JOB_MANAGE,
            Permission.LIST_EXPORT,
            Permission.BRANCH_SERVE,
            Permission.MODEL_MANAGE,
            Permission.REPORT_KEEP,
            Permission.RULE_WRITE,
        }
    ),
}


@dataclass(frozen=True)
class Actor:
    """Who acts: passed to every service and policy, free of the web.

    ``resident_id`` and ``employer_id`` are the person or organisation an account stands for;
    ``branch_id`` is the branch a member of staff belongs to, ``serves_all`` whether that branch
    cares for every resident.
    """

    account_id: int | None = None
    role: Role | None = None
    name: str = ""
    resident_id: int | None = None
    employer_id: int | None = None
    branch_id: int | None = None
    serves_all: bool = False

    @property
    def is_staff(self) -> bool:
        """Whether this is a member of branch staff."""
        return self.role is Role.STAFF

    def may(self, permission: Permission) -> bool:
        """Return whether the role carries ``permission``; nobody anonymous does."""
        return self.role is not None and permission in PERMISSIONS[self.role]


ANONYMOUS = Actor()
SYSTEM = Actor(name="system")


def public(view: View) -> View:
    """Open a view to everyone."""
    view.access = None  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Open a view to accounts whose role carries ``permission``."""

    def mark(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]
        return view

    return mark


def current_actor() -> Actor:
    """Return the person behind this request, or :data:`ANONYMOUS`."""
    actor: Actor = getattr(current_user, "actor", ANONYMOUS)
    return actor


def may_open(actor: Actor, endpoint: str) -> bool:
    """Return whether the view lets the actor in; one that says nothing is closed to everyone."""
    view = current_app.view_functions[endpoint]
    if not hasattr(view, "access"):
        return False
    return view.access is None or actor.may(view.access)


def register(app: Flask) -> None:
    """Refuse every request whose view does not let the actor in."""
    app.view_functions["static"] = public(app.view_functions["static"])
    app.before_request(_guard)


def _guard() -> BaseResponse | None:
    if request.endpoint is None:  # no such address: 404 by the router
        return None
    view = current_app.view_functions[request.endpoint]
    if not hasattr(view, "access"):  # neither @public nor @requires: closed to everyone
        raise Forbidden
    permission: Permission | None = view.access
    if permission is None:
        return None
    actor = current_actor()
    if actor.role is None:
        if request.method in {"GET", "HEAD"}:
            return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")))
        return redirect(url_for("accounts.login"), 303)
    if not actor.may(permission):
        raise Forbidden
    return None
