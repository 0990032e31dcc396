"""``summary.json``: one video in a page of numbers. Missing is null."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

import numpy as np

from rowsense import __version__
from rowsense.conventions import SCHEMA_VERSION
from rowsense.model import (
    FaultFinding,
    HipsAnalysis,
    OwnHistory,
    PieceAnalysis,
    RangeCount,
    RhythmAnalysis,
    Session,
    WeekCount,
)
from rowsense.model.hips import GIVE_WAY_NUMBERS
from rowsense.report.change import change_summary, clear_change_deg
from rowsense.report.own_range import share_summary, whose


def summary(session: Session) -> dict[str, Any]:
    """The contents of ``summary.json``: only str, int, float, bool, None, list and dict; no NaN."""
    judged = session.assessment
    usable = session.strokes.usable
    reference = session.spine_reference
    return _clean(
        {
            "schema_version": SCHEMA_VERSION,
            "rowsense_version": __version__,
            "athlete": session.athlete,
            "video": _video(session),
            "facing": session.facing,
            "camera": {
                "roll_deg": session.camera.roll_deg,
                "roll_sd_deg": session.camera.roll_sd_deg,
                "yaw_deg": session.camera.yaw_deg,
                "yaw_sd_deg": session.camera.yaw_sd_deg,
                "movement_px": session.camera.movement_px,
                "warnings": session.camera.warnings,
            },
            "stroke_count": len(session.strokes),
            "usable_stroke_count": len(usable),
            "rate_spm": _median([s.rate_spm for s in usable]),
            "drive_s": _median([s.drive_s for s in usable]),
            "recovery_s": _median([s.recovery_s for s in usable]),
            "style": judged.style,
            "level": judged.level,
            "score": judged.score,
            "score_interval": judged.score_interval,
            "scores_by_phase": judged.scores_by_phase,
            "score_intervals_by_phase": judged.score_intervals_by_phase,
            "spine_reference": {
                "kind": reference.kind,
                "pelvic_tilt_offset_sd_deg": reference.pelvic_tilt_offset_sd_deg,
                "lumbar_flexion_offset_sd_deg": reference.lumbar_flexion_offset_sd_deg,
                "source": reference.source,
                "head_zero_sd_deg": reference.head_zero_sd_deg,
            },
            "own_range": share_summary(session) if whose(session) == "own" else None,
            "seen_range": share_summary(session) if whose(session) == "seen" else None,
            "detectable_change": change_summary(session),
            "piece": _piece(judged.piece),
            "hips": _hips(judged.hips),
            "advice": asdict(judged.advice) if judged.advice is not None else None,
            "rhythm": _rhythm(judged.rhythm),
            "felt": asdict(session.felt) if session.felt is not None else None,
            "history": _history(session.history),
            "faults": [_fault(session, f) for f in judged.faults],
            "quality": {
                **session.quality,
                "not_judged": judged.not_judged,
                "notes": judged.notes,
                "strokes": session.strokes.notes,
            },
            "provenance": session.provenance,
        }
    )


def _video(session: Session) -> dict[str, Any]:
    video = session.video
    return {
        "path": video.path.name,
        "sha256": video.sha256,
        "codec": video.codec,
        "fps": video.fps,
        "frames": len(session.track) if video.frame_count is None else video.frame_count,
        "duration_s": video.duration_s,
        "rotation_deg": video.rotation_deg,
        "size": [video.width_px, video.height_px],
        "speed": video.speed,
        "warnings": video.warnings,
    }


def _piece(piece: PieceAnalysis | None) -> dict[str, Any] | None:
    if piece is None:
        return None
    spreads = [{**asdict(spread), "measurement_ratio": spread.measurement_ratio} for spread in piece.spreads]
    return {**asdict(piece), "spreads": spreads}


def _hips(hips: HipsAnalysis | None) -> dict[str, Any] | None:
    if hips is None:
        return None
    typical = {name: hips.typical(name) for name in GIVE_WAY_NUMBERS}
    return {
        **asdict(hips),
        "typical": typical,
        "recovered_count": sum(g.recovers for g in hips.give_ways),
        "first_mover": hips.first_mover,
    }


def _history(history: OwnHistory | None) -> dict[str, Any] | None:
    if history is None:
        return None
    return {**asdict(history), "ranges": _ranges(history.ranges), "weeks": [_week(week) for week in history.weeks]}


def _week(week: WeekCount) -> dict[str, Any]:
    return {**asdict(week), "ranges": _ranges(week.ranges)}


def _ranges(ranges: tuple[RangeCount, ...]) -> list[dict[str, Any]]:
    return [{**asdict(one), "top_from": one.top_from} for one in ranges]


def _rhythm(rhythm: RhythmAnalysis | None) -> dict[str, Any] | None:
    if rhythm is None:
        return None
    return {**asdict(rhythm), "peak_groups": rhythm.peak_groups}


def _fault(session: Session, fault: FaultFinding) -> dict[str, Any]:
    return {
        "id": fault.id,
        "name": fault.name,
        "sentence": fault.sentence,
        "rules": [
            {
                "quantity": rule.quantity,
                "measured": rule.measured,
                "measured_sd": rule.measured_sd,
                "limit": rule.limit,
                "unit": rule.unit,
                "direction": rule.direction,
                "detectable_change_deg": clear_change_deg(session, fault, rule),
            }
            for rule in fault.rules
        ],
        "strokes": fault.strokes,
        "usable_stroke_count": fault.usable_stroke_count,
        "frames": fault.frames,
        "worst_frame": fault.worst_frame,
        "severity": fault.severity,
        "cue": fault.cue,
        "self_test": fault.self_test,
        "drill": fault.drill,
    }


def _median(values: list[float]) -> float:
    return float(np.median(values)) if values else math.nan


def _clean(value: Any) -> Any:
    """Plain JSON types; NaN and infinities become None."""
    if isinstance(value, dict):
        return {str(k): _clean(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return _clean(value.tolist())
    if isinstance(value, list | tuple | set):
        return [_clean(v) for v in value]
    if isinstance(value, np.generic):
        return _clean(value.item())
    if isinstance(value, PurePath):
        return value.name
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int | bool):
        return value
    return str(value)
