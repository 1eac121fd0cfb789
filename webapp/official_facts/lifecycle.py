"""Kinds of official facts, on which ground somebody is recognised, and where it was seen."""

from webapp.core.labels import LabelledEnum


class FactKind(LabelledEnum):
    """What an office has decided or registered."""

    DIFFICULT = "hard_to_employ", "就业困难人员"
    UNEMPLOYED = "registered_unemployed", "失业登记"
    INSURED = "socially_insured", "社会保险"


class Ground(LabelledEnum):
    """On which ground somebody is recognised as hard to employ (就业促进法 art. 52)."""

    AGE = "older", "年纪大"
    DISABILITY = "disabled", "身体残疾"
    ALLOWANCE = "on_allowance", "家里吃低保"
    ZERO = "nobody_works", "零就业家庭"
    LONG = "long_unemployed", "失业一年以上"
    LAND = "lost_land", "没了土地"
    OTHER = "other_ground", "清单上别的一类"


class Insurance(LabelledEnum):
    """How somebody is insured."""

    EMPLOYEE = "by_employer", "单位给交"
    FLEXIBLE = "as_flexible", "自己交（灵活就业）"
    BASIC = "as_resident", "居民养老、居民医保"


class FactSource(LabelledEnum):
    """Where it was seen; what only the person says is no official fact."""

    SYSTEM = "looked_up", "业务系统里查到"
    PAPER = "paper_seen", "看过证件或回执"
    LIST = "office_list", "街道、社保所的名单"


#: Grounds that tell of what is only kept with a consent of its own.
SENSITIVE_GROUNDS = frozenset({Ground.DISABILITY, Ground.ALLOWANCE})
