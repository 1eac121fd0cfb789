"""How money, days and hours are written for people."""

from datetime import date, datetime
from urllib.parse import urlencode

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.vocabulary import ALWAYS, PayUnit

WEEKDAYS = "一二三四五六日"


def yuan(fen: int) -> str:
    """Return fen as yuan with thousands parted and no idle zeros.

    >>> yuan(300000), yuan(35), yuan(123456)
    ('3,000', '0.35', '1,234.56')
    """
    whole, rest = divmod(abs(fen), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole:,}" + (f".{rest:02d}".rstrip("0") if rest else "")


def pay_words(low: int | None, high: int | None, unit: PayUnit | None) -> str:
    """Return pay in fen as words: 「3,000–4,500 元/月」, 「面议」 when nothing is known."""
    if unit is None or (low is None and high is None):
        return _("面议")
    per = {"month": _("月"), "day": _("天"), "hour": _("小时"), "piece": _("件")}[unit]
    if low is not None and high is not None:
        amount = yuan(low) if low == high else f"{yuan(low)}–{yuan(high)}"
        return _("%(amount)s 元/%(per)s", amount=amount, per=per)
    if low is not None:
        return _("%(amount)s 元/%(per)s以上", amount=yuan(low), per=per)
    return _("最多 %(amount)s 元/%(per)s", amount=yuan(high or 0), per=per)


def date_words(day: date | None) -> str:
    """Return a day as 「11月24日（周二）」, with the year when it is another one."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = clock.local(day).date()
    year = _("%(year)d年", year=day.year) if day.year != clock.today().year else ""
    return _(
        "%(year)s%(month)d月%(day)d日（周%(weekday)s）",
        year=year,
        month=day.month,
        day=day.day,
        weekday=WEEKDAYS[day.weekday()],
    )


def month_words(month: date | str) -> str:
    """Return a month, as a day of it or as "2026-11", as 「2026年11月」."""
    year, number = (month.year, month.month) if isinstance(month, date) else month.split("-")[:2]
    return _("%(year)s年%(month)d月", year=year, month=int(number))


def moment_words(moment: datetime | None) -> str:
    """Return a moment as 「11月24日（周二） 14:05」 in Chongqing's time."""
    if moment is None:
        return ""
    here = clock.local(moment)
    return f"{date_words(here.date())} {here:%H:%M}"


def span_words(start: datetime, end: datetime) -> str:
    """Return a stretch of time as 「11月24日（周二） 14:00–16:00」, naming a second day."""
    begins, ends = clock.local(start), clock.local(end)
    until = f"{ends:%H:%M}" if begins.date() == ends.date() else moment_words(end)
    return f"{moment_words(start)}–{until}"


def hours_words(windows: list[dict[str, str]]) -> str:
    """Return windows of hours as 「周一至周五 8:30–16:30」; empty for none, 随时都行 for always.

    Windows of the same days stand behind each other: 「每天 07:00–09:00、18:00–20:00」.
    """
    if windows == ALWAYS:
        return _("随时都行")
    by_days: dict[str, list[str]] = {}
    for window in windows:
        days = days_words(window.get("days", "1234567"))
        by_days.setdefault(days, []).append(f"{window['start']}–{window['end']}")
    return "；".join(f"{days} {'、'.join(times)}" for days, times in by_days.items())


def days_words(days: str) -> str:
    """Return days of the week (1 = Monday) as words, runs joined by 至.

    >>> days_words("12345"), days_words("67"), days_words("1357")
    ('周一至周五', '周六、周日', '周一、周三、周五、周日')
    """
    numbers = sorted({int(day) for day in days})
    if numbers == [1, 2, 3, 4, 5, 6, 7]:
        return _("每天")
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"周{WEEKDAYS[numbers[0] - 1]}至周{WEEKDAYS[numbers[-1] - 1]}"
    return "、".join(f"周{WEEKDAYS[day - 1]}" for day in numbers)


def mask_phone(phone: str | None) -> str:
    """Return a phone number with its middle hidden.

    >>> mask_phone("13800000001")
    '138****0001'
    """
    return "" if not phone else f"{phone[:3]}****{phone[-4:]}"


def map_search_url(place: str) -> str:
    """Return a link that opens the telephone's map where ``place`` is.

    The address format is AutoNavi's (高德), which its app and its web page both open.
    """
    return "https://uri.amap.com/search?" + urlencode({"keyword": place})


def mask_name(name: str) -> str:
    """Return a name with all but the surname hidden.

    >>> mask_name("陈桂芳")
    '陈**'
    """
    return name[:1] + "*" * (len(name) - 1)


def short_name(name: str) -> str:
    """Return a name as it may stand on a list that leaves the house: never the whole of it.

    >>> short_name("陈桂芳"), short_name("李梅"), short_name("欧阳秀英")
    ('陈*芳', '李*', '欧**英')
    """
    return name[:1] + "*" * (len(name) - 2) + name[-1:] if len(name) > 2 else mask_name(name)


def age_on(birth: date | None, day: date) -> int | None:
    """Return full years lived on ``day``.

    >>> age_on(date(2008, 2, 29), date(2026, 2, 28))
    17
    """
    if birth is None:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
