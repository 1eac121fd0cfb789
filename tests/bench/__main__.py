"""`make bench`: print what was measured, each figure beside a named peer of the same run.

Processor time throughout: nothing here passes or fails, and a busy machine is measured fairly.
"""

import argparse
import os
from collections.abc import Callable

from tests.bench import (
    hourly,
    pages,
    planning,
    quality,
    reading,
    searches,
    suggesting,
    tickets,
    words,
)

BENCHES: dict[str, Callable[..., None]] = {
    "linker": quality.linker,
    "pay": quality.pay,
    "words": words.phrases,
    "titles": words.titles,
    "copies": words.copies,
    "pasted": reading.pasted,
    "sheets": reading.sheets,
    "hourly": hourly.main,
    "suggest": suggesting.main,
    "plan": planning.main,
    "pages": pages.main,
    "searches": searches.main,
    "triage": tickets.main,
}


def main() -> None:
    """Run the benchmarks named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"any of: {', '.join(BENCHES)} (default: all)")
    parser.add_argument("--large", action="store_true", help="the large sizes too (an hour)")
    parser.add_argument("--data", help="folder of the benchmark data (default: $BENCH_DATA)")
    options = parser.parse_args()
    if options.data:
        os.environ["BENCH_DATA"] = options.data
    names = options.names or list(BENCHES)
    for unknown in set(names) - set(BENCHES):
        parser.error(f"no benchmark is called {unknown}")
    for name in names:
        BENCHES[name](large=options.large)


if __name__ == "__main__":
    main()
