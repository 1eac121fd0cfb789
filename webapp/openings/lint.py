"""What may not stand in an opening: fees, deposits, kept papers; and words that shut people out.

The rules are rows of ``data/lint_rules.csv``: a regular expression over normalised text, a
code, how severe it is, what to tell the writer, and the law it comes from. ``block`` must be
taken out; ``flag`` needs a reviewer's note to be published.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).resolve().parents[2] / "data" / "lint_rules.csv"
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_LONGEST_SENTENCE = 120
# 「不收押金」 promises what the law asks for; 「不退押金」 and 「无故离职扣…」 do not.
_DENIED = re.compile(r"(?:不(?!退)|无(?!故)|免(?!责)|没|严禁|禁止|谢绝|取消)[^，,。；;、\n]{0,3}$")


@dataclass(frozen=True)
class LintRule:
    """One row of the table."""

    pattern: re.Pattern[str]
    code: str
    severity: str
    says: str
    source: str


@dataclass(frozen=True)
class Finding:
    """One rule that one sentence breaks: the words found, the sentence, and what to say."""

    code: str
    severity: str
    phrase: str
    sentence: str
    says: str
    source: str

    @property
    def blocks(self) -> bool:
        """Whether nobody may let it through."""
        return self.severity == "block"


def check(texts: Iterable[str]) -> list[Finding]:
    """Return what is wrong in ``texts``, in reading order, each code once a sentence."""
    found: dict[tuple[str, str], Finding] = {}
    for text in texts:
        for match in _SENTENCE.finditer(unicodedata.normalize("NFKC", text)):
            for finding in _in_sentence(match[0].strip()):
                found.setdefault((finding.code, finding.sentence), finding)
    return list(found.values())


def _in_sentence(sentence: str) -> list[Finding]:
    return [
        Finding(
            code=rule.code,
            severity=rule.severity,
            phrase=match[0],
            sentence=sentence[:_LONGEST_SENTENCE],
            says=rule.says,
            source=rule.source,
        )
        for rule in read_rules()
        if (match := _first(rule, sentence))
    ]


def _first(rule: LintRule, sentence: str) -> re.Match[str] | None:
    for match in rule.pattern.finditer(sentence):
        if rule.severity != "block" or not _DENIED.search(sentence[: match.start()]):
            return match
    return None


@cache
def read_rules() -> tuple[LintRule, ...]:
    """Return the table's rules; raises ``re.error`` for a malformed pattern."""
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
