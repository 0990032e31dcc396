"""How far the hips and the low back went on the way from tall to slumped: of the rower's own range, or, without a
calibration, of the range seen in this recording. The two never share a name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import METRIC_PHASES
from rowsense.model import AngleRange, Session
from rowsense.report.change import frame_sd_deg, stroke_doubt
from rowsense.report.words import PLACE_WORDS, sentence
from rowsense.texts.measures import ENGLISH, when_label
from rowsense.texts.texts import Texts

FloatArray = NDArray[np.float64]

#: What a range is known of, in the order in which it is told -> its word.
STEMS: Final = {stem: PLACE_WORDS[f"{stem}_deg"] for stem in ("pelvic_tilt", "lumbar_flexion")}
#: The moments that the report tells.
_TOLD: Final = ("catch", "finish", "rock_over")


@dataclass(frozen=True, slots=True)
class Share:
    """Median over the strokes that count, 0 = neutral, 1 = the far end; may lie outside. NaN: not measured."""

    ratio: float
    sd_ratio: float


def whose(session: Session) -> str:
    """``own``, ``seen`` (in this recording) or empty: what the shares are of."""
    return {"calibration": "own", "recording": "seen"}.get(session.spine_reference.kind, "")


def ranges(session: Session) -> dict[str, AngleRange]:
    """Stem of the quantity -> its range, in the degrees of the session's angles; empty where none is known."""
    reference = session.spine_reference
    known = {"pelvic_tilt": reference.pelvic_tilt_range, "lumbar_flexion": reference.lumbar_flexion_range}
    return {stem: one for stem, one in known.items() if one is not None} if whose(session) else {}


def share_columns(session: Session) -> dict[str, FloatArray]:
    """``<stem>_of_<own or seen>_range_ratio_<phase>`` -> (S,) one value a stroke, NaN = not measured."""
    metrics = session.assessment.metrics
    return {
        f"{stem}_of_{whose(session)}_range_ratio_{phase}": (metrics[f"{stem}_deg_{phase}"] - one.neutral_deg)
        / one.width_deg
        for stem, one in ranges(session).items()
        for phase in METRIC_PHASES
        if f"{stem}_deg_{phase}" in metrics
    }


def shares(session: Session) -> dict[str, dict[str, Share]]:
    """Stem -> phase -> share, over the strokes that count."""
    usable = np.array([s.usable for s in session.strokes.strokes], dtype=bool)
    columns = share_columns(session)
    found: dict[str, dict[str, Share]] = {}
    for stem, one in ranges(session).items():
        by_phase = {p: columns.get(f"{stem}_of_{whose(session)}_range_ratio_{p}") for p in METRIC_PHASES}
        found[stem] = {p: _share(session, stem, one, c[usable]) for p, c in by_phase.items() if c is not None}
    return found


def share_summary(session: Session) -> dict[str, Any] | None:
    """For ``summary.json``: the range and the shares; None where no range is known."""
    if not ranges(session):
        return None
    told: dict[str, Any] = {"source": session.spine_reference.source or "the strokes of this recording"}
    told_shares = shares(session)
    for stem, one in ranges(session).items():
        told[stem] = {
            "neutral_deg": one.neutral_deg,
            "neutral_sd_deg": one.neutral_sd_deg,
            "end_deg": one.end_deg,
            "end_sd_deg": one.end_sd_deg,
            "ratio_by_phase": {phase: share.ratio for phase, share in told_shares[stem].items()},
            "ratio_sd_by_phase": {phase: share.sd_ratio for phase, share in told_shares[stem].items()},
        }
    return told


def range_title(session: Session, t: Texts = ENGLISH) -> str:
    """Heading over :func:`range_lines`."""
    return t("report_page.range.own" if whose(session) == "own" else "report_page.range.seen")


def range_lines(session: Session, t: Texts = ENGLISH) -> tuple[str, ...]:
    """Sentences for the report; none where no range is known or no stroke counts."""
    found = shares(session)
    moments = [_moment(t, phase, found, whose(session)) for phase in _TOLD]
    if not any(moments):
        return ()
    return tuple(sentence(line) for line in (*moments, _clear_change(session, t), _meaning(session, t)) if line)


def _share(session: Session, stem: str, one: AngleRange, ratios: FloatArray) -> Share:
    """Median and its sd: of the angle, the error of one frame; of neutral and end, as stated, by their weights."""
    known = ratios[np.isfinite(ratios)]
    if known.size == 0:
        return Share(math.nan, math.nan)
    ratio = float(np.median(known))
    angle_sd_deg = frame_sd_deg(session, f"{stem}_deg")
    error_deg = math.hypot(angle_sd_deg, (1.0 - ratio) * one.neutral_sd_deg, ratio * one.end_sd_deg)
    return Share(ratio, error_deg / abs(one.width_deg))


def _moment(t: Texts, phase: str, found: dict[str, dict[str, Share]], of: str) -> str:
    parts = []
    for stem in STEMS:
        share = found.get(stem, {}).get(phase)
        if share is not None and math.isfinite(share.ratio):
            parts.append(t(f"report_page.range.place.{stem}", percent=_percent(t, share)))
    if not parts:
        return ""
    return t(f"report_page.range.at.{of or 'seen'}", when=sentence(when_label(t, phase)), places=t.join(parts))


def _percent(t: Texts, share: Share) -> str:
    percent = f"{100 * share.ratio:.0f}"
    if not math.isfinite(share.sd_ratio):
        return t("report_page.range.percent", percent=percent)
    return t("report_page.range.percent_sd", percent=percent, sd=f"{100 * share.sd_ratio:.0f}")


def _clear_change(session: Session, t: Texts) -> str:
    """What difference between two of the moments is clear, in percent of the range; empty where it is not known."""
    count = len(session.strokes.usable)
    parts = []
    for stem, one in ranges(session).items():
        percent = 100 * stroke_doubt(session, f"{stem}_deg").between_phases_deg(count) / abs(one.width_deg)
        if math.isfinite(percent):
            parts.append(t(f"report_page.range.in.{stem}", percent=math.ceil(percent)))
    if not parts:
        return ""
    needed = t("report_page.range.or", first=parts[0], second=parts[1]) if len(parts) > 1 else parts[0]
    return t("report_page.range.clear", needed=needed)


def _meaning(session: Session, t: Texts) -> str:
    if whose(session) == "own":
        return t("report_page.range.meaning.own", source=session.spine_reference.source)
    return t("report_page.range.meaning.seen")
