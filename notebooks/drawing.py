"""Plots a staff member can read: large type, Chinese words, few colours, and hatching besides.

No difference is told by colour alone, so a photocopy says the same.
"""

import warnings
from collections.abc import Mapping, Sequence

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# The first of these that the machine has; matplotlib's own has no Chinese.
FONTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "Noto Sans SC",
    "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "SimHei", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "Noto Serif CJK SC", "Noto Serif CJK JP",
)  # fmt: skip
# Dark blue, orange, grey, green: told apart by the colour-blind too (Okabe and Ito 2008).
COLOURS = ("#0072B2", "#E69F00", "#999999", "#009E73")
HATCHES = ("", "//", "..", "xx")


def chinese_font() -> str | None:
    """Return the name of an installed font with Chinese characters, if there is one."""
    installed = set(font_manager.get_font_names())
    return next((name for name in FONTS if name in installed), None)


HAS_CHINESE = chinese_font() is not None


def label(chinese: str, english: str) -> str:
    """Return the Chinese words, or English ones on a machine that cannot draw Chinese."""
    return chinese if HAS_CHINESE else english


def use_style() -> None:
    """Set type, size and colours for all plots that follow."""
    mpl.rcParams.update(
        {
            "font.size": 15,
            "axes.titlesize": 18,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.unicode_minus": False,
            "figure.figsize": (9, 4.5),
            "figure.dpi": 80,
            "figure.constrained_layout.use": True,
            "hatch.linewidth": 0.8,
        }
    )
    if font := chinese_font():
        mpl.rcParams["font.sans-serif"] = [font, "DejaVu Sans"]
    else:  # names in the data may still be Chinese: little boxes, and no word about each
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")


def _finish(axes: Axes, title: str) -> Figure:
    axes.set_title(title, loc="left")
    figure = axes.get_figure()
    plt.close(figure)  # shown once, as the cell's value
    return figure


def _finish_bars(axes: Axes, title: str) -> Figure:
    axes.invert_yaxis()
    axes.margins(x=0.15)
    # The figures stand at the bars; a scale besides is only more to read.
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    return _finish(axes, title)


def bars(
    values: Mapping[str, float],
    title: str,
    *,
    form: str = ".0f",
    mark: str | None = None,
    spans: Mapping[str, tuple[float, float]] | None = None,
) -> Figure:
    """Return one bar a name, the figure written at its end.

    ``mark`` names the bar that stands out, the others being grey and hatched; ``spans`` holds
    how low and how high each value may really be.
    """
    _, axes = plt.subplots(figsize=(9, 1.0 + 0.6 * len(values)))
    drawn = axes.barh(list(values), list(values.values()), color=COLOURS[0], edgecolor="black")
    for name, bar in zip(values, drawn, strict=True):
        if mark not in (None, name):
            bar.set(facecolor="#D9D9D9", hatch=HATCHES[1])
    if spans:
        error = [
            [values[n] - spans[n][0] for n in values],
            [spans[n][1] - values[n] for n in values],
        ]
        axes.errorbar(
            list(values.values()),
            list(values),
            xerr=error,
            fmt="none",
            ecolor="black",
            elinewidth=3,
            capsize=7,
        )
    ends = [spans[name][1] if spans else value for name, value in values.items()]
    for place, (value, end) in enumerate(zip(values.values(), ends, strict=True)):
        axes.annotate(
            format(value, form), (end, place), (8, 0), textcoords="offset points", va="center"
        )
    return _finish_bars(axes, title)


def grouped_bars(
    rows: Mapping[str, Mapping[str, float]], title: str, *, form: str = ".0%"
) -> Figure:
    """Return bars side by side: one cluster a row, one colour and hatching a series."""
    series = list(dict.fromkeys(name for row in rows.values() for name in row))
    _, axes = plt.subplots(figsize=(9, 1.6 + 0.45 * len(series) * len(rows)))
    height = 0.8 / len(series)
    for number, name in enumerate(series):
        places = [i + (number - (len(series) - 1) / 2) * height for i in range(len(rows))]
        drawn = axes.barh(
            places,
            [row.get(name, 0.0) for row in rows.values()],
            height=height,
            label=name,
            color=COLOURS[number % len(COLOURS)],
            hatch=HATCHES[number % len(HATCHES)],
            edgecolor="black",
        )
        axes.bar_label(drawn, fmt=f"{{:{form}}}", padding=6)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.legend(loc="upper center", bbox_to_anchor=(0.45, 0), ncols=len(series), frameon=False)
    return _finish_bars(axes, title)


def histogram(values: Sequence[float], title: str, *, unit: str, bins: int = 12) -> Figure:
    """Return how many there are of each size."""
    _, axes = plt.subplots()
    axes.hist(values, bins=bins, color=COLOURS[0], edgecolor="black")
    axes.set_xlabel(unit)
    return _finish(axes, title)
