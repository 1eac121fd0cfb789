"""One way to time things, for all benchmarks: by turns, in one process, by processor time."""

import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

Run = Callable[[], Any]


def by_turns(runs: Mapping[str, Run], rounds: int = 3) -> dict[str, float]:
    """Return the median processor seconds of each run; they take turns, so that a change in the
    machine's speed meets all of them alike."""
    spent: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            start = time.process_time()
            run()
            spent[name].append(time.process_time() - start)
    return {name: statistics.median(times) for name, times in spent.items()}


def alone(run: Callable[..., Any], *arguments: Any) -> tuple[float, float]:
    """Run in a new process; return its processor seconds and its peak memory in MiB."""
    context = multiprocessing.get_context("spawn")
    there, here = context.Pipe(duplex=False)
    process = context.Process(target=_measured, args=(here, run, arguments))
    process.start()
    here.close()
    found: tuple[float, float] = there.recv()
    process.join()
    return found


def _measured(pipe: Any, run: Callable[..., Any], arguments: Sequence[Any]) -> None:
    run(*arguments)
    used = resource.getrusage(resource.RUSAGE_SELF)
    pipe.send((used.ru_utime + used.ru_stime, _peak()))


def _peak() -> float:
    """Return the most memory this process has held, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():
        # What getrusage tells here begins with the memory of the process that started this one.
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def show(title: str, seconds: Mapping[str, float], against: str) -> None:
    """Print processor seconds and each as a ratio of the peer ``against``."""
    print(f"\n{title}")
    print(f"  {'':44}{'CPU s':>9}{'of peer':>9}")
    for name, value in seconds.items():
        print(f"  {name:44}{value:9.2f}{value / seconds[against]:9.2f}")
