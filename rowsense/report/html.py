"""The report as one file that needs no network: text, pictures, charts and their library are all inside."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup

from rowsense import palette
from rowsense.model import Session
from rowsense.report.curve_block import curve_block
from rowsense.report.curves import StrokeCurves, session_curves
from rowsense.report.figures import (
    best_figure,
    curve_figure,
    drift_figure,
    mover_figure,
    rail_figure,
    speed_figure,
    tempo_figure,
    timeline_figure,
    timeline_of,
    tip_figure,
)
from rowsense.report.figures.plain import Figure
from rowsense.report.figures.script import chart_setup, packed_library
from rowsense.report.hips_view import HipsView, hips_view, mover_head, table_head
from rowsense.report.history_view import history_view, level_head, week_head
from rowsense.report.images import data_address
from rowsense.report.page import ASSETS, css_colours, environment, script_json
from rowsense.report.piece_view import PieceView, drift_head, piece_view
from rowsense.report.rhythm_view import RhythmView, rail_head, rhythm_view, speed_head, tempo_head
from rowsense.report.texts import captions
from rowsense.report.view import report_view
from rowsense.report.words import CURVE_QUANTITIES
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts

_SECTIONS = ("hips", "rhythm", "piece", "history")

Charts = dict[str, dict[str, Any]]
"""Chart id -> figure in plain JSON types."""


def page_charts(session: Session, t: Texts = ENGLISH) -> Charts:
    """The charts of the page: most of its work, and needing no picture."""
    figures = {f"chart-{c.quantity}": curve_figure(c, t=t) for c in _curves(session)}
    figures |= _hips_figures(hips_view(session, t), t) | _rhythm_figures(rhythm_view(session, t), t)
    figures |= _piece_figures(piece_view(session, t), t)
    if session.strokes.strokes:
        figures["chart-timeline"] = timeline_figure(timeline_of(session, t), t=t)
    if t.language != ENGLISH.language:
        for figure in figures.values():
            figure.update_layout(separators=f"{t('dates.decimal_sign')}.")
    return {name: figure.as_json() for name, figure in figures.items()}


def html_report(
    session: Session,
    stills: dict[str, bytes],
    overlay_name: str | None,
    charts: Charts | None = None,
    t: Texts = ENGLISH,
) -> str:
    """The page.

    Args:
        session: what was measured.
        stills: fault id -> picture file (PNG or JPEG) of its worst frame.
        overlay_name: file name of the overlay video beside the page; None where there is none.
        charts: what :func:`page_charts` gave for this session, where it was asked before.
        t: in which language; what is stored with the session and has no words in it says that it is English.
    """
    charts = page_charts(session, t) if charts is None else charts
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            t=t,
            view=report_view(session, t),
            hips=hips_view(session, t),
            piece=piece_view(session, t),
            rhythm=rhythm_view(session, t),
            history=history_view(session, t),
            words={part: captions(t, f"report_{part}") for part in _SECTIONS},
            heads={"tips": table_head(t), "movers": mover_head(t), "drifts": drift_head(t)}
            | {"speeds": speed_head(t), "rail": rail_head(t), "tempo": tempo_head(t)}
            | {"levels": level_head(t), "weeks": week_head(t)},
            pictures={fault_id: data_address(data) for fault_id, data in stills.items()},
            overlay_name=overlay_name,
            curves=[curve_block(c, t) for c in _curves(session)],
            phase_colours={p: palette.hex_of(c) for p, c in palette.PHASE.items()},
            css=Markup((ASSETS / "report.css").read_text(encoding="utf-8")),
            script=Markup((ASSETS / "report.js").read_text(encoding="utf-8")),
            colours=css_colours(),
            charts=script_json({**chart_setup(), "charts": charts}),
            library=Markup(packed_library()) if charts else "",
            has_timeline="chart-timeline" in charts,
        )
    )


def _hips_figures(hips: HipsView | None, t: Texts) -> dict[str, Figure]:
    figures = {}
    if hips is not None and hips.paths is not None:
        figures["chart-tips"] = tip_figure(hips.paths, t=t)
        if hips.movers:
            figures["chart-movers"] = mover_figure(hips.movers, t=t)
    return figures


def _rhythm_figures(rhythm: RhythmView | None, t: Texts) -> dict[str, Figure]:
    if rhythm is None:
        return {}
    figures = {"chart-tempo": tempo_figure(rhythm.tempo, t=t)}
    if rhythm.speeds:
        figures["chart-speeds"] = speed_figure(rhythm.speeds, t=t)
    if rhythm.rail is not None:
        figures["chart-rail"] = rail_figure(rhythm.rail, t=t)
    return figures


def _piece_figures(piece: PieceView | None, t: Texts) -> dict[str, Figure]:
    if piece is None:
        return {}
    figures = {f"chart-drift-{p.quantity}": drift_figure(p, t=t) for p in piece.panels}
    return figures | {
        f"chart-best-{c.quantity}": best_figure(c, t=t) for c in (piece.best.curves if piece.best else ())
    }


def _curves(session: Session) -> list[StrokeCurves]:
    if not session.strokes.strokes:
        return []
    known = (name for name in CURVE_QUANTITIES if np.isfinite(session.angles[name]).any())
    return [session_curves(session, name) for name in known]
