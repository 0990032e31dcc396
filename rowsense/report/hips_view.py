"""What the report says and draws about hips that tip back: words first, then every stroke, then who moved when."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.model import GiveWay, HipsAnalysis, Mover, Session, Stroke
from rowsense.report.curves import mean_and_sd
from rowsense.report.words import clock, sentence
from rowsense.texts.measures import ENGLISH, MISSING, measure, phase_label, span
from rowsense.texts.texts import Texts
from rowsense.wording.hips import hips_sentences

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Moments of a path. [D] Finer than a frame at 30 a second for recoveries up to four seconds.
_POINT_COUNT: Final = 121
#: Least part of the strokes, of the moment at which most are measured, that make a mean. [D] Where strokes begin or end
#: the mean would jump.
_STEADY_RATIO: Final = 0.9
#: What the timeline shows at least, seconds from the moment at which the hips begin to tip.
_LEAST_S: Final = (-0.45, 0.22)
_TILT: Final = "pelvic_tilt_deg"


@dataclass(frozen=True, slots=True)
class TipPaths:
    """The pelvic tilt of S usable strokes around the catch that ends each, and where the hips begin to tip back."""

    offset_s: FloatArray
    """(P,) from that catch, - = before it."""
    values: FloatArray
    """(S, P) degrees; NaN = not measured, or before the finish."""
    numbers: tuple[int, ...]
    """(S,) as people count them, from 1."""
    tips: BoolArray
    """(S,) whether the hips tip back."""
    begin_s: FloatArray
    """(S,) the give-way point on the same clock; NaN where there is none."""
    begin_deg: FloatArray
    """(S,) the tilt there."""
    mean: FloatArray
    """(P,) over the strokes that tip; NaN where it would be of some of them only."""
    typical_s: float
    """Median of ``begin_s``; NaN where there is none."""

    def marks(self, t: Texts = ENGLISH) -> dict[float, str]:
        """Every half second before the catch, and the catch, with their words."""
        moments = [-0.5 * k for k in range(int(-self.offset_s[0] / 0.5), -1, -1)]
        return {m: _side(m, t) if m else phase_label(t, "catch") for m in moments}


@dataclass(frozen=True, slots=True)
class MoverRow:
    """One of those that moved before or with the hips, with its moment; seconds, - = before the hips."""

    words: str
    strokes: str
    """``in 14 of 18 strokes before the hips``"""
    surely_before: bool
    lag_s: float
    low_s: float
    high_s: float
    """NaN where no interval is known."""
    lag: str = ""
    """``0.12 s before``"""
    interval: str = MISSING
    """The interval in words; a dash where none is known."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text, for :func:`mover_head`."""
        return (self.words, self.strokes, self.lag, self.interval)


@dataclass(frozen=True, slots=True)
class HipsView:
    """The section on hips that tip back."""

    lead: str
    lines: tuple[str, ...]
    unjudged: tuple[str, ...]
    """What was not looked at, with the reason."""
    paths: TipPaths | None
    """None where the hips do not tip back."""
    paths_words: str
    movers: tuple[MoverRow, ...]
    """Earliest first; empty where none moved before or with the hips at a moment that is known."""
    rows: tuple[tuple[str, ...], ...]
    """One a stroke in which they tip, under :func:`table_head`; the typical one first."""


def table_head(t: Texts = ENGLISH) -> tuple[str, ...]:
    """Over the rows of strokes."""
    names = ("stroke", "at", "before", "thigh", "knee", "extent", "forward")
    return tuple(t(f"report_hips.head.{name}") for name in names)


def mover_head(t: Texts = ENGLISH) -> tuple[str, ...]:
    """Over the rows of who moved."""
    return tuple(t(f"report_hips.head.{name}") for name in ("moved", "strokes", "against", "interval"))


def hips_view(session: Session, t: Texts = ENGLISH) -> HipsView | None:
    """The section of a session; None for sessions stored before there was any."""
    hips = session.assessment.hips
    if hips is None:
        return None
    if not hips.give_ways:
        return HipsView(_nothing(session, hips, t), (), (), None, "", (), ())
    # In English as it was stored: an older session keeps its words.
    told = hips.sentences if t.language == ENGLISH.language else hips_sentences(hips, t)
    lead, *rest = (sentence(line) for line in told)
    unjudged = t("report_hips.said.unjudged_begins")
    paths = tip_paths(session, hips)
    return HipsView(
        lead=lead,
        lines=tuple(line for line in rest if not line.startswith(unjudged)),
        unjudged=tuple(line for line in rest if line.startswith(unjudged)),
        paths=paths,
        paths_words=_paths_words(paths, t),
        movers=mover_rows(hips, t),
        rows=(_typical_row(hips, t), *(_row(session.strokes.strokes[g.stroke], g, t) for g in hips.give_ways)),
    )


def tip_paths(session: Session, hips: HipsAnalysis) -> TipPaths:
    """Every usable stroke from its finish to the first third of the next drive."""
    usable = session.strokes.usable
    before_s = float(np.median([s.recovery_s for s in usable]))
    offset_s = np.linspace(-before_s, float(np.median([s.drive_s for s in usable])) / 3.0, _POINT_COUNT)
    found = {g.stroke: g for g in hips.give_ways}
    values = np.array([_path(session, s, offset_s) for s in usable])
    tips = np.array([s.index in found for s in usable])
    begin_s = np.array([-found[s.index].before_catch_s if s.index in found else np.nan for s in usable])
    at_s = np.array([s.end_time_s for s in usable]) + begin_s
    known = begin_s[np.isfinite(begin_s)]
    return TipPaths(
        offset_s=offset_s,
        values=values,
        numbers=tuple(s.index + 1 for s in usable),
        tips=tips,
        begin_s=begin_s,
        begin_deg=np.interp(at_s, session.angles.time_s, session.angles[_TILT]),
        mean=_steady_mean(values[tips]),
        typical_s=float(np.median(known)) if known.size else math.nan,
    )


def _steady_mean(values: FloatArray) -> FloatArray:
    """(P,) mean of (S, P) where nearly all rows are known."""
    count = np.isfinite(values).sum(axis=0)
    return np.where(count >= _STEADY_RATIO * count.max(), mean_and_sd(values)[0], np.nan)


def mover_rows(hips: HipsAnalysis, t: Texts = ENGLISH) -> tuple[MoverRow, ...]:
    """Those that moved before or with the hips, as far as it is known when."""
    by_id = {m.id: m for m in hips.movers}
    return tuple(_mover_row(by_id[name], t) for name in hips.in_time if math.isfinite(by_id[name].lag_s))


def timeline_range(rows: tuple[MoverRow, ...]) -> tuple[float, float]:
    """Seconds around the moment at which the hips begin to tip that hold every interval."""
    ends = [end for row in rows for end in (row.lag_s, row.low_s, row.high_s) if math.isfinite(end)]
    return min(_LEAST_S[0], *(e - 0.05 for e in ends)), max(_LEAST_S[1], *(e + 0.05 for e in ends))


def timeline_marks(low_s: float, high_s: float, t: Texts = ENGLISH) -> dict[float, str]:
    """Every fifth of a second of such a range with its words."""
    moments = [round(0.2 * k, 1) for k in range(math.ceil(low_s / 0.2), math.floor(high_s / 0.2) + 1)]
    return {m: _side(m, t) if m else t("report_hips.mark") for m in moments}


def _side(at_s: float, t: Texts) -> str:
    """``−0.4 s``, ``+0.2 s``"""
    return f"{'+' if at_s > 0.0 else ''}{measure(t, at_s, 's', 1)}"


def _mover_row(mover: Mover, t: Texts) -> MoverRow:
    before = mover.relation == "before"
    count = mover.before_count if before else mover.shown_count
    return MoverRow(
        words=t(f"report_hips.moved.{mover.id}"),
        strokes=t("report_hips.row_before" if before else "report_hips.row_with", count=count, all=mover.stroke_count),
        surely_before=before,
        lag_s=mover.lag_s,
        low_s=mover.lag_low_s,
        high_s=mover.lag_high_s,
        lag=t(
            "report_hips.side_before" if mover.lag_s < 0.0 else "report_hips.side_after",
            time=measure(t, abs(mover.lag_s), "s"),
        ),
        interval=_interval(mover.lag_low_s, mover.lag_high_s, t),
    )


def _interval(low_s: float, high_s: float, t: Texts) -> str:
    if math.isnan(low_s):
        return MISSING
    if high_s < 0.0:
        return t("report_hips.side_before", time=span(t, -high_s, -low_s, "s"))
    return t("report_hips.side_both", before=measure(t, -low_s, "s"), after=measure(t, high_s, "s"))


def _path(session: Session, stroke: Stroke, offset_s: FloatArray) -> FloatArray:
    at_s = stroke.end_time_s + offset_s
    drawn = np.interp(at_s, session.angles.time_s, session.angles[_TILT], left=np.nan, right=np.nan)
    return np.where(at_s < stroke.finish_time_s, np.nan, drawn)


def _nothing(session: Session, hips: HipsAnalysis, t: Texts) -> str:
    """Hips that do not tip back are good news; where the low back rounds all the same, it is said."""
    if hips.reason:
        return sentence(hips.sentences[0] if t.language == ENGLISH.language else hips_sentences(hips, t)[0])
    rounds = any(fault.id == "hips_tip_back" for fault in session.assessment.faults)
    return t("report_hips.stay_rounds" if rounds else "report_hips.stay", n=hips.judged_stroke_count)


def _paths_words(paths: TipPaths, t: Texts) -> str:
    said = {"count": len(paths.numbers), "tipping": int(paths.tips.sum())}
    if math.isnan(paths.typical_s):
        return t("report_hips.paths_unknown", **said)
    return t("report_hips.paths_typical", before=measure(t, -paths.typical_s, "s"), **said)


def _typical_row(hips: HipsAnalysis, t: Texts) -> tuple[str, ...]:
    told = [hips.typical(n) for n in ("before_catch_s", "thigh_deg", "knee_deg", "extent_deg", "recovered_ratio")]
    return (t("report_hips.typical"), "", *_cells(t, *told))


def _row(stroke: Stroke, found: GiveWay, t: Texts) -> tuple[str, ...]:
    at_s = found.time_s if math.isfinite(found.time_s) else stroke.end_time_s
    told = _cells(t, found.before_catch_s, found.thigh_deg, found.knee_deg, found.extent_deg, found.recovered_ratio)
    return (str(found.stroke + 1), clock(at_s, t), *told)


def _cells(
    t: Texts, before_s: float, thigh_deg: float, knee_deg: float, extent_deg: float, recovered: float
) -> tuple[str, ...]:
    return (
        measure(t, before_s, "s"), measure(t, thigh_deg, "deg"), measure(t, knee_deg, "deg"),
        measure(t, extent_deg, "deg"), measure(t, 100.0 * recovered, "percent", 0),
    )  # fmt: skip
