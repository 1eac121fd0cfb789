"""What all rows of the workbench are made of."""


def joined(*parts: str) -> str:
    """Return the parts that say something, parted by a dot."""
    return " · ".join(part for part in parts if part)
