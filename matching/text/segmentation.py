"""Segmentation of what people say about their work into phrases that can be linked.

「我以前在厂头踩过缝纫机，后头带娃儿就没做了」 has two segments, the first of which says more.
"""

import re
from functools import lru_cache
from typing import Final

from matching.text.normalise import normalise, squeeze

MAX_CHARS = 300  # of a longer text, which is a document, only the beginning is linked

_CUT = re.compile(
    r"[^\w\s]+|还有|以及|后来|后头|后面|但是|不过|因为|所以|然后|或者|之前|以前|从前|平时|另外|顺便|现在|目前|主要"
)
# Filler: who, how long, that it is a wish. The longest first where they overlap.
_FILLER = re.compile(
    r"一天能?.?[一二两三四五六七八九十百千几多\d]+(?:多)?(?:个|件|单|间|家|块|次)|[一二两三]百(?:多)?一天"
    r"|\d+(?:\.\d+)?(?:多)?(?:年|个月|岁|元|块|千|万|k)|[一二两三四五六七八九十几半多]+(?:来)?年(?:多)?"
    r"|[一二两三四五六七八九十几半\d]+(?:十|百|千)?(?:来|多)?(?:个|头|只|条|台|层|栋|辆|点|些|份|家|点点|岁多|岁)"
    r"|我男人|我老公|我老婆|我妈|我爸|我老汉儿?|[给替帮]别?人家?|客人|顾客|本人|我们|别人|人家|屋头|老家|我是|我|想要|想找|想做|想学|想当|想干|希望|要找|找个|找份|找一份|找点|求职|应聘"
    r"|从事过|从事|做过|干过|当过|搞过|学过|上过|比较|特别|非常|有点|一点|有过|经验|经历|丰富|熟练|熟悉|擅长"
    r"|能够|可以|晓得|愿意|喜欢|急聘|急招|诚聘|诚招|直招|高薪|招聘|招收|挑战|精英|人才|储备|资深|高级|初级|实习生?|学徒工?|长期|大量|若干|数名|包吃住|包吃|包住"
    r"|无责任底薪|无责底薪|底薪|高?提成|奖金|周末双休|双休|五险一金|社保|月薪|工资|待遇"
    r"|原先|原来|听说|挣钱|跟到?师傅|年轻的时候|小时候|公司|经理|主管|总监|专员|助理|相关|方面|之类|工作|活路|的活儿|的活|工种|岗位|职位|一直|都在|就是|啥子|哪种|那种|这种|那些|这些|帮忙"
    r"|上班|下班|每天|天天|整天|早上|晚上|白天|自己|家里|在家|都会"
)
# The workplace says less than the work: 在服装厂熨衣服 is ironing.
_PLACE = "厂|店|公司|单位|医院|学校|工地|超市|饭馆|餐馆|馆子|街|市场|社区|小区|车间"
_WHERE = re.compile(
    rf"^(?:.{{0,4}}在|到|去|给).{{1,4}}?(?:{_PLACE})(?:里头|里面|里|头|上)?(?:给人)?(?=....)"
    rf"|^.{{1,4}}?(?:{_PLACE})(?:里头|里面|里|头)(?=....)"
)
_AGAIN = re.compile(r"(过\w+?)(?=\w过\w)")  # 卖过鞋卖过衣服 are two segments
_PARTICLE = re.compile(r"[过了着的嘛呢哦啊哟哈呀噻吧咯]")
# Asides: health, pay, hours, household, how the last job ended.
_BODY = "腰|腿|脚|膝盖|手|眼|视力|听力|耳朵|关节|颈椎|心脏|肺|胃|血压|血糖|身子"
_ASIDE = re.compile(
    rf"(?:{_BODY}).{{0,6}}(?:不好|不太好|不大好|不便|不方便|不行|不得行|痛|疼|酸|麻|抖|花|肿|差|伤|坏|突出|毛病|问题)"
    r"|高血压|糖尿病|风湿|头晕|头昏|晕车|医生说|残疾|年纪|今年.*岁|岁了|文化不高|有证|要价|商量"
    r"|工资|月薪|底薪|日薪|待遇|提成|[千百\d]块|\d元|一个月[一二两三四五六七八九\d]|[一二两三四五六七八九\d]千(?!多?[个件双只条张])"
    r"|社保|五险|双休|单休|月休|休[一二两三四\d]|日结|现结|月结|拖欠|包吃|包住|[一两三]餐|[两三]班倒|倒过?班|夜班优先"
    r"|\d点|点到.点|个?小时|半天|周末|星期|兼职|近点|就近|离家|走不开|行就"
    r"|离婚|老公|老婆|男人|婆娘|儿子|女儿|孙子|上学去|读书去|倒闭|关门|关了|改制|没干了|没做了|不做了|嫌"
)
_NEGATION = re.compile(
    r"不会|不懂|不想|不愿|不能|不敢|不要|不上|不做|不干|没学过|没做过|没干过|没得|没有|没会"
    r"|做不了|干不了|做不来|搞不来|整不来|弄不来|不得行"
)


def is_negated(piece: str) -> bool:
    """Return whether the segment says that somebody can't or won't do what it names."""
    return _NEGATION.search(piece) is not None


def is_aside(piece: str) -> bool:
    """Return whether the segment is about health, pay, hours or household rather than work."""
    return _ASIDE.search(piece) is not None


@lru_cache(maxsize=32768)
def strip_particles(piece: str) -> str:
    """Return a squeezed segment without particles, unless less than two characters are left.

    >>> strip_particles("踩过缝纫机的")
    '踩缝纫机'
    """
    rest = _PARTICLE.sub("", piece)
    return rest if len(rest) > 1 else piece


@lru_cache(maxsize=32768)
def strip_fillers(piece: str) -> str:
    """Return a squeezed segment without filler, unless less than two characters are left.

    >>> strip_fillers("我想找保洁的工作")
    '保洁'
    """
    rest = _FILLER.sub("", piece)
    return strip_particles(rest if len(rest) > 1 else piece)


@lru_cache(maxsize=32768)
def strip_place(piece: str) -> str:
    """Return a segment without filler and without the workplace.

    >>> strip_place("原先在服装厂熨衣服烫裤子")
    '熨衣服烫裤子'
    """
    return strip_particles(_WHERE.sub("", strip_fillers(piece)))


def segments(phrase: str) -> list[str]:
    """Return the distinct segments of a phrase, squeezed, in order.

    The first is the whole phrase. Single characters with spaces between (保 洁) are joined.
    """
    text = normalise(phrase[:MAX_CHARS])
    whole = squeeze(text)
    if not whole:
        return []
    parts = [part for part in _CUT.split(_AGAIN.sub(r"\1，", text)) if part.strip()]
    split: list[str] = [whole]
    for part in parts:
        words = part.split()
        apart = len(words) > 1 and min(map(len, words)) > 1 and not part.isascii()
        split.extend(squeeze(word) for word in (words if apart else [part]))
    return [piece for piece in dict.fromkeys(split) if len(piece) > 1 or piece == whole]


NEGATION_WEIGHT: Final = 0.5
CORE_WEIGHT: Final = 0.99  # trust in a segment without its filler
PLACE_STRIPPED_WEIGHT: Final = 0.9  # trust in a segment without its workplace too


def variants(part: str) -> dict[str, float]:
    """Return the variants of a segment, as said and stripped, each with its weight."""
    trusted = {part: 1.0}
    trusted.setdefault(strip_fillers(part), CORE_WEIGHT)
    trusted.setdefault(strip_place(part), PLACE_STRIPPED_WEIGHT)
    return trusted


def merge_variants(part: str, scores: dict[str, dict[int, float]]) -> dict[int, float]:
    """Return the best score of every entry over the variants of a segment."""
    denied = NEGATION_WEIGHT if is_negated(part) else 1.0
    near: dict[int, float] = {}
    for text, trust in variants(part).items():
        for number, score in scores[text].items():
            # In an exact match the negation is part of the name: 不怕脏.
            weight = trust * (1.0 if score >= 1.0 else denied)
            near[number] = max(near.get(number, 0.0), weight * score)
    return near
