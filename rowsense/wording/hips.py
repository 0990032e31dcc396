"""Hips that tip back in plain words: when they begin to, how far, and what moved before or with them.

Sentences say what was measured, in how many strokes and how surely. What moved first is an order in time: none of them
says what makes the hips tip, names a danger or a norm.
"""

from __future__ import annotations

import math

from rowsense.model import HipsAnalysis, Mover
from rowsense.texts.found import stored_or_quoted
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts


def hips_sentences(hips: HipsAnalysis, t: Texts = ENGLISH) -> tuple[str, ...]:
    """Everything there is to say, the hips first, then who moved before or with them in order of time."""
    if hips.reason:
        return (t("report_hips.said.not_judged", why=stored_or_quoted(t, hips.reason)),)
    if not hips.give_ways:
        why = stored_or_quoted(t, hips.movers_reason)
        return (f"{why[:1].upper()}{why[1:]}.",)
    said = [_tipping(t, hips), *_recovery(t, hips)]
    if hips.movers_reason:
        return (*said, t("report_hips.said.first_not_judged", why=stored_or_quoted(t, hips.movers_reason)))
    by_id = {m.id: m for m in hips.movers}
    said += [_mover(t, by_id[name]) for name in hips.in_time]
    if not hips.in_time:
        said.append(_nobody(t, hips))
    said += [_strength(t, by_id[name]) for name in hips.in_strength if name != "pulls_harder"]
    said += [
        t("report_hips.said.unjudged", what=t(f"report_hips.said.name.{m.id}"), why=stored_or_quoted(t, m.reason))
        for m in hips.movers
        if m.relation == "not_judged"
    ]
    if hips.in_time or hips.in_strength:
        said.append(t("report_hips.said.order_only"))
    return tuple(said)


def _tipping(t: Texts, hips: HipsAnalysis) -> str:
    extent, doubt = hips.typical("extent_deg"), hips.typical("extent_sd_deg")
    told = {
        "of": _of(t, len(hips.give_ways), hips.judged_stroke_count),
        "extent": t.number(extent),
        "doubt": t.number(doubt),
    }
    before_s = hips.typical("before_catch_s")
    if math.isnan(before_s):
        return t("report_hips.said.tip_when", **told)
    said = [t("report_hips.said.tip", **told)]
    began = {"before": _amount(t, before_s), "sd": t.number(hips.typical("time_sd_s"), 2)}
    speed = hips.typical("speed_deg_per_s")
    if math.isfinite(speed):
        said.append(t("report_hips.said.began_speed", speed=t.number(round(speed, -1)), **began))
    else:
        said.append(t("report_hips.said.began", **began))
    thigh, knee = hips.typical("thigh_deg"), hips.typical("knee_deg")
    if math.isfinite(thigh) and math.isfinite(knee):
        side = "report_hips.said.thighs_over" if thigh >= 0.0 else "report_hips.said.thighs_under"
        said.append(t(side, thigh=t.number(abs(thigh)), knee=t.number(knee)))
    return " ".join(said)


def _recovery(t: Texts, hips: HipsAnalysis) -> list[str]:
    known = sum(math.isfinite(g.recovered_ratio) for g in hips.give_ways)
    back = sum(g.recovers for g in hips.give_ways)
    if not known:
        return []
    if not back:
        return [t("report_hips.said.none_back", count=known)]
    return [t("report_hips.said.some_back", some=back, count=known)]


def _mover(t: Texts, mover: Mover) -> str:
    if mover.id == "pulls_harder":
        return _strength(t, mover)
    of = _of(t, mover.shown_count, mover.stroke_count)
    if mover.id == "sits_on_back_of_bones":
        return t("report_hips.said.sits", of=of)
    if mover.relation == "before":
        return t(
            f"report_hips.said.before.{mover.id}",
            of=_of(t, mover.before_count, mover.stroke_count),
            time=_amount(t, -mover.lag_s),
            low=t.number(-mover.lag_high_s, 2),
            high=t.number(-mover.lag_low_s, 2),
        )
    side = "report_hips.said.with_before" if mover.lag_s < 0.0 else "report_hips.said.with_after"
    half_s = 0.5 * (mover.lag_high_s - mover.lag_low_s)
    return t(
        f"{side}.{mover.id}",
        of=of,
        time=_amount(t, abs(mover.lag_s)),
        half=t.number(half_s, 2),
    )


def _strength(t: Texts, mover: Mover) -> str:
    found = mover.association
    if found is None:
        return t(f"report_hips.said.more.{mover.id}")
    return t(
        f"report_hips.said.more_known.{mover.id}",
        found=t.number(found.coefficient, 1),
        low=t.number(found.low, 1),
        high=t.number(found.high, 1),
        count=found.stroke_count,
    )


def _nobody(t: Texts, hips: HipsAnalysis) -> str:
    names = [t(f"report_hips.said.name.{m.id}") for m in hips.movers if m.relation == "not_seen"]
    return t("report_hips.said.nobody_of", names=", ".join(names)) if names else t("report_hips.said.nobody")


def _of(t: Texts, some: int, strokes: int) -> str:
    return t("report_hips.said.of_one") if strokes == 1 else t("report_hips.said.of", some=some, strokes=strokes)


def _amount(t: Texts, value_s: float) -> str:
    return f"{t.number(value_s, 2)} s"
