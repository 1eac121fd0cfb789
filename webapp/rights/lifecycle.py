"""What the checker answers, the counters one goes to, and how far a claim is."""

from webapp.core.labels import LabelledEnum


class Answer(LabelledEnum):
    """What the checker says of one policy, best first."""

    LIKELY = "likely", "多半能办"
    LACKING = "lacking", "还差一点"
    UNSURE = "unsure", "说不准，请到窗口问"
    NO = "no", "办不到"


class CounterCode(LabelledEnum):
    """Where one goes with the papers."""

    EMPLOYMENT = "employment", "街镇就业服务窗口（社保所）"
    CIVIL = "civil", "街镇民政窗口（低保）"
    MARKET = "market", "夜市、市场管理处"
    BRANCH = "branch", "社区富民支部"


class Verdict(LabelledEnum):
    """What the admin found when they held a policy's text against its document."""

    STANDS = "stands", "照文件核对过，对的"
    GONE = "gone", "已经不办了"


class ClaimState(LabelledEnum):
    """How far somebody is with a policy, as they told the branch."""

    WANTED = "wanted", "想办，要社区帮忙"
    HANDED_IN = "handed_in", "交上去了"
    GRANTED = "granted", "办下来了"
    REFUSED = "refused", "窗口没批"
    NOT_WANTED = "not_wanted", "本人不想办"


#: Of these the branch says nothing more by itself.
SETTLED = frozenset(ClaimState) - {ClaimState.WANTED}
