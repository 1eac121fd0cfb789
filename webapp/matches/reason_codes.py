"""Reasons to choose from, and channels by which somebody was told."""

from flask_babel import gettext as _

from webapp.core.labels import LabelledEnum


class Channel(LabelledEnum):
    """How somebody was told or gave an answer."""

    PAGE = "page", "手机页面"
    PHONE = "phone", "电话"
    IN_PERSON = "in_person", "当面"


class AskedHow(LabelledEnum):
    """How a resident asked staff to print something for them; a page needs no staff."""

    IN_PERSON = "in_person", "本人当面说要"
    PHONE = "phone", "本人打电话来要"


class ApplyBasis(LabelledEnum):
    """On what an application rests that breaks a rule of the opening."""

    KNOWING = "knowing", "本人看过要求，知道不合，还是想试试"


class DismissReason(LabelledEnum):
    """Why staff put a suggestion aside; a matter of the pair, never of the person's will."""

    TOO_FAR = "too_far", "太远"
    HOURS = "hours", "时间不合"
    TOO_HARD = "too_hard", "身体吃不消"
    PAY = "pay", "工钱不合"
    KNOWN_UNFIT = "known_unfit", "情况有变，不合适"
    OTHER = "other", "别的原因"


class DeclineReason(LabelledEnum):
    """Why a resident let an opening go; told only to staff, to suggest better next time."""

    TOO_FAR = "too_far", "太远了"
    HOURS = "hours", "时间不合适"
    PAY = "pay", "工钱不合适"
    HEALTH = "health", "身体不方便"
    FAMILY = "family", "家里走不开"
    OTHER = "other", "别的原因"


class RefuseReason(LabelledEnum):
    """Why an employer took somebody else; what the resident reads is made from it."""

    FILLED = "filled", "已经招满"
    EXPERIENCE = "experience", "经验不太对"
    HOURS = "hours", "时间对不上"
    NOT_REACHED = "not_reached", "联系不上"
    OTHER = "other", "别的原因"


class RemarkVerdict(LabelledEnum):
    """What staff say after reading an employer's remark on a refusal."""

    RELEASED = "released", "可以给本人看"
    WITHHELD = "withheld", "不给本人看"


class LeaveReason(LabelledEnum):
    """How a job ended."""

    CONTRACT_ENDED = "contract_ended", "合同到期"
    RESIGNED = "resigned", "自己辞的"
    DISMISSED = "dismissed", "单位辞的"
    FAMILY = "family", "家里有事"
    OTHER = "other", "别的原因"


class FollowUpSource(LabelledEnum):
    """Who said that somebody taken on is still there."""

    RESIDENT = "resident", "本人"
    EMPLOYER = "employer", "单位"


class FollowUpBasis(LabelledEnum):
    """Whose word a follow-up rests on."""

    BOTH = "both", "本人和单位都这样说"
    RESIDENT = "resident_only", "只问到本人"
    EMPLOYER = "employer_only", "只问到单位"


def refusal_sentence(code: RefuseReason | str) -> str:
    """Return what a resident reads of a refusal."""
    return {
        RefuseReason.FILLED: _("已经招满了"),
        RefuseReason.EXPERIENCE: _("这次想找做过这一行的人"),
        RefuseReason.HOURS: _("时间对不上"),
        RefuseReason.NOT_REACHED: _("单位没有联系上您"),
        RefuseReason.OTHER: _("这次选了别人"),
    }[RefuseReason(code)]
