"""What was tried: calibrations, and changes at the machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from dashboards.pages.season_words import day
from rowsense.store.season_of import SetUp


def set_up_changes(set_ups: Sequence[SetUp]) -> list[tuple[date, str]]:
    """The days on which something at the machine was not as the last time that it was noted."""
    changes: list[tuple[date, str]] = []
    last = SetUp(date.min, None, None)
    for now in set_ups:
        feet, ergometer = now.foot_height_hole, now.ergometer_type
        if None not in (feet, last.foot_height_hole) and feet != last.foot_height_hole:
            changes.append((now.day, f"feet {last.foot_height_hole} → {feet}"))
        if None not in (ergometer, last.ergometer_type) and ergometer != last.ergometer_type:
            changes.append((now.day, f"{last.ergometer_type} → {ergometer}"))
        last = SetUp(
            now.day,
            last.foot_height_hole if feet is None else feet,
            last.ergometer_type if ergometer is None else ergometer,
        )
    return changes


def changed_words(set_ups: Sequence[SetUp]) -> str:
    """Of all that was noted; empty: nothing."""
    changes = [f"{said} on {day(when)}" for when, said in set_up_changes(set_ups)]
    return f"Changed at the machine: {', '.join(changes)}." if changes else ""


def calibrated_words(when: Sequence[datetime]) -> str:
    """When she was calibrated."""
    if not when:
        return "Not calibrated yet. A calibration gives a zero and a range of one's own."
    return f"Calibrated on {', '.join(day(one.date()) for one in when)}."
