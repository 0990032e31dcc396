"""Both stroke rates over the film: the film's as dots, the monitor's as a line where it lies over it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from dashboards.charts.svg import Scale, axis_number, line, picture, steps, words
from dashboards.markup import tag
from dashboards.monitor.view_model import MonitorLine, clock
from rowsense.texts.texts import Texts

_HEIGHT_PX: Final = 190.0
_GROUND_PX: Final = 160.0
_TOP_PX: Final = 14.0
#: Least height of the scale, strokes a minute: noise of an even piece is not to look like a change.
_LEAST_SPM: Final = 4.0


def rate_chart(t: Texts, lines: Sequence[MonitorLine]) -> Markup:
    """Empty where the monitor saw none of the strokes."""
    seen = [one for one in lines if math.isfinite(one.monitor_spm)]
    if not seen:
        return Markup("")
    rates = [one.film_spm for one in lines] + [one.monitor_spm for one in seen]
    middle, half = (max(rates) + min(rates)) / 2.0, max(max(rates) - min(rates), _LEAST_SPM) / 2.0
    up = Scale(middle - 1.1 * half, middle + 1.1 * half, _GROUND_PX, _TOP_PX)
    across = Scale(lines[0].at_s, lines[-1].at_s, 8.0, 97.0)
    grid = [
        line("0", up(value), "100%", up(value), "grid") + words("0", up(value) - 4, axis_number(t, value, ""))
        for value in steps(up.low, up.high, 3)
    ]
    axis = [
        words(across.across(at), _HEIGHT_PX - 8, clock(at), anchor="middle")
        for at in steps(lines[0].at_s, lines[-1].at_s, 4)
    ]
    monitor = [
        line(across.across(one.at_s), up(one.monitor_spm), across.across(other.at_s), up(other.monitor_spm), "trend")
        for one, other in pairwise(seen)
        if other.number - one.number <= 2
    ]
    film = [
        tag("circle", cx=across.across(one.at_s), cy=f"{up(one.film_spm):.1f}", r="3.5", class_="dot") for one in lines
    ]
    return picture(_HEIGHT_PX, *grid, *monitor, *film, *axis)
