"""What somebody complains of, where a complaint stands and how it ends."""

from webapp.core.labels import LabelledEnum


class ComplaintKind(LabelledEnum):
    """What somebody complains of."""

    FEE = "fee", "收钱、收押金"
    ID_RETENTION = "id_retention", "扣证件"
    FALSE_OFFER = "false_offer", "说的和做的不一样"
    UNPAID = "unpaid", "拖欠工钱"
    DISCRIMINATION = "discrimination", "挑人不公道"
    TREATMENT = "treatment", "待人不好、不安全"
    OTHER = "other", "别的事"


class ComplaintState(LabelledEnum):
    """Where a complaint stands."""

    OPEN = "open", "还在办"
    HANDLED = "handled", "办完了"


class ComplaintOutcome(LabelledEnum):
    """How it ended."""

    UPHELD = "upheld", "属实，已处理"
    SETTLED = "settled", "双方说好了"
    UNFOUNDED = "unfounded", "查了，不属实"
    REFERRED = "referred", "转给劳动监察等部门"
