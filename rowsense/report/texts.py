"""Texts of the report that are the same for everyone."""

from __future__ import annotations

from typing import Final

QUESTION: Final = (
    "Before you look at the numbers: could you feel it when your hips tipped back? Remember your answer, then "
    "compare it with the pictures below."
)

DEFINITIONS: Final[tuple[tuple[str, str], ...]] = (
    (
        "Hip tip (pelvic tilt)",
        "How far the pelvis is turned in the side view. Lower means tipped back. 0 is your own tall sitting "
        "once there is a calibration; before that only changes count.",
    ),
    (
        "Low-back rounding (lumbar flexion)",
        "How far the low back is bent between pelvis and lowest ribs. Higher means rounder.",
    ),
    (
        "Trunk lean",
        "The line from hip to shoulder against the vertical. Above 0 leans to the flywheel, below is layback.",
    ),
    ("Catch and finish", "The moments when the handle turns round, at the flywheel and at the body."),
    (
        "Phases",
        "The drive in three equal parts of its time; then hands away until the trunk is upright, rock-over until "
        "the knees rise, and the slide forward.",
    ),
    (
        "Score",
        "0 to 100 for hips and low back against the limits used here. 100 is best. It compares you with those "
        "limits, not with other rowers.",
    ),
    (
        "Clear change",
        "A difference that measuring alone would exceed in only 5 of 100 films. What is smaller may be nothing. More "
        "strokes help little, as most of the error is the same in each of them.",
    ),
    ("±", "Beside a measured value: how far it may be off. In the curves: the spread between your own strokes."),
)

LIMITS: Final[tuple[str, ...]] = (
    "It sees the outline of skin and clothing, not bones: every angle is an estimate with a spread.",
    "Some rounding at the catch is plain geometry. Zero rounding is not the aim; noticing a change is.",
    "It shows what happened together. It does not say what made it happen, and one film never can.",
    "It knows nothing about your health and gives no medical advice. With pain, numbness or weak legs: stop, "
    "and see a clinician.",
    "Most of the limits come from adults, so juniors should read them with their coach.",
    "Compare films made from the same place, in similar clothing and at the same rate.",
)
