"""One picture to send by messenger: the one thing to look at, what to try, what went well. Under 300 kB."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from rowsense.model import Session
from rowsense.palette import BRAND, FAULT, FAULT_TINT, INK, SOFT, TINT
from rowsense.report.curves import StrokeCurves, session_curves
from rowsense.report.images import opened
from rowsense.report.plots import chart_places, draw_curves, figure_picture
from rowsense.report.sheet import FINE, FOOT_PX, MARGIN, MAX_BYTES, WIDTH_PX, Sheet, packed
from rowsense.report.view import ReportView, report_view
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts

#: Tried in turn until the file is small enough and the words have room: height of the still, colours of the palette.
_SIZES = ((600, 224), (600, 128), (480, 128), (380, 96), (260, 64), (0, 64))
_MIN_CHART_PX, _MAX_CHART_PX = 170.0, 460.0


def report_card(session: Session, stills: dict[str, bytes], t: Texts = ENGLISH) -> bytes:
    """The card as a PNG of 1080 by 1350 pixels, under 300 kB."""
    view = report_view(session, t)
    still = stills.get(view.headline.fault_id or "")
    picture = opened(still) if still else None
    curves = _hip_curves(session)
    data = b""
    for still_height, colours in _SIZES:
        card = _Card(view, t)
        data = packed(card.drawn(picture if still_height else None, curves, still_height), colours)
        if len(data) < MAX_BYTES and card.bottom <= FOOT_PX:
            break
    return data


def _hip_curves(session: Session) -> StrokeCurves | None:
    name = "pelvic_tilt_deg"
    if not session.strokes.usable or not np.isfinite(session.angles[name]).any():
        return None
    return session_curves(session, name)


def _chart_picture(curves: StrokeCurves, width_px: float, height_px: float, t: Texts) -> Image.Image:
    figure = Figure(figsize=(width_px / 100, height_px / 100))
    (axes,) = chart_places(figure, 14)
    draw_curves(axes, curves, 14, t)
    return figure_picture(figure, 100 * FINE)


class _Card(Sheet):
    """The card of one report."""

    def __init__(self, view: ReportView, t: Texts) -> None:
        super().__init__()
        self.view, self.t = view, t
        self.bottom = 0.0
        """Where the text ends, known once the card is drawn."""

    def drawn(self, picture: Image.Image | None, curves: StrokeCurves | None, still_height: int) -> Image.Image:
        """Everything in order, shrunk to the card's size."""
        head = self.view.headline
        tone = FAULT if head.fault_id else BRAND
        self.text(f"RowSense {self.t('report_page.mark')}", 22, BRAND, bold=True, after=8)
        self.text(self.view.name, 40, INK, bold=True, lines=1, after=8)
        self.text(self._strokes_and_rate(), 22, SOFT, lines=1, after=18)
        self.rectangle((0, self.y, WIDTH_PX, self.y + 6), tone)
        self.y += 30
        if picture is not None:
            self.picture(picture, still_height)
        self.text(head.title, 42, INK, bold=True, lines=2, after=10)
        self.text(head.sentence, 26, INK, lines=4, after=18)
        self.box(self.t("report_page.try"), head.cue, FAULT_TINT if head.fault_id else TINT, tone)
        self.box(self.t("report_page.well"), self.view.well, TINT, BRAND)
        self.bottom = self.y
        room = FOOT_PX - self.y
        if curves is not None and room > _MIN_CHART_PX:
            self.chart(curves, min(room, _MAX_CHART_PX))
        self.footer(self.t("report_page.card_foot"))
        return self.shrunk()

    def _strokes_and_rate(self) -> str:
        return self.view.lead_in.split(". ")[0]

    def chart(self, curves: StrokeCurves, height: float) -> None:
        """The curves of the hips over the full width."""
        drawn = _chart_picture(curves, WIDTH_PX - 2 * MARGIN, height, self.t)
        self.sheet.paste(drawn, (MARGIN * FINE, round(self.y * FINE)))
