"""`make bench`: print what was measured, each figure beside a named peer of the same run."""

import argparse

from tests.bench import pages

BENCHES = {"pages": pages.main}


def main() -> None:
    """Run the benchmarks named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"any of: {', '.join(BENCHES)} (default: all)")
    names = parser.parse_args().names or list(BENCHES)
    for unknown in set(names) - set(BENCHES):
        parser.error(f"no benchmark is called {unknown}")
    for name in names:
        BENCHES[name]()


main()
