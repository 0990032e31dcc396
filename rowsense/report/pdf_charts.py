"""The charts of the report on paper. They need no stills, so they are drawn while those are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from PIL.Image import Image

from rowsense.model import Session
from rowsense.report.curves import session_curves
from rowsense.report.hips_view import hips_view
from rowsense.report.piece_view import piece_view
from rowsense.report.plots import draw_curves, grid_picture
from rowsense.report.plots_rhythm import draw_rail, draw_speeds, draw_tempo
from rowsense.report.plots_sections import draw_best, draw_drift, draw_movers, draw_tips
from rowsense.report.rhythm_view import rhythm_view
from rowsense.report.words import CURVE_QUANTITIES
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts

Charts = dict[str, Image]
"""Pictures by what they show; what there is nothing to show of is left out."""
_Draw = Callable[[Axes], None]


def paper_charts(session: Session, width_in: float, t: Texts = ENGLISH) -> Charts:
    """``curves``, ``tips``, ``movers``, ``speeds``, ``rhythm``, ``drift`` and ``best``, as wide as the paper."""
    return {
        name: grid_picture(draw, width_in, row_in, columns)
        for name, draw, row_in, columns in (
            *_hips(session, t),
            *_rhythm(session, t),
            *_piece(session, t),
            *_curves(session, t),
        )
        if draw
    }


_Wanted = Iterator[tuple[str, Sequence[_Draw], float, int]]
"""Name, charts, height of a row in inches, columns."""


def _curves(session: Session, t: Texts) -> _Wanted:
    if session.strokes.strokes:
        known = [name for name in CURVE_QUANTITIES if np.isfinite(session.angles[name]).any()]
        drawn = [partial(draw_curves, curves=session_curves(session, name), size_pt=8, t=t) for name in known]
        yield "curves", drawn, 2.3, 2


def _hips(session: Session, t: Texts) -> _Wanted:
    view = hips_view(session, t)
    if view is None:
        return
    if view.paths is not None:
        yield "tips", [partial(draw_tips, paths=view.paths, t=t)], 2.5, 1
    if view.movers:
        yield "movers", [partial(draw_movers, rows=view.movers, t=t)], 0.8 + 0.55 * len(view.movers), 1


def _rhythm(session: Session, t: Texts) -> _Wanted:
    view = rhythm_view(session, t)
    if view is None:
        return
    if view.speeds:
        yield "speeds", [partial(draw_speeds, speeds=view.speeds, t=t)], 2.4, 1
    rail: list[_Draw] = [partial(draw_rail, rail=view.rail, t=t)] if view.rail is not None else []
    yield "rhythm", [*rail, partial(draw_tempo, dots=view.tempo, t=t)], 2.3, 2


def _piece(session: Session, t: Texts) -> _Wanted:
    view = piece_view(session, t)
    if view is None or view.too_short:
        return
    yield "drift", [partial(draw_drift, panel=panel, t=t) for panel in view.panels], 2.1, 2
    if view.best is not None:
        yield "best", [partial(draw_best, curves=curves, t=t) for curves in view.best.curves], 2.3, 2
