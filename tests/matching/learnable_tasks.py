"""Ranking tasks whose choices can be learned from titles alone."""

import random

from matching.records import Task

TRADES = ["保洁员", "缝纫工", "厨师", "保安", "司机", "护工", "收银员", "电工"]


# Nothing in the words says so, but here people who drove want to guard, and so on.
NEXT = dict(zip(TRADES, TRADES[1:] + TRADES[:1], strict=True))


def made_up(n: int, seed: int = 0) -> tuple[list[Task], list[list[int]]]:
    """Tasks whose choice can be learned from titles alone, in no words they share."""
    draw = random.Random(seed)
    tasks, labels = [], []
    for i in range(n):
        before = draw.choice(TRADES)
        shown = draw.sample(TRADES, len(TRADES))
        openings = [
            {"id": str(j), "title": title, "place": f"重庆市/区{j % 3}"}
            for j, title in enumerate(shown)
        ]
        person = {"id": f"s{i}", "experience": [{"title": before}]}
        tasks.append(Task(qid=f"q{i}", task="made up", seeker=person, openings=openings))
        labels.append([int(title == NEXT[before]) for title in shown])
    return tasks, labels
