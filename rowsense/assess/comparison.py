"""Two groups of strokes against each other: angle by angle and phase by phase, times, and the metrics of the catalogue.

1. What counts as one value is that of a stroke; a side is its strokes' mean.
2. Each difference has the detectable change of docs/conventions.md: what is fresh in each stroke for two groups of one
   recording, the whole error for two recordings.
3. Clear takes two things: over the detectable change, and by the strokes' own scatter not what chance brings where so
   much is compared. Of very few strokes the scatter is not known; then only the measurement speaks.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue, Metric, load_catalogue
from rowsense.assess.catch_grid import known_median
from rowsense.assess.comparison_notes import notes_of
from rowsense.assess.contrast import Doubts, contrast_of
from rowsense.assess.definitions import EVENT_SD_S
from rowsense.assess.differences import mostly_real
from rowsense.assess.piece_strokes import DRIVE, RATE
from rowsense.assess.stroke_doubts import angle_doubt, metric_doubt
from rowsense.conventions import PHASES, SPINE_ANGLE_NAMES, STROKE_ORDER
from rowsense.model import Comparison, Contrast, Session, Side, Stroke, StrokeDoubt
from rowsense.model.change import BETWEEN_SESSIONS_DEG, REPEATING_RATIO, Z95
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts

FloatArray = NDArray[np.float64]

#: The angles that are compared in every phase, most important first.
COMPARED: Final = (
    "pelvic_tilt_deg", "lumbar_flexion_deg", "thoracic_flexion_deg", "trunk_lean_deg", "knee_deg", "elbow_deg",
)  # fmt: skip
RATIO: Final = "recovery_drive_ratio"
#: A mean over the stroke is taken of the parts that were seen in at least this share of the strokes of both sides [D],
#: and of at least this many parts [D: half of the stroke].
SEEN_SHARE: Final = 0.5
LEAST_PARTS: Final = 3


def compare_sides(
    first: Session, second: Session, sides: tuple[Side, Side], *, one_session: bool, same_rower: bool = True,
    notes: tuple[str, ...] = (),
    t: Texts = ENGLISH,
) -> Comparison:  # fmt: skip
    """Hold ``sides[1]`` of ``second`` against ``sides[0]`` of ``first``.

    Args:
        first: recording of the first side.
        second: recording of the second side; the same one where ``one_session``.
        sides: usable strokes of each.
        same_rower: whether both show one person, as far as is known.
        one_session: whether both sides are of one recording.
        notes: sentences to add to those about the comparison.
        t: the words of those.
    """
    work = _Work(first, second, sides, one_session, load_catalogue())
    zero = "shared" if one_session else "calibrated" if work.calibrated else "level_out"
    levels = work.levels() if zero == "level_out" else {}
    phases = [work.phase(quantity, phase, levels) for quantity in COMPARED for phase in STROKE_ORDER]
    times = work.times()
    metrics = [work.metric(m) for m in work.catalogue.metrics.values() if m.kind in ("change", "timing")]
    metrics = [m for m in metrics if m.first_count and m.second_count]
    found = [*phases, *times, *metrics]
    named = [work.named(c, bool(r)) for c, r in zip(found, mostly_real([c.probability for c in found]), strict=True)]
    compared = Comparison(
        first=sides[0],
        second=sides[1],
        zero=zero,
        phases=tuple(named[: len(phases)]),
        times=tuple(named[len(phases) : len(phases) + len(times)]),
        metrics=tuple(named[len(phases) + len(times) :]),
        levels={q: (float(np.nanmean(a)), float(np.nanmean(b))) for q, (a, b) in levels.items() if _known(a, b)},
        same_rower=same_rower,
    )
    return replace(compared, notes=notes_of(compared, first, second, t) + notes)


class _Work:
    """The two sides and what is looked up for every quantity."""

    def __init__(
        self, first: Session, second: Session, sides: tuple[Side, Side], one_session: bool, catalogue: Catalogue
    ) -> None:
        self.sessions, self.sides, self.one_session, self.catalogue = (first, second), sides, one_session, catalogue
        self.calibrated = all(s.spine_reference.kind == "calibration" for s in self.sessions)
        self.picked = one_session and any(side.picked_by_score for side in sides)

    def values(self, metric: str) -> tuple[FloatArray, FloatArray]:
        """(n1,) and (n2,) of a stroke metric; NaN = not measured."""
        pairs = zip(self.sessions, self.sides, strict=True)
        found = [_of_strokes(session, metric, side) for session, side in pairs]
        return found[0], found[1]

    def levels(self) -> dict[str, tuple[FloatArray, FloatArray]]:
        """Angle of pelvis or spine -> each stroke's mean over the parts that both sides show."""
        return {quantity: self._level(quantity) for quantity in SPINE_ANGLE_NAMES}

    def _level(self, quantity: str) -> tuple[FloatArray, FloatArray]:
        parts = [self.values(f"{quantity}_{phase}") for phase in PHASES]
        seen = [p for p in parts if min(np.isfinite(side).mean() for side in p) >= SEEN_SHARE]
        if len(seen) < LEAST_PARTS:
            return np.full(len(self.sides[0].strokes), np.nan), np.full(len(self.sides[1].strokes), np.nan)
        return np.mean([p[0] for p in seen], axis=0), np.mean([p[1] for p in seen], axis=0)

    def phase(self, quantity: str, phase: str, levels: dict[str, tuple[FloatArray, FloatArray]]) -> Contrast:
        """One angle in one phase, its level over the stroke taken out where there is one."""
        one, two = self.values(f"{quantity}_{phase}")
        if quantity in levels:
            one, two = one - levels[quantity][0], two - levels[quantity][1]
        doubts = self.doubts(lambda session: angle_doubt(session, quantity, self.catalogue), BETWEEN_SESSIONS_DEG)
        if self.calibrated and not self.one_session and quantity in SPINE_ANGLE_NAMES:
            doubts = replace(doubts, zeros_sd=math.hypot(*(_zero_sd_deg(s, quantity) for s in self.sessions)))
        return contrast_of(quantity, phase, "deg", one, two, doubts)

    def metric(self, metric: Metric) -> Contrast:
        """One metric of the catalogue; not judged where the catalogue knows no error of it."""
        floor = BETWEEN_SESSIONS_DEG if metric.unit == "deg" else 0.0
        repeating = self.repeating_ratio(metric.unit)
        doubts = self.doubts(lambda session: metric_doubt(session, metric, self.catalogue, repeating), floor)
        return contrast_of(metric.name, "", metric.unit, *self.values(metric.name), doubts)

    def times(self) -> list[Contrast]:
        """Rate, drive time, and recovery against drive."""
        found = []
        for name, (unit, value, error) in _TIMES.items():
            one, two = (
                np.array([value(session.strokes.strokes[i]) for i in side.strokes])
                for session, side in zip(self.sessions, self.sides, strict=True)
            )
            both = zip(self.sessions, self.sides, strict=True)
            errors = [known_median(np.array([error(s.strokes.strokes[i]) for i in d.strokes])) for s, d in both]
            doubts = [StrokeDoubt(sd * EVENT_SD_S, self.repeating_ratio(unit)) for sd in errors]
            found.append(contrast_of(name, "", unit, one, two, Doubts(doubts[0], doubts[1], self.one_session)))
        return found

    def repeating_ratio(self, unit: str) -> float:
        """Of the error of what is no angle of pelvis or spine. That a part of it repeats is measured of angles; so
        within a recording nothing else is taken to cancel, and between two all is taken to stay as theirs does [D].
        """
        return 0.0 if self.one_session and unit != "deg" else REPEATING_RATIO

    def doubts(self, doubt: Callable[[Session], StrokeDoubt], floor: float) -> Doubts:
        """Of a quantity on both sides."""
        return Doubts(doubt(self.sessions[0]), doubt(self.sessions[1]), self.one_session, floor=floor)

    def named(self, contrast: Contrast, beyond: bool) -> Contrast:
        """With its judgement. Strokes picked by their score are picked by lucky errors as well, so of their difference
        only the share counts that the measurement does not explain, as in :mod:`rowsense.assess.best`.
        """
        real = self._real_share(contrast) if self.picked else 1.0
        return replace(contrast, clear=beyond and abs(real * contrast.difference) > contrast.detectable_change)

    def _real_share(self, contrast: Contrast) -> float:
        if contrast.phase == "":
            both = self.values(contrast.quantity)
        else:
            both = self.values(f"{contrast.quantity}_{contrast.phase}")
        known = np.concatenate(both)
        known = known[np.isfinite(known)]
        count = math.sqrt(1.0 / max(contrast.first_count, 1) + 1.0 / max(contrast.second_count, 1))
        fresh = contrast.detectable_change / (Z95 * count)
        variance = float(known.var(ddof=1)) if len(known) > 1 else 0.0
        return max(0.0, 1.0 - fresh**2 / variance) if variance > 0.0 else 1.0


#: Time of a stroke -> unit, value, and by how many event errors it is off.
_TIMES: Final[dict[str, tuple[str, Callable[[Stroke], float], Callable[[Stroke], float]]]] = {
    # A rate is 60 over the time between two events: d rate = rate^2 / 60 d time.
    RATE: ("spm", lambda s: s.rate_spm, lambda s: s.rate_spm**2 / 60.0 * math.sqrt(2.0)),
    DRIVE: ("s", lambda s: s.drive_s, lambda s: math.sqrt(2.0)),
    # r = recovery / drive has end, finish and catch in it: d r = (d end - (1 + r) d finish + r d catch) / drive.
    RATIO: (
        "ratio",
        lambda s: s.recovery_s / s.drive_s,
        lambda s: math.hypot(1.0, 1.0 + s.recovery_s / s.drive_s, s.recovery_s / s.drive_s) / s.drive_s,
    ),
}


def _of_strokes(session: Session, metric: str, side: Side) -> FloatArray:
    values = session.assessment.metrics.get(metric)
    return np.full(len(side.strokes), np.nan) if values is None else np.asarray(values)[list(side.strokes)]


def _known(one: FloatArray, two: FloatArray) -> bool:
    return bool(np.isfinite(one).any() and np.isfinite(two).any())


def _zero_sd_deg(session: Session, quantity: str) -> float:
    """Of a calibrated zero; that of the upper back is not stated, so the larger of the two others stands for it [D]."""
    reference = session.spine_reference
    tilt, lumbar = reference.pelvic_tilt_offset_sd_deg, reference.lumbar_flexion_offset_sd_deg
    return {"pelvic_tilt_deg": tilt, "lumbar_flexion_deg": lumbar}.get(quantity, max(tilt, lumbar))
