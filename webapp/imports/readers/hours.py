"""Working hours and free times as people write them → windows; what is not clear stays words."""

import re
import unicodedata

_TIME = r"(上午|早上|早|中午|下午|晚上|晚)?\s*(\d{1,2})(?:[:点时](\d{2}|半)?分?)"
_RANGE = re.compile(_TIME + r"\s*(?:[-~—–至到]+)\s*" + _TIME)
_DAY = "[一二三四五六日天1-7]"
_DAYS = re.compile(rf"(?:周|星期|礼拜)({_DAY})\s*[-~—–至到]+\s*(?:周|星期|礼拜)?({_DAY})")
_ONE_DAY = re.compile(rf"(?:周|星期|礼拜)({_DAY})")
_NUMBER = {sign: str(n) for n, sign in enumerate("一二三四五六日", start=1)} | {"天": "7"}
_WORDS = {
    "每天": "1234567",
    "天天": "1234567",
    "工作日": "12345",
    "双休": "12345",
    "单休": "123456",
    "周末": "67",
}
_AFTERNOON = {"下午", "晚上", "晚"}
#: What adds nothing to the hours.
_HARMLESS = re.compile(
    r"上班|工作|时间|休息|有空|可以|都行|早班|白班|中班|晚班|夜班|正常班|[两三四]班倒|倒班|轮班|制|[,，、;；:。()\[\]\s和及]"
)
_ALWAYS = re.compile(
    r"(?:随时|全天|任何时间|不限|时间不限|每天|都|天天)?(?:都)?(?:可以|有空|行|可)?"
)


def read_hours(text: str) -> list[dict[str, str]] | None:
    """Return the windows a text names; ``[]`` for always or none, ``None`` when it is not clear.

    >>> read_hours("周一至周五 8:30-17:30")
    [{'days': '12345', 'start': '08:30', 'end': '17:30'}]
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if _ALWAYS.fullmatch(text):
        return []
    days, rest = _days(text)
    windows = []
    for match in _RANGE.finditer(rest):
        start = _time(*match.groups()[:3])
        end = _time(*match.groups()[3:], after=match[1])
        if start is None or end is None or start == end:
            return None
        if end < start < "16:00":  # 8:30-5:30 hardly means until the next morning
            return None
        windows.append({"days": days, "start": start, "end": end})
    left = _HARMLESS.sub("", _RANGE.sub("", rest))
    return windows if windows and not left and len(windows) <= 7 else None


def _days(text: str) -> tuple[str, str]:
    """Return the days of the week named in a text, and the text without them."""
    days: set[str] = set()
    for match in _DAYS.finditer(text):
        first, last = (int(_NUMBER.get(one, one)) for one in match.groups())
        span = range(first, last + 1) if first <= last else [*range(first, 8), *range(1, last + 1)]
        days |= {str(day) for day in span}
    text = _DAYS.sub("", text)
    for word, meant in _WORDS.items():
        if word in text:
            days |= set(meant)
            text = text.replace(word, "")
    days |= {_NUMBER.get(one, one) for one in _ONE_DAY.findall(text)}
    return "".join(sorted(days)) or "1234567", _ONE_DAY.sub("", text)


def _time(
    part: str | None, hour: str, minute: str | None, *, after: str | None = None
) -> str | None:
    hours = int(hour)
    minutes = 30 if minute == "半" else int(minute or 0)
    if (part or after) in _AFTERNOON and hours < 12:
        hours += 12
    if hours == 24 and minutes == 0:
        return "24:00"
    return f"{hours:02d}:{minutes:02d}" if hours < 24 and minutes < 60 else None
