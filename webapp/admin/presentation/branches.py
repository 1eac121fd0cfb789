"""Chinese labels of what is recorded of branches, their members, the rota and volunteers."""

from flask_babel import lazy_gettext as _

ACTIONS = {
    "activity.cancel": _("活动不办了"),
    "activity.change": _("改活动的时间、地方"),
    "activity.hold": _("记活动办得怎么样"),
    "activity.plan": _("定一次活动"),
    "branch.duties": _("改支部管什么、电话"),
    "duty_shift.add": _("排一个班"),
    "duty_shift.remove": _("去掉一个班"),
    "duty_shift.swap": _("换一个班"),
    "duty_shift.week": _("排一周的班"),
    "employer.broker": _("换一家单位的劳务经纪人"),
    "help.answer": _("回话来不来帮忙"),
    "help.ask": _("问人来不来帮忙"),
    "help.call_off": _("不用人帮忙了"),
    "help.confirm_hours": _("确认帮忙的时间"),
    "help.finish": _("帮忙的事办完了"),
    "help.say_hours": _("说自己帮了多久"),
    "help.want": _("要人帮忙"),
    "member.absence": _("记下请假"),
    "member.absence_cancel": _("不请假了"),
    "member.broker": _("记是不是劳务经纪人"),
    "member.leave": _("把一位成员手上的事都交接了"),
    "member.profile": _("改成员的行当和时间"),
    "member.secretary": _("换支部书记"),
    "promise.cancel": _("承诺的事不办了"),
    "promise.keep": _("记承诺做到了"),
    "promise.make": _("做一个承诺"),
    "promise.miss": _("记承诺没做到"),
}
SUBJECTS = {
    "branch": _("支部"),
    "branch_activity": _("活动"),
    "branch_promise": _("承诺"),
    "duty_shift": _("值班"),
    "help_call": _("问的一个人"),
    "help_wanted": _("要人帮忙的事"),
    "member_absence": _("请假"),
    "volunteer_hours": _("帮忙的时间"),
}
