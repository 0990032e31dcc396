"""Hips that tip back, rhythm, the piece, and the earlier sessions, on paper."""

from __future__ import annotations

from PIL.Image import Image

from rowsense.report.hips_view import HipsView, mover_head, table_head
from rowsense.report.history_view import HistoryView, level_head, week_head
from rowsense.report.paper import INK, SOFT, Paper
from rowsense.report.pdf_charts import Charts
from rowsense.report.piece_view import PieceView, drift_head
from rowsense.report.rhythm_view import RhythmView, speed_head
from rowsense.report.texts import captions
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts

#: More strokes than this are left to the page: paper shows the typical one. [D] A quarter of a sheet.
_MOST_ROWS = 12


def hips_section(paper: Paper, view: HipsView | None, charts: Charts, t: Texts = ENGLISH) -> None:
    """Nothing for sessions stored before there was any."""
    if view is None:
        return
    words = captions(t, "report_hips")
    paper.heading(words["title"], 40)
    paper.paragraph(view.lead, 10.5)
    if view.lines:
        paper.bullets(view.lines)
    for line in view.unjudged:
        paper.paragraph(line, 8.5, SOFT)
    if view.paths is not None:
        _chart(paper, charts["tips"], words["paths_caption"])
        all_fit = len(view.rows) <= _MOST_ROWS + 1
        paper.plain_table(table_head(t), view.rows if all_fit else view.rows[:1], (14, 12, 22, 24, 12, 14, 20))
        if not all_fit:
            paper.paragraph(words["rows_elsewhere"], 8.5, SOFT)
    if view.movers:
        _chart(paper, charts["movers"], words["movers_caption"])
        paper.plain_table(mover_head(t), [row.cells for row in view.movers], (38, 52, 26, 36))


def rhythm_section(paper: Paper, view: RhythmView | None, charts: Charts, t: Texts = ENGLISH) -> None:
    """Nothing without a usable stroke, and for sessions stored before there was any."""
    if view is None:
        return
    told = captions(t, "report_rhythm")
    paper.heading(told["title"], 60)
    paper.bullets(view.lines)
    if view.speeds:
        _chart(paper, charts["speeds"], told["speeds_caption"])
        paper.plain_table(speed_head(t), view.speed_rows, (40, 40, 40, 40))
    else:
        paper.paragraph(told["unseen"])
    if view.rail is None:
        paper.paragraph(told["no_rail"])
    below = ([] if view.rail is None else [told["rail_caption"]]) + [told["tempo_caption"]]
    _chart(paper, charts["rhythm"], " ".join(below))
    for words in filter(None, (view.rail_words, view.tempo_words)):
        paper.paragraph(words, 8.5, SOFT, after_mm=0.6)


def piece_section(paper: Paper, view: PieceView | None, charts: Charts, t: Texts = ENGLISH) -> None:
    """Nothing for sessions stored before there was any."""
    if view is None:
        return
    words = captions(t, "report_piece")
    paper.heading(words["title"], 30 if view.too_short else 70)
    if view.too_short:
        paper.paragraph(view.too_short)
        return
    paper.paragraph(view.lead, 10, SOFT)
    _drift(paper, view, charts, t)
    if view.rate_lines:
        _under(paper, words["rate"])
        paper.bullets(view.rate_lines)
    _under(paper, words["spread"])
    if view.spreads:
        head = tuple(t(f"report_piece.head.{name}") for name in ("quantity", "own", "between"))
        paper.plain_table(head, view.spreads, (60, 30, 80))
    paper.paragraph(words["spread_caption"] if view.spreads else view.spread_reason, *_small(bool(view.spreads)))
    _best(paper, view, charts, t)


def _drift(paper: Paper, view: PieceView, charts: Charts, t: Texts) -> None:
    words = captions(t, "report_piece")
    _under(paper, words["drift"])
    paper.bullets(view.drift_lines)
    if view.rate_note:
        paper.paragraph(view.rate_note, 8.5, SOFT)
    if view.panels:
        _chart(paper, charts["drift"], words["drift_caption"])
    if view.drift_rows:
        paper.plain_table(drift_head(t), view.drift_rows, (60, 28, 30, 22, 30))


def _best(paper: Paper, view: PieceView, charts: Charts, t: Texts) -> None:
    words = captions(t, "report_piece")
    best = view.best
    if best is None:
        _under(paper, words["best"])
        paper.paragraph(view.best_reason)
        return
    _under(paper, best.title)
    paper.paragraph(f"{best.which} {best.score}")
    paper.bullets(best.lines)
    if best.curves:
        _chart(paper, charts["best"], words["best_caption"])
        for curve in best.curves:
            paper.paragraph(curve.words, 8.5, SOFT, after_mm=0.6)


def history_section(paper: Paper, view: HistoryView | None, t: Texts = ENGLISH) -> None:
    """The session against the rower's earlier ones; nothing where none were given."""
    if view is None:
        return
    words = captions(t, "report_history")
    paper.heading(words["title"])
    paper.paragraph(view.lead)
    paper.bullets(view.lines)
    if 0 < len(view.levels) <= _MOST_ROWS:
        paper.plain_table(level_head(t), view.levels, (78, 22, 26, 26, 22))
        paper.paragraph(words["levels"], 8.5, SOFT)
    if view.ranges:
        _under(paper, words["ranges_title"])
        paper.bullets(view.ranges)
        paper.paragraph(words["ranges"], 8.5, SOFT)
    for name, rows in view.weeks:
        _under(paper, f"{words['weeks_title']}: {name}")
        paper.plain_table(week_head(t), rows, (28, 24, 40, 40, 40))
    paper.bullets(view.left_out)


def _under(paper: Paper, words: str) -> None:
    """A heading within the section."""
    if paper.will_page_break(25):
        paper.add_page()
    paper.paragraph(words, 11, bold=True, after_mm=1)


def _chart(paper: Paper, picture: Image, caption: str) -> None:
    if paper.will_page_break(paper.epw * picture.height / picture.width + 12):
        paper.add_page()
    paper.image(picture, x=paper.l_margin, w=paper.epw)
    paper.paragraph(caption, 8.5, SOFT)


def _small(small: bool) -> tuple[float, tuple[int, int, int]]:
    return (8.5, SOFT) if small else (9.5, INK)
