"""Names, axes, signs and phases: the vocabulary that every other module shares.

Two frames of reference occur:

* **picture**: upright source pixels, x to the right, y *down*, never mirrored. Landmarks, back lines and
  everything written to ``track.parquet`` live here.
* **canonical side view**: the flywheel at +x, y *up*, gravity along -y (camera roll taken out), in source
  pixels. All angles are defined here, see ``docs/conventions.md`` for the drawing.

Angles are degrees everywhere outside ``kernels``. Missing is NaN.
"""

from __future__ import annotations

from typing import Final

SCHEMA_VERSION: Final = 1

#: The 33 body landmarks in the order the pose model gives them (left and right as the model names them).
LANDMARK_NAMES: Final[tuple[str, ...]] = (
    "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
    "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_pinky", "right_pinky", "left_index", "right_index",
    "left_thumb", "right_thumb", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
    "right_ankle", "left_heel", "right_heel", "left_foot_index", "right_foot_index",
)  # fmt: skip
LANDMARK_COUNT: Final = len(LANDMARK_NAMES)
LANDMARK_INDEX: Final[dict[str, int]] = {name: i for i, name in enumerate(LANDMARK_NAMES)}

#: Joints of the body's near side (the side the camera sees), as used by the angles.
SIDE_JOINTS: Final[tuple[str, ...]] = (
    "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index",
)  # fmt: skip

#: The back line runs from the seat (index 0) to the base of the neck (last index) at equal arc length.
BACK_POINT_COUNT: Final = 64
#: Numbers that the spine network tells of one frame, for reading it in the light of the others of its recording.
SPINE_FEATURE_COUNT: Final = 320

#: What is measured in every frame. Signs and zeros: docs/conventions.md.
ANGLE_NAMES: Final[tuple[str, ...]] = (
    "trunk_lean_deg",
    "pelvic_tilt_deg",
    "lumbar_flexion_deg",
    "thoracic_flexion_deg",
    "trunk_thigh_deg",
    "knee_deg",
    "shin_deg",
    "elbow_deg",
    "head_trunk_deg",
    "shoulder_protraction_ratio",
    "knee_above_hip_ratio",
)

#: Those of them that are read from the back: pelvis and spine.
SPINE_ANGLE_NAMES: Final[tuple[str, ...]] = ("pelvic_tilt_deg", "lumbar_flexion_deg", "thoracic_flexion_deg")

#: Standard deviations that accompany the spine angles, after the rower's constant offset is removed.
ANGLE_SD_NAMES: Final[tuple[str, ...]] = ("pelvic_tilt_sd_deg", "lumbar_flexion_sd_deg", "thoracic_flexion_sd_deg")

#: Consecutive parts of a stroke, in order. Six parts have seven borders: catch .. next catch.
PHASES: Final[tuple[str, ...]] = (
    "early_drive",
    "mid_drive",
    "late_drive",
    "early_recovery",
    "rock_over",
    "slide",
)

#: Windows of +-EVENT_WINDOW_S around the events; they overlap the parts and count as phases for metrics.
EVENT_PHASES: Final[tuple[str, ...]] = ("catch", "finish")
EVENT_WINDOW_S: Final = 0.05

#: Every phase a metric may be taken over.
METRIC_PHASES: Final[tuple[str, ...]] = EVENT_PHASES + PHASES

#: Parts and moments of a stroke as they follow each other.
STROKE_ORDER: Final[tuple[str, ...]] = ("catch", *PHASES[:3], "finish", *PHASES[3:])

FACING_RIGHT: Final = "right"
FACING_LEFT: Final = "left"
