"""Simulated clips for what takes many strokes: who moved first when the hips tip back, and what drifts over a piece.

Of six clips two have a head that drops before the hips tip, two knees that come too high before they do, one hips that
tip with nobody before them, and one is a piece of two minutes, with a drift in every other one. From ``EFFORTS`` on
they are pieces at one rate in which five easy strokes and five hard ones take turns: with hips further back in the hard
ones, and, in odd numbers, with hips that stay. Bodies, rooms and cameras are from a stream of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from rowsense.assess.catalogue import Catalogue
from rowsense.assess.five import CUTOFF_HZ
from rowsense.assess.hips import analyse_hips
from rowsense.kernels.smoothing import lowpass
from rowsense.model import HipsAnalysis, Mover
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.motion import FaultDials, MotionSpec, simulate_motion
from rowsense.simulate.posing import PosingSpec
from rowsense.simulate.skeleton import Skeleton
from rowsense.studies.fault_clips import FaultClip, NoSuchMotionError, filmed, rowing_motion
from rowsense.studies.fault_truth import TrueRowing
from rowsense.studies.spine_scenes import Draw

Make = Callable[[Draw, MotionSpec], MotionSpec]
Fits = Callable[[TrueRowing, Catalogue], bool]

#: Seed of the stream, none of those of other clips, and a number that sets its draws apart.
PIECES: Final = 223
_MOTION: Final = 1

HEAD, KNEES, NOBODY, PIECE = "head_drops", "knees_too_high", "nobody", "piece"
PELVIS: Final = "pelvic_tilt_deg"
EFFORT: Final = "pulls_harder"
#: What six clips in a row are.
KINDS: Final = (HEAD, KNEES, PIECE, NOBODY, HEAD, KNEES)
#: From this number on clips are pieces with easy and hard strokes.
EFFORTS: Final = 1000
#: Clips before these were looked at while the measurement was made: of those that tip or drift, and of the others.
FRESH: Final = 42
FRESH_EFFORTS: Final = EFFORTS + 4

STROKES: Final = 10
#: What leads does so by this much in the truth. [D] What lies closer than 0.1 s in time cannot be told apart on video,
#: and so much inside of the half second that counts as before the hips it must begin.
LEAD_S: Final = (0.1, 0.4)
#: Who leads does so in this part of the strokes at least, and nobody else is there in more than this. [D] A head that
#: goes by its step with the hips in every other stroke neither leads nor stays.
LEADS_RATIO: Final = 0.8
OTHERS_RATIO: Final = 0.2
#: Drift of the pelvis at the catch over a piece, how long that is, and its pictures a second: all that is followed
#: lies in windows of 0.1 s, and a picture takes a tenth of a second to draw.
DRIFT_DEG: Final = 5.0
PIECE_MIN: Final = 2.1
PIECE_FPS: Final = 15.0
#: Strokes of a piece with easy and hard ones: the longest quarter of the drives must be five at least, and some strokes
#: may not count.
EFFORT_STROKES: Final = 24
#: Severity of hips that go back in the hard strokes, and of those that stay, in limits.
WITH_EFFORT: Final = 2.0
STAYS: Final = 0.5
_TRIES: Final = 150


def kind_of(number: int) -> str:
    """What a clip shows."""
    return EFFORT if number >= EFFORTS else KINDS[number % len(KINDS)]


def is_fresh(number: int) -> bool:
    """Whether nobody looked at a clip while the measurement was made."""
    return FRESH <= number < EFFORTS or number >= FRESH_EFFORTS


def tips_with_effort(number: int) -> bool:
    """Whether the hips of a clip go back in the hard strokes."""
    return kind_of(number) == EFFORT and number % 2 == 0


def drift_of(number: int) -> float:
    """Degrees by which the pelvis at the catch goes back over the clip."""
    return DRIFT_DEG if kind_of(number) == PIECE and number // len(KINDS) % 2 == 0 else 0.0


def said(number: int) -> str:
    """What is in a clip, in words."""
    if kind_of(number) == EFFORT:
        return f"easy and hard strokes, hips {'further back in the hard ones' if tips_with_effort(number) else 'stay'}"
    return f"{kind_of(number)}, drift {drift_of(number):g} deg"


def piece_scene(number: int) -> ClipSpec:
    """Body, clothes, room and camera of a clip; its motion is not the one to be rendered."""
    return filmed(PIECES, number, f"piece_{number}")


def piece_clip(number: int, skeleton: Skeleton, catalogue: Catalogue) -> FaultClip:
    """The clip ``number``; ``skeleton`` is that of its scene's body."""
    kind = kind_of(number)
    draw = Draw(np.random.default_rng([PIECES, number, _MOTION]))
    make, fits = _drawn(number)
    for _ in range(_TRIES):
        motion = make(draw, rowing_motion(draw, 1000 * PIECES + number))
        if kind == PIECE:
            motion = replace(motion, spine=replace(motion.spine, drift_deg=-drift_of(number)))
        truth = TrueRowing.of(simulate_motion(motion, skeleton), PosingSpec())
        if fits(truth, catalogue):
            rowing = replace(piece_scene(number), motion=motion)
            return FaultClip(rowing=rowing, posing=PosingSpec(), poses=False, wanted={})
    raise NoSuchMotionError(f"no motion of its kind was drawn for clip {number}")


def _drawn(number: int) -> tuple[Make, Fits]:
    """How the motion of a clip is drawn, and whether one is of its kind."""
    kind = kind_of(number)
    if kind == EFFORT:
        return (_effort, _goes_back) if tips_with_effort(number) else (_effort_alone, _stays)
    return (_piece, _any) if kind == PIECE else (_TIPPING[kind], _clear(kind))


def true_hips(truth: TrueRowing, catalogue: Catalogue) -> HipsAnalysis:
    """What the analysis says of the rig's own angles, without any error, the pelvis as smooth as it is read.

    All that may go before it is smoothed as much by the analysis. Smoothing rounds the beginning of a quick movement:
    hips that tip in 0.2 s seem to begin 0.04 s early, and would only in what is read.
    """
    series = truth.series()
    smooth = {PELVIS: lowpass(series.time_s, series[PELVIS], CUTOFF_HZ)}
    return analyse_hips(replace(series, values=series.values | smooth), truth.strokes(), catalogue)


def leads_clearly(kind: str, truth: TrueRowing, catalogue: Catalogue) -> bool:
    """Whether who is to lead in a clip does so in the truth, by :data:`LEAD_S`, and nobody else is near it.

    Of ``NOBODY`` that nobody is.
    """
    if not np.isfinite(truth.angles).all():
        return False
    movers = true_hips(truth, catalogue).movers
    stay = all(not m.moved_first and m.shown_count <= OTHERS_RATIO * m.stroke_count for m in movers if m.id != kind)
    return bool(movers) and stay and (kind == NOBODY or any(_leads(mover) for mover in movers if mover.id == kind))


def _leads(mover: Mover) -> bool:
    least_s, most_s = LEAD_S
    return (
        mover.moved_first
        and least_s <= -mover.lag_s <= most_s
        and mover.shown_count >= LEADS_RATIO * mover.stroke_count
    )


def _tipping(motion: MotionSpec, draw: Draw, delay_share: float) -> MotionSpec:
    """Hips that tip back so much later than the head would move; the low back rounds, so that the trunk leans on."""
    fall_deg = draw.between(16, 24)
    spine = replace(
        motion.spine,
        tilt_catch_deg=motion.spine.tilt_rock_over_deg - fall_deg,
        lumbar_catch_deg=motion.spine.lumbar_rock_over_deg + draw.between(0.8, 1.1) * fall_deg,
        tip_delay_share=delay_share,
    )
    duration_s = (STROKES + 0.3) * 60.0 / motion.rate_spm
    return replace(motion, spine=spine, duration_s=duration_s)


def _head(draw: Draw, motion: MotionSpec) -> MotionSpec:
    tipping = _tipping(motion, draw, draw.between(0.15, 0.36))
    return replace(tipping, faults=FaultDials(head_drop_deg=draw.between(14, 28)))


def _knees(draw: Draw, motion: MotionSpec) -> MotionSpec:
    """Shins pass their limit late on the slide, so that hips that are to come clearly after them tip late and quickly:
    in long strokes at a low rate, the legs folded up. Half of the bodies have shins too steep for it even then."""
    slow = replace(motion, rate_spm=draw.between(17, 20))
    tipping = _tipping(slow, draw, draw.between(0.5, 0.56))
    return replace(tipping, faults=FaultDials(knees_too_high_deg=motion.knee_catch_deg - draw.between(20, 31)))


def _alone(draw: Draw, motion: MotionSpec) -> MotionSpec:
    return _tipping(motion, draw, draw.between(0.0, 0.3))


def _piece(draw: Draw, motion: MotionSpec) -> MotionSpec:
    """Somebody who rows evenly: strokes that differ more hide a drift of 5 deg in two minutes from anybody."""
    rate_spm = draw.between(28, 32)
    spine = replace(motion.spine, tilt_wander_sd_deg=draw.between(1, 2.5), lumbar_wander_sd_deg=draw.between(0.5, 1.5))
    return replace(motion, rate_spm=rate_spm, duration_s=60.0 * PIECE_MIN, fps=PIECE_FPS, spine=spine)


def _effort(draw: Draw, motion: MotionSpec) -> MotionSpec:
    """Somebody who rows evenly but for her effort, and whose hips go back with it."""
    alone = _effort_alone(draw, motion)
    return replace(alone, faults=replace(alone.faults, pulls_harder_tilt_deg=draw.between(8, 14)))


def _effort_alone(draw: Draw, motion: MotionSpec) -> MotionSpec:
    rate_spm = draw.between(24, 30)
    spine = replace(motion.spine, tilt_wander_sd_deg=draw.between(1, 2.5), lumbar_wander_sd_deg=draw.between(0.5, 1.5))
    return replace(
        motion,
        rate_spm=rate_spm,
        duration_s=(EFFORT_STROKES + 0.3) * 60.0 / rate_spm,
        spine=spine,
        faults=FaultDials(pulls_harder_ratio=draw.between(0.19, 0.25)),
    )


def _goes_back(truth: TrueRowing, catalogue: Catalogue) -> bool:
    return truth.severities(catalogue)[EFFORT] >= WITH_EFFORT


def _stays(truth: TrueRowing, catalogue: Catalogue) -> bool:
    return truth.severities(catalogue)[EFFORT] <= STAYS


def _any(truth: TrueRowing, catalogue: Catalogue) -> bool:
    return len(truth.marks_s) > 0


def _clear(kind: str) -> Fits:
    return lambda truth, catalogue: leads_clearly(kind, truth, catalogue)


_TIPPING: Final = {HEAD: _head, KNEES: _knees, NOBODY: _alone}
