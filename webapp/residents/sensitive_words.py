"""Sensitive facts in a paragraph: identity number, disability, minimum allowance.

They are looked for so that they are kept out of the file until the person has agreed, and can
be recorded with one tap once they have.
"""

import re
import unicodedata

from webapp.core.formfields import PHRASE_BREAK

_ID_NUMBER = re.compile(r"(?<!\d)(?:\d[ -]?){17}[\dXx](?!\d)")
_DISABILITY = re.compile(
    r"残疾|残障|残联|肢残|听残|视残|智残|[一二三四1-4]级残|残[一二三四1-4]级|精神病|聋哑|残证"
)
_ALLOWANCE = re.compile(r"低保|特困|五保|救助金|残补|护理补贴")
_DENIED = re.compile(r"(?:没|无|不是|未|莫得)[^，,。；;]{0,4}$")
_CLAUSE = re.compile(r"[^，,。；;！!？?\n]+")
_LONGEST = 100


def find(text: str) -> dict[str, str]:
    """Return field → words of the sensitive facts that a paragraph tells.

    >>> find("三级残疾，吃低保的，身份证 11010519491231002x")
    {'id_number': '11010519491231002X', 'disability': '三级残疾', 'allowance': '吃低保的'}
    """
    plain = unicodedata.normalize("NFKC", text)
    found: dict[str, str] = {}
    if number := _ID_NUMBER.search(plain):
        found["id_number"] = re.sub(r"[ -]", "", number[0]).upper()
    for field, sign in (("disability", _DISABILITY), ("allowance", _ALLOWANCE)):
        for clause in _CLAUSE.finditer(_ID_NUMBER.sub("", plain)):
            told = sign.search(clause[0])
            if told and not _DENIED.search(clause[0][: told.start()]):
                found[field] = clause[0].strip()[:_LONGEST]
                break
    return found


def is_sensitive(phrase: str) -> bool:
    """Return whether a phrase itself tells a sensitive fact."""
    plain = unicodedata.normalize("NFKC", phrase)
    return any(sign.search(plain) for sign in (_ID_NUMBER, _DISABILITY, _ALLOWANCE))


def without(text: str) -> str:
    """Return the pieces of a phrase that tell no sensitive fact."""
    return "，".join(one for one in PHRASE_BREAK.split(text) if one and not is_sensitive(one))
