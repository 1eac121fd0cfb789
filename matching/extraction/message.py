"""Ready a pasted message for reading: one spelling, no decoration, cut into lines and clauses.

What people paste from a chat has emoji, calls to everybody, lines sent twice and any mix of
full-width and half-width signs. All readers of this package work on :func:`clean_message`, so
width, script and spacing change nothing; :func:`as_written` gives phrases their usual signs back.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from opencc import OpenCC

#: No message of work is longer; a pasted novel is not read to its end.
LONGEST = 4000
_TO_SIMPLIFIED = OpenCC("t2s")
_LINE_END = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CALL = re.compile(r"@(?:所有人|全体成员|[^\s@,。:]{1,12})\s?")
_MARKUP = re.compile(r"\[[一-龥]{1,3}\]")  # [玫瑰], as emoji arrive in copied chats
_BLANK = re.compile(r"[^\S\n]+")
_AROUND_LINE_END = re.compile(r" ?\n ?")
# 嬢嬢~~~2800: a drawn-out voice, no range.
_VOICE = re.compile(r"(?<![\d点时 ])~+|~{2,}")
# 收银员｜2人｜3600: bars part what commas would.
_BAR = re.compile(r" ?\| ?")
_RULE = re.compile(r"(?m)^[-—_=~*.·]{3,}$")
_SPACE_IN_COUNT = re.compile(r"(?<=\d) (?=[名人个位](?![\d]))|(?<=[一-龥:]) (?=\d{1,3} ?[名位人])")
_CLAUSE = re.compile(r"[^,。;!?\n]+")
_SENTENCE = re.compile(r"[^。;!?\n]+")
_DECORATION = {"So", "Sk", "Cs", "Co", "Cn", "Cf", "Mn", "Me"}
# As So in Unicode, yet part of what is said.
_SAID = {"℃", "㎡", "°"}
_WIDE = str.maketrans({",": "，", ";": "；", "(": "（", ")": "）", "!": "！", "?": "？"})


def clean_message(text: str) -> str:
    """Return ``text`` in NFKC and simplified characters, without emoji and repeated lines.

    Case is kept, lines are parted by one line feed, blanks are single spaces.

    >>> clean_message("📢招ＣＮＣ技師３名！\\n\\n招ＣＮＣ技師３名！")
    '招CNC技师3名!'
    """
    # Half of a surrogate pair, as broken programs send, is no character.
    whole = text[:LONGEST].encode("utf-8", "ignore").decode()
    wide = unicodedata.normalize("NFKC", whole)
    if not wide.isascii():
        # 孃孃 is a form of address here, which the converter would write 娘娘.
        wide = "孃".join(map(_TO_SIMPLIFIED.convert, wide.split("孃")))
        wide = "".join(
            " " if unicodedata.category(char) in _DECORATION and char not in _SAID else char
            for char in wide
        )
    wide = _MARKUP.sub(" ", _CALL.sub(" ", _LINE_END.sub("\n", wide)))
    wide = "".join(char if char == "\n" or char.isprintable() else " " for char in wide)
    wide = _AROUND_LINE_END.sub("\n", _BLANK.sub(" ", wide)).strip()
    wide = _SPACE_IN_COUNT.sub("", _RULE.sub("", _VOICE.sub(" ", wide)))
    wide = _BAR.sub(",", wide)
    return "\n".join(dict.fromkeys(line for line in wide.split("\n") if line.strip()))


def as_written(phrase: str) -> str:
    """Return a phrase of a clean message with Chinese punctuation.

    >>> as_written("中班14:00-22:00,轮休")
    '中班14:00-22:00，轮休'
    """
    return phrase.replace("\n", "，").translate(_WIDE).strip(" ，、。；：:")


@dataclass(frozen=True)
class Span:
    """A stretch of a clean message; ``end`` is behind its last character."""

    start: int
    end: int
    text: str

    def holds(self, at: int) -> bool:
        """Return whether position ``at`` of the message lies inside."""
        return self.start <= at < self.end


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    for found in pattern.finditer(text):
        yield Span(found.start(), found.end(), found[0])


def clauses(text: str) -> list[Span]:
    """Return the stretches between commas, full stops and line ends."""
    return list(_spans(_CLAUSE, text))


def sentences(text: str) -> list[Span]:
    """Return the stretches between full stops and line ends."""
    return list(_spans(_SENTENCE, text))
