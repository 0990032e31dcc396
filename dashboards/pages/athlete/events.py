"""What was tried: calibrations, and changes at the machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from rowsense.store.season_of import SetUp
from rowsense.texts.texts import Texts


def set_up_changes(t: Texts, set_ups: Sequence[SetUp]) -> list[tuple[date, str]]:
    """The days on which something at the machine was not as the last time that it was noted."""
    changes: list[tuple[date, str]] = []
    last = SetUp(date.min, None, None)
    for now in set_ups:
        feet, ergometer = now.foot_height_hole, now.ergometer_type
        if None not in (feet, last.foot_height_hole) and feet != last.foot_height_hole:
            changes.append((now.day, t("athlete.set_up.feet", before=last.foot_height_hole, after=feet)))
        if None not in (ergometer, last.ergometer_type) and ergometer != last.ergometer_type:
            changes.append((now.day, _from_to(t, str(last.ergometer_type), str(ergometer))))
        last = SetUp(
            now.day,
            last.foot_height_hole if feet is None else feet,
            last.ergometer_type if ergometer is None else ergometer,
        )
    return changes


def _from_to(t: Texts, before: str, after: str) -> str:
    return f"{t(f'upload.ergometer.{before}')} → {t(f'upload.ergometer.{after}')}"


def changed_words(t: Texts, set_ups: Sequence[SetUp]) -> str:
    """Of all that was noted; empty: nothing."""
    changes = [t("athlete.set_up.on", said=said, day=t.day(when)) for when, said in set_up_changes(t, set_ups)]
    return t("athlete.set_up.all", changes=", ".join(changes)) if changes else ""


def calibrated_words(t: Texts, when: Sequence[datetime]) -> str:
    """When she was calibrated."""
    if not when:
        return t("athlete.not_calibrated")
    return t("athlete.calibrated_on", days=", ".join(t.day(one.date()) for one in when))
