"""Enums whose values carry their Chinese label.

A label stands beside the value it names, so who adds a value words it in the same line.
"""

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """A string enum whose members are written ``NAME = "value", "label"``.

    The member equals its value, so the database, JSON and forms see the plain string.
    """

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Make a member; ``tests/test_consistency.py`` refuses one without a label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


def label(value: LabelledEnum | None) -> str:
    """Return the label of an enum member, empty for ``None``."""
    return "" if value is None else value.label


def labels_of(kind: type[LabelledEnum]) -> dict[str, str]:
    """Return value → label of all members, in the order of the enum."""
    return {member.value: member.label for member in kind}
