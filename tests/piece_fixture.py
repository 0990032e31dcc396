"""The analysis of a piece of ten minutes, made up: every kind of result once."""

from __future__ import annotations

from rowsense.model import BestStrokes, Difference, Drift, PieceAnalysis, RateStep, Spread

DIFFERENCE = Difference("pelvic_tilt_deg_catch", "deg", -5.0, -7.0, -3.0, 2.7, True)
DRIFT = Drift(
    "pelvic_tilt_deg_catch", "deg", 240, -0.5, -0.7, -0.3, -5.0, -7.0, -3.0, 2.4, clear=True, from_min=6.0
)  # fmt: skip
UNJUDGED = Drift("lumbar_flexion_deg_slide", "deg", 12, reason="lumbar flexion slide was measured in 12 strokes")
PIECE = PieceAnalysis(
    stroke_count=240,
    duration_min=10.0,
    drifts=(DRIFT, UNJUDGED),
    rate_steps=(RateStep(5.0, 101, 20.0, 28.0, 20, 20, (DIFFERENCE,)),),
    spreads=(Spread("pelvic_tilt_deg_catch", "deg", 240, 5.0, 4.0, 3.0, 2.0, 3.8),),
    best=BestStrokes((4, 17, 9), 80.0, 66.0, 237, (DIFFERENCE,)),
)
