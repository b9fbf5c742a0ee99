"""Pictures drawn by the server: lengths become SVG attributes, so that no style attribute is needed."""

from collections.abc import Sequence
from dataclasses import dataclass

SPARK_WIDTH, SPARK_HEIGHT, BASE, UP, DOWN = 208, 32, 19.5, 18.0, 11.0
# Room for the longest label under the last day.
LABEL = 54


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle: `look` is its class, the lengths are in units of the view box."""

    look: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Day:
    """The label under one day of strokes."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Strokes:
    """Every decision of a week, one stroke each; late ones hang below the line."""

    width: int
    bars: tuple[Bar, ...]
    days: tuple[Day, ...]


def spark(weeks: Sequence[tuple[int, int]]) -> tuple[Bar, ...]:
    """Bars of (on time, late) a week: on time above the line, late below, one scale for both.

    A late week is never thinner than two units, so that it can be seen.
    """
    most_up = max((on_time for on_time, _ in weeks), default=0)
    most_down = max((late for _, late in weeks), default=0)
    scale = min(UP / most_up if most_up else UP, DOWN / most_down if most_down else DOWN)
    step = SPARK_WIDTH / max(len(weeks), 1)
    bars = []
    for index, (on_time, late) in enumerate(weeks):
        x = round(index * step + step * 0.18, 1)
        width = round(step * 0.64, 1)
        if on_time:
            height = round(max(on_time * scale, 1), 1)
            bars.append(Bar("up", x, round(BASE - 0.5 - height, 1), width, height))
        if late:
            bars.append(Bar("dn", x, BASE + 0.5, width, round(max(late * scale, 2), 1)))
    return tuple(bars)


def strokes(days: Sequence[tuple[str, int, int]], width: int) -> Strokes | None:
    """(label, due, late) a day as strokes within `width` units; None when they would not be legible."""
    total = sum(due for _, due, _ in days)
    gap = 12.0
    if not total or not days:
        return None
    step = (width - gap * (len(days) - 1)) / total
    if step < 1.2:
        return None
    step = min(step, 6.0)
    bars: list[Bar] = []
    labels = []
    x = 0.0
    for label, due, late in days:
        labels.append(Day(round(min(x, width - LABEL), 1), label))
        for index in range(due):
            is_late = index >= due - late
            bars.append(
                Bar(
                    "st-late" if is_late else "st",
                    round(x, 1),
                    27 if is_late else 4,
                    round(step * 0.7, 1),
                    14 if is_late else 22,
                )
            )
            x += step
        x = max(x, labels[-1].x + 44) + gap
    return Strokes(width, tuple(bars), tuple(labels))
