"""Rhythm and sequence in plain words: what was seen, what it stands beside, and no judgement."""

from __future__ import annotations

import math

from rowsense.model import Overlap, Pause, RhythmAnalysis, Tempo, Travel
from rowsense.model.rhythm import WATER_RATE_SPM

_AT = {"finish": "at the finish", "catch": "before the catch"}


def sentences(rhythm: RhythmAnalysis) -> tuple[str, ...]:
    """One thing each, in the order in which to say them; what was not measured says so."""
    return (
        *_sequence(rhythm),
        *(_overlap(o) for o in rhythm.overlaps if o.ratio.known),
        _tempo(rhythm.tempo),
        *_pauses(rhythm.pauses),
        *_travel(rhythm.travel),
    )


def _sequence(rhythm: RhythmAnalysis) -> tuple[str, ...]:
    """Who moves fastest when, and how surely in that order."""
    hidden = [s.segment for s in rhythm.segments if not s.peak_at_ratio.known]
    said = [f"Not measured in the drive: {' and '.join(hidden)}."] if hidden else []
    if not rhythm.peak_order:
        return tuple(said)
    moments = ", ".join(
        f"{name} at {100.0 * rhythm.segment(name).peak_at_ratio.median:.0f} %" for name in rhythm.peak_order
    )
    said.insert(0, f"Where each is fastest in the drive (0 % = catch, 100 % = finish): {moments}.")
    if len(rhythm.peak_order) > 1:
        said.insert(1, _order(rhythm))
    return tuple(said)


def _order(rhythm: RhythmAnalysis) -> str:
    groups = [" and ".join(group) for group in rhythm.peak_groups]
    if len(groups) == 1:
        return f"The peaks of {groups[0]} are too close together to be put in order."
    words = ", then ".join(groups)
    together = any(len(group) > 1 for group in rhythm.peak_groups)
    tail = "; those named together are too close to be put in order" if together else _how_often(rhythm)
    return f"In order: {words}{tail}."


def _how_often(rhythm: RhythmAnalysis) -> str:
    count, of = rhythm.peak_order_count, rhythm.peak_order_of
    return f", in {count} of {of} strokes" if of > 1 else ""


def _overlap(overlap: Overlap) -> str:
    first, second, ratio = overlap.first, overlap.second, overlap.ratio
    doubt = "" if math.isnan(ratio.sd) else f" ± {100.0 * ratio.sd:.0f}"
    share = f"{100.0 * abs(ratio.median):.0f}{doubt} % of the drive"
    if ratio.median < 0.0:
        return f"From the end of the {first} to the start of the {second} there are {share}."
    return f"{first.capitalize()} and {second} move together for {share}."


def _tempo(found: Tempo) -> str:
    """The ratio beside BioRow's line."""
    rate, ratio = found.rate_spm.median, found.recovery_drive_ratio.median
    said = f"At {rate:.1f} strokes a minute the recovery takes {ratio:.2f} times the drive"
    if math.isnan(found.water_ratio):
        low, high = WATER_RATE_SPM
        return f"{said}. BioRow's line for single sculls on the water reaches from {low:.0f} to {high:.0f} only."
    return (
        f"{said}; BioRow's line for a single scull on the water at this rate is {found.water_ratio:.2f}. It is context "
        "and no target."
    )


def _pauses(found: tuple[Pause, ...]) -> tuple[str, ...]:
    """Rests of the handle, or that there is none."""
    seen = [p for p in found if p.slow_s.known]
    if not seen:
        return ("Whether the handle pauses was not measured: the hands were not seen throughout any stroke.",)
    resting = [p for p in seen if p.shows]
    if not resting:
        where = " and ".join(_AT[p.place] for p in seen)
        return (f"The handle turns without a pause {where}.",)
    return tuple(_pause(p) for p in resting)


def _pause(pause: Pause) -> str:
    count = pause.slow_s.stroke_count
    strokes = "the one stroke" if count == 1 else f"{len(pause.strokes)} of {count} strokes"
    return f"In {strokes} the handle pauses {_AT[pause.place]}, for {pause.pause_s:.2f} s typically."


def _travel(found: Travel) -> tuple[str, ...]:
    """Stroke length, and what it is measured by."""
    if not found.handle_trunk_ratio.known:
        return ("Stroke length was not measured: the hands, or the length of the trunk, were not seen throughout.",)
    trunk = f"The handle travels {found.handle_trunk_ratio.median:.2f} trunk lengths from catch to finish"
    if found.seat_handle_ratio.known:
        trunk += f", the seat {100.0 * found.seat_handle_ratio.median:.0f} % of that"
    if not found.scale:
        return (f"{trunk}. For metres it takes your height (--height-cm).",)
    sd_m = found.handle_m.sd if math.isfinite(found.handle_m.sd) else found.scale_sd_ratio * found.handle_m.median
    return (
        f"{trunk}.",
        f"That is {found.handle_m.median:.2f} ± {sd_m:.2f} m; the scale comes from your height of "
        f"{100.0 * found.height_m:.0f} cm, with legs of usual length.",
    )
