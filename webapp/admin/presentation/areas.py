"""The actions of the audit trail by area of work, for whoever looks for one among hundreds."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms.fields import SelectChoice

from webapp.admin.presentation.audit import ACTIONS

#: Area → what its actions begin with.
AREAS: tuple[tuple[Any, frozenset[str]], ...] = (
    (_("账号和登录"), frozenset({"account", "calendar", "channel", "handset", "login_card"})),
    (
        _("居民和户"),
        frozenset(
            {"consent", "contact", "duplicate", "employment", "filter", "household", "join",
             "official_fact", "resident"}
        ),
    ),
    (_("单位"), frozenset({"complaint", "employer", "need"})),
    (
        _("机会和帖子"),
        frozenset(
            {"bookmark", "opening", "pasted_text", "post", "printed_notice", "search_alert"}
        ),
    ),
    (_("推荐和试岗"), frozenset({"contract", "match", "message", "model", "plan", "trial"})),
    (_("手工活"), frozenset({"payee", "payment_check", "piecework"})),
    (
        _("培训"),
        frozenset(
            {"assessment", "attendance", "attendance_grant", "certificate", "course",
             "course_run", "enrolment", "training_order"}
        ),
    ),
    (_("摊位和抽签"), frozenset({"draw", "venture", "venture_case", "venture_round"})),
    (_("民情和上门"), frozenset({"long_case", "standing_service", "ticket", "work_need"})),
    (_("补贴和工钱证明"), frozenset({"policy", "statement", "wage"})),
    (
        _("支部"),
        frozenset({"activity", "branch", "duty_shift", "help", "member", "office", "promise"}),
    ),
    (_("监督"), frozenset({"audit", "list", "oversight", "report", "spot_check"})),
    (_("规定、导入和后台"), frozenset({"backup", "import", "job", "rule"})),
)  # fmt: skip


def choices_by_area(empty: Any) -> list[SelectChoice]:
    """Return the choices of a field, a group an area; first, alone, ``empty``."""
    return [
        SelectChoice("", empty),
        *(
            SelectChoice(action, words, optgroup=area)
            for area, prefixes in AREAS
            for action, words in ACTIONS.items()
            if action.partition(".")[0] in prefixes
        ),
    ]
