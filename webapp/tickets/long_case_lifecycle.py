"""Long cases: what kinds there are, the errands they take, the papers they need, how they end.

Errands and papers are of a small list each, so that what many cases had in common can be counted
without a word of anybody's.
"""

from webapp.core.labels import LabelledEnum


class LongCaseKind(LabelledEnum):
    """What a long case is about."""

    WORK_INJURY = "work_injury", "工伤认定和赔偿"
    WAGE_ARREARS = "wage_arrears", "讨欠薪"
    DISABILITY = "disability", "办残疾证"
    HOUSING = "housing", "公租房、廉租房"
    HUKOU = "hukou", "户口、身份证"
    PENSION = "pension", "养老金、退休"
    MEDICAL = "medical", "医保报销、大病救助"
    OTHER = "other", "别的跑很多趟的事"


class LongCaseState(LabelledEnum):
    """Where a long case stands."""

    OPEN = "open", "正在跑"
    ENDED = "ended", "有了结果"


class LongCaseOutcome(LabelledEnum):
    """How a long case ended."""

    WON = "won", "办成了"
    PARTLY = "partly", "办成一部分"
    LOST = "lost", "没有办成"
    GIVEN_UP = "given_up", "中途停下了"


class StepKind(LabelledEnum):
    """An errand: one thing that was done, or is to be done next."""

    ASK = "ask", "去窗口问清楚"
    COLLECT = "collect", "凑材料、复印"
    EMPLOYER = "employer", "找单位谈"
    HOSPITAL = "hospital", "去医院开证明"
    APPLY = "apply", "递申请"
    SUPPLEMENT = "supplement", "补材料"
    APPRAISAL = "appraisal", "去做鉴定、评定"
    INSPECTION = "inspection", "找劳动监察"
    LEGAL_AID = "legal_aid", "找法律援助"
    MEDIATION = "mediation", "调解"
    ARBITRATION = "arbitration", "劳动仲裁"
    COURT = "court", "去法院"
    WAIT = "wait", "等答复、催一催"
    RESULT = "result", "领决定书、领证"
    PAYMENT = "payment", "领钱、查到账"
    HOME_VISIT = "home_visit", "上门看望"
    OTHER = "other", "别的"


class PaperKind(LabelledEnum):
    """A paper that somebody asks for."""

    ID_CARD = "id_card", "身份证复印件"
    HOUSEHOLD_BOOK = "household_book", "户口簿复印件"
    CONTRACT = "contract", "劳动合同、工牌"
    WAGES = "wages", "工资条、转账记录"
    DIAGNOSIS = "diagnosis", "病历、诊断证明"
    PROOF = "proof", "照片、录音、聊天记录"
    WITNESS = "witness", "证人证明"
    FORM = "form", "申请表"
    AUTHORISATION = "authorisation", "委托书"
    DECISION = "decision", "认定书、裁决书"
    BANK_CARD = "bank_card", "银行卡复印件"
    RESIDENCE = "residence", "租房合同、居住证明"
    INCOME = "income", "收入证明"
    PHOTO = "photo", "证件照"
    OTHER = "other", "别的材料"


class PaperState(LabelledEnum):
    """Where a paper is."""

    MISSING = "missing", "还差"
    IN_HAND = "in_hand", "在手上"
    HANDED_IN = "handed_in", "交上去了"
    RETURNED = "returned", "退回来了"


#: Where a paper may go from where it is.
PAPER_MOVES: dict[PaperState, tuple[PaperState, ...]] = {
    PaperState.MISSING: (PaperState.IN_HAND,),
    PaperState.IN_HAND: (PaperState.HANDED_IN, PaperState.MISSING),
    PaperState.HANDED_IN: (PaperState.RETURNED,),
    PaperState.RETURNED: (PaperState.IN_HAND, PaperState.HANDED_IN, PaperState.MISSING),
}


class CaseReadReason(LabelledEnum):
    """Why somebody reads what a case is about."""

    BEFORE_ERRAND = "before_errand", "办事前看一下"
    TAKING_OVER = "case_taking_over", "接手、替人跑"
    ASKED = "case_asked_about", "本人问起"
    CHECKING = "case_checking", "书记看办得怎么样"
