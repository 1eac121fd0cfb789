"""How often phrases are linked and pay texts read right.

The phrases are those of the tests; ``data/README.md`` tells which sets guided the table and which
never did.
"""

from collections import Counter
from pathlib import Path

from matching.pay.parser import parse_pay
from matching.skills.linker import SkillLinker
from matching.utils.reference_tables import read_table

TESTS = Path(__file__).parents[1] / "matching"


def linker(*, large: bool = False) -> None:
    """Print how often the right name comes first, and among three."""
    rows = list(read_table(TESTS / "skills" / "held_out_phrases.csv"))
    found = SkillLinker.default().link_many([row["phrase"] for row in rows], top=3)
    total: Counter[str] = Counter()
    first: Counter[str] = Counter()
    three: Counter[str] = Counter()
    for row, links in zip(rows, found, strict=True):
        right, named = set(row["right"].split("|")), [link.name for link in links]
        for group in {f"set {row['set']}", f"set {row['set']} {row['kind']}".rstrip()}:
            total[group] += 1
            first[group] += bool(right & set(named[:1]))
            three[group] += bool(right & set(named))
    print(f"\n{'Phrases linked, by set and kind':46}{'phrases':>9}{'first':>9}{'of three':>9}")
    for name in sorted(total):
        n = total[name]
        print(f"  {name:44}{n:9d}{first[name] / n:9.3f}{three[name] / n:9.3f}")


def pay(*, large: bool = False) -> None:
    """Print the share of pay texts read right."""
    right = total = 0
    for line in (TESTS / "pay" / "pay_texts.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        text, low, high, unit = line.split("|")
        read = parse_pay(text)
        expected = [float(cell) if cell.strip() else None for cell in (low, high)]
        total += 1
        right += [read.min, read.max, read.unit] == [*expected, unit.strip() or None]
    print(f"\n{'Pay texts read right':46}{right:>9d} of {total} ({right / total:.1%})")
