"""The report on paper: A4, the same words as the page, nothing to click."""

from __future__ import annotations

import io
from dataclasses import dataclass

from fpdf.enums import XPos, YPos
from PIL.Image import Image

from rowsense.model import Session
from rowsense.palette import PHASE, UNSEEN
from rowsense.report.hips_view import hips_view
from rowsense.report.history_view import history_view
from rowsense.report.images import PICTURE_PX, jpeg_bytes
from rowsense.report.paper import BRAND, FAULT, FAULT_TINT, INK, LINE, SOFT, TINT, Paper
from rowsense.report.pdf_charts import Charts, paper_charts
from rowsense.report.pdf_sections import hips_section, history_section, piece_section, rhythm_section
from rowsense.report.piece_view import piece_view
from rowsense.report.rhythm_view import rhythm_view
from rowsense.report.view import FaultView, ReportView, report_view
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts

_MM = 25.4
"""Of an inch."""


@dataclass(frozen=True, slots=True)
class PdfBeginning:
    """What a report needs whatever its stills look like. It goes into one report."""

    view: ReportView
    paper: Paper
    """Empty, with its typefaces loaded."""
    charts: Charts
    t: Texts = ENGLISH


def pdf_beginning(session: Session, t: Texts = ENGLISH) -> PdfBeginning:
    """What can be made while the stills are still being drawn."""
    view = report_view(session, t)
    paper = Paper(f"RowSense {t('report_page.mark')} · {view.video_name}")
    paper.set_title(t("report_page.title", name=view.name))
    paper.set_lang(t.language)
    paper.set_creator("RowSense")
    return PdfBeginning(view, paper, paper_charts(session, paper.epw / _MM, t), t)


def pdf_report(session: Session, stills: dict[str, bytes], beginning: PdfBeginning | None = None) -> bytes:
    """The PDF file; ``stills`` are picture files by fault id, ``beginning`` is :func:`pdf_beginning` asked before."""
    beginning = beginning or pdf_beginning(session)
    view, paper, charts, t = beginning.view, beginning.paper, beginning.charts, beginning.t
    paper.add_page()
    _opening(paper, view, stills, t)
    _tiles(paper, view)
    _phases(paper, view, t)
    _faults(paper, view, stills, t)
    hips_section(paper, hips_view(session, t), charts, t)
    _curves(paper, charts.get("curves"), t)
    rhythm_section(paper, rhythm_view(session, t), charts, t)
    piece_section(paper, piece_view(session, t), charts, t)
    history_section(paper, history_view(session, t), t)
    for title, lines in (
        (view.range_title, view.range_lines),
        (t("report_page.sure"), view.certainty),
        (t("report_page.was_measured"), view.not_measured),
        (t("report_page.not_judged_paper"), view.not_judged),
        (t("report_page.next"), view.next_time),
        (t("report_page.in_english"), view.only_english),
    ):
        if lines:
            paper.heading(title)
            paper.bullets(lines)
    _strokes(paper, view, t)
    _closing(paper, view, t)
    return bytes(paper.output())


def _opening(paper: Paper, view: ReportView, stills: dict[str, bytes], t: Texts) -> None:
    paper.paragraph(f"RowSense  {t('report_page.mark')}", 9, BRAND, bold=True, after_mm=2)
    paper.paragraph(view.name, 22, bold=True, after_mm=1)
    paper.paragraph(view.lead_in, 10, SOFT, after_mm=4)
    if view.question_title != t("report.felt.asked"):  # paper cannot wait for an answer, but can show one
        paper.paragraph(f"{view.question_title} {view.question}", 10, after_mm=4)
    head = view.headline
    picture = stills.get(head.fault_id or "")
    top = paper.get_y()
    width = paper.epw * 0.5 if picture else paper.epw
    paper.paragraph(t("report_page.one_thing").upper(), 7.5, SOFT, bold=True, width_mm=width, after_mm=0.8)
    paper.paragraph(head.title, 16, bold=True, width_mm=width, after_mm=1.5)
    paper.paragraph(head.sentence, 10.5, width_mm=width, after_mm=3)
    tone = (FAULT_TINT, FAULT) if head.fault_id else (TINT, BRAND)
    paper.boxed(t("report_page.try"), head.cue, *tone, width_mm=width)
    if head.self_test:
        paper.boxed(t("report_page.test"), head.self_test, *tone, width_mm=width)
    paper.boxed(t("report_page.well"), view.well, TINT, BRAND, width_mm=width)
    below = paper.get_y()
    if picture:
        below = max(below, _picture(paper, picture, paper.l_margin + width + 6, top, paper.epw - width - 6))
    paper.set_y(below + 3)


def _picture(paper: Paper, picture: bytes, x: float, y: float, width: float) -> float:
    """Place a picture; the y below it."""
    info = paper.image(io.BytesIO(jpeg_bytes(picture, PICTURE_PX)), x=x, y=y, w=width)
    return float(y + info.rendered_height)


def _tiles(paper: Paper, view: ReportView) -> None:
    gap, height = 3.0, 21.0
    width = (paper.epw - gap * (len(view.tiles) - 1)) / len(view.tiles)
    top = paper.get_y()
    paper.set_draw_color(*LINE)
    for i, (label, value, note) in enumerate(view.tiles):
        x = paper.l_margin + i * (width + gap)
        paper.rect(x, top, width, height, round_corners=True, corner_radius=2)
        for offset, words, size, colour, bold in (
            (2, label, 7.5, SOFT, False), (6.5, value, 13, INK, True), (13, note, 6.2, SOFT, False),
        ):  # fmt: skip
            paper.set_xy(x + 2, top + offset)
            paper.put_on(size, colour, bold=bold)
            paper.multi_cell(width - 4, size * 0.48, words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.set_y(top + height + 2)


def _phases(paper: Paper, view: ReportView, t: Texts) -> None:
    paper.heading(t("report_page.phases"), 60)
    bar_left, bar_width = paper.l_margin + 42, paper.epw - 84
    for phase in view.phases:
        y = paper.get_y()
        paper.set_fill_color(*PHASE[phase.id])
        paper.rect(paper.l_margin, y + 1.2, 2.8, 2.8, style="F")
        paper.set_fill_color(*LINE)
        paper.rect(bar_left, y + 1, bar_width, 3, style="F", round_corners=True, corner_radius=1.5)
        if phase.score:
            paper.set_fill_color(*BRAND)
            paper.rect(
                bar_left,
                y + 1,
                max(bar_width * phase.score / 100, 3),
                3,
                style="F",
                round_corners=True,
                corner_radius=1.5,
            )
        paper.put_on(9)
        paper.set_xy(paper.l_margin + 5, y)
        paper.cell(36, 5, phase.name)
        paper.set_xy(bar_left + bar_width + 3, y)
        paper.put_on(9, bold=True)
        paper.cell(9, 5, "–" if phase.score is None else f"{phase.score:.0f}", align="R")
        paper.put_on(8.5, SOFT)
        paper.cell(30, 5, "  " + phase.words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        paper.ln(1)
    paper.paragraph(t("report_page.best_is_100"), 8, SOFT)


def _faults(paper: Paper, view: ReportView, stills: dict[str, bytes], t: Texts) -> None:
    paper.heading(t("report_page.faults_paper"), 70)
    if not view.faults:
        paper.paragraph(t("report_page.no_fault"))
    for fault in view.faults:
        shown = fault.id != view.headline.fault_id
        _fault(paper, fault, stills.get(fault.id) if shown else None, t)


def _fault(paper: Paper, fault: FaultView, picture: bytes | None, t: Texts) -> None:
    if paper.will_page_break(70 if picture else 50):
        paper.add_page()
    top = paper.get_y()
    width = paper.epw * 0.56 if picture else paper.epw
    paper.paragraph(f"{fault.name}  ({fault.severity_words})", 11, FAULT, bold=True, width_mm=width, after_mm=1)
    paper.paragraph(fault.sentence, width_mm=width)
    paper.boxed(t("report_page.try"), fault.cue, FAULT_TINT, FAULT, width_mm=width)
    for lead, words in ((t("report_page.test"), fault.self_test), (t("report_page.drill"), fault.drill)):
        if words:
            paper.paragraph(f"{lead} {words}", 9.5, width_mm=width, after_mm=1)
    for rule in fault.rules:
        words = t("report_page.rule_paper", what=rule.words, measured=rule.measured, limit=rule.limit)
        paper.paragraph(words, 9, width_mm=width, after_mm=0.6)
    if fault.clear_change:
        paper.paragraph(fault.clear_change, 8.5, SOFT, width_mm=width)
    paper.paragraph(t("report_page.seen_in", strokes=fault.strokes), 8.5, SOFT, width_mm=width)
    below = paper.get_y()
    if picture:
        below = max(below, _picture(paper, picture, paper.l_margin + width + 5, top, paper.epw - width - 5))
    paper.set_y(below + 4)


def _curves(paper: Paper, picture: Image | None, t: Texts) -> None:
    if picture is None:
        return
    paper.heading(t("report_page.curves"), 18 + paper.epw * picture.height / picture.width)
    paper.paragraph(t("report_page.curves_caption"), 8.5, SOFT)
    paper.image(picture, x=paper.l_margin, w=paper.epw)
    paper.ln(2)


def _strokes(paper: Paper, view: ReportView, t: Texts) -> None:
    if not view.strokes:
        return
    paper.heading(t("report_page.strokes"), 40)
    rows = [(r.number, r.at, r.rate, r.drive, r.recovery, r.ratio, r.score, r.note) for r in view.strokes]
    names = ("stroke", "at", "rate", "drive", "recovery", "ratio_short", "score", "note")
    head = tuple(t(f"report_page.head.{name}") for name in names)
    paper.plain_table(head, rows, (12, 14, 12, 14, 17, 12, 12, 60))
    for note in view.stroke_notes:
        paper.paragraph(note, 8.5, SOFT)


def _closing(paper: Paper, view: ReportView, t: Texts) -> None:
    paper.heading(t("report_page.words"))
    for term, meaning in view.definitions:
        paper.paragraph(term, 9, bold=True, after_mm=0)
        paper.paragraph(meaning, 9, after_mm=1.2)
    paper.heading(t("report_page.cannot"))
    paper.bullets(view.limits)
    paper.paragraph(view.made_with, 8, UNSEEN)
