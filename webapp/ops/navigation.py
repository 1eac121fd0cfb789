"""The navigation of each role, in order."""

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from flask import current_app, request
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from webapp.core.access import Actor, Role
from webapp.core.db import reader
from webapp.core.memo import page_url
from webapp.home import employer_news
from webapp.messages.queries import inboxes as messages

log = logging.getLogger(__name__)


class NavItem(NamedTuple):
    """One entry of the navigation as base.html draws it."""

    label: str
    href: str
    icon: str
    current: bool
    badge: int | None = None


# endpoint, words, icon; an entry is current for every endpoint that starts with its prefix.
_PUBLIC = (
    ("openings.index", _("找活路"), "briefcase"),
    ("home.resident", _("我的"), "person"),
    ("messages.my_inbox", _("消息"), "chat-dots"),
    ("branches.help", _("求助"), "telephone"),
)
_ENTRIES: dict[Role, tuple[tuple[str, Any, str], ...]] = {
    Role.RESIDENT: _PUBLIC,
    Role.EMPLOYER: (
        ("home.employer", _("我的单位"), "building"),
        ("openings.mine", _("招聘和订单"), "briefcase"),
        ("matches.applicants", _("来应聘的人"), "people"),
        ("piecework.employer_orders", _("手工订单"), "box-seam"),
        ("training.employer_orders", _("订单培训"), "mortarboard"),
        ("statements.hires", _("确认工资"), "cash-coin"),
        ("messages.employer_inbox", _("消息"), "chat-dots"),
        ("accounts.password", _("改密码"), "lock"),
    ),
    Role.STAFF: (
        ("home.staff", _("今天要办"), "house"),
        ("calendars.staff", _("日历"), "clock"),
        ("messages.staff_inbox", _("消息"), "chat-dots"),
        ("tickets.board", _("民情"), "megaphone"),
        ("matches.queue", _("推荐待确认"), "check2-square"),
        ("matches.under_way", _("推荐进展"), "arrow-repeat"),
        ("caseload.residents", _("居民"), "people"),
        ("caseload.index", _("负责的户"), "house-heart"),
        ("openings.review_list", _("机会审核"), "briefcase"),
        ("piecework.board", _("手工活"), "scissors"),
        ("payment_checks.index", _("工钱回访"), "telephone"),
        ("training.board", _("培训"), "mortarboard"),
        ("trials.board", _("试岗"), "clock"),
        ("ventures.board", _("摆摊创业"), "shop"),
        ("standing_services.index", _("上门服务"), "house-heart"),
        ("tickets.long_case_list", _("跑很多趟的事"), "journal-text"),
        ("draws.board", _("抽签"), "list"),
        ("spot_checks.index", _("抽查"), "search"),
        ("rights.found", _("还没申领的"), "cash-coin"),
        ("caseload.employers", _("用人单位"), "building"),
        ("imports.index", _("导入表格"), "upload"),
        ("posts.board", _("华龙天空"), "megaphone"),
        ("figures.index", _("数字"), "bar-chart"),
        ("oversight.reports", _("月报"), "journal-text"),
        ("duplicates.index", _("可能重复"), "people"),
        ("branches.index", _("支部"), "house-heart"),
        ("accounts.password", _("改密码"), "lock"),
    ),
    Role.ADMIN: (
        ("admin.home", _("概况"), "house"),
        ("admin.accounts", _("账号"), "people"),
        ("branches.index", _("支部"), "house-heart"),
        ("learning.index", _("推荐模型"), "bar-chart"),
        ("rulebook.figures", _("规定的数目"), "book"),
        ("rights.policy_list", _("补贴和低保"), "cash-coin"),
        ("rulebook.wordings", _("不能写的话"), "shield-check"),
        ("rulebook.dangers", _("危险的东西"), "exclamation-triangle"),
        ("admin.audit_log", _("操作记录"), "journal-text"),
        ("messages.admin_channels", _("对外提醒"), "megaphone"),
        ("oversight.settings", _("月报的列"), "journal-text"),
        ("running.index", _("运行情况"), "gear"),
        ("backups.index", _("备份"), "box-seam"),
        ("accounts.password", _("改密码"), "lock"),
    ),
}


_INBOXES = frozenset({"messages.my_inbox", "messages.staff_inbox"})


def area(actor: Actor) -> str:
    """Return which layout the actor's pages use."""
    return actor.role.value if actor.role else "public"


def drawn(actor: Actor, endpoint: str) -> Callable[[str], Markup]:
    """Return what draws a form of navigation.html for the actor, the current entry marked."""
    entries = _ENTRIES[actor.role] if actor.role else _PUBLIC
    targets = {target for target, _label, _icon in entries}
    badges = frozenset(_badges(actor).items())
    current = endpoint if endpoint in targets else ""
    return lambda form: _drawn(form, request.script_root, actor.role, current, badges)


@lru_cache(maxsize=512)  # on staff's pages, drawing it anew took a fifth of the time
def _drawn(
    form: str, _root: str, role: Role | None, current: str, badges: frozenset[tuple[str, int]]
) -> Markup:
    waiting = dict(badges)
    items = [
        NavItem(
            label=str(label),
            href=page_url(target),
            icon=icon,
            current=target == current,
            badge=waiting.get(target) or None,
        )
        for target, label, icon in (_ENTRIES[role] if role else _PUBLIC)
    ]
    template = current_app.jinja_env.get_template("components/navigation.html")
    return Markup(template.render(items=items, form=form))  # noqa: S704 - escaped there


def _badges(actor: Actor) -> dict[str, int]:
    """Return by endpoint how much waits for the actor there, in one query."""
    if actor.role is None or actor.role is Role.ADMIN:
        return {}
    try:
        if actor.role is Role.EMPLOYER:
            return employer_news.badges(reader(), actor)
        return dict.fromkeys(_INBOXES, messages.unread(reader(), actor))
    except SQLAlchemyError:  # the page that says so must not fail for its badge
        log.exception("what waits is not known")
        return {}
