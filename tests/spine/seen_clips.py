"""Two simulated rowers whom the networks were not fitted on, as the pose model saw them, and their mirrored twins.

Every second frame of test clips 36 and 52 that ``rowsense.studies.spine_test collect`` makes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from rowsense.conventions import LANDMARK_COUNT, LANDMARK_INDEX
from rowsense.model import Frame, PoseObservation
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.studies.spine_clips import FRAMES_PER_CLIP, TEST, drawn_clip
from rowsense.studies.spine_frames import ObservedClip

DATA = Path(__file__).parent / "data"
NUMBERS = (36, 52)


def held_out(number: int) -> ObservedClip:
    return ObservedClip.read(DATA / f"{number:04d}.npz")


def spec_of(number: int) -> ClipSpec:
    """What :func:`held_out` was rendered from, with the frames that are kept."""
    spec = drawn_clip(TEST, number, FRAMES_PER_CLIP)
    return replace(spec, motion=replace(spec.motion, fps=spec.motion.fps / 2))


def mirrored_frame(frame: Frame) -> Frame:
    return replace(frame, image=np.ascontiguousarray(frame.image[:, ::-1]))


def mirrored_observation(seen: PoseObservation, width_px: float, flip_mask: bool) -> PoseObservation:
    """The same rower in the mirrored picture, the other side of the body to the camera.

    With ``flip_mask`` the silhouette itself is mirrored; without, its map to the picture is, as the estimator does it.
    """
    assert seen.mask is not None
    swap = np.arange(LANDMARK_COUNT)
    for name, index in LANDMARK_INDEX.items():
        if "left" in name:
            other = LANDMARK_INDEX[name.replace("left", "right")]
            swap[[index, other]] = other, index
    mask, mapping = seen.mask, seen.mask_to_picture
    if flip_mask:
        mask = np.ascontiguousarray(mask[:, ::-1])
        (across, slant, left), down = seen.mask_to_picture
        mapping = np.array([[across, -slant, width_px - left - across * mask.shape[1]], down])
    else:
        mapping = np.diag([-1.0, 1.0]) @ mapping + [[0.0, 0.0, width_px], [0.0, 0.0, 0.0]]
    xy_px = seen.landmarks_px[swap] * [-1.0, 1.0] + [width_px, 0.0]
    return PoseObservation(xy_px, seen.visibility[swap], mask, mapping)
