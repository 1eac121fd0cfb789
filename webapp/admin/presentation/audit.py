"""Chinese labels of actions, subjects and jobs in the audit trail."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from webapp.admin.presentation import piecework

ACTIONS = {
    **piecework.ACTIONS,
    "account.change_password": _("改了自己的密码"),
    "account.disable": _("停用账号"),
    "account.enable": _("启用账号"),
    "account.large_print": _("换了字号"),
    "account.open": _("开账号"),
    "account.outside_notices": _("开关手机提醒"),
    "account.register_refused": _("登记没成：手机号已有账号"),
    "account.reset_password": _("重设密码"),
    "account.sign_in": _("登录"),
    "account.sign_in_failed": _("登录没成"),
    "account.sign_out": _("退出登录"),
    "channel.add": _("加一条对外提醒的路"),
    "channel.remove": _("删掉一条对外提醒的路"),
    "channel.send_again": _("再发没送到的提醒"),
    "channel.switch": _("开关一条对外提醒的路"),
    "channel.test": _("试发一条提醒"),
    "consent.give": _("记下一条同意"),
    "consent.withdraw": _("收回一条同意"),
    "contact.agree": _("同意换电话"),
    "contact.withdraw": _("收回换电话的同意"),
    "duplicate.compare_id_numbers": _("找重复时比对身份证号"),
    "duplicate.keep_apart": _("定为不是同一个"),
    "duplicate.merge": _("合并重复的两份"),
    "duplicate.undo": _("撤销合并"),
    "complaint.file": _("记下对单位的投诉"),
    "complaint.handle": _("办完对单位的投诉"),
    "employer.add_member": _("给单位加一个人"),
    "employer.close": _("注销单位"),
    "employer.edit": _("改单位资料"),
    "employer.forget": _("删去注销单位的联系人"),
    "employer.lapse": _("单位核实过期"),
    "employer.refuse": _("单位核实没通过"),
    "employer.register": _("单位登记"),
    "employer.remove_member": _("移走单位的一个人"),
    "employer.suspend": _("暂停单位"),
    "employer.verify": _("核实单位"),
    "filter.drop": _("删掉存下的筛选"),
    "filter.keep": _("存下一个筛选"),
    "household.assign": _("定责任人"),
    "household.share_out": _("换责任人，几户一起"),
    "household.create": _("新记一户"),
    "import.break_off": _("导入中断"),
    "import.begin": _("开始导入"),
    "import.compare_id_numbers": _("导入时比对身份证号"),
    "import.finish": _("导入完成"),
    "import.forget": _("扔掉交来的表格"),
    "import.hand_in": _("交来一份表格"),
    "import.write": _("导入若干行"),
    "match.answer": _("居民回话"),
    "match.apply": _("报名"),
    "match.apply_directly": _("居民自己找上门"),
    "match.chase": _("催单位回话"),
    "match.close_opening": _("机会结束，推荐收尾"),
    "match.confirm": _("确认推荐"),
    "match.dismiss": _("判为不合适"),
    "match.employer_asks": _("单位想请这个人"),
    "match.follow_up_30": _("满30天回访"),
    "match.follow_up_90": _("满90天回访"),
    "match.hear_employer": _("单位说还在岗"),
    "match.hear_resident": _("本人说还在岗"),
    "match.hire": _("上岗"),
    "match.hire_elsewhere": _("在别处上岗"),
    "match.invite_interview": _("约面试"),
    "match.leave": _("离岗"),
    "match.offer": _("推荐给居民"),
    "match.offer_job": _("单位想要"),
    "match.plan": _("全社区一起排"),
    "match.postpone": _("推荐先放一放"),
    "match.refuse": _("单位没要"),
    "match.suspend_others": _("上岗后其他推荐停下"),
    "match.restore": _("停下的推荐接着走"),
    "match.retain": _("稳定就业"),
    "match.see": _("单位看了"),
    "match.share": _("同意给单位看"),
    "match.suggest_again": _("重新推荐"),
    "match.suggest_own": _("社区自己推荐"),
    "match.undo_hire": _("撤销记错的上岗"),
    "match.withdraw_all": _("推荐全部撤回"),
    "message.judge": _("定一条被举报的消息"),
    "message.report": _("举报一条消息"),
    "message.send": _("写一条消息"),
    "model.request": _("叫系统重新学"),
    "model.roll_back": _("推荐模型退回上一版"),
    "model.switch": _("换上推荐模型"),
    "model.train": _("从确认里学了一次"),
    "opening.close": _("结束机会"),
    "opening.create": _("新写机会"),
    "opening.edit": _("改机会"),
    "opening.expire": _("机会到期"),
    "opening.publish": _("发布机会"),
    "opening.return": _("退回机会"),
    "opening.submit": _("提交机会"),
    "resident.leave": _("停用服务、删除资料"),
    "resident.open_account": _("给居民开账号"),
    "resident.pause": _("暂时不找"),
    "resident.record_sensitive": _("记录保密信息"),
    "resident.register": _("居民登记"),
    "resident.register_assisted": _("代办登记"),
    "resident.resume": _("重新找"),
    "resident.reveal": _("查看保密信息"),
    "resident.contact": _("记一次联系"),
    "resident.update": _("改档案"),
    "rule.add": _("加一行规定的数目"),
    "rule.add_wording": _("加几句要查的话"),
    "rule.confirm": _("照文件核对数目"),
    "rule.confirm_again": _("又核对了一次数目"),
    "rule.end_wording": _("停查几句话"),
    "printed_notice.hand_over": _("纸条交到了"),
}
# Older entries carry these names; the trail is hash-chained and never rewritten.
FORMER_ACTIONS = {
    "match.ask_oneself": "match.apply_directly",
    "match.rest_others": "match.suspend_others",
    "slip.hand_over": "printed_notice.hand_over",
}
FORMER_SUBJECTS = {"slip": "printed_notice"}
SUBJECTS = {
    **piecework.SUBJECTS,
    "account": _("账号"),
    "branch": _("支部"),
    "consent": _("同意"),
    "duplicate_pair": _("可能重复"),
    "employer": _("单位"),
    "employer_complaint": _("对单位的投诉"),
    "household": _("户"),
    "import_batch": _("导入"),
    "contact_agreement": _("换电话的同意"),
    "match": _("推荐"),
    "model_version": _("推荐模型"),
    "message": _("消息"),
    "opening": _("机会"),
    "outbox": _("对外提醒"),
    "outside_channel": _("对外提醒的路"),
    "resident": _("居民"),
    "rule_figure": _("规定的数目"),
    "wording_rule": _("不能写的话"),
    "saved_filter": _("存下的筛选"),
    "printed_notice": _("纸条"),
}
JOBS = {
    "demo": _("装示范的资料"),
    "settle_piecework": _("到期的手工活工钱结算"),
    "chase_employers": _("催没回话的单位"),
    "freeze_figures": _("每月定下就业数字"),
    "find_duplicates": _("找可能重复的"),
    "check_employers": _("核实过期的单位停下来"),
    "expire_openings": _("到期的机会下架"),
    "weekly_retraining": _("每周从确认里学一次"),
    "nightly_suggestions": _("每晚重算推荐"),
    "purge": _("清理旧记录"),
    "time_out_offers": _("到期没回话的推荐"),
}


def names_of(action: str) -> list[str]:
    """Return every name an action has in the trail: its own and the former ones."""
    return [action, *(old for old, new in FORMER_ACTIONS.items() if new == action)]


def action_words(action: str) -> str:
    """Return the label of an action; one without a label is returned unchanged."""
    return str(ACTIONS.get(FORMER_ACTIONS.get(action, action), action))


def subject_words(subject: str) -> str:
    """Return what was acted on, as 「居民 12」."""
    table, _colon, number = subject.partition(":")
    if number == "unknown":
        return gettext("不知道是谁")
    words = SUBJECTS.get(FORMER_SUBJECTS.get(table, table), table)
    return f"{words} {number}".strip()
