"""What may not stand in an opening: fees, deposits, kept papers; and words that shut people out.

The rules are rows of the rule book, each with a code, how severe it is, what to tell the
writer, and the law it comes from; without a database, the shipped ``data/lint_rules.csv``.
``block`` must be taken out; ``flag`` needs a reviewer's note to be published. What the law
forbids blocks whatever its row says.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.marking import marked
from webapp.rulebook import lawful_words
from webapp.rulebook.models import FORBIDDEN, Severity, WordingRule
from webapp.rulebook.row_cache import WORDINGS, remembered

KEY = "wording_rules"
TABLE = Path(__file__).resolve().parents[2] / "data" / "lint_rules.csv"
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_LONGEST_SENTENCE = 120
_TENS = re.compile(r"(?<![百千万])([二三四五六七八九]?)十([一二三四五六七八九]?)(?![百千万])")
_DIGITS = {character: str(number) for number, character in enumerate("零一二三四五六七八九")}
# 「不收押金」 promises what the law asks for; 「不退押金」 and 「无故离职扣…」 do not.
_DENIED = re.compile(r"(?:不(?!退)|无(?!故)|免(?!责)|没|严禁|禁止|谢绝|取消)[^，,。；;、\n]{0,3}$")
# 「男女不限」, 「不要求本地户口」, 「已婚未婚都可以」 open the door to all; 「限女性」 does not.
_OPENED_BEFORE = re.compile(
    r"(?:不限|不论|不分|不看|不问|无论|不拘|不要求|无需|不需要?|不必|不挑)[^，,。；;、\n]{0,4}$"
)
_OPENED_AFTER = re.compile(
    r"[^，,。；;\n]{0,4}?(?:不限|均可|都可|皆可|都行|也可以|也行|不拘|不作要求|没关系|都要)"
)
_CLOSES = re.compile(r"限|只|仅|不|谢绝|拒|勿|免|优先")
_COSTS = frozenset({"deposit", "fee", "id_retention"})
_GAP = "[^，,。；;、\n]{0,6}"


@dataclass(frozen=True)
class LintRule:
    """One row of the table."""

    pattern: re.Pattern[str]
    code: str
    severity: str
    says: str
    source: str


_Dated = tuple[tuple[LintRule, date, date], ...]
_NOTHING: _Dated = ()


@dataclass(frozen=True)
class Finding:
    """One rule that one sentence breaks: the words found, the sentence, and what to say.

    ``start`` and ``end`` are where the words stand in the text as it was written.
    """

    code: str
    severity: str
    phrase: str
    sentence: str
    says: str
    source: str
    start: int = 0
    end: int = 0

    @property
    def blocks(self) -> bool:
        """Whether nobody may let it through."""
        return self.severity == "block"

    @property
    def instead(self) -> str:
        """How to say lawfully what was meant; empty where nothing is known."""
        return lawful_words.instead(self.code)

    @property
    def marked(self) -> Markup:
        """The sentence with the words in it marked."""
        before, _found, after = self.sentence.partition(self.phrase)
        if not _found:
            return escape(self.sentence)
        return Markup("{}<mark>{}</mark>{}").format(before, self.phrase, after)


def check(texts: Iterable[str]) -> list[Finding]:
    """Return what is wrong in ``texts``, in reading order, each code once a sentence."""
    rules = read_rules()
    found: dict[tuple[str, str], Finding] = {}
    for text in texts:
        for finding in _in_text(text, rules):
            found.setdefault((finding.code, finding.sentence), finding)
    return list(found.values())


def mark(text: str) -> Markup:
    """Return ``text`` as HTML with every phrase that breaks a rule in ``<mark>``."""
    return marked(text, ((one.start, one.end) for one in _in_text(text, read_rules())))


def _in_text(text: str, rules: Sequence[LintRule]) -> list[Finding]:
    plain, origin = _normal(text)
    return [
        finding
        for sentence in _SENTENCE.finditer(plain)
        for finding in _in_sentence(sentence, text, origin, rules)
    ]


def _normal(text: str) -> tuple[str, list[int]]:
    """Return the text as the rules read it and, for each character, where it stood before.

    NFKC, without invisible characters, 四十五 as 45.
    """
    characters, origin = [], []
    for index, character in enumerate(text):
        for one in unicodedata.normalize("NFKC", character):
            if unicodedata.category(one) != "Cf":
                characters.append(one)
                origin.append(index)
    plain = "".join(characters)
    for number in reversed(list(_TENS.finditer(plain))):
        start, end = number.span()
        digits = _DIGITS.get(number[1], "1") + _DIGITS.get(number[2], "0")
        # Two digits for one to three characters; the last digit stands where they end.
        plain = plain[:start] + digits + plain[end:]
        origin[start:end] = [origin[start], origin[end - 1]]
    return plain, origin


def _in_sentence(
    sentence: re.Match[str], text: str, origin: list[int], rules: Sequence[LintRule]
) -> list[Finding]:
    """Return what breaks a rule in one sentence of ``text``, in the words as they were written."""
    found = []
    offset = sentence.start()
    first, last = origin[offset], origin[sentence.end() - 1] + 1
    for rule in rules:
        match = _first(rule, sentence[0])
        if match is None:
            continue
        start, end = origin[offset + match.start()], origin[offset + match.end() - 1] + 1
        found.append(
            Finding(
                code=rule.code,
                severity=rule.severity,
                phrase=text[start:end],
                sentence=_shown(text[first:last], start - first),
                says=rule.says,
                source=rule.source,
                start=start,
                end=end,
            )
        )
    return found


def _shown(sentence: str, at: int) -> str:
    """Return the sentence, cut around the phrase that begins ``at`` when it is long."""
    if len(sentence) <= _LONGEST_SENTENCE:
        return sentence.strip()
    start = max(0, min(at - _LONGEST_SENTENCE // 2, len(sentence) - _LONGEST_SENTENCE))
    return sentence[start : start + _LONGEST_SENTENCE].strip()


def _first(rule: LintRule, sentence: str) -> re.Match[str] | None:
    for match in rule.pattern.finditer(sentence):
        if match[0].strip() and not _denied(rule, sentence, match):
            return match
    return None


def _denied(rule: LintRule, sentence: str, match: re.Match[str]) -> bool:
    """Whether the words around say the contrary: no deposit is taken, everybody is welcome."""
    before = sentence[: match.start()]
    if rule.code in _COSTS:
        return bool(_DENIED.search(before))
    if _CLOSES.search(match[0]):
        return False
    return bool(_OPENED_BEFORE.search(before) or _OPENED_AFTER.match(sentence[match.end() :]))


def compile_phrases(phrases: str) -> re.Pattern[str]:
    """Return the expression for phrases, one a line; …… stands for up to six characters.

    Nothing else in a phrase is special, so no phrase can make the search slow.

    >>> bool(compile_phrases("包……高薪").search("包你拿高薪"))
    True
    """
    ways = []
    for line in unicodedata.normalize("NFKC", phrases).splitlines():
        words = [re.escape(part.strip()) for part in re.split(r"\.{3,}", line) if part.strip()]
        if words:
            ways.append(_GAP.join(words))
    return re.compile("|".join(ways) or r"(?!)")


def read_rules() -> tuple[LintRule, ...]:
    """Return the rules in force today."""
    today = clock.today()
    rows: _Dated = remembered(KEY, WORDINGS, _rows, _NOTHING)
    return tuple(rule for rule, since, until in rows if since <= today < until) or shipped()


def _rows(session: Session) -> _Dated:
    return tuple(
        (_compiled(row), row.since, row.until or date.max)
        for row in session.execute(select(WordingRule).order_by(col(WordingRule.id))).scalars()
    )


def _compiled(row: WordingRule) -> LintRule:
    pattern = compile_phrases(_normal(row.pattern)[0]) if row.literal else re.compile(row.pattern)
    severity = Severity.BLOCK if row.code in FORBIDDEN else row.severity
    return LintRule(pattern, row.code.value, severity.value, row.says, row.source)


@cache
def shipped() -> tuple[LintRule, ...]:
    """Return the rules that come with the program; ``re.error`` for a malformed pattern."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            LintRule(
                pattern=re.compile(row["pattern"]),
                code=row["code"],
                severity=row["severity"],
                says=row["sentence"],
                source=row["source"],
            )
            for row in csv.DictReader(file)
        )
