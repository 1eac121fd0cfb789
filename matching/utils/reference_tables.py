"""Reading the reference tables of ``data/``.

They are kept outside the packages, so that staff can correct them without touching code.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

DATA_DIR = Path(__file__).resolve().parents[2] / "data"


def data_path(name: str, directory: Path | None = None) -> Path:
    """Return the path of the table ``name``, in ``directory`` if given, else in ``data/``."""
    return (directory or DATA_DIR) / name


def read_table(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a UTF-8 CSV table with a header line, cells stripped of spaces.

    Raises ``FileNotFoundError`` for a missing table and ``ValueError``, naming the line, for a
    row with more or fewer cells than the header.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restkey="", strict=True)
        for row in reader:
            if "" in row or None in row.values():
                raise ValueError(f"{path.name}, line {reader.line_num}: wrong number of cells")
            yield {key: cell.strip() for key, cell in row.items()}


def split_cell(cell: str) -> list[str]:
    """Return the parts of a cell that holds a list separated by ``|``.

    >>> split_cell("扫地| 拖地|")
    ['扫地', '拖地']
    """
    return [part.strip() for part in cell.split("|") if part.strip()]
