"""What may not stand in a post: people's numbers, and what may not stand in an opening either."""

from flask_babel import gettext as _
from sqlmodel import Session

from webapp.core.errors import Fault, Incomplete
from webapp.posts import personal_data
from webapp.posts.lifecycle import RECRUITING, PostKind
from webapp.posts.queries.facts import office_phones
from webapp.rulebook import lint

# A stall has its rent and a course its price, as in the openings themselves.
_MAY_COST = frozenset({PostKind.COURSE, PostKind.STALL})
_COSTS = frozenset({"fee", "deposit"})


def refuse_unfit(session: Session, *, kind: PostKind, **fields: str) -> None:
    """Raise ``Incomplete`` with a sentence for each field that says what may not be said.

    ``fields`` are texts by their names in the form.
    """
    offices = office_phones(session)
    faults = [
        Fault(name, words)
        for name, text in fields.items()
        for words in _faults_of(text, kind, offices)
    ]
    if faults:
        raise Incomplete(faults)


def _faults_of(text: str, kind: PostKind, offices: list[str]) -> list[str]:
    found = [
        _("%(phone)s 不是社区办公室的电话，别人的电话不能发出来。请改成支部的电话", phone=phone)
        for phone in dict.fromkeys(personal_data.phones_in(text, offices))
    ]
    if personal_data.has_id_number(text):
        found.append(_("里面有身份证号，不能发出来，请删掉"))
    if kind in RECRUITING:
        found += [
            f"{one.says}：“{one.sentence}”（{one.source}）"
            for one in lint.check([text])
            if one.blocks and not (kind in _MAY_COST and one.code in _COSTS)
        ]
    return found
