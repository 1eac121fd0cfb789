"""What a person wishes for and can do, in own words cut to the phrase."""

import re
from functools import cache

from matching.extraction.experience import is_past
from matching.extraction.message import Span, as_written
from matching.extraction.person import clause_spans
from matching.extraction.places import named_places
from matching.extraction.terms import any_of, coded
from matching.extraction.trades import is_noun, known, names_work, split_known
from matching.text.normalise import squeeze

_SPLIT = re.compile(
    r"[、/]|[啊嘛呀哈哟](?=.)|或者?|还有|以及|(?<=[一-龥]{2})(?:和|跟)(?=[一-龥]{2})"
    r"|(?<=[一-龥]{2})[能会](?=[一-龥]{2})|(?<=[A-Za-z]{2})(?:和|会(?=[一-龥]))"
)
_POSITIVE = re.compile(
    r"^(?P<what>.{2,16}?)(?:这些|这类|那些|之类)?(?:的)?(?:跑腿的)?(?:都|也|还|就|最"
    r"|都能|都还)(?:可以|行|要得|得行|接|做|愿意|没问题|能做|考虑|好|干|能干|想做)"
    r"(?:的|嘛|哈|噻|就是)?$|^(?P<plain>.{2,12}?)(?:可以|要得|得行|也行|最好|优先|最合适|也好|也想)"
    r"(?:的|嘛|哈)?$"
)
_ASKED = re.compile(
    r"(?:哪[点里儿个]|有没得|有没有|有啥子|还要|要不要|缺不缺)(?:有|要|招)?"
    r"(?P<what>[一-龥、]{2,14}?)(?:的)?(?:活路|工作|事|活|岗位|人)?(?:没得|没有|不"
    r"|没)?(?:嘛|吗|哈)?[?]?$"
)
_ASKED_BEHIND = re.compile(r"^(?P<what>[一-龥、]{2,8}?)(?:有没有|有没得|还有没得|还有没有|有不)$")
_CAN = re.compile(
    r"(?<![不莫社机开晚约才就么])会(?!接电话|打电话)(?![不议计员所儿])"
    r"(?P<can>[一-龥A-Za-z、/ ]{2,24})"
    r"|^(?P<all>[一-龥A-Za-z、/]{2,16}?)(?:我|他|她)?(?:都|也|全|样样)?(?:能(?:弄|修"
    r"|做|搞)|样样得行|会(?:做|弄"
    r"|修|整|搞|一点|点|些)?|整得来|弄得来|做得来|搞得来|拿手|在行|精通|熟得很|很熟"
    r"|熟练|懂|得心应手|玩得转)(?:的|了|嘛|一点)?$"
    r"|^(?P<well>[一-龥A-Za-z]{2,6}?)(?:(?:做|弄|搞|说|打|炒)得(?:好|快|来|溜)|快得很)"
    r"|(?P<craft>[一-龥]{2,6}?)(?:的)?(?:手艺|技术|功夫)(?:好|巴适|不错|可以|得行|强"
    r"|没问题|过硬|在身|还)"
    r"|(?<![没想])学(?:过|了|会)(?P<learned>[一-龥、]{2,12})|能独立"
    r"(?P<alone>[一-龥、]{2,10})|(?:擅长|(?<!得)懂(?!事)|熟悉|精通|拿手的?是?)"
    r"(?P<good>[一-龥A-Za-z、]{2,12})"
)
_THAT = re.compile(
    r"^在(?:家|屋头)(?:里)?做的|^.*那(?:个|种|家)(?=..)|^(?:小区|院坝|院子|楼下)"
    r"(?:里头|里(?!头)|门口|附近)(?=[一-龥]{2})(?!的)"
    r"|^(?:小区|院坝|院子|屋头|楼下|家里|家头|网上|附近)"
    r"(?:里头?|里面|头|门口)*(?:做|干|接|找)(?:点|些|个)?(?=..)"
)
_BESIDE = re.compile(r"^(?:那边|这边|里头|里面|里|上班|上|那头|一带|片|那一片)*")
_BEFORE = re.compile(
    r"^(?:现在|目前|帮人|给人|个|份|一个|一份|点|些|家|当|去|在|到|学"
    r"(?![徒员生校历习])|回老本行|(?:白天|上午|下午|早上|晚上|半天)的|比如|像|就是"
    r"|那种|找|干|搞|的|我|也|就|都|能|接(?!送|待|线)|是|有)+(?=[一-龥]{2})"
)
_OUTRIGHT = re.compile(r"想|找|希望|求职|意向|帮|打算|准备|只做|专做|愿意|最好")
_DENIAL_AT_END = re.compile(r"(?:不|莫|没|除非|只要|如果|嫌)$")
_KIND = re.compile(r"^(.{2,8}的)(?:都|也|就)(?:可以|要得|得行|行|做)")
_SOMEBODY_ELSE = re.compile(r"^(?:女方|老公|老婆|婆娘|他妈|她妈|我妈|我爸|爱人|老伴)(?!.*[想找])")
# 想给他找个…: how far behind the first wish the second may stand.
_NESTED = 3
_EVERYBODY = re.compile(r"微信|^(?:用|玩|耍)?(?:智能)?手机$|重庆话|走路|照顾自己")
_QUESTION = re.compile(r"(?:要不要人|有没[得有]|缺不缺人|要人不).*$")
# What a lone trade does not begin with or hold: 有耐心, 想找, A2.
_NO_TRADE = re.compile(r"^[有不没会能]|[想找]|^[A-Z]\d$")
_LONGEST_TRADE = 7
# A text this short says what is wanted by naming it.
_SHORT = 26
_CAN_TAIL = re.compile(
    r"(?:(?:但|但是|不过|可以).*|不快|不熟|一点点?|点点|些|的|了|都|也|得|快|好|巴适|不错|几年"
    r"|[一二两三四五六七八九十\d]+年.*|没考.*|嘛|哈|噻|那些|这些|等等?|啥子的|之类)+$"
)


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(any_of("wish_word")),
        re.compile(any_of("wish_not")),
        re.compile(any_of("wish_denied")),
        re.compile(any_of("wish_tail")),
    )


def _phrase(words: str) -> str:
    """Cut a wish to the job: no 个, 点, 的活路, and no place before it."""
    _wish, nothing, _denied, tail = _words()
    words = _BEFORE.sub("", _THAT.sub("", words.strip()))
    for place in named_places(words):
        if words.startswith(place):
            words = _BESIDE.sub("", words[len(place) :])
    words = _BEFORE.sub("", words)
    cut = tail.search(words)
    if cut and cut.start() >= 2:
        words = words[: cut.start()]
    if words.startswith("做") and is_noun(words[1:]):
        words = words[1:]
    return "" if nothing.fullmatch(words) or len(words) < 2 else words


def _wish_of(clause: str) -> tuple[str, bool]:
    """Return what a clause wishes for, with whether it is said outright (想找, 想做)."""
    wish, _nothing, denied, _tail = _words()
    for match in wish.finditer(clause):
        before = clause[: match.start()]
        if not match[0] or denied.search(before) or _DENIAL_AT_END.search(before):
            continue
        said = clause[match.end() :]
        inner = wish.search(said)
        if inner and inner[0] and inner.start() <= _NESTED and _OUTRIGHT.search(inner[0]):
            said = said[inner.end() :]
        if not said or denied.match(said):
            continue
        return said, bool(_OUTRIGHT.search(match[0]))
    asked = _ASKED.search(clause) or _ASKED_BEHIND.match(clause)
    if asked:
        return asked["what"], True
    positive = _POSITIVE.match(clause)
    if positive and not is_past(clause):
        kind = _KIND.match(clause)
        return (kind[1], True) if kind else (positive["what"] or positive["plain"], False)
    return "", False


def _jobs(said: str, *, sure: bool) -> list[str]:
    """Return the jobs of a wish; beside a named trade, unknown words count as jobs too."""
    _wish, _nothing, denied, _tail = _words()
    time = re.compile(any_of("hours_clause"))
    parts = [part for part in _SPLIT.split(said) if not denied.search(part)]
    phrases = [phrase for phrase in map(_phrase, parts) if phrase]
    phrases = [p for p in phrases if is_noun(p) or not time.search(p)]
    if not sure and not any(map(names_work, phrases)):
        return []
    if sure or len(phrases) > 1:
        phrases = [phrase for phrase in phrases if names_work(phrase) or len(phrase) <= 10]
    return [as_written(name) for phrase in phrases for name in split_known(phrase)]


def wanted(text: str) -> list[str]:
    """Return the jobs wished for, one entry a job; what is declined is none of them."""
    found: list[str] = []
    spans = clause_spans(text)
    for span in spans:
        if _SOMEBODY_ELSE.match(span.text):
            continue
        said, sure = _wish_of(span.text)
        if said:
            found += _jobs(said, sure=sure)
    if not found:
        found = _bare(spans, nouns=len(text) > _SHORT)
    return _without_parts(found)


def _bare(spans: list[Span], *, nouns: bool) -> list[str]:
    """Return the trades that stand alone; of a longer text only names of trades (月嫂)."""
    denied = _words()[2]
    return [
        as_written(phrase)
        for span in spans
        for part in _SPLIT.split(span.text)
        if (phrase := _phrase(part))
        and (squeeze(phrase) in known() or (not nouns and names_work(phrase)))
        and (is_noun(phrase) or not nouns)
        and len(span.text) < _SHORT
        and not denied.search(_QUESTION.sub("", span.text))
        and not is_past(span.text)
        and not span.text.startswith("学")
        and not phrase.endswith("证")
        and not _NO_TRADE.search(span.text)
        and not any(level.fullmatch(phrase) for _code, level in coded("person_education"))
        and len(phrase) <= _LONGEST_TRADE
        and not _CAN.search(span.text)
    ]


def skills(text: str) -> list[str]:
    """Return what the person can do now, apart from past jobs."""
    denied = _words()[2]
    found: list[str] = []
    for span in clause_spans(text):
        if _SOMEBODY_ELSE.match(span.text):
            continue
        for match in _CAN.finditer(span.text):
            said = next(group for group in match.groups() if group)
            parts = [
                _CAN_TAIL.sub(
                    "", part.strip().removeprefix("会").removeprefix("一点").removeprefix("点")
                )
                for part in _SPLIT.split(said)
            ]
            parts = [
                part
                for part in parts
                if len(part) >= 2 and not denied.search(part) and not _EVERYBODY.search(part)
            ]
            outright = match["can"] and match.start() == 0
            if any(map(names_work, parts)) or (outright and all(len(p) < 6 for p in parts)):
                found += [as_written(name) for part in parts for name in split_known(part)]
    return _without_parts(found)


def _without_parts(found: list[str]) -> list[str]:
    distinct = list(dict.fromkeys(found))
    return [one for one in distinct if not any(one != other and one in other for other in distinct)]
