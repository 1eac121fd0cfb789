"""The words of pay texts: units of time and piece, names of pay, and what is no pay at all."""

import re
from enum import Enum, auto


class Word(Enum):
    """Words that say what the next or the last amount is."""

    PAY = auto()  # 工资, 待遇: what follows is pay
    TOTAL = auto()  # 综合收入: base and commission together
    BASE = auto()  # 底薪: more comes on top
    FLOOR = auto()  # 保底, 不低于
    CEILING = auto()  # 最高, 不超过
    EXTRA = auto()  # 全勤奖, 餐补: not pay
    PLUS = auto()
    EQUALS = auto()
    NO_LIMIT = auto()  # 上不封顶
    NO_PAY = auto()  # 注册资金: nothing to do with pay


class Unit(Enum):
    """What money is counted by, with how many of the contract's units it makes."""

    HOUR = auto()
    DAY = auto()
    WEEK = auto()
    MONTH = auto()
    YEAR = auto()
    PIECE = auto()


# A bare number before 单 or 包 is a count of pieces only if no other word begins there (包吃).
_PIECES = (
    r"双(?![休薪])|套(?!餐|路)|包(?![吃住食餐饭装含括月三两一午晚])|把(?!握|关|控)|单(?![休位双身价间独面纯])|条(?!件)"
    r"|只(?![要有需能限招收是用])|张(?!贴)|顶(?!岗|班)|件|个(?![月小钟人名工岗别])"
)
_MORE_PIECES = (
    r"对(?![口接外象待])|支|枚|朵|束|串|盒|箱(?!包)|袋|本(?![科地市人公部区周月])|片(?!区)|根(?!据)|幅|台(?!湾|州)"
    r"|公斤|千克|斤|kg|平方米|平方|平米|米|吨|份(?!额)|杯|瓶|桶|颗|粒|株|棵|趟|次(?![月日])|票(?!据)|份|页|篇|桌|场(?!地|所)"
    r"|节课|课时|节(?![假日])|扎|捆|盘|盏|副(?!理|总|食)|匹|字|车(?![补贴费间工位险床辆])|户(?![口外籍])|pcs?|pieces?"
)
_DOZEN = r"打(?![卡工字包杂印底扫电车球算])"
_TIME = {
    Unit.HOUR: r"个?小时|个?钟头|个钟|hours?|hrs?|h(?![a-z])",
    Unit.DAY: r"天|工作日|工日|个?工(?![资作人龄种厂地程])|日(?![期常企语用本结薪化后])"
    r"|个?班(?![次车组长倒制])|晚上?(?!班)|夜(?!班)|days?",
    Unit.WEEK: r"周(?![岁末边年一二三四五六日])|星期|礼拜|weeks?",
    Unit.MONTH: r"个?月(?![休薪底初嫂饼度末])|months?|mon(?![a-z])|mth",
    Unit.YEAR: r"年(?![薪龄终底假会轻满])|years?|yr",
}
_TIME_PATTERN = "|".join(f"(?P<{unit.name}>{pattern})" for unit, pattern in _TIME.items())
UNIT = re.compile(
    rf"{_TIME_PATTERN}|(?P<DOZEN>{_DOZEN})|(?P<PIECE>{_PIECES})|(?P<OTHER>{_MORE_PIECES})"
)
SLASH_HOUR = re.compile(r"时(?![间候尚段])|钟(?!点)")
SLASH_PIECE = re.compile(r"块(?![钱元\d])")
PER_SIGN = re.compile(r"元?/|每|per(?=[a-z])|a(?=hour|day|week|month|year|piece)")
_PER_WORDS = [
    (Unit.HOUR, r"时薪|小时工资?|钟点工资?|计时工资?|按小时算?"),
    (Unit.DAY, r"日薪|日结|天薪|日工资|日入|日均|日赚|按天算?"),
    (Unit.WEEK, r"周薪"),
    (
        Unit.MONTH,
        r"月薪|月工资|月收入|月综合收入|月总?收入|月入|月均|月综合|月保底|月底薪|月基本工资|月赚",
    ),
    (Unit.YEAR, r"年薪|年收入|年入|年均|年综合|年总?收入"),
    (Unit.PIECE, r"计件单?价?|按件计?算?|件价|单件|单价"),
]
PER_WORD = re.compile("|".join(f"(?P<{unit.name}>{pattern})" for unit, pattern in _PER_WORDS))

_WORDS = [
    (Word.NO_LIMIT, r"[上无]?不封顶|无上限|无限"),
    (Word.CEILING, r"封顶|不(?:超过|高于|多于|大于)|最高|最多|至多|上限|低于|不足|不到|小于|<=?|≤"),
    (Word.FLOOR, r"不(?:低于|少于|小于)|保底|至少|最低|最少|起薪|超过|高于|大于|不止|>=?|≥"),
    (
        Word.EXTRA,
        r"(?:[全满]勤|出勤|工龄|加班|绩效|岗位|[餐饭房车话油电住交夜]|学历|技能|季度|年终|开单|夜班|中班|介绍|推荐|入职)"
        r"(?:奖金?|奖励|补[贴助]?|津贴|工资|费|提成)|[全满]勤|奖金|奖励|奖|津贴|补[贴助]|[餐饭房车话油电住]补|加班|绩效"
        r"|(?:话|交通|伙食|住宿|生活|取暖|高温|降温|过节|水电|保险|手续|社保|通讯|午餐)费|工龄|社保|公积金|保险|礼金|红包|餐费"
        r"|提成|佣金|分红|抽成|返点|返现|小费|(?<=班)加|另补|[补加提](?=\d)|涨(?![到至])",
    ),
    (
        Word.NO_PAY,
        r"注册|资[本金产]|产值|营业额|销售额|业绩|投资|成本|押金|保证金|(?:房租|学|培训|体检|服装|报名|中介|加盟|转让|违约|介绍|工本|材料|服务)费"
        r"|(?:摊位|管理)费|房租|租金|罚款?|超出|扣(?![子眼])|报销|价值|赔偿|奖学金|经费|优惠|贷款|客单价|流水|任务|损耗",
    ),
    (Word.BASE, r"底薪|基薪"),
    (
        Word.TOTAL,
        r"综合(?:工资|薪资|月?收入)?|总?收入|到手|实发|实拿|合计|总计|平均工?资?|人均|月均",
    ),
    (
        Word.PAY,
        r"(?:工资|薪资|薪酬|待遇)(?:福利|待遇)?|福利待遇|薪水|报酬|工价|价格|工钱|手工费|加工费|酬劳|基本工?资?|试用期?|实习期?|转正后?|正式工?|白班|夜班|早班|中班|晚班"
        r"|熟[手练]工?|学徒工?|新手|平时|周末|男|女|薪",
    ),
    (Word.EQUALS, r"="),
    (Word.PLUS, r"\+|外加|另加|再加|另有|另外|还有|[外另]算|加(?=提成|绩效|奖|计件|佣|补|全勤)"),
]
WORD = re.compile("|".join(f"(?P<{word.name}>{pattern})" for word, pattern in _WORDS))
