"""Words that others read about somebody who needs help: nothing that is nobody's business."""

import re
import unicodedata

from flask_babel import gettext as _

from webapp.core.errors import BadField

# Health, allowance, past and paper: what the law calls sensitive, as people write it.
_SENSITIVE = re.compile(
    "残疾|残障|低保|特困|精神|抑郁|癌|肿瘤|透析|艾滋|乙肝|肝炎|结核|吸毒|戒毒|刑满|坐牢|劳改|"
    "身份证|信访|离婚|家暴|性侵|智障|脑瘫|瘫痪|痴呆|糖尿"
)
_NUMBER = re.compile(r"[0-9][0-9\- ]{5,}[0-9]")


def refuse_sensitive(text: str, *, field: str) -> None:
    """Raise ``BadField`` for words or numbers that say too much of a person."""
    plain = unicodedata.normalize("NFKC", text)
    found = _SENSITIVE.search(plain)
    if found:
        raise BadField(
            field,
            _(
                "「%(word)s」别写在这里，被问到的人都看得到。写「一位老人」「一户人家」就行",
                word=found[0],
            ),
        )
    if _NUMBER.search(plain):
        raise BadField(field, _("电话、证件号别写在这里，人答应了再当面说"))
