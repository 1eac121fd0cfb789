"""What the scheduler does, for an admin who has never seen it: a name, and what stands still else.

The names of jobs that leave a run behind stand in :data:`webapp.admin.presentation.audit.JOBS`.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from webapp.admin.presentation.audit import JOBS
from webapp.core.formatting import moment_words
from webapp.core.labels import label
from webapp.core.models import JOB_FAILED, JobTrouble

#: Work that is looked for every few seconds.
FREQUENT = {
    "heartbeat": _("报平安"),
    "background_jobs": _("后台排着的事"),
    "suggest": _("谁改了资料，重算谁的推荐"),
    "opening_meanings": _("新机会能不能按意思找到"),
    "resident_meanings": _("新写的手艺能不能按意思找到"),
    "ticket_suggestions": _("给新民情提建议"),
    "publish_posts": _("到时间的帖子发出去"),
    "outbox": _("往外发提醒"),
    "train": _("叫它学的，就学一次"),
}
#: What each does, or what does not happen as long as it does not run.
WHAT = {
    "demo": _("只在示范里有。"),
    "run_courses": _("班到了日子就开始报名，第一课到了就算开课。不做，居民报不上名。"),
    "lapse_seat_offers": _("座位留给谁、没回话的，到时间问下一位。不做，空座位白白留着。"),
    "remind_learners": _("上课前提醒一次，缺材料的也提醒。不做，有人忘了来。"),
    "payment_checks": _("每个月抽一些结了的工钱，请人打电话问到没到手。不做，没到的没人知道。"),
    "spot_checks": _("每个季度抽一些录用和办完的民情，请别的支部看。不做，没人核对。"),
    "search_alerts": _("有合适的新机会，告诉记下要找的人。不做，他们不知道有新的。"),
    "trial_days": _("提醒明天的试岗，过后问两边怎么样。不做，试岗没有下文。"),
    "standing_visits": _("到了日子没人去的上门，告诉替补，再告诉书记。不做，老人等着没人来。"),
    "lapse_venture_offers": _("摊位轮到谁、没回话的，到时间问下一位。不做，摊位空着。"),
    "venture_survival": _("开张满三、六、十二个月，记下还在不在做。不做，公开的数字缺一块。"),
    "settle_piecework": _("工钱最多十五天结一次，快到期的先结。不做，做活的家拿钱晚了。"),
    "chase_employers": _("单位三天、七天没回话就催，十四天告诉居民。不做，居民干等。"),
    "freeze_figures": _("每个月定下就业的数字，以后不再变。不做，上个月的数字还会动。"),
    "freeze_oversight": _("每个月三号起，定下上个月公开的数字并签名。不做，监督公开那页停在以前。"),
    "count_running_month": _("数这个月到现在的，给监督公开那页看。不做，那里的数旧了。"),
    "find_duplicates": _("夜里找可能是同一个人、同一个机会的两份。不做，重复的没人发现。"),
    "forget_request_keys": _("删掉防止交两次的编号。不做，只是占地方。"),
    "forget_imports": _("删掉过了日子的表格。不做，居民的资料留得比说好的久。"),
    "forget_photos": _("删掉已经没有用处的照片。不做，照片留得比说好的久。"),
    "forget_pasted_texts": _("删掉粘贴满一天的文字。不做，里面的个人资料留久了。"),
    "check_employers": _("核实满半年的单位先停下。不做，过期的单位还在招人。"),
    "escalate_tickets": _(
        "民情快到期提醒责任人，过期了告诉替补、书记，再上公开名单。不做，没人催。"
    ),
    "expire_openings": _("招聘过了最后一天就下架。不做，居民还看得到已经不招的。"),
    "take_back_unlawful": _("照今天的规定再查一遍公开的招聘。不做，违规的还挂着。"),
    "weekly_retraining": _("每周日从大家的确认里学一次。不做，推荐不会变准，现在的照样用。"),
    "nightly_suggestions": _("每天夜里把所有人的推荐重算一遍。不做，推荐旧了。"),
    "community_plan": _("每天夜里把全社区一起排一遍，推荐按它的先后给工作人员看。不做，先后旧了。"),
    "training_demand": _("夜里算学哪门课、拿哪个证能打开哪些岗位。不做，那一页旧了。"),
    "purge": _("清掉过期的登录、提醒和旧记录。不做，占地方，登录也留得久。"),
    "settle_join_requests": _("想算进一户的，三天没人反对就算进。不做，申请停着。"),
    "time_out_offers": _("推荐过了最后一天没回话的记下来。不做，位置一直留着。"),
    "nightly_backup": _("每天夜里备份一份，旧的删掉。不做，机器坏了就回不来。"),
    "anchor_audit": _("每天夜里把操作记录最后一条的指纹写到外面。不做，有人删了记录看不出来。"),
    "watch_upkeep": _("看有没有晚了的事、旧了的备份和数目，告诉管理员一次。"),
    "heartbeat": _("后台程序每十秒报一次平安，不报就是停了。"),
    "background_jobs": _("读表格、导入、算计划这些要等一会儿的事。不做，大家的进度停着。"),
    "suggest": _("居民改了资料，几秒钟里重算他的推荐。"),
    "opening_meanings": _("新发布的机会，算出意思，按意思才找得到。"),
    "resident_meanings": _("居民新写的会做什么，算出意思，按意思才找得到。"),
    "ticket_suggestions": _("看新民情该哪个支部、急不急、跟以前哪件像。听出危险就叫值班的人。"),
    "publish_posts": _("定好时间的帖子到点发。"),
    "outbox": _("把提醒交给短信、公众号、群，晚上不发。"),
    "train": _("管理员在「推荐模型」里叫它学的。"),
}


def name_words(name: str) -> str:
    """Return what a job is called; one without words by its name."""
    return str(JOBS.get(name) or FREQUENT.get(name) or name)


def what_words(name: str) -> str:
    """Return what a job does, in a sentence; empty for one without words."""
    return str(WHAT.get(name, ""))


def why_late(late_since: datetime, last: Any | None, begun: datetime | None, silent: bool) -> str:
    """Return why a job was not done that should have begun at ``late_since``, and what to do.

    ``last`` is its newest run, ``begun`` when the scheduler was started; ``silent``: it stands.
    """
    if last is not None and last.started_at >= late_since:
        if last.outcome == JOB_FAILED:
            why = label(last.trouble or JobTrouble.WENT_WRONG)
            return gettext("做了没做成：%(why)s。", why=why)
        return gettext("做到一半断了：那时停了电、重启了，或者程序被关掉了。再做一次就好。")
    if silent:
        return gettext("后台程序停着。先请管服务器的人把它开起来。")
    if begun is not None and begun > late_since:
        when = moment_words(begun)
        return gettext("到点的时候后台程序没有开，%(when)s才开起来，过了的不自动补。", when=when)
    return gettext("到点没有开始：前面的事占得太久，或者机器那时歇着了。")
