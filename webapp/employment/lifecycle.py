"""Kinds of employment spells, what shows them, and what each kind counts as."""

from webapp.core.labels import LabelledEnum


class SpellKind(LabelledEnum):
    """What a person does in a stretch of time."""

    FOUND_HERE = "found_here", "社区介绍的工作"
    FOUND_ALONE = "found_alone", "自己找的工作"
    SELF_EMPLOYED = "self_employed", "摆摊、开店、自己做生意"
    PUBLIC_POST = "public_post", "公益性岗位"
    PIECEWORK = "piecework", "在家做手工活"
    LOOKING = "looking", "在找活路"
    CARING = "caring", "在家照顾人"
    STUDYING = "studying", "在上学"
    UNABLE = "unable", "身体原因干不了活"
    RETIRED = "retired", "退休了"
    AWAY = "away", "长期在外地"


class Evidence(LabelledEnum):
    """What shows that a spell is so."""

    CONTRACT = "contract", "劳动合同"
    PAYSLIP = "payslip", "工资条、转账记录"
    SOCIAL_INSURANCE = "social_insurance", "社保记录"
    LICENCE = "licence", "营业执照、摊位合同"
    PAPER = "paper", "证明（学校、医院、退休证）"
    VISIT_NOTE = "visit_note", "上门看过"
    OWN_WORD = "own_word", "只是本人说的"


class ContractKind(LabelledEnum):
    """What somebody taken on has signed."""

    FIXED = "fixed", "有期限的劳动合同"
    OPEN_ENDED = "open_ended", "没有期限的劳动合同"
    TASK = "task", "干完这桩活为止"
    PART_TIME = "part_time", "非全日制（小时工）"
    SERVICE = "service_agreement", "劳务协议（过了退休年龄）"


class SocialInsurance(LabelledEnum):
    """Whether an employer insures somebody taken on."""

    FULL = "full", "单位上五险"
    INJURY_ONLY = "injury_only", "只上工伤保险"
    NONE = "none", "没有上"


class Origin(LabelledEnum):
    """How a spell came to be recorded."""

    STAFF = "staff", "社区记的"
    SELF = "self", "本人说的"
    HIRE = "hire", "录用时记的"
    IMPORT = "import", "表格里的"


K, E = SpellKind, Evidence
#: A job; a business is counted beside it. Piecework counts by the pieces that were accepted.
JOBS = frozenset({K.FOUND_HERE, K.FOUND_ALONE, K.PUBLIC_POST})
BUSINESS = K.SELF_EMPLOYED
WORK = JOBS | {BUSINESS}
#: Who is in one of these is not counted among those able to work.
NOT_ABLE = (K.RETIRED, K.STUDYING, K.UNABLE, K.AWAY)
#: Of these a person can be in one at a time.
EXCLUSIVE = frozenset({*NOT_ABLE, K.LOOKING})
_OF_A_JOB = (E.CONTRACT, E.PAYSLIP, E.SOCIAL_INSURANCE)
_SHOWN_BY: dict[SpellKind, tuple[Evidence, ...]] = {
    K.FOUND_HERE: _OF_A_JOB,
    K.FOUND_ALONE: _OF_A_JOB,
    K.PUBLIC_POST: _OF_A_JOB,
    K.SELF_EMPLOYED: (E.LICENCE,),
    K.PIECEWORK: (E.PAYSLIP,),
    K.STUDYING: (E.PAPER,),
    K.UNABLE: (E.PAPER,),
    K.RETIRED: (E.PAPER, E.SOCIAL_INSURANCE),
    K.AWAY: (E.PAPER, E.CONTRACT),
}


def shown_by(kind: SpellKind) -> tuple[Evidence, ...]:
    """Return what can show a spell of this kind; a visit can show any, and word of mouth none."""
    return (*_SHOWN_BY.get(kind, ()), E.VISIT_NOTE, E.OWN_WORD)
