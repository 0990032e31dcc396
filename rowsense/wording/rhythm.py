"""Rhythm and sequence in plain words: what was seen, what it stands beside, and no judgement."""

from __future__ import annotations

import math

from rowsense.model import Overlap, Pause, RhythmAnalysis, Tempo, Travel
from rowsense.model.rhythm import WATER_RATE_SPM
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts


def rhythm_sentences(rhythm: RhythmAnalysis, t: Texts = ENGLISH) -> tuple[str, ...]:
    """One thing each, in the order in which to say them; what was not measured says so."""
    return (
        *_sequence(t, rhythm),
        *(_overlap(t, o) for o in rhythm.overlaps if o.ratio.known),
        _tempo(t, rhythm.tempo),
        *_pauses(t, rhythm.pauses),
        *_travel(t, rhythm.travel),
    )


def segment_name(t: Texts, segment: str) -> str:
    """``legs``, within a sentence."""
    return t(f"report_rhythm.name.{segment}")


def _sequence(t: Texts, rhythm: RhythmAnalysis) -> tuple[str, ...]:
    """Who moves fastest when, and how surely in that order."""
    hidden = [segment_name(t, s.segment) for s in rhythm.segments if not s.peak_at_ratio.known]
    said = [t("report_rhythm.said.hidden", names=_and(t, hidden))] if hidden else []
    if not rhythm.peak_order:
        return tuple(said)
    moments = ", ".join(
        t(
            "report_rhythm.said.moment",
            name=segment_name(t, name),
            share=t.number(100.0 * rhythm.segment(name).peak_at_ratio.median),
        )
        for name in rhythm.peak_order
    )
    said.insert(0, t("report_rhythm.said.fastest", moments=moments))
    if len(rhythm.peak_order) > 1:
        said.insert(1, _order(t, rhythm))
    return tuple(said)


def _order(t: Texts, rhythm: RhythmAnalysis) -> str:
    groups = [_and(t, [segment_name(t, name) for name in group]) for group in rhythm.peak_groups]
    if len(groups) == 1:
        return t("report_rhythm.said.close", names=groups[0])
    names = groups[0]
    for name in groups[1:]:
        names = t("report_rhythm.said.then", before=names, name=name)
    if any(len(group) > 1 for group in rhythm.peak_groups):
        return t("report_rhythm.said.order_close", names=names)
    count, of = rhythm.peak_order_count, rhythm.peak_order_of
    if of > 1:
        return t("report_rhythm.said.order_often", names=names, count=count, of=of)
    return t("report_rhythm.said.order", names=names)


def _and(t: Texts, names: list[str]) -> str:
    """``legs and trunk and arms``."""
    said = names[0]
    for name in names[1:]:
        said = t("dates.and", first=said, last=name)
    return said


def _overlap(t: Texts, overlap: Overlap) -> str:
    ratio, between = overlap.ratio, f"{overlap.first}_{overlap.second}"
    share = t.number(100.0 * abs(ratio.median))
    if not math.isnan(ratio.sd):
        share = f"{share} ± {t.number(100.0 * ratio.sd)}"
    kind = "gap" if ratio.median < 0.0 else "overlap"
    return t(f"report_rhythm.said.{kind}.{between}", share=share)


def _tempo(t: Texts, found: Tempo) -> str:
    """The ratio beside BioRow's line."""
    told = {
        "rate": t.number(found.rate_spm.median, 1),
        "ratio": t.number(found.recovery_drive_ratio.median, 2),
    }
    if math.isnan(found.water_ratio):
        low, high = WATER_RATE_SPM
        return t("report_rhythm.said.tempo_beyond", low=t.number(low), high=t.number(high), **told)
    return t("report_rhythm.said.tempo", line=t.number(found.water_ratio, 2), **told)


def _pauses(t: Texts, found: tuple[Pause, ...]) -> tuple[str, ...]:
    """Rests of the handle, or that there is none."""
    seen = [p for p in found if p.slow_s.known]
    if not seen:
        return (t("report_rhythm.said.pause_unknown"),)
    resting = [p for p in seen if p.shows]
    if not resting:
        where = _and(t, [t(f"report_rhythm.said.at.{p.place}") for p in seen])
        return (t("report_rhythm.said.no_pause", where=where),)
    return tuple(_pause(t, p) for p in resting)


def _pause(t: Texts, pause: Pause) -> str:
    count = pause.slow_s.stroke_count
    of = (
        t("report_rhythm.said.of_one")
        if count == 1
        else t("report_rhythm.said.of", some=len(pause.strokes), strokes=count)
    )
    return t(f"report_rhythm.said.pause.{pause.place}", of=of, time=t.number(pause.pause_s, 2))


def _travel(t: Texts, found: Travel) -> tuple[str, ...]:
    """Stroke length, and what it is measured by."""
    if not found.handle_trunk_ratio.known:
        return (t("report_rhythm.said.travel_unknown"),)
    handle = t.number(found.handle_trunk_ratio.median, 2)
    if found.seat_handle_ratio.known:
        seat = t.number(100.0 * found.seat_handle_ratio.median)
        said = t("report_rhythm.said.travel_seat", handle=handle, seat=seat)
    else:
        said = t("report_rhythm.said.travel", handle=handle)
    if not found.scale:
        return (f"{said} {t('report_rhythm.said.needs_height')}",)
    sd_m = found.handle_m.sd if math.isfinite(found.handle_m.sd) else found.scale_sd_ratio * found.handle_m.median
    metres = t(
        "report_rhythm.said.metres",
        length=t.number(found.handle_m.median, 2),
        sd=t.number(sd_m, 2),
        height=t.number(100.0 * found.height_m),
    )
    return (said, metres)
