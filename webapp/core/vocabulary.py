"""Words shared by several parts: kinds, schooling, reach, demands, pay units.

The values are those of the ranking library's records; a test holds the two together.
"""

from webapp.core.labels import LabelledEnum


class Kind(LabelledEnum):
    """The four kinds of opening."""

    VACANCY = "vacancy", "招聘岗位"
    PIECEWORK = "piecework", "手工活"
    COURSE = "course", "学手艺"
    VENTURE = "venture", "摆摊创业"


class Education(LabelledEnum):
    """Levels of schooling, lowest first."""

    NONE = "none", "没上过学"
    PRIMARY = "primary", "小学"
    JUNIOR_HIGH = "junior_high", "初中"
    SENIOR_HIGH = "senior_high", "高中"
    VOCATIONAL = "vocational", "中专、技校、职高"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科及以上"


class Reach(LabelledEnum):
    """How far a resident can go, nearest first."""

    HOME = "home", "只能在家做"
    ESTATE = "estate", "小区里面"
    STREET = "street", "华岩镇一带"
    DISTRICT = "district", "九龙坡区内"
    CITY = "city", "重庆市内"
    ANYWHERE = "anywhere", "外地也行"


class Demand(LabelledEnum):
    """What work asks of a body; a resident's limits name those they cannot meet."""

    STANDING = "standing", "长时间站"
    WALKING = "walking", "走很多路"
    LIFTING = "lifting", "搬重东西"
    STAIRS = "stairs", "爬楼梯"
    OUTDOORS = "outdoors", "日晒雨淋"
    HEIGHTS = "heights", "登高"
    NIGHT = "night", "上夜班"
    FINE_HAND = "fine_hand", "手指灵活"
    TWO_HANDS = "two_hands", "双手都要用"
    EYESIGHT = "eyesight", "眼力好"
    HEARING = "hearing", "听力好"
    SPEECH = "speech", "开口说话"
    READING = "reading", "认字读写"
    SMARTPHONE = "smartphone", "用智能手机"
    CUSTOMER_CONTACT = "customer_contact", "跟顾客打交道"


class ReservedFor(LabelledEnum):
    """Whom an opening is kept for; the law welcomes such posts."""

    DISABLED = "disabled", "残疾人"
    DIFFICULT = "difficult", "就业困难人员"


class PayUnit(LabelledEnum):
    """What pay is counted by."""

    MONTH = "month", "月"
    DAY = "day", "天"
    HOUR = "hour", "小时"
    PIECE = "piece", "件"


class Hours(LabelledEnum):
    """What kind of hours a list of openings can be narrowed down to."""

    DAYTIME = "daytime", "不上夜班"
    OWN_TIME = "own_time", "时间自己安排"
    WEEKDAYS = "weekdays", "周末不上班"


class Sex(LabelledEnum):
    """Sex as on the identity card; never used in matching."""

    FEMALE = "female", "女"
    MALE = "male", "男"


# Free at any hour of the week, as somebody said; no windows at all means that nobody has asked.
ALWAYS = [{"days": "1234567", "start": "00:00", "end": "24:00"}]
