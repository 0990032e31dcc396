"""Words that claim a cause, a danger or a norm. RowSense measures, and never claims these."""

from __future__ import annotations

import re

WORDS = (
    "because", "due to", "caused", "causes", "causing", "leads to", "safe", "safely", "unsafe", "safety", "dangerous",
    "danger", "risk", "risks", "risky", "harm", "harmful", "damage", "correct", "incorrect", "correctly", "proper",
    "properly", "wrong", "bad", "poor", "injury", "injuries", "injure", "injured", "hurt", "hurts", "pain", "painful",
    "ache", "diagnosis", "diagnose", "disease", "condition", "disc", "discs", "slipped", "herniated", "sciatica",
    "vertebra", "vertebrae", "spinal load", "spinal", "posture is", "treatment", "patient", "healthy", "unhealthy",
    "ideal", "perfect", "should have", "mistake",
)  # fmt: skip
_PATTERN = re.compile(r"\b(" + "|".join(map(re.escape, WORDS)) + r")\b", re.IGNORECASE)


def forbidden_in(texts):
    """(word, text) for every text that has one."""
    return [(found.group(), text) for text in texts if (found := _PATTERN.search(text))]
