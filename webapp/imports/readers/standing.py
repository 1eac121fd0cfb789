"""Where somebody stands with work, from all that a row says: looking, in work, retired, gone."""

import re
from typing import NamedTuple

from webapp.core.labels import LabelledEnum

_KIN = r"(?:老伴|丈夫|老公|妻子?|老婆|爱人|配偶|父亲?|母亲?|爸|妈|儿子?|女儿|公公|婆婆|老人)"
_DEAD = re.compile(r"已故|去世|过世|病故|身故|死亡|亡故|逝世|已亡")
_KIN_BEFORE = re.compile(rf"{_KIN}[^，,。；;]{{0,4}}$")
_MOVED = re.compile(
    r"搬走|搬离|搬家了|已搬|搬去|搬到|迁出|迁走|不住(?:这|本|小区|在)|人去[^，,。；]{1,5}了|出嫁|嫁到|嫁出"
    r"|户在人不在|人户分离|不在(?:本)?(?:小区|社区)(?:居)?住|回老家(?:住|了|定居)|定居"
)
_NOT_NOW = re.compile(
    r"暂不|暂无(?:就业)?意[愿向]|[无没](?:有)?(?:就业|求职)?意[愿向]|不(?:想|愿意?|打算|准备|再|用)(?:再)?(?:找|上班|就业|工作|做事|出去)"
    r"|不找|不考虑|不(?:用|需要|要)(?:推荐|介绍|找)|不就业|产后再|出院后|病好|以后再说|再说$|住院|先不"
)
_BUSY = re.compile(
    r"(?<!送)(?<!陪)读(?:小学|初中|高中|大学|中专|职高|技校|大专|研|书|[一二三四五六]年级)"
    r"|上(?:小学|初中|高中|大学|幼儿园|学)(?!(?:回|接))|在校|在读|学生|备考|考(?:公务员|研)|待产|怀孕|月子"
    r"|带(?:孙|娃|小孩|孩子|外孙|二胎)|照顾|照看|护理|卧床|瘫|服刑|参军|服役|当兵去|生病|重病|养病"
)
_AT_WORK = re.compile(
    r"在业|在职|在岗|(?:已|灵活|实现|稳定|自主|正在)就业|^就业$|已上班|(?<![不想能要去后前])上班"
    r"|打工|务工|在外头?做|网约车|摆摊|开(?:了)?(?:店|馆|铺|厂|公司|出租|网约)|个体|经商|做生意|自营|创业"
    r"|返聘|产假|临时工|打零工|有(?:固定)?工作|跑(?:车|出租|货运|外卖|快递|摩的|滴滴)"
)
_AT_WORK_NOT = re.compile(r"零就业|失业|未就业|无就业|想(?:去)?上班|找班上")
_WISH = re.compile(
    r"(?<!不)想(?:找|做|接|换|学|去|上|多接|干|挣|就近)|(?<!不)(?<!不用)(?:要|求|正在|在|帮|急)找(?:工作|活|事)"
    r"|求职|失业|待业|待岗|下岗|未就业|找工作|找活|愿意(?:做|上|干|去)|(?<![无没])有(?:就业|求职|工作)?意[愿向]"
    r"|希望(?:找|做|有)|需要工作|能找到"
)
_RETIRED = re.compile(r"退休|离休|退养|领(?:取)?养老金|养老金")


class Standing(LabelledEnum):
    """What a list says of somebody and work; ``UNKNOWN`` is also everyone who wants none now."""

    LOOKING = "looking", "想找活路"
    EMPLOYED = "employed", "已有工作"
    RETIRED = "retired", "退休"
    MOVED = "moved", "已搬走"
    UNKNOWN = "unknown", "没说"


class Said(NamedTuple):
    """What was made out, and the words that say why somebody is not looking."""

    standing: Standing
    why_not: str = ""
    dead: bool = False


def read_standing(*, told: str, work: str, around: str, wishes: bool, declines: bool) -> Said:
    """Return where somebody stands.

    ``told`` is what the list says of them, ``work`` what they do now, ``around`` what its
    headings say; ``wishes``: it names work they wish for, ``declines``: it says in that place
    that they wish for none.
    """
    own = "；".join(text for text in (told, work) if text)
    dead = _is_dead(own)
    if _MOVED.search(own):
        return Said(Standing.MOVED, dead=dead)
    retired = bool(_RETIRED.search(own)) and "返聘" not in own
    at_work = _is_at_work(told) or _is_at_work(work)
    refusal = _NOT_NOW.search(own)
    if refusal or declines:
        standing = _without_wish(at_work, retired)
        return Said(standing, _clause(own, refusal) if standing is Standing.UNKNOWN else "", dead)
    if (wishes or _WISH.search(own)) and not dead:
        return Said(Standing.LOOKING)
    busy = _BUSY.search(own)
    if at_work or retired or busy or dead:
        standing = _without_wish(at_work and not dead, retired)
        return Said(standing, _clause(own, busy) if standing is Standing.UNKNOWN else "", dead)
    if work:
        return Said(Standing.EMPLOYED)
    return Said(_of_heading(around))


def _without_wish(at_work: bool, retired: bool) -> Standing:
    if at_work:
        return Standing.EMPLOYED
    return Standing.RETIRED if retired else Standing.UNKNOWN


def _of_heading(around: str) -> Standing:
    if _WISH.search(around):
        return Standing.LOOKING
    if _is_at_work(around):
        return Standing.EMPLOYED
    return Standing.RETIRED if _RETIRED.search(around) else Standing.UNKNOWN


def _is_at_work(text: str) -> bool:
    return bool(_AT_WORK.search(_AT_WORK_NOT.sub("·", text)))


def _is_dead(text: str) -> bool:
    """Whether the person has died; 老伴去世 is said of somebody else."""
    return any(not _KIN_BEFORE.search(text[: one.start()]) for one in _DEAD.finditer(text))


def _clause(text: str, found: re.Match[str] | None) -> str:
    """Return the words around a match, as far as the next sentence sign."""
    if found is None:
        return ""
    start = max(text.rfind(sign, 0, found.start()) for sign in "；;。") + 1
    ends = [text.find(sign, found.end()) for sign in "；;。"]
    return text[start : min((end for end in ends if end >= 0), default=len(text))].strip(" ，,")
