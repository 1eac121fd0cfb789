"""Unit addresses of the estate: 「3栋2单元501」 and 「3-2-501」 are the same."""

import re
import unicodedata

# Where the community lies, from broad to narrow; see eligibility.places for how far agreement goes.
ESTATE = "重庆市/九龙坡区/华岩镇/华龙家园"

_UNIT_ADDRESS = re.compile(
    r"(?:华龙家园)?(\d{1,3})(?:栋|幢|号楼|-)(?:(\d{1,2})(?:单元|-))?-?(\d{1,4})(?:室|号|房)?"
)


def normalise_unit_address(text: str) -> str | None:
    """Return the usual form of a unit address, ``None`` when ``text`` holds none.

    >>> [normalise_unit_address(text) for text in ("３栋2单元 501室", "3-2-501", "12栋1004")]
    ['3栋2单元-501', '3栋2单元-501', '12栋-1004']
    """
    plain = re.sub(r"[\s,、#]+", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"[—–―]", "-", plain)
    found = _UNIT_ADDRESS.fullmatch(plain)
    if not found:
        return None
    building, unit, flat = found.groups()
    if not int(building) or not int(flat) or unit == "0":
        return None
    return f"{int(building)}栋" + (f"{int(unit)}单元" if unit else "") + f"-{flat}"
