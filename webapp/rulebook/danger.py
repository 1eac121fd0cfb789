"""Words that tell of toxic, flammable, explosive or corrosive work, each occurrence by itself.

The words are dated rows of the rule book with the law they come from; without a database, the
shipped ``data/danger_words.csv``. An occurrence passes only when it is clear that nothing of the
kind is there: a negation that governs this very word, or a picture or shape of the thing. What is
said to be used is ``certain``; all the rest is in doubt, and a person has to look at it.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.rulebook.models import DangerCode, DangerWord
from webapp.rulebook.row_cache import DANGERS, remembered

KEY = "danger_words"
TABLE = Path(__file__).resolve().parents[2] / "data" / "danger_words.csv"
_CLAUSE = re.compile(r"[^，,。；;！!？?：:（）()\n]+")
_VERB = "(?:使用|采用|选用|用到?|含有?|碰|沾|接触|需要?|添加|加|涉及|带|发|放|刷|准用?|许用?|得用?)"
_NOT = (
    rf"(?:(?:不(?:要|会|能|可以|允许|准|许|得|需要?)?|勿|别|未|没|禁止?|严禁){_VERB}+|没有?|不|无(?:需|须)?{_VERB}?"
    r"|严禁|禁止|杜绝|零|免|非)"
)
_ITEM = "[^的用改换拿擦洗只而但就要、和或及与担]{1,6}(?:、|和|或者?|及|与)"
_DENIED = re.compile(rf"{_NOT}(?:任何的?|一点|半点|一切)?(?:{_ITEM})*$")
_ADVERB = re.compile(r"(?:绝对?|一律|完全|全程|全部|都|均|并|也|从|本品|我们|这种)$")
#: What makes a denial uncertain: said twice, only as a rule, only at times, only on a condition.
_UNSURE_BEFORE = re.compile(
    r"(?:不能|不得|不可|不是|并非|不会|离不开|少不了|免不了|难道|哪|怎|非|不|没)$"
    r"|(?:没有?|未|不)(?:说|讲|规定|要求)|以前|过去|原来|从前|本来|平时|一般|通常|尽量|最好|少|如果|要是|假如|万一|若|除非|仅|只|光"
)
_UNSURE_AFTER = re.compile(
    r"^(?:的?时候?|的话|之?前|之?后|以前|以后|就|了|再|也)"
    r"|不行|不可|不成|不干净|不掉|不住|洗不|擦不|粘不|做不|怎么|哪"
)
_VESSEL = "(?:桶|瓶|罐|灯|盒|筒|箱|壶|串|棒|车|弹|枪)?"
_SHAPE = re.compile(
    rf"^{_VESSEL}的?(?:图案|花纹|造型|形状|外形|样式|模型|字样|图样|印花|卡通|主题|颜色|色)"
)
_TOY = re.compile(rf"^{_VESSEL}(?:贴纸|贴画|摆件|挂件|挂饰|玩具|玩偶|剪纸|绣片|书签|明信片|拼图)")
_OTHER_THING = re.compile(r"^(?:纸(?!筒|管|巾)|菜|县)")  # 硫酸纸, 盐酸菜, 石棉县
_OTHERS = frozenset({"硫酸", "盐酸", "石棉"})
_IMITATION = re.compile(r"(?:仿真|塑料|布艺|纸艺|泡沫|电子|毛毡|假)$")
_USED_BEFORE = re.compile(
    r"(?:用|拿|蘸|沾|倒|兑|喷|涂|刷|灌|装|填|掺|含|领|发|搬|做|组装|装配|制作|生产|是|给)$"
)
_USED_AFTER = re.compile(
    r"^(?:[筒桶瓶罐串])?(?:清洗|擦|洗|稀释|浸|泡|喷|涂|刷|粘|由|灌|分装|装|包装|组装|填|点|烧|串)"
)


@dataclass(frozen=True)
class Danger:
    """One word that is looked for, of which kind, and the law it comes from."""

    word: str
    code: DangerCode
    source: str


@dataclass(frozen=True)
class DangerFinding:
    """One occurrence that nobody may overlook; ``certain`` when the text says that it is used."""

    word: str
    code: DangerCode
    clause: str
    certain: bool
    source: str


_Dated = tuple[tuple[Danger, date, date], ...]
_NOTHING: _Dated = ()


def find(text: str, *, is_name: bool = False) -> list[DangerFinding]:
    """Return the occurrences in a text, in reading order; ``is_name`` for a material's name."""
    found = []
    plain = re.sub(r"[^\S\n]+", "", unicodedata.normalize("NFKC", text))
    for clause in _CLAUSE.findall(plain):
        for at, one in _occurrences(clause):
            before, after = clause[:at], clause[at + len(one.word) :]
            if _is_shape(one, before, after) or _is_denied(before, after):
                continue
            used = _USED_BEFORE.search(before) or _USED_AFTER.search(after)
            certain = is_name or (bool(used) and not _DENIED.search(before))
            found.append(DangerFinding(one.word, one.code, clause, certain, one.source))
    return found


def words_of(findings: Iterable[DangerFinding]) -> str:
    """Return the clauses found, each once, for people to read."""
    return "；".join(dict.fromkeys(f"“{one.clause}”" for one in findings))


def _occurrences(clause: str) -> list[tuple[int, Danger]]:
    """Return each place once: of words that overlap (苯 in 甲苯), the longest."""
    hits = sorted(
        ((match.start(), -len(one.word), one.word, one) for one in read_words()
         for match in re.finditer(re.escape(one.word), clause)),
        key=lambda hit: hit[:3],
    )  # fmt: skip
    kept: list[tuple[int, Danger]] = []
    end = 0
    for start, _length, word, one in hits:
        if start >= end:
            kept.append((start, one))
            end = start + len(word)
    return kept


def _is_denied(before: str, after: str) -> bool:
    match = _DENIED.search(before)
    if match is None or _UNSURE_AFTER.search(after):
        return False
    said = before[: match.start()]
    return not _UNSURE_BEFORE.search(_ADVERB.sub("", said))


def _is_shape(one: Danger, before: str, after: str) -> bool:
    if _SHAPE.search(after) or (one.word in _OTHERS and _OTHER_THING.search(after)):
        return True
    if _USED_BEFORE.search(before):
        return False
    imitation = one.code is DangerCode.EXPLOSIVE and _IMITATION.search(before)
    return bool(imitation or _TOY.search(after))


def read_words() -> tuple[Danger, ...]:
    """Return the words in force today."""
    today = clock.today()
    rows: _Dated = remembered(KEY, DANGERS, _rows, _NOTHING)
    return tuple(one for one, since, until in rows if since <= today < until) or shipped()


def _rows(session: Session) -> _Dated:
    return tuple(
        (Danger(row.word, row.code, row.source), row.since, row.until or date.max)
        for row in session.execute(select(DangerWord).order_by(col(DangerWord.id))).scalars()
    )


@cache
def shipped() -> tuple[Danger, ...]:
    """Return the words that come with the program."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Danger(row["word"], DangerCode(row["code"]), row["source"])
            for row in csv.DictReader(file)
        )
