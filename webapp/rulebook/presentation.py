"""What the figures of the rule book are called, and how they read."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from webapp.core.formatting import yuan

NAMES = {
    "employer_check_days": _("单位核实一次管几天"),
    "employer_warn_days": _("核实到期前几天提醒"),
    "employer_records_days": _("单位注销后资料留几天"),
    "employer_first_chase_days": _("单位没回话，第几天催第一次"),
    "employer_second_chase_days": _("单位没回话，第几天催第二次"),
    "employer_silence_told_days": _("单位没回话，第几天告诉居民"),
    "working_age_from": _("就业比例：从几岁算起"),
    "retirement_months_men": _("退休年龄：男，原来几个月大"),
    "retirement_months_women": _("退休年龄：女，原来几个月大"),
    "retirement_step_men": _("延迟退休：男，每几个月延一个月"),
    "retirement_step_women": _("延迟退休：女，每几个月延一个月"),
    "retirement_latest_men": _("延迟退休：男，最晚几个月大"),
    "retirement_latest_women": _("延迟退休：女，最晚几个月大"),
    "piecework_counts_days": _("就业比例：手工活算最近几天"),
    "message_reports_per_day": _("一个账号一天最多举报几次"),
    "estate_buildings": _("小区最大的栋号"),
    "estate_units": _("一栋最多几个单元"),
    "estate_floors": _("最高几层楼"),
    "estate_flats": _("一层楼最多几套房"),
    "messages_per_account_hour": _("一个账号一小时最多发几条消息"),
    "messages_per_staff_hour": _("一个工作人员一小时最多发几条消息"),
    "messages_per_thread_hour": _("一处对话一小时最多几条消息"),
    "newly_without_work_days": _("多少天内没了工作算新失业"),
    "opening_longest_days": _("一条招聘最多招几天"),
    "pay_floor_hour_1": _("最低工资，一小时（区）"),
    "pay_floor_hour_2": _("最低工资，一小时（县）"),
    "pay_floor_month_1": _("最低工资，一个月（区）"),
    "pay_floor_month_2": _("最低工资，一个月（县）"),
    "piecework_deduction_permille": _("手工钱一个月最多扣千分之几"),
    "import_file_days": _("交来的表格留多少天"),
    "request_key_days": _("防止交两次的编号留多少天"),
    "piecework_reject_margin_permille": _("退货比封样多千分之几就停下来查"),
    "piecework_reject_pieces": _("交够几件才看退货多不多"),
    "piecework_settle_days": _("手工钱最多几天结一次"),
    "piecework_timings": _("试做要量几次时间"),
    "subsidised_courses_per_year": _("有补贴的课一个人一年能上几门"),
    "attendance_late_hours": _("课后几小时以后补点名要另一位看"),
    "training_offer_hours": _("候补轮到了，座位留几小时"),
    "training_remind_hours": _("上课前几小时提醒"),
    "venture_accept_days": _("摊位轮到了，几天内回话"),
    "venture_cash_day": _("上个月的三个数，几号前记上"),
    "venture_plan_days": _("要了摊位以后，几天内看一次准备"),
    "venture_points_course": _("分摊位：在社区学过手艺，加几分"),
    "venture_points_long_looking": _("分摊位：找活路很久了，加几分"),
    "venture_points_long_looking_days": _("分摊位：找活路满多少天算久"),
    "venture_points_no_stall": _("分摊位：家里还没有摊位，加几分"),
    "venture_points_no_work": _("分摊位：全家没有人有活路，加几分"),
    "venture_points_passed_over": _("分摊位：以前没轮到，加几分"),
    "venture_seen_days": _("多少天内看过，才算还开着"),
    "venture_visit_days": _("开张以后隔几天看一次"),
    "trial_ask_days": _("试岗过后，没说结果的隔几天问一次"),
    "service_record_days": _("人走了以后，试岗的凭据从那天起留几天"),
    "trial_dispute_days": _("试岗两边说的不一样，社区几天以内定"),
    "trial_pay_percent": _("试岗、试用期工钱最少是岗位的百分之几"),
    "statement_request_days": _("全家的工钱证明，等家里人同意几天"),
    "probation_contract_months": _("合同满几个月才能有试用期"),
    "probation_months_short": _("试用期最多几个月：合同不满一年"),
    "probation_months_middle": _("试用期最多几个月：合同一年到三年"),
    "probation_months_long": _("试用期最多几个月：合同三年以上"),
    "training_outcome_days": _("学完多少天以后数有没有活干"),
    "training_outcome_years": _("公开的培训去向数最近几年学完的人"),
    "training_papers_days": _("开课前几天起催材料"),
    "carer_hours_from": _("接送孩子之间：最早几点上课（从零点算起）"),
    "carer_hours_until": _("接送孩子之间：最晚几点下课（从零点算起）"),
    "startup_loan_person": _("创业担保贷款：一个人最多贷多少"),
    "startup_loan_partner": _("创业担保贷款：合伙的，每人最多贷多少"),
    "startup_loan_partners": _("创业担保贷款：合伙的，一共最多贷多少"),
    "startup_loan_interest_percent": _("创业担保贷款：利息政府补百分之几"),
    "startup_grant": _("一次性创业补助：一户补多少"),
    "startup_grant_employees": _("一次性创业补助：要另外雇几个人"),
    "startup_grant_months_from": _("一次性创业补助：生意要做满几个月"),
    "startup_grant_months_until": _("一次性创业补助：做了几个月以后不给"),
    "traineeship_month": _("就业见习：一个月补多少"),
    "traineeship_month_kept": _("就业见习：单位留人多的，一个月补多少"),
    "traineeship_months": _("就业见习：最长几个月"),
    "traineeship_insurance": _("就业见习：另补的意外保险"),
    "traineeship_age_from": _("就业见习：失业青年从几岁起"),
    "traineeship_age_until": _("就业见习：失业青年到几岁止"),
    "difficult_age_women": _("就业困难人员：女的满几岁"),
    "difficult_age_men": _("就业困难人员：男的满几岁"),
    "difficult_unemployed_months": _("就业困难人员：连续没有工作几个月"),
    "public_post_months": _("公益性岗位：最多做几个月"),
    "insurance_subsidy_month": _("灵活就业社保补贴：一个月补多少"),
    "insurance_subsidy_months": _("灵活就业社保补贴：最多补几个月"),
    "allowance_line": _("低保标准：一个人一个月"),
    "allowance_work_cost": _("低保算收入：上班的人一个月先扣多少就业成本"),
    "allowance_taper_months": _("低保渐退：收入过线以后还发几个月"),
    "allowance_taper_percent": _("低保渐退：还发原来的百分之几"),
    "allowance_taper_ceiling": _("低保渐退：收入到标准的百分之几就没有（没有上限填 0）"),
    "allowance_hard_spending_percent": _("低保算收入：读书、大病的花费扣百分之几"),
    "income_path_pay_swing": _("算账：工钱只写一个数的，往少了算百分之几"),
    "rights_findings_days": _("「可能有资格还没申领」的名单留几天"),
    "quiet_from": _("晚上几点以后不发消息"),
    "quiet_until": _("早上几点以前不发消息"),
}
_UNITS = {
    "buildings": _("栋"),
    "courses": _("门"),
    "day": _("号"),
    "days": _("天"),
    "flats": _("套"),
    "floors": _("层"),
    "hour": _("点"),
    "hours": _("小时"),
    "messages": _("条"),
    "minutes": _("分钟"),
    "percent": _("%"),
    "people": _("个人"),
    "permille": _("‰"),
    "pieces": _("件"),
    "points": _("分"),
    "reports": _("次"),
    "timings": _("次"),
    "units": _("个单元"),
    "months": _("个月"),
    "years": _("岁"),
}


def name_words(name: str) -> str:
    """Return what a figure is called; one not yet worded by its name in the table."""
    return str(NAMES.get(name, name))


def value_words(value: int, unit: str) -> str:
    """Return a figure with its unit; money, kept in fen, in yuan."""
    if unit == "fen":
        return gettext("%(n)s 元", n=yuan(value))
    return f"{value} {_UNITS.get(unit, unit)}"


def unit_words(unit: str) -> str:
    """Return what stands behind the field where the figure is typed."""
    return gettext("元") if unit == "fen" else str(_UNITS.get(unit, unit))
