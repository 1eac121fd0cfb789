"""What a list says somebody does now → the spell of employment that is put on record.

It rests on what the list says: nobody has seen evidence yet, so it waits to be verified.
"""

import re
from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _

from webapp.employment.lifecycle import SpellKind
from webapp.imports.readers.remarks import presentable
from webapp.imports.readers.rows import ReadRow
from webapp.imports.readers.standing import Standing

_OWN_BUSINESS = re.compile(
    r"摆摊|摊位|个体|自营|经商|做生意|创业|老板|开(?:了)?(?:个|家|间)?[^，,。；]{0,3}(?:店|馆|铺|厂|公司)"
)
_PUBLIC_POST = re.compile(r"公益(?:性)?岗")
_LONGEST_WORDS = 200


class ReadSpell(NamedTuple):
    """What somebody does, since when, and where in the words of the list."""

    kind: SpellKind
    starts_on: date
    words: str


def read_spell(row: ReadRow, *, on: date) -> ReadSpell | None:
    """Return the spell of somebody in work or retired; ``None`` for all others.

    Who wishes for other work and names where and since when they work is in work, too. Without
    a day it begins ``on`` the day of the list: that is when it is known to be so.
    """
    standing = row.said.standing
    work, since = row.values.get("work") or "", row.values.get("since")
    if standing is Standing.RETIRED:
        kind = SpellKind.RETIRED
    elif standing is Standing.EMPLOYED or (standing is Standing.LOOKING and work and since):
        kind = _kind(" ".join([work, row.values.get("status") or ""]))
    else:
        return None
    if kind is SpellKind.RETIRED:  # the day they began to work says nothing of it
        return ReadSpell(kind, on, "")
    words, _left_out = presentable(work)
    if since is None:
        row.note("work", _("没写哪天开始工作的，从%(day)s记起", day=on.isoformat()))
    row.note("work", _("记成“%(kind)s”，还要看凭据核实", kind=kind.label))
    return ReadSpell(kind, min(since.day, on) if since else on, words[:_LONGEST_WORDS])


def _kind(text: str) -> SpellKind:
    if _PUBLIC_POST.search(text):
        return SpellKind.PUBLIC_POST
    return SpellKind.SELF_EMPLOYED if _OWN_BUSINESS.search(text) else SpellKind.FOUND_ALONE
