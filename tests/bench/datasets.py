"""Where the benchmark data lie, which is not part of this repository.

``--data`` or ``BENCH_DATA`` names a folder with a folder for each set: ``hourly``, ``zh``,
``talentclef_zh``, ``pasted``, ``office_sheets``, ``tickets``.
"""

import os
from pathlib import Path


def folder(name: str) -> Path | None:
    """Return the folder of a set; None, said loudly, where it is missing."""
    root = os.environ.get("BENCH_DATA")
    if not root or not (Path(root) / name).is_dir():
        print(f"\n*** {name}: SKIPPED, no data. Name the folder: make bench BENCH_DATA=path ***")
        return None
    return Path(root) / name
