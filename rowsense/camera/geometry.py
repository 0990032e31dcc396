"""How the camera stands and moves, from the rower herself and the background.

* Movement: the background's path (``motion``). Small shake is taken out, a travelling camera is refused.
* Roll: the seat runs on a straight, near-level rail, so the path of the hips gives the roll (``roll``).
* Yaw: seen from the side, the far half of the body hides behind the near half (``yaw``).
* An ergometer whose seat stands still while the feet move is refused by name: nothing here would be true of it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rowsense.camera.body import body_paths
from rowsense.camera.rail import combined
from rowsense.camera.roll import roll_from_seat
from rowsense.camera.yaw import yaw_from_sides
from rowsense.errors import NotMeasurableError
from rowsense.model import CameraEstimate, PoseTrack

FloatArray = NDArray[np.float64]

STILL_SHARE = 0.004
"""Background movement under this share of the trunk length is measurement noise: 0.2 px on a clip whose trunk is
400 px long was seen on a tripod, eight times less [D]."""
SHAKE_SHARE = 0.02
"""Movement from here on is worth a warning [D]: one degree over a trunk."""
TRAVEL_SHARE = 1.0
"""A background that travels further than the trunk is long means a camera that follows or wanders [D]: perspective
then changes with it, and taking out a shift is not enough."""
SEAT_STILL_SHARE = 0.4
"""Seat travel under this share of the change in hip-to-ankle distance: the feet move instead [D]. A fixed
ergometer has about 1."""
LEGS_MOVE_SHARE = 0.25
"""Change in hip-to-ankle distance, in leg lengths, from which the legs are called rowing [D]; a stroke has 0.5."""
ROLL_WARN_DEG = 5.0
YAW_WARN_DEG = 12.0
"""From here on the reader is told how to film next time [D]: cos 12 deg shortens what lies along the rail by 2 %. The
yaw's own standard deviation is added, so that a doubtful one warns nobody."""


def stabilise(track: PoseTrack, cumulative_shift_px: FloatArray, near_side: str = "right") -> PoseTrack:
    """Take the camera's movement out of the track.

    Args:
        track: (T,) landmarks and back line, picture pixels.
        cumulative_shift_px: (T, 2) position of the background relative to the first frame; NaN counts as "as
            before".
        near_side: the side of the body that the camera sees, ``left`` or ``right``.
    Returns:
        The track as a still camera would have seen it; the same object where the camera stood still.
    Raises:
        NotMeasurableError: the camera travels with the rower or wanders.
    """
    shift = _known(cumulative_shift_px)
    trunk_px = body_paths(track, "right", near_side).trunk_px
    if not np.isfinite(trunk_px) or _movement_px(shift) <= STILL_SHARE * trunk_px:
        return track
    travel = float(np.max(np.ptp(shift, axis=0))) if len(shift) else 0.0
    if travel > TRAVEL_SHARE * trunk_px:
        raise NotMeasurableError(
            f"The camera moves too much: the background travels {travel:.0f} pixels, more than the rower's trunk is "
            f"long. Put the phone on a stand beside the machine and film again."
        )
    away = shift[:, None, :].astype(track.xy_px.dtype)
    return replace(track, xy_px=track.xy_px - away, back_xy_px=track.back_xy_px - away)


def camera_estimate(
    track: PoseTrack,
    facing: str,
    near_side: str,
    shift_px: FloatArray,
    picture_width_px: float | None = None,
    rail: tuple[float, float] = (float("nan"), float("nan")),
) -> CameraEstimate:
    """Roll, yaw and movement of the camera.

    Args:
        track: (T,) stabilised track.
        facing: where the flywheel is in the picture, ``left`` or ``right``.
        near_side: the side of the body that the camera sees, ``left`` or ``right``.
        shift_px: (T, 2) what :func:`stabilise` was given.
        picture_width_px: width of the upright picture; without it the machine is taken to be in its middle.
        rail: roll and its sd from the rail's edges (:func:`rowsense.camera.rail.rail_roll`), + = clockwise.
    Returns:
        Estimates in degrees with their standard deviations; NaN where the rower's path does not tell, with warnings
        that say how to film next time.
    """
    paths = body_paths(track, facing, near_side)
    from_seat_deg, from_seat_sd_deg = roll_from_seat(paths)
    clockwise_deg = from_seat_deg if facing == "right" else -from_seat_deg
    roll_deg, roll_sd_deg = combined((clockwise_deg, from_seat_sd_deg), rail)
    yaw_deg, yaw_sd_deg = yaw_from_sides(paths, picture_width_px)
    movement_px = _movement_px(_known(shift_px))
    if not movement_px > STILL_SHARE * paths.trunk_px:
        movement_px = 0.0
    return CameraEstimate(
        roll_deg=roll_deg,
        roll_sd_deg=roll_sd_deg,
        yaw_deg=yaw_deg,
        yaw_sd_deg=yaw_sd_deg,
        movement_px=movement_px,
        warnings=_warnings(roll_deg, yaw_deg, yaw_sd_deg, movement_px, paths.trunk_px),
    )


def check_seat_moves(track: PoseTrack, facing: str, near_side: str) -> None:
    """Refuse an ergometer on which the feet move and the seat does not.

    Raises:
        NotMeasurableError: a dynamic ergometer, whose seat stands still while the feet move.
    """
    paths = body_paths(track, facing, near_side)
    leg = np.hypot(*(paths.near["hip"] - paths.near["ankle"]).T)
    legs_px, seat_px = _spread(leg), _spread(paths.near["hip"][:, 0])
    if np.isnan(legs_px) or not legs_px > LEGS_MOVE_SHARE * paths.leg_px:
        return
    if seat_px < SEAT_STILL_SHARE * legs_px:
        raise NotMeasurableError(
            "This looks like a dynamic ergometer or one on slides: the seat stands still while the feet move. RowSense "
            "measures machines whose seat slides on a fixed rail; film on one of those."
        )


def _warnings(
    roll_deg: float, yaw_deg: float, yaw_sd_deg: float, movement_px: float, trunk_px: float
) -> tuple[str, ...]:
    found = []
    if abs(roll_deg) > ROLL_WARN_DEG:
        found.append(
            f"The picture is tilted by about {abs(roll_deg):.0f} degrees, which was taken out. Next time hold the "
            f"phone level with the rail."
        )
    if abs(yaw_deg) > YAW_WARN_DEG + yaw_sd_deg:
        end = "flywheel" if yaw_deg > 0 else "back end of the rail"
        found.append(
            f"The camera stands about {abs(yaw_deg):.0f} degrees towards the {end}, so angles are a little off. Next "
            f"time stand straight beside the middle of the slide."
        )
    if movement_px > SHAKE_SHARE * trunk_px:
        found.append("The camera shook, which was taken out. Next time put the phone on something steady.")
    return tuple(found)


def _movement_px(shift: FloatArray) -> float:
    """Root mean square distance from the median position."""
    if len(shift) == 0:
        return 0.0
    away = shift - np.median(shift, axis=0)
    return float(np.sqrt(np.mean(np.sum(away**2, axis=1))))


def _known(shift: FloatArray) -> FloatArray:
    """Missing positions replaced by the one before (0 at the start)."""
    known = np.array(shift, dtype=np.float64)
    for axis in range(known.shape[1]):
        seen = np.isfinite(known[:, axis])
        last = np.maximum.accumulate(np.where(seen, np.arange(len(known)), -1))
        known[:, axis] = np.where(last >= 0, known[np.maximum(last, 0), axis], 0.0)
    return known


def _spread(values: FloatArray) -> float:
    """From the 3rd to the 97th percentile; NaN where too little is there."""
    finite = values[np.isfinite(values)]
    return float(np.diff(np.percentile(finite, [3.0, 97.0]))[0]) if finite.size >= 10 else float("nan")
