"""How what may not stand in an opening can be said lawfully, for each kind of wording."""

from functools import cache

from flask_babel import lazy_gettext as _

from webapp.rulebook.models import WordingCode

C = WordingCode


@cache
def _instead() -> dict[str, str]:
    return {
        C.DEPOSIT: _("“工具、衣服由单位提供，离职时还回来”；丢了照价赔，写进合同，不能先收钱"),
        C.FEE: _("“工装、培训、体检的钱由单位出”；一分钱也别向应聘的人收"),
        C.ID_RETENTION: _("“报到时带身份证，核对、复印以后当场还给本人”"),
        C.SEX: _("把性别拿掉，写活本身的要求：“要搬 20 公斤的货”“要上夜班”"),
        C.MARRIAGE: _("把婚姻、生育拿掉，写时间的要求：“周末轮班”“每月出差两三天”"),
        C.ETHNICITY: _("把民族拿掉，写活本身的要求：“能说普通话”“会做清真菜”"),
        C.DISABILITY: _("写活要做到什么：“要上下楼梯”“要听得清电话”，做得到的人都可以来"),
        C.LOOKS: _("写做事的要求：“穿工装、戴口罩”“待客有耐心”"),
        C.DISEASE: _("国家规定要健康证的，写“要有健康证”；别的不写，录用以后再体检"),
        C.HUKOU: _("把户口、籍贯拿掉，写活本身的要求：“能按时到岗”“熟悉九龙坡的路”"),
        C.AGE: _("把岁数拿掉，写活本身的要求：“能搬重物”“会用智能手机”；满 16 岁都可以来"),
        C.BAIT: _("写实际能拿多少：“底薪 2500 元，上个月多数人拿到 3200 到 3600 元”"),
    }


def instead(code: str) -> str:
    """Return how to say it lawfully; empty where nothing may stand in its place."""
    return str(_instead().get(code, ""))
