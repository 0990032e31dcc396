"""Hips that tip back, made up: every kind of result once."""

from __future__ import annotations

import math

from rowsense.model import Association, GiveWay, HipsAnalysis, Mover

GIVE_WAYS = tuple(
    GiveWay(
        stroke, 10.0 + 2.4 * stroke, 0.05, 0.45, 34.0, 62.0, 58.0, 14.0 + stroke, 5.9, 50.0, 0.2 * stroke,
        {"shoulders_pulled_forward": -0.12, "head_drops": math.nan},
    )
    for stroke in range(7)
)  # fmt: skip
SITS = Mover("sits_on_back_of_bones", "not_judged", reason="it needs your own tall and slumped posture")
HEAD = Mover("head_drops", "with", 18, 15, 9, -0.03, -0.13, 0.07, 0.004, association_reason="it takes 10 strokes")
SHOULDERS = Mover(
    "shoulders_pulled_forward", "before", 18, 16, 14, -0.12, -0.21, -0.03, 0.001,
    Association(18, 0.62, 0.2, 0.85, 0.004, True), measured_by="shoulders",
)  # fmt: skip
KNEES = Mover("knees_too_high", "not_seen", 18, 2, 1, 0.14, 0.02, 0.26, 0.999)
PULLS = Mover("pulls_harder", "not_seen", 18, association=Association(18, 0.1, -0.4, 0.5, 0.6, False))
HIPS = HipsAnalysis(
    usable_stroke_count=20,
    judged_stroke_count=19,
    give_ways=GIVE_WAYS,
    movers=(SITS, HEAD, SHOULDERS, KNEES, PULLS),
    in_time=("shoulders_pulled_forward", "head_drops"),
    in_strength=("shoulders_pulled_forward",),
    sentences=("In 7 of 19 strokes your hips tipped back.",),
)
