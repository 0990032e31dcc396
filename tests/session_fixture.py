"""A Session of known motion: a stick rower whose every joint, angle and stroke is computed, not measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import (
    ANGLE_NAMES,
    ANGLE_SD_NAMES,
    BACK_POINT_COUNT,
    LANDMARK_COUNT,
    LANDMARK_INDEX,
    PHASES,
    SPINE_ANGLE_NAMES,
)
from rowsense.model import (
    AngleSeries,
    Assessment,
    CameraEstimate,
    FaultFinding,
    PoseTrack,
    RuleFinding,
    Session,
    SpineReference,
    Stroke,
    StrokeList,
    VideoInfo,
)
from rowsense.spine.geometric import TILT_ZERO_DEG

FloatArray = NDArray[np.float64]

#: Of the camera, degrees.
ROLL_DEG = 1.2

DRIVE_S = 0.9
RECOVERY_S = 1.5
PERIOD_S = DRIVE_S + RECOVERY_S
LEAD_IN_S = 0.4
PHASE_SHARES = (0.0, DRIVE_S / 3, 2 * DRIVE_S / 3, DRIVE_S, DRIVE_S + 0.35, DRIVE_S + 0.6, PERIOD_S)


def make_session(
    stroke_count: int = 8,
    facing: str = "right",
    faulty: bool = True,
    fps: float = 30.0,
    size: tuple[int, int] = (1280, 720),
    athlete: str = "Žofie Łukasik",
) -> Session:
    """A session of ``stroke_count`` strokes at 25 a minute; ``faulty`` adds two faults with their evidence."""
    time_s = np.arange(int((LEAD_IN_S * 2 + stroke_count * PERIOD_S) * fps)) / fps
    forward = _forward_share(time_s)
    angles = _angles(time_s, forward, faulty)
    track = _track(time_s, forward, angles, facing, size)
    strokes = _strokes(stroke_count, fps)
    video = VideoInfo(
        path=Path("Žofie steady 25.mp4"), sha256="0" * 64, codec="h264", width_px=size[0], height_px=size[1],
        rotation_deg=0, fps=fps, frame_count=len(time_s), duration_s=len(time_s) / fps,
    )  # fmt: skip
    return Session(
        video=video, facing=facing, near_side=facing, track=track, angles=angles, strokes=strokes, athlete=athlete,
        camera=CameraEstimate(
            roll_deg=ROLL_DEG, roll_sd_deg=0.2, yaw_deg=-4.0, yaw_sd_deg=3.0, movement_px=0.4,
            warnings=("The camera stood a little to one side: next time put it level with the seat's middle.",),
        ),
        assessment=_assessment(stroke_count, fps, faulty),
        spine_reference=SpineReference("recording", 6.0, 6.5),
        quality={"head_trunk_deg": "The head left the picture in 14 frames, so its angle is missing there."},
        provenance={"model": "pose_landmarker_full", "rowsense": "test"},
    )  # fmt: skip


def without_judgement(session: Session) -> Session:
    """The same motion with nothing judged: every score NaN, no faults."""
    count = len(session.strokes)
    nothing = np.full(count, np.nan)
    empty = Assessment(
        metrics={}, stroke_scores=nothing, phase_scores={p: nothing for p in PHASES}, score=np.nan,
        scores_by_phase={p: np.nan for p in PHASES}, faults=(),
        not_judged={"hips_tip_back": "the back was hidden in every catch"},
    )  # fmt: skip
    return replace(session, assessment=empty)


def _forward_share(time_s: FloatArray) -> FloatArray:
    """1 at the catch, 0 at the finish, smooth between."""
    t = np.mod(time_s - LEAD_IN_S, PERIOD_S)
    drive = 0.5 + 0.5 * np.cos(np.pi * t / DRIVE_S)
    recovery = 0.5 - 0.5 * np.cos(np.pi * (t - DRIVE_S) / RECOVERY_S)
    return np.where(t < DRIVE_S, drive, recovery)


def _angles(time_s: FloatArray, forward: FloatArray, faulty: bool) -> AngleSeries:
    noise = np.random.default_rng(3).normal(0, 1.0, (len(ANGLE_NAMES), len(time_s)))
    tip = 14.0 * np.clip((forward - 0.7) / 0.3, 0, 1) if faulty else 0.0
    clean = {
        "trunk_lean_deg": -24 + 50 * forward,
        "pelvic_tilt_deg": -12 + 16 * forward - tip,
        "lumbar_flexion_deg": 8 + 16 * forward + 0.7 * tip,
        "thoracic_flexion_deg": 4 + 6 * forward,
        "trunk_thigh_deg": 118 - 84 * forward,
        "knee_deg": 175 - 115 * forward,
        "shin_deg": 40 + 48 * forward,
        "elbow_deg": 95 + 80 * np.clip(forward * 2.2, 0, 1),
        "head_trunk_deg": 6 * forward,
        "shoulder_protraction_ratio": 4 * forward,
        "knee_above_hip_ratio": 60 * forward,
    }
    scale = {n: (0.01 if n.endswith("_ratio") else 1.0) for n in ANGLE_NAMES}
    values = {n: (clean[n] + noise[i]) * scale[n] for i, n in enumerate(ANGLE_NAMES)}
    values["head_trunk_deg"][20:34] = np.nan
    values |= {n: np.full(len(time_s), 4.5) for n in ANGLE_SD_NAMES}
    return AngleSeries(
        time_s=time_s, values=values, handle_x_px=500 + 400 * forward, seat_x_px=300 + 260 * forward,
        confidence=np.full(len(time_s), 0.93),
    )  # fmt: skip


def _track(
    time_s: FloatArray, forward: FloatArray, angles: AngleSeries, facing: str, size: tuple[int, int]
) -> PoseTrack:
    """Joints in picture pixels, built facing right and mirrored for left."""
    unit = size[1] / 720
    hip = np.stack([380 + 215 * forward, np.full_like(forward, 450)], 1)
    ankle = np.broadcast_to(np.array([800.0, 520.0]), hip.shape)
    lean = np.radians(-24 + 50 * forward)
    up = np.stack([np.sin(lean), -np.cos(lean)], 1)
    shoulder = hip + 215 * up
    wrist = np.stack([470 + 390 * forward, 300 + 40 * forward], 1)
    points = {
        "hip": hip, "knee": _two_links(hip, ankle, 225.0, 230.0, above=True), "ankle": ankle,
        "heel": ankle + [-20, 25], "foot_index": ankle + [60, 10], "shoulder": shoulder,
        "elbow": _two_links(shoulder, wrist, 170.0, 165.0, above=False), "wrist": wrist,
        "ear": shoulder + 95 * up + [12, 0],
    }  # fmt: skip
    xy = np.full((len(time_s), LANDMARK_COUNT, 2), np.nan)
    for side in ("left", "right"):
        for name, value in points.items():
            xy[:, LANDMARK_INDEX[f"{side}_{name}"]] = value
    xy[:, LANDMARK_INDEX["nose"]] = points["ear"] + [45, 8]
    back = _back(hip, up, np.radians(angles["lumbar_flexion_deg"]))
    seen = np.ones((len(time_s), BACK_POINT_COUNT))
    seen[np.ix_(forward < 0.12, np.arange(24, 36))] = 0.0
    xy, back = xy * unit, back * unit
    if facing == "left":
        xy[..., 0] = size[0] - xy[..., 0]
        back[..., 0] = size[0] - back[..., 0]
    return PoseTrack(
        frame=np.arange(len(time_s)), time_s=time_s, xy_px=xy, visibility=np.full(xy.shape[:2], 0.95),
        back_xy_px=back, back_seen=seen, inferred=np.arange(len(time_s)) % 2 == 0,
        spine_deg=_read_in_the_picture(angles, facing), spine_sd_deg=np.full((len(time_s), 3), 4.5),
    )  # fmt: skip


def _read_in_the_picture(angles: AngleSeries, facing: str) -> FloatArray:
    """(T, 3) pelvis and spine before the zero is added and the camera's roll taken out; nothing in some frames."""
    roll_deg = ROLL_DEG if facing == "right" else -ROLL_DEG
    read = np.stack([angles[name] for name in SPINE_ANGLE_NAMES], axis=1) + [roll_deg - TILT_ZERO_DEG, 0.0, 0.0]
    read[50:53] = np.nan
    return np.asarray(read)


def _back(hip: FloatArray, up: FloatArray, flexion_rad: FloatArray) -> FloatArray:
    """An arc behind the trunk that bulges with the flexion."""
    along = np.linspace(-0.15, 1.1, BACK_POINT_COUNT)[None, :, None]
    behind = np.stack([up[:, 1], -up[:, 0]], 1)[:, None, :]
    bulge = (45 + 60 * flexion_rad[:, None] * np.sin(np.pi * np.linspace(0, 1, BACK_POINT_COUNT)))[..., None]
    return hip[:, None, :] + along * 215 * up[:, None, :] + behind * bulge


def _two_links(a: FloatArray, b: FloatArray, first: float, second: float, above: bool) -> FloatArray:
    """Middle joint of two rigid links between ``a`` and ``b``, on the upper or the lower side."""
    between = b - a
    reach = np.minimum(np.linalg.norm(between, axis=1), first + second - 1)
    along = (first**2 - second**2 + reach**2) / (2 * reach)
    off = np.sqrt(np.maximum(first**2 - along**2, 0))
    unit = between / np.linalg.norm(between, axis=1)[:, None]
    normal = np.stack([unit[:, 1], -unit[:, 0]], 1) * (1 if above else -1)
    return a + unit * along[:, None] + normal * off[:, None]


def _strokes(count: int, fps: float) -> StrokeList:
    made = []
    for i in range(count):
        catch = LEAD_IN_S + i * PERIOD_S
        reason = "the handle left the picture" if i == 3 and count > 4 else ""
        made.append(
            Stroke(
                index=i, catch_time_s=catch, finish_time_s=catch + DRIVE_S, end_time_s=catch + PERIOD_S,
                phase_borders_s=tuple(catch + s for s in PHASE_SHARES), catch_frame=round(catch * fps),
                seat_catch_time_s=catch - 0.02, usable=not reason, reason=reason,
            )
        )  # fmt: skip
    return StrokeList(tuple(made), notes=("The first part-stroke was left out: it began before the video.",))


def _assessment(count: int, fps: float, faulty: bool) -> Assessment:
    rng = np.random.default_rng(5)
    usable = np.array([not (i == 3 and count > 4) for i in range(count)])
    level = {"early_drive": 61, "mid_drive": 74, "late_drive": 88, "early_recovery": 93, "rock_over": 90, "slide": 58}
    phase = {p: np.where(usable, v + rng.normal(0, 2, count), np.nan) for p, v in level.items()}
    metrics = {
        "pelvic_tilt_deg_catch": np.where(usable, -10 + rng.normal(0, 1, count), np.nan),
        "lumbar_flexion_deg_catch": np.where(usable, 33 + rng.normal(0, 1, count), np.nan),
        "recovery_drive_ratio": np.where(usable, RECOVERY_S / DRIVE_S, np.nan),
    }
    scores = np.mean(list(phase.values()), axis=0)
    return Assessment(
        metrics=metrics, stroke_scores=scores, phase_scores=phase, score=float(np.nanmean(scores)) if count else np.nan,
        scores_by_phase={p: float(np.nanmean(v)) if count else np.nan for p, v in phase.items()},
        faults=_faults(np.flatnonzero(usable), fps) if faulty and count else (),
        not_judged={
            "sits_on_back_of_bones": "it needs your own tall and slumped posture (rowsense calibrate)",
            "inconsistent": "it needs a baseline of your own easy rowing",
        },
        notes=("Scores compare you with the limits in the catalogue, not with other rowers.",),
    )  # fmt: skip


def _faults(usable: NDArray[np.int64], fps: float) -> tuple[FaultFinding, ...]:
    catches = [LEAD_IN_S + int(i) * PERIOD_S for i in usable]
    before = tuple((max(0, round((c - 0.3) * fps)), round((c + 0.05) * fps)) for c in catches)
    after = tuple((round(c * fps), round((c + 0.4) * fps)) for c in catches)
    strokes = tuple(int(i) for i in usable)
    return (
        FaultFinding(
            id="hips_tip_back", name="Hips tip back into the catch",
            rules=(
                RuleFinding("pelvic_tilt_fall_deg", 13.2, 1.1, 8.0, "deg", "above", "pelvic_tilt_deg"),
                RuleFinding("lumbar_flexion_rise_deg", 10.4, 1.4, 8.0, "deg", "above", "lumbar_flexion_deg"),
            ),
            strokes=strokes, frames=before, worst_frame=before[-1][1] - 2, severity=3,
            cue="Put a cushion behind your hips and notice when they press into it.",
            sentence=f"Your hips tipped back as you came forward in {len(strokes)} of {len(usable)} strokes.",
            usable_stroke_count=len(usable),
            self_test="Put a cushion or a book behind the hips, row ten strokes and film again.",
            drill="Legs flat, rock over from the hips ten times with one hand on the low back.",
        ),
        FaultFinding(
            id="slump_under_load", name="The back gives after the catch",
            rules=(
                RuleFinding(
                    "lumbar_flexion_rise_after_catch_deg", 6.1, 0.9, 5.0, "deg", "above", "lumbar_flexion_deg"
                ),
            ),
            strokes=strokes[:4], frames=after[:4], worst_frame=after[0][0] + 6, severity=1,
            cue="Let the legs begin, and let your back stay as it came.",
            sentence=f"Your low back rounded further early in the drive in 4 of {len(usable)} strokes.",
            usable_stroke_count=len(usable),
        ),
    )  # fmt: skip
