"""The few questions of the checker, answered by taps, and the facts that follow from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from webapp.rights.conditions import NOT_APPLICABLE, UNCLEAR, Range

Fact = str | Range
#: Facts that one box each tells of; an empty list of boxes tells of none.
FAMILY: tuple[tuple[str, Any], ...] = (
    ("allowance", _("家里领低保")),
    ("disability", _("本人有残疾证")),
    ("zero_employment", _("全家没有一个人上班")),
    ("veteran", _("本人当过兵")),
    ("lifted_poverty", _("脱贫户（以前的建卡贫困户）")),
    ("graduate", _("大学毕业还不到两年")),
    ("none", _("这些都没有")),
)


@dataclass(frozen=True)
class Option:
    """One answer to tap, with what it says."""

    value: str
    label: Any
    facts: Mapping[str, Fact]


@dataclass(frozen=True)
class Question:
    """One question; left open it says nothing."""

    name: str
    label: Any
    options: tuple[Option, ...]


def _plain(name: str, label: Any, *pairs: tuple[str, Any]) -> Question:
    """Return a question whose options are words of the fact of its name; ``?`` says nothing."""
    options = (
        Option(value, words, {name: value} if value != "?" else {}) for value, words in pairs
    )
    return Question(name, label, tuple(options))


_IDLE: dict[str, Fact] = {"work": "none"}
_BUSY: dict[str, Fact] = {"months_without": Range(0, 0)}
QUESTIONS = (
    Question(
        "age",
        _("多大年纪"),
        tuple(
            Option(f"{low}", words, {"age": Range(low, high)})
            for low, high, words in (
                (0, 15, _("不满16岁")),
                (16, 24, _("16到24岁")),
                (25, 39, _("25到39岁")),
                (40, 49, _("40到49岁")),
                (50, 59, _("50到59岁")),
                (60, None, _("60岁以上")),
            )
        ),
    ),
    _plain("sex", _("女的还是男的"), ("female", _("女")), ("male", _("男"))),
    Question(
        "work",
        _("现在做什么"),
        (
            Option("idle", _("没有活路，不到一年"), {**_IDLE, "months_without": Range(0, 11)}),
            Option("long", _("没有活路，一年以上"), {**_IDLE, "months_without": Range(12, None)}),
            Option("odd", _("打零工、在家做手工"), {"work": UNCLEAR}),
            Option("job", _("有单位上班"), {"work": "job", **_BUSY}),
            Option("own", _("自己做生意"), {"work": "own", **_BUSY}),
            Option("study", _("还在读书"), {"work": "study", **_BUSY}),
        ),
    ),
    _plain(
        "registered",
        _("失业登记办了没有"),
        ("yes", _("办了")), ("no", _("没有办")), ("?", _("不清楚")),
    ),
    _plain(
        "difficult",
        _("认定过就业困难人员没有"),
        ("yes", _("认定了")), ("no", _("没有")), ("?", _("不清楚")),
    ),
    _plain(
        "hukou", _("户口在哪里"), ("chongqing", _("重庆")), ("elsewhere", _("外地"))
    ),
    _plain(
        "insurance",
        _("社保谁在交"),
        ("self", _("自己交")), ("employer", _("单位交")), ("none", _("没有交")), ("?", _("不清楚")),
    ),
    Question(
        "courses",
        _("今年上过不要钱的培训班没有"),
        (
            Option("0", _("没有"), {"courses_this_year": Range(0, 0)}),
            Option("1", _("上过一门"), {"courses_this_year": Range(1, 1)}),
            Option("2", _("上过两门以上"), {"courses_this_year": Range(2, None)}),
        ),
    ),
)  # fmt: skip
#: Asked of those who do business or want to.
OF_BUSINESS = (
    Question(
        "business",
        _("自己的生意"),
        (
            Option(
                "no", _("没有，也不想做"), {"business": "no", "business_months": NOT_APPLICABLE}
            ),
            Option("stall", _("想摆摊"), {"business": "stall", "business_months": Range(0, 0)}),
            Option(
                "plan", _("想开店、做别的"), {"business": "plan", "business_months": Range(0, 0)}
            ),
            Option(
                "new", _("开了不到一年"), {"business": "running", "business_months": Range(0, 11)}
            ),
            Option(
                "young",
                _("开了一年到三年"),
                {"business": "running", "business_months": Range(12, 36)},
            ),
            Option(
                "old",
                _("开了三年以上"),
                {"business": "running", "business_months": Range(37, None)},
            ),
        ),
    ),
    Question(
        "staff",
        _("雇人没有（自家人不算）"),
        (
            Option("0", _("没有雇人，自家人做"), {"employees": Range(0, 0)}),
            Option("1", _("雇了一两个"), {"employees": Range(1, 2)}),
            Option(
                "3",
                _("雇了三个以上，都上了社保"),
                {"employees": Range(3, None), "staff_insured": "yes"},
            ),
            Option(
                "3-",
                _("雇了三个以上，没有都上社保"),
                {"employees": Range(3, None), "staff_insured": "no"},
            ),
        ),
    ),
)
ALL = (*QUESTIONS, *OF_BUSINESS)
#: Tapped already on the page: most who open it do no business.
DEFAULTS = {"business": "no"}


def facts_from(answers: Mapping[str, str], family: Iterable[str]) -> dict[str, Fact]:
    """Return the facts of what was tapped; what was left open is not in it.

    ``answers`` is question → value of an option; ``family`` the boxes that were ticked.
    """
    facts: dict[str, Fact] = {}
    for question in ALL:
        tapped = answers.get(question.name)
        for option in question.options:
            if option.value == tapped:
                facts |= option.facts
    if facts.get("work") == "own" and facts.get("business") == "no":
        del facts["business"], facts["business_months"]  # one of the two is a slip
    ticked = set(family)
    if ticked:
        facts |= {name: "yes" if name in ticked else "no" for name, _label in FAMILY[:-1]}
    age, sex = facts.get("age"), facts.pop("sex", None)
    if age is not None:
        for own, name in (("female", "age_woman"), ("male", "age_man")):
            if sex is not None:
                facts[name] = age if sex == own else NOT_APPLICABLE
        if "work" in facts:
            work = facts["work"]
            facts["age_without_work"] = {"none": age, UNCLEAR: UNCLEAR}.get(
                str(work), NOT_APPLICABLE
            )
    return facts


#: What is said of an answer that decides nothing, by its fact.
UNCLEAR_WORDS = {
    "work": _("打零工、在家做手工算不算没有活路，请到窗口问"),
    "age_without_work": _("打零工、在家做手工算不算没有活路，请到窗口问"),
}


def question_words(fact: str) -> str:
    """Return what is asked to learn a fact, for 「这一样没有说」."""
    asked = {"age_woman": "sex", "age_man": "sex", "age_without_work": "work"}.get(fact, fact)
    of_fact = {
        name: question.label
        for question in ALL
        for option in question.options
        for name in (question.name, *option.facts)
    }
    return str(of_fact.get(asked, dict(FAMILY).get(asked, "")))
