"""The ranking of hourly-wage jobs: nested cross-validation over all public tasks, by person."""

import resource
import subprocess
import sys

from tests.bench import datasets

FOLDS = 5


def main(*, large: bool = False) -> None:
    """Print what a ranker learned from these choices may be expected to reach on other people."""
    folder = datasets.folder("hourly")
    if folder is None:
        return
    print("\nHourly-wage jobs, all tasks (aims: warm .56, cold .46)", flush=True)
    files = [str(folder / f"{name}.jsonl.gz") for name in ("queries", "labels")]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    run = [sys.executable, "-m", "matching", "evaluate", *files, "--cv", str(FOLDS)]
    subprocess.run(run, check=True)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    print(f"  {spent:.0f} s of processor time")
