"""Hips that tip back in plain words: when they begin to, how far, and what moved before or with them.

Sentences say what was measured, in how many strokes and how surely. What moved first is an order in time: none of them
says what makes the hips tip, names a danger or a norm.
"""

from __future__ import annotations

import math
from typing import Final

from rowsense.model import Association, HipsAnalysis, Mover

#: What a rower did, in the past tense.
DID: Final = {
    "head_drops": "your head dropped",
    "shoulders_pulled_forward": "your shoulders came forward",
    "knees_too_high": "your shins leaned past their limit",
}
#: More of it.
MORE: Final = {
    "head_drops": "the further your head dropped",
    "shoulders_pulled_forward": "the further your shoulders came forward",
    "knees_too_high": "the further your shins leaned past their limit",
    "pulls_harder": "the quicker the drive before, at the same stroke rate",
}
NAMES: Final = {
    "sits_on_back_of_bones": "sitting on the back of the sitting bones",
    "head_drops": "the head",
    "shoulders_pulled_forward": "the shoulders",
    "knees_too_high": "the knees",
    "pulls_harder": "pulling harder",
}
ORDER_ONLY: Final = (
    "This is an order in time and nothing more: change one thing, film again, and see what your hips do then."
)


def sentences(hips: HipsAnalysis) -> tuple[str, ...]:
    """Everything there is to say, the hips first, then who moved before or with them in order of time."""
    if hips.reason:
        return (f"Whether your hips tip back was not judged: {hips.reason}.",)
    if not hips.give_ways:
        return (f"{_capital(hips.movers_reason)}.",)
    said = [_tipping(hips), *_recovery(hips)]
    if hips.movers_reason:
        return (*said, f"What moved first was not judged: {hips.movers_reason}.")
    by_id = {m.id: m for m in hips.movers}
    said += [_mover(by_id[name]) for name in hips.in_time]
    if not hips.in_time:
        said.append(_nobody(hips))
    said += [_strength(by_id[name]) for name in hips.in_strength if name != "pulls_harder"]
    said += [_not_judged(m) for m in hips.movers if m.relation == "not_judged"]
    if hips.in_time or hips.in_strength:
        said.append(ORDER_ONLY)
    return tuple(said)


def _tipping(hips: HipsAnalysis) -> str:
    extent, doubt = hips.typical("extent_deg"), hips.typical("extent_sd_deg")
    text = (
        f"In {_of(len(hips.give_ways), hips.judged_stroke_count)} your hips tipped back on the way to the catch, by "
        f"{extent:.0f}° (± {doubt:.0f} in one stroke)"
    )
    before_s = hips.typical("before_catch_s")
    if math.isnan(before_s):
        return f"{text}; when that began cannot be told."
    text += f". They began to {_amount_s(before_s)} before the catch (± {hips.typical('time_sd_s'):.2f} in one stroke)"
    speed = hips.typical("speed_deg_per_s")
    if math.isfinite(speed):
        text += f" and went back at {round(speed, -1):.0f}° a second"
    thigh, knee = hips.typical("thigh_deg"), hips.typical("knee_deg")
    if math.isfinite(thigh) and math.isfinite(knee):
        text += (
            f". At that moment your thighs were {abs(thigh):.0f}° {_over(thigh)} level and your knees at {knee:.0f}°"
        )
    return f"{text}."


def _over(thigh_deg: float) -> str:
    return "over" if thigh_deg >= 0.0 else "under"


def _recovery(hips: HipsAnalysis) -> list[str]:
    known = sum(math.isfinite(g.recovered_ratio) for g in hips.give_ways)
    back = sum(g.recovers for g in hips.give_ways)
    if not known:
        return []
    if not back:
        return [f"In none of {known} of these strokes did they come forward again early in the drive."]
    return [f"In {back} of {known} of these strokes they came half of the way forward again early in the drive."]


def _mover(mover: Mover) -> str:
    where = f"In {_of(mover.shown_count, mover.stroke_count)}"
    if mover.id == "sits_on_back_of_bones":
        return f"{where} you were in the rearmost third of your own range already when your trunk came upright."
    if mover.id == "pulls_harder":
        return _strength(mover)
    did = DID[mover.id]
    if mover.relation == "before":
        where = f"In {_of(mover.before_count, mover.stroke_count)}"
        return (
            f"{where} {did} {_amount_s(-mover.lag_s)} before the hips tipped "
            f"({-mover.lag_high_s:.2f} to {-mover.lag_low_s:.2f} s)."
        )
    side = "before" if mover.lag_s < 0.0 else "after"
    half_s = 0.5 * (mover.lag_high_s - mover.lag_low_s)
    return (
        f"{where} {did} before or with the hips, typically {_amount_s(abs(mover.lag_s))} {side} they tipped "
        f"(± {half_s:.2f}): which came first cannot be told."
    )


def _strength(mover: Mover) -> str:
    surely = "" if mover.association is None else _how_surely(mover.association)
    return f"{_capital(MORE[mover.id])}, the further your hips tipped back{surely}."


def _how_surely(found: Association) -> str:
    return (
        f" (rank correlation {found.coefficient:.1f}, {found.low:.1f} to {found.high:.1f}, over "
        f"{found.stroke_count} strokes)"
    )


def _nobody(hips: HipsAnalysis) -> str:
    names = [NAMES[m.id] for m in hips.movers if m.relation == "not_seen"]
    looked = f" Looked at: {', '.join(names)}." if names else ""
    return f"Nothing surely moved before or with the hips in more than half of the strokes.{looked}"


def _not_judged(mover: Mover) -> str:
    return f"Not judged, {NAMES[mover.id]}: {mover.reason}."


def _of(some: int, strokes: int) -> str:
    return "the one stroke looked at" if strokes == 1 else f"{some} of {strokes} strokes"


def _amount_s(value_s: float) -> str:
    return f"{value_s:.2f} s"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
