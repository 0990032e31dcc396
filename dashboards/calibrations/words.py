"""What a calibration says and how surely, in words."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Final

from rowsense.model import AngleRange
from rowsense.store.own_calibrations import KnownCalibration
from rowsense.texts.texts import Texts

#: Of a normal distribution: 19 times in 20.
_SURE: Final = 1.96


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """One of a rower's."""

    key: uuid.UUID
    day: date
    when: str
    says: str
    sure: str
    held: str
    """How often each posture was held."""
    notes: tuple[str, ...]
    """What could have been better, in English as it is kept."""
    used: bool
    """Whether what is analysed now is measured by it."""


def calibration_lines(t: Texts, known: list[KnownCalibration]) -> tuple[CalibrationLine, ...]:
    """In their order: the newest that can be read is used, and no other of another way of measuring."""
    readable = [one.key for one in known if one.calibration is not None]
    used = readable[0] if readable else None
    return tuple(_line(t, one, used=one.key == used) for one in known)


def _line(t: Texts, one: KnownCalibration, *, used: bool) -> CalibrationLine:
    day, found = one.made_at.date(), one.calibration
    if found is None:
        return CalibrationLine(one.key, day, t.day(day), t("calibrations.damaged"), "", "", (), used=False)
    tilt, lumbar = found.pelvic_tilt, found.lumbar_flexion
    ranges = {"tilt": t.number(abs(tilt.width_deg)), "lumbar": t.number(abs(lumbar.width_deg))}
    sure = {"tilt": _sure(t, tilt), "lumbar": _sure(t, lumbar), "zero": t.number(_SURE * tilt.neutral_sd_deg)}
    counts = {"tall": found.tall_count, "slump": found.slump_count, "hinge": found.hinge_count}
    return CalibrationLine(
        one.key, day, t.day(day), t("calibrations.says", **ranges), t("calibrations.sure", **sure),
        t("calibrations.held", **counts), found.notes, used=used,
    )  # fmt: skip


def _sure(t: Texts, one: AngleRange) -> str:
    return t.number(_SURE * one.width_sd_deg)
