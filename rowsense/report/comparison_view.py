"""What the page and the picture of a comparison show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.model import Comparison, Contrast, Posture, Session, Side
from rowsense.palette import PHASE_WORDS
from rowsense.report.comparison_words import by_angle, headline, lines, precise, signed, strongest, verdict
from rowsense.report.curves import StrokeCurves, StrokeTimes, stroke_curves
from rowsense.report.words import QUANTITY_WORDS, number, quantity_name, sentence

FloatArray = NDArray[np.float64]

CURVE_HEAD: Final = ("Part of the stroke", "First", "Second", "Difference")
NUMBER_HEAD: Final = ("What", "First", "Second", "Difference", "Clear above", "")


@dataclass(frozen=True, slots=True)
class Cell:
    """One phase under a chart."""

    phase: str
    difference: str
    takes: str
    verdict: str
    clear: bool


@dataclass(frozen=True, slots=True)
class ComparedCurves:
    """One angle over the stroke on both sides, ready to be drawn."""

    quantity: str
    name: str
    meaning: str
    first: StrokeCurves
    second: StrokeCurves
    """On the same axis as ``first``."""
    detectable_deg: float
    """Half the width of the band around the first side's mean; NaN = not known."""
    cells: tuple[Cell, ...]
    rows: tuple[tuple[str, ...], ...]
    """Under :data:`CURVE_HEAD`."""
    words: str

    @property
    def difference(self) -> FloatArray:
        """(P,) second minus first."""
        return np.asarray(self.second.mean - self.first.mean)


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """Everything a comparison says."""

    name: str
    lead: str
    first: str
    second: str
    title: str
    sentence: str
    clear: bool
    lines: tuple[str, ...]
    panels: tuple[ComparedCurves, ...]
    unseen: tuple[str, ...]
    """Angles that were not measured on both sides."""
    times: tuple[tuple[str, ...], ...]
    """Under :data:`NUMBER_HEAD`."""
    metrics: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    postures: tuple[tuple[Posture, Posture], ...]
    """Of both sides, moment by moment."""
    own_mean: bool
    """Hips and back are measured from each side's own mean."""


def comparison_view(
    compared: Comparison, first: Session, second: Session, postures: Sequence[tuple[Posture, Posture]]
) -> ComparisonView:
    """The page of a comparison of strokes of ``first`` with strokes of ``second`` (the same one within a recording)."""
    title, said = headline(compared)
    every = lines(compared)
    said = next((line for line in every if line.startswith(said)), said)
    angles = by_angle(compared)
    return ComparisonView(
        name=_name(compared, first, second),
        lead=f"Comparing {_side_words(first, compared.first)} with {_side_words(second, compared.second)}.",
        first=compared.first.name,
        second=compared.second.name,
        title=title,
        sentence=said,
        clear=any(one.clear for one in compared.all),
        lines=tuple(line for line in every if line != said),
        panels=compared_curves(compared, first, second),
        unseen=tuple(
            QUANTITY_WORDS[q][0] for q in dict.fromkeys(c.quantity for c in compared.phases) if q not in angles
        ),
        times=tuple(_row(one) for one in compared.times),
        metrics=tuple(_row(one) for one in compared.metrics if math.isfinite(one.difference)),
        notes=tuple(sentence(note) for note in compared.notes),
        postures=tuple(postures),
        own_mean=bool(compared.levels),
    )


def compared_curves(compared: Comparison, first: Session, second: Session) -> tuple[ComparedCurves, ...]:
    """The angles that were measured on both sides, drive and recovery of all strokes stretched to the same length."""
    times = StrokeTimes.of(first, compared.first.strokes), StrokeTimes.of(second, compared.second.strokes)
    counts = [len(t.catch_s) for t in times]
    finish = sum(t.finish_percent * n for t, n in zip(times, counts, strict=True)) / sum(counts)
    panels = []
    for quantity, phases in by_angle(compared).items():
        levels = compared.levels.get(quantity, (0.0, 0.0))
        sides = [
            stroke_curves(quantity, s.angles.time_s, s.angles[quantity] - level, t, finish)
            for s, t, level in zip((first, second), times, levels, strict=True)
        ]
        panels.append(_panel(quantity, phases, sides[0], sides[1], own_mean=quantity in compared.levels))
    return tuple(panels)


def _panel(
    quantity: str, phases: tuple[Contrast, ...], first: StrokeCurves, second: StrokeCurves, *, own_mean: bool
) -> ComparedCurves:
    name, meaning = QUANTITY_WORDS[quantity]
    limits = [one.detectable_change for one in phases if math.isfinite(one.detectable_change)]
    at = np.linspace(0, len(first.percent) - 1, 11).astype(int)
    rows = [
        (
            f"{first.percent[i]:.0f} %",
            _with_spread(first, i),
            _with_spread(second, i),
            signed(float(second.mean[i] - first.mean[i]), "deg"),
        )
        for i in at
    ]
    main = strongest(phases)
    found = f"the clearest difference is {signed(main.difference, 'deg')} ({PHASE_WORDS[main.phase]})" if main else ""
    return ComparedCurves(
        quantity=quantity,
        name=name,
        meaning=f"{meaning}; 0 = own mean over the stroke" if own_mean else meaning,
        first=first,
        second=second,
        detectable_deg=float(np.median(limits)) if limits else math.nan,
        cells=tuple(_cell(one) for one in phases),
        rows=tuple(rows),
        words=f"{name} over the stroke on both sides: {found or 'no phase differs clearly'}.",
    )


def _with_spread(curves: StrokeCurves, i: int) -> str:
    mean, sd = number(float(curves.mean[i]), "deg"), float(curves.sd[i])
    return f"{mean} ± {number(sd, 'deg')}" if math.isfinite(sd) else mean


def _cell(one: Contrast) -> Cell:
    return Cell(
        PHASE_WORDS[one.phase].capitalize(),
        signed(one.difference, "deg"),
        precise(one.detectable_change, "deg"),
        verdict(one),
        one.clear,
    )


def _row(one: Contrast) -> tuple[str, ...]:
    return (
        quantity_name(one.quantity),
        precise(one.first, one.unit),
        precise(one.second, one.unit),
        signed(one.difference, one.unit),
        precise(one.detectable_change, one.unit),
        verdict(one),
    )


def _name(compared: Comparison, first: Session, second: Session) -> str:
    names = dict.fromkeys(session.athlete or session.video.path.name for session in (first, second))
    return " and ".join(names)


def _side_words(session: Session, side: Side) -> str:
    strokes = [session.strokes.strokes[i] for i in side.strokes]
    count = "1 stroke" if len(strokes) == 1 else f"{len(strokes)} strokes"
    rate = number(float(np.mean([s.rate_spm for s in strokes])), "", 1)
    return f"{side.name} ({count} at {rate} a minute)"
