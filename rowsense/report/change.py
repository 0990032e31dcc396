"""What difference in hips and back is a clear change in this recording, as numbers and in words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from rowsense.conventions import ANGLE_SD_NAMES
from rowsense.model import FaultFinding, RuleFinding, Session, StrokeDoubt
from rowsense.report.words import PLACE_WORDS
from rowsense.texts.measures import ENGLISH, measure
from rowsense.texts.texts import Texts


def frame_sd_deg(session: Session, quantity: str) -> float:
    """Median standard deviation of one frame; NaN for a quantity without one, and where none is known."""
    name = f"{quantity.removesuffix('_deg')}_sd_deg"
    known = session.angles[name][np.isfinite(session.angles[name])] if name in ANGLE_SD_NAMES else np.empty(0)
    return float(np.median(known)) if known.size else math.nan


def stroke_doubt(session: Session, quantity: str) -> StrokeDoubt:
    """Of one stroke's value. The frames of a phase share most of their error, so it is that of one frame [D]."""
    return StrokeDoubt(frame_sd_deg(session, quantity))


def clear_change_deg(session: Session, fault: FaultFinding, rule: RuleFinding) -> float:
    """From how many degrees a rule's difference between two phases is clear; NaN where it is no such difference."""
    return stroke_doubt(session, rule.compares).between_phases_deg(len(fault.strokes))


def rounded_up(deg: float, t: Texts = ENGLISH) -> str:
    """Whole degrees, never fewer than there are."""
    return measure(t, math.ceil(deg) if math.isfinite(deg) else deg, "deg")


def clear_change_sentence(session: Session, fault: FaultFinding, t: Texts = ENGLISH) -> str:
    """What is no clear change in the phases that a fault compares; empty where it compares none."""
    needed = _needed_deg(session, fault)
    parts = [
        t("report.change.of", deg=rounded_up(deg, t), place=t(f"report.place.{quantity}"))
        for quantity, deg in needed.items()
    ]
    return t("report.change.needed", needed=t.join(parts)) if parts else ""


def unclear_sentence(session: Session, fault: FaultFinding, t: Texts = ENGLISH) -> str:
    """Says where a fault's own differences, as the report writes them, are no clear change; empty where all are."""
    needed = _needed_deg(session, fault)
    unclear = {
        rule.compares: t(f"report.place.{rule.compares}")
        for rule in fault.rules
        if rule.compares in needed
        and math.isfinite(rule.measured)
        and round(abs(rule.measured)) < math.ceil(needed[rule.compares])
    }
    if not unclear:
        return ""
    takes = [rounded_up(needed[quantity], t) for quantity in unclear]
    return t("report.change.unclear", places=t.join(list(unclear.values())), needed=t.join(takes))


def _needed_deg(session: Session, fault: FaultFinding) -> dict[str, float]:
    """Quantity -> from where on a difference is clear, for those that a fault compares and whose error is known."""
    needed = {rule.compares: clear_change_deg(session, fault, rule) for rule in fault.rules}
    return {quantity: deg for quantity, deg in needed.items() if math.isfinite(deg)}


def change_summary(session: Session) -> dict[str, Any]:
    """For ``summary.json``; between strokes: one against one; between sessions: this one against one like it."""
    count = len(session.strokes.usable)
    told: dict[str, Any] = {"probability": 0.95, "stroke_count": count}
    for quantity in PLACE_WORDS:
        doubt = stroke_doubt(session, quantity)
        told[quantity.removesuffix("_deg")] = {
            "sd_deg": doubt.sd_deg,
            "repeating_ratio": doubt.repeating_ratio,
            "standard_error_deg": doubt.standard_error_deg(count),
            "between_phases_deg": doubt.between_phases_deg(count),
            "between_strokes_deg": doubt.between_strokes_deg(1, 1) if count else math.nan,
            "between_sessions_deg": doubt.between_sessions_deg(count, count),
        }
    return told
