"""Hips that tip back, rhythm, the piece, and the earlier sessions, on paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from matplotlib.axes import Axes

from rowsense.report.hips_view import MOVER_HEAD, TABLE_HEAD, HipsView
from rowsense.report.history_view import LEVEL_HEAD, WEEK_HEAD, HistoryView
from rowsense.report.paper import INK, SOFT, Paper
from rowsense.report.piece_view import DRIFT_HEAD, PieceView
from rowsense.report.plots import grid_picture
from rowsense.report.plots_rhythm import draw_rail, draw_speeds, draw_tempo
from rowsense.report.plots_sections import draw_best, draw_drift, draw_movers, draw_tips
from rowsense.report.rhythm_view import SPEED_HEAD, RhythmView
from rowsense.report.texts import HIPS, HISTORY, PIECE, RHYTHM

_MM = 25.4
#: More strokes than this are left to the page: paper shows the typical one. [D] A quarter of a sheet.
_MOST_ROWS = 12
_SPREAD_HEAD = ("Quantity", "Your own spread", "Interval")


def hips_section(paper: Paper, view: HipsView | None) -> None:
    """Nothing for sessions stored before there was any."""
    if view is None:
        return
    paper.heading(HIPS["title"], 40)
    paper.paragraph(view.lead, 10.5)
    if view.lines:
        paper.bullets(view.lines)
    for line in view.unjudged:
        paper.paragraph(line, 8.5, SOFT)
    if view.paths is not None:
        _charts(paper, [partial(draw_tips, paths=view.paths)], 2.5, 1, HIPS["paths_caption"])
        all_fit = len(view.rows) <= _MOST_ROWS + 1
        paper.plain_table(TABLE_HEAD, view.rows if all_fit else view.rows[:1], (14, 12, 22, 24, 12, 14, 20))
        if not all_fit:
            paper.paragraph(HIPS["rows_elsewhere"], 8.5, SOFT)
    if view.movers:
        rows = len(view.movers)
        _charts(paper, [partial(draw_movers, rows=view.movers)], 0.8 + 0.55 * rows, 1, HIPS["movers_caption"])
        paper.plain_table(MOVER_HEAD, [row.cells for row in view.movers], (38, 52, 26, 36))


def rhythm_section(paper: Paper, view: RhythmView | None) -> None:
    """Nothing without a usable stroke, and for sessions stored before there was any."""
    if view is None:
        return
    paper.heading(RHYTHM["title"], 60)
    paper.bullets(view.lines)
    if view.speeds:
        _charts(paper, [partial(draw_speeds, speeds=view.speeds)], 2.4, 1, RHYTHM["speeds_caption"])
        paper.plain_table(SPEED_HEAD, view.speed_rows, (40, 40, 40, 40))
    else:
        paper.paragraph(RHYTHM["unseen"])
    draw: list[Callable[[Axes], None]] = [partial(draw_tempo, dots=view.tempo)]
    captions = [RHYTHM["tempo_caption"]]
    if view.rail is not None:
        draw.insert(0, partial(draw_rail, rail=view.rail))
        captions.insert(0, RHYTHM["rail_caption"])
    else:
        paper.paragraph(RHYTHM["no_rail"])
    _charts(paper, draw, 2.3, 2, " ".join(captions))
    for words in filter(None, (view.rail_words, view.tempo_words)):
        paper.paragraph(words, 8.5, SOFT, after_mm=0.6)


def piece_section(paper: Paper, view: PieceView | None) -> None:
    """Nothing for sessions stored before there was any."""
    if view is None:
        return
    paper.heading(PIECE["title"], 30 if view.too_short else 70)
    if view.too_short:
        paper.paragraph(view.too_short)
        return
    paper.paragraph(view.lead, 10, SOFT)
    _drift(paper, view)
    if view.rate_lines:
        _under(paper, PIECE["rate"])
        paper.bullets(view.rate_lines)
    _under(paper, PIECE["spread"])
    if view.spreads:
        paper.plain_table(_SPREAD_HEAD, view.spreads, (60, 30, 80))
    paper.paragraph(PIECE["spread_caption"] if view.spreads else view.spread_reason, *_small(bool(view.spreads)))
    _best(paper, view)


def _drift(paper: Paper, view: PieceView) -> None:
    _under(paper, PIECE["drift"])
    paper.bullets(view.drift_lines)
    if view.rate_note:
        paper.paragraph(view.rate_note, 8.5, SOFT)
    if view.panels:
        _charts(paper, [partial(draw_drift, panel=p) for p in view.panels], 2.1, 2, PIECE["drift_caption"])
    if view.drift_rows:
        paper.plain_table(DRIFT_HEAD, view.drift_rows, (60, 28, 30, 22, 30))


def _best(paper: Paper, view: PieceView) -> None:
    best = view.best
    if best is None:
        _under(paper, PIECE["best"])
        paper.paragraph(view.best_reason)
        return
    _under(paper, best.title)
    paper.paragraph(f"{best.which} {best.score}")
    paper.bullets(best.lines)
    if best.curves:
        _charts(paper, [partial(draw_best, curves=c) for c in best.curves], 2.3, 2, PIECE["best_caption"])
        for curve in best.curves:
            paper.paragraph(curve.words, 8.5, SOFT, after_mm=0.6)


def history_section(paper: Paper, view: HistoryView | None) -> None:
    """The session against the rower's earlier ones; nothing where none were given."""
    if view is None:
        return
    paper.heading(HISTORY["title"])
    paper.paragraph(view.lead)
    paper.bullets(view.lines)
    if 0 < len(view.levels) <= _MOST_ROWS:
        paper.plain_table(LEVEL_HEAD, view.levels, (78, 22, 26, 26, 22))
        paper.paragraph(HISTORY["levels"], 8.5, SOFT)
    if view.ranges:
        _under(paper, HISTORY["ranges_title"])
        paper.bullets(view.ranges)
        paper.paragraph(HISTORY["ranges"], 8.5, SOFT)
    for name, rows in view.weeks:
        _under(paper, f"{HISTORY['weeks_title']}: {name}")
        paper.plain_table(WEEK_HEAD, rows, (28, 24, 40, 40, 40))
    paper.bullets(view.left_out)


def _under(paper: Paper, words: str) -> None:
    """A heading within the section."""
    if paper.will_page_break(25):
        paper.add_page()
    paper.paragraph(words, 11, bold=True, after_mm=1)


def _charts(paper: Paper, draw: Sequence[Callable[[Axes], None]], row_in: float, columns: int, caption: str) -> None:
    rows = -(-len(draw) // columns)
    if paper.will_page_break(row_in * rows * _MM + 12):
        paper.add_page()
    picture = grid_picture(draw, paper.epw / _MM, row_in, columns)
    paper.image(picture, x=paper.l_margin, w=paper.epw)
    paper.paragraph(caption, 8.5, SOFT)


def _small(small: bool) -> tuple[float, tuple[int, int, int]]:
    return (8.5, SOFT) if small else (9.5, INK)
