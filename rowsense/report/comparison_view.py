"""What the page and the picture of a comparison show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.model import Comparison, Contrast, Posture, Session, Side
from rowsense.report.comparison_words import by_angle, headline, lines, precise, signed, strongest, verdict
from rowsense.report.curves import StrokeCurves, StrokeTimes, stroke_curves
from rowsense.report.words import sentence
from rowsense.texts.measures import ENGLISH, measure, phase_label, quantity_label
from rowsense.texts.texts import Texts

FloatArray = NDArray[np.float64]

_CURVE_HEAD: Final = ("part", "first", "second", "difference")
_NUMBER_HEAD: Final = ("what", "first", "second", "difference", "clear_above")


def curve_head(t: Texts = ENGLISH) -> tuple[str, ...]:
    """Over the numbers of a curve."""
    return tuple(t(f"comparison.head.{name}") for name in _CURVE_HEAD)


def number_head(t: Texts = ENGLISH) -> tuple[str, ...]:
    """Over single numbers; the last column has no head."""
    return (*(t(f"comparison.head.{name}") for name in _NUMBER_HEAD), "")


CURVE_HEAD: Final = curve_head()
NUMBER_HEAD: Final = number_head()


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
    compared: Comparison,
    first: Session,
    second: Session,
    postures: Sequence[tuple[Posture, Posture]],
    t: Texts = ENGLISH,
) -> ComparisonView:
    """The page of a comparison of strokes of ``first`` with strokes of ``second`` (the same one within a recording)."""
    title, said = headline(compared, t)
    every = lines(compared, t)
    said = next((line for line in every if line.startswith(said)), said)
    angles = by_angle(compared)
    return ComparisonView(
        name=_name(first, second, t),
        lead=t(
            "comparison.lead",
            first=_side_words(first, compared.first, t),
            second=_side_words(second, compared.second, t),
        ),
        first=compared.first.name,
        second=compared.second.name,
        title=title,
        sentence=said,
        clear=any(one.clear for one in compared.all),
        lines=tuple(line for line in every if line != said),
        panels=compared_curves(compared, first, second, t),
        unseen=tuple(
            t(f"quantities.angle.{q}") for q in dict.fromkeys(c.quantity for c in compared.phases) if q not in angles
        ),
        times=tuple(_row(one, t) for one in compared.times),
        metrics=tuple(_row(one, t) for one in compared.metrics if math.isfinite(one.difference)),
        notes=tuple(sentence(note) for note in compared.notes),
        postures=tuple(postures),
        own_mean=bool(compared.levels),
    )


def compared_curves(
    compared: Comparison, first: Session, second: Session, t: Texts = ENGLISH
) -> tuple[ComparedCurves, ...]:
    """The angles that were measured on both sides, drive and recovery of all strokes stretched to the same length."""
    times = StrokeTimes.of(first, compared.first.strokes), StrokeTimes.of(second, compared.second.strokes)
    counts = [len(one.catch_s) for one in times]
    finish = sum(one.finish_percent * n for one, n in zip(times, counts, strict=True)) / sum(counts)
    panels = []
    for quantity, phases in by_angle(compared).items():
        levels = compared.levels.get(quantity, (0.0, 0.0))
        sides = [
            stroke_curves(quantity, s.angles.time_s, s.angles[quantity] - level, their, finish)
            for s, their, level in zip((first, second), times, levels, strict=True)
        ]
        panels.append(_panel(quantity, phases, sides[0], sides[1], t, own_mean=quantity in compared.levels))
    return tuple(panels)


def _panel(
    quantity: str, phases: tuple[Contrast, ...], first: StrokeCurves, second: StrokeCurves, t: Texts, *, own_mean: bool
) -> ComparedCurves:
    name, meaning = t(f"quantities.angle.{quantity}"), t(f"quantities.meaning.{quantity}")
    limits = [one.detectable_change for one in phases if math.isfinite(one.detectable_change)]
    at = np.linspace(0, len(first.percent) - 1, 11).astype(int)
    rows = [
        (
            f"{first.percent[i]:.0f} %",
            _with_spread(first, i, t),
            _with_spread(second, i, t),
            signed(float(second.mean[i] - first.mean[i]), "deg", t),
        )
        for i in at
    ]
    main = strongest(phases)
    words = t("comparison.words.none", name=name)
    if main is not None:
        difference, phase = signed(main.difference, "deg", t), phase_label(t, main.phase)
        words = t("comparison.words.clear", name=name, difference=difference, phase=phase)
    return ComparedCurves(
        quantity=quantity,
        name=name,
        meaning=t("comparison.meaning_own_mean", meaning=meaning) if own_mean else meaning,
        first=first,
        second=second,
        detectable_deg=float(np.median(limits)) if limits else math.nan,
        cells=tuple(_cell(one, t) for one in phases),
        rows=tuple(rows),
        words=words,
    )


def _with_spread(curves: StrokeCurves, i: int, t: Texts) -> str:
    mean, sd = measure(t, float(curves.mean[i]), "deg"), float(curves.sd[i])
    return f"{mean} ± {measure(t, sd, 'deg')}" if math.isfinite(sd) else mean


def _cell(one: Contrast, t: Texts) -> Cell:
    return Cell(
        sentence(phase_label(t, one.phase)),
        signed(one.difference, "deg", t),
        precise(one.detectable_change, "deg", t),
        verdict(one, t),
        one.clear,
    )


def _row(one: Contrast, t: Texts) -> tuple[str, ...]:
    return (
        quantity_label(t, one.quantity),
        precise(one.first, one.unit, t),
        precise(one.second, one.unit, t),
        signed(one.difference, one.unit, t),
        precise(one.detectable_change, one.unit, t),
        verdict(one, t),
    )


def _name(first: Session, second: Session, t: Texts) -> str:
    names = dict.fromkeys(session.athlete or session.video.path.name for session in (first, second))
    return t.join(list(names))


def _side_words(session: Session, side: Side, t: Texts) -> str:
    strokes = [session.strokes.strokes[i] for i in side.strokes]
    count = t("comparison.side_strokes", n=len(strokes))
    rate = measure(t, float(np.mean([s.rate_spm for s in strokes])), "", 1)
    return t("comparison.side", name=side.name, strokes=count, rate=rate)
