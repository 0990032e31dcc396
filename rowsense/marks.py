"""What is drawn on the rower and where: the same on the overlay video, on stills and live in the page."""

from __future__ import annotations

from typing import Final

#: Thin lines between near-side joints, and the joints that get a disc.
BONES: Final = (
    ("ear", "shoulder"), ("shoulder", "elbow"), ("elbow", "wrist"), ("shoulder", "hip"), ("hip", "knee"),
    ("knee", "ankle"), ("ankle", "foot_index"),
)  # fmt: skip
JOINTS: Final = ("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")

#: A point of the back line counts as seen from here on.
SEEN_FROM: Final = 0.5
#: Shares of the back line from seat to neck: tilt colours it below, then lumbar flexion, then it fades out, as the
#: upper back carries neither.
TILT_END, LUMBAR_START, LUMBAR_END, FADED = 0.30, 0.36, 0.62, 0.80

#: Quantity and place on the back line (share from seat to neck) of the labels behind the back; their words are the
#: texts ``overlay.label``.
BACK_LABELS: Final = (("pelvic_tilt_deg", 0.16), ("lumbar_flexion_deg", 0.46), ("trunk_lean_deg", 0.86))

#: Where on the body a fault is seen: a near-side joint, or a share of the back line from seat to neck.
FAULT_PLACES: Final[dict[str, str | float]] = {
    "hips_tip_back": 0.12,
    "sits_on_back_of_bones": 0.06,
    "slump_under_load": 0.4,
    "hinges_in_the_back": 0.4,
    "head_drops": "ear",
    "shoulders_pulled_forward": "shoulder",
    "knees_too_high": "knee",
    "knees_before_hands": "knee",
    "shoots_the_slide": "hip",
    "rushes_the_slide": "hip",
    "opens_early": "shoulder",
    "late_lunge": "shoulder",
    "excess_layback": "shoulder",
    "early_arm_bend": "elbow",
    "pulls_harder": "wrist",
}
#: For faults that the table does not know.
FAULT_PLACE_OTHER: Final = "hip"
