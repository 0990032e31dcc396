"""How far the pose model's landmarks lie off the joints' centres: what ``rowsense/pose/limbs.py`` takes out.

``python -m rowsense.studies.joint_habits FOLDER FIRST END [WITHOUT ...]`` fits the offsets on the collected fault clips
``FIRST`` to ``END`` - 1 but those named (``rowsense.studies.fault_test collect``) and prints them, with the error of
the angles: of the landmarks, of what is shipped, and of rowers left out of the fit one at a time. Shipped is
``0 40 32 39``: in these two the pose model had the feet elsewhere. Needs the extra ``simulate``: the truth is the rig's
joints in the picture.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.judge import catalogue_for
from rowsense.conventions import FACING_RIGHT
from rowsense.kernels.geometry import direction, included, lean
from rowsense.pose.limbs import OFFSETS, Offsets, joint_centres, posture, trunk_px
from rowsense.pose.side_view import canonical, near_landmarks
from rowsense.settings import AssessSettings
from rowsense.simulate.camera import Camera
from rowsense.simulate.motion import simulate_motion
from rowsense.studies.fault_clips import fault_clip, scene
from rowsense.studies.fault_seen import collected, read_clip

FloatArray = NDArray[np.float64]

#: So many terms of the posture each joint's offset goes with: as many as lowered the error on rowers left out.
TERMS: Final[Mapping[str, int]] = {"hip": 6, "knee": 4, "ankle": 3, "shoulder": 6}
#: A landmark further off, trunk lengths, is on something else, and nothing is fitted to it.
MAX_AWAY: Final = 0.25
ANGLES: Final = ("trunk_lean_deg", "shin_deg", "knee_deg")


@dataclass(frozen=True, slots=True)
class SeenRower:
    """T frames of whole strokes of one rower: landmarks, and where the joints really are."""

    number: int
    landmarks: Mapping[str, FloatArray]
    """(T, 2) each, canonical side view."""
    joints: Mapping[str, FloatArray]
    """(T, 2) each of ``TERMS``."""
    angles_deg: FloatArray
    """(T, 3) true ``ANGLES``."""

    def away(self, name: str) -> FloatArray:
        """(T, 2) the landmark from the joint, trunk lengths."""
        return (self.landmarks[name] - self.joints[name]) / trunk_px(self.landmarks)

    @property
    def followed(self) -> NDArray[np.bool_]:
        """(T,) whether all landmarks are on their joints at all: a lost foot spoils the bend that knees go with too."""
        return np.all([np.hypot(*self.away(name).T) < MAX_AWAY for name in TERMS], axis=0)


def read_rower(folder: Path, number: int) -> SeenRower:
    """One collected clip."""
    from rowsense.simulate.body import load_body, skeleton_of

    seen, truth = read_clip(folder, number)
    recording = seen.recording()
    skeleton = skeleton_of(load_body(scene(number).body))
    spec = fault_clip(number, skeleton, catalogue_for(AssessSettings())).rowing
    motion, track = simulate_motion(spec.motion, skeleton), recording.track
    camera = Camera(spec.camera, recording.video.width_px, recording.video.height_px)
    near_side = np.array([1.0, 1.0, 1.0 if spec.camera.facing == FACING_RIGHT else -1.0])
    whole = (track.time_s > truth.marks_s[0, 0]) & (track.time_s < truth.marks_s[-1, 2])
    filmed = track.frame[whole]

    def joint(name: str) -> FloatArray:
        xy_px, _ = camera.project(getattr(motion.joints, name)[filmed] * near_side)
        return canonical(xy_px, spec.camera.facing, spec.camera.roll_deg)

    landmarks = near_landmarks(track, recording.facing, recording.near_side, spec.camera.roll_deg)
    return SeenRower(
        number=number,
        landmarks={name: xy_px[whole] for name, xy_px in landmarks.items()},
        joints={name: joint(name) for name in TERMS},
        angles_deg=np.stack([motion.angles[name][filmed] for name in ANGLES], axis=1),
    )


def fit_offsets(rowers: Sequence[SeenRower]) -> dict[str, tuple[tuple[float, float], ...]]:
    """Offsets by least squares over all frames in which the landmarks are on their joints."""
    found = {}
    for name, count in TERMS.items():
        terms = np.concatenate([posture(one.landmarks)[one.followed, :count] for one in rowers])
        away = np.concatenate([one.away(name)[one.followed] for one in rowers])
        rows = np.linalg.lstsq(terms, away, rcond=None)[0]
        found[name] = tuple((float(x), float(y)) for x, y in rows)
    return found


def fit_nearer(rowers: Sequence[SeenRower], offsets: Offsets) -> float:
    """Trunk lengths by which shoulders must come forward for the trunk's lean to be true, on average."""
    needed = []
    for one in rowers:
        centres = joint_centres(one.landmarks, offsets, 0.0)
        up = centres["shoulder"] - centres["hip"]
        missing_px = np.tan(np.radians(one.angles_deg[:, 0])) * up[:, 1] - up[:, 0]
        needed.append(np.nanmedian(missing_px) / trunk_px(one.landmarks))
    return float(np.mean(needed))


def errors_deg(one: SeenRower, joints: Mapping[str, FloatArray]) -> FloatArray:
    """(3,) root mean square error of ``ANGLES``."""
    hip, shoulder, knee, ankle = (
        np.ascontiguousarray(joints[name], dtype=np.float64) for name in ("hip", "shoulder", "knee", "ankle")
    )
    read = np.stack([lean(hip, shoulder), direction(ankle, knee), included(hip, knee, ankle)], axis=1)
    return np.asarray(np.sqrt(np.nanmean((np.rad2deg(read) - one.angles_deg) ** 2, axis=0)))


def report(rowers: Sequence[SeenRower]) -> str:
    """The offsets as they stand in the code, and what they are worth."""
    offsets = fit_offsets(rowers)
    lines = [f"{len(rowers)} rowers"]
    lines += [f"{name}: {_rounded(rows)}" for name, rows in offsets.items()]
    shipped = max(
        abs(a - b) for name in TERMS for pair in zip(offsets[name], OFFSETS[name], strict=True)
        for a, b in zip(*pair, strict=True)
    )  # fmt: skip
    lines += [f"nearer: {fit_nearer(rowers, offsets):.3f}", f"furthest from what is shipped: {shipped:.4f}"]
    apart: list[FloatArray] = []
    for one in rowers:
        others = [other for other in rowers if other is not one]
        own = fit_offsets(others)
        apart.append(errors_deg(one, joint_centres(one.landmarks, own, fit_nearer(others, own))))
    plain = [errors_deg(one, one.landmarks) for one in rowers]
    shipped_ones = [errors_deg(one, joint_centres(one.landmarks)) for one in rowers]
    for title, errors in (("landmarks", plain), ("shipped", shipped_ones), ("each rower left out", apart)):
        rms = np.sqrt((np.array(errors) ** 2).mean(axis=0))
        lines.append(f"{title}: " + ", ".join(f"{n} {v:.1f}" for n, v in zip(ANGLES, rms, strict=True)))
    return "\n".join(lines)


def _rounded(rows: Sequence[tuple[float, float]]) -> str:
    return ", ".join(f"({x:.3f}, {y:.3f})" for x, y in rows)


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    match arguments:
        case [folder, first, end, *without]:
            wanted = set(range(int(first), int(end))) - {int(number) for number in without}
            numbers = [number for number in collected(Path(folder)) if number in wanted]
            print(report([read_rower(Path(folder), number) for number in numbers]))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
