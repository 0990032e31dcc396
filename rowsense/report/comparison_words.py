"""What a comparison says in sentences: what is clear, by how much, and from where on it would have been."""

from __future__ import annotations

import math
from typing import Final

from rowsense.model import Comparison, Contrast
from rowsense.texts.measures import ENGLISH, measure, quantity_label, span, when_label
from rowsense.texts.texts import Texts

_DIGITS: Final = {"deg": 1, "spm": 1, "s": 3, "percent": 1, "ratio": 2}
#: Of an angle that is measured from its own mean: English says whose.
_PLURAL_VERB: Final = "were"


def precise(value: float, unit: str, t: Texts = ENGLISH) -> str:
    """A difference or its limit, with one digit more than a value has, so that the two can be told apart."""
    return measure(t, value, unit, _DIGITS.get(unit, 2))


def signed(value: float, unit: str, t: Texts = ENGLISH) -> str:
    """With its sign."""
    written = precise(abs(value), unit, t)
    if not math.isfinite(value) or not any(c in "123456789" for c in written):
        return written
    return f"{'+' if value > 0 else '−'}{written}"


def by_angle(compared: Comparison) -> dict[str, tuple[Contrast, ...]]:
    """Angle -> its phases in order, for angles that were measured on both sides."""
    found: dict[str, list[Contrast]] = {}
    for one in compared.phases:
        found.setdefault(one.quantity, []).append(one)
    return {q: tuple(p) for q, p in found.items() if any(math.isfinite(one.difference) for one in p)}


def strongest(contrasts: tuple[Contrast, ...]) -> Contrast | None:
    """The clear one that is furthest beyond its limit; None where none is clear."""
    clear = [one for one in contrasts if one.clear]
    return max(clear, key=lambda one: abs(one.difference) / one.detectable_change) if clear else None


def headline(compared: Comparison, t: Texts = ENGLISH) -> tuple[str, str]:
    """The one thing that differs: a title and a sentence. Hips and back come first, then what else is clear."""
    for phases in by_angle(compared).values():
        main = strongest(phases)
        if main is not None:
            what = t(f"comparison.angle.{main.quantity}.title")
            by, when = precise(abs(main.difference), "deg", t), when_label(t, main.phase)
            return t("comparison.title", what=what, by=by, way=_way(main, t), when=when), angle_sentence(
                compared, main, t
            )
    for one in compared.times:
        if one.clear:
            return t("comparison.rhythm.title"), time_sentence(one, t)
    if not any(math.isfinite(one.probability) for one in compared.phases):
        return t("comparison.nothing.title"), t("comparison.nothing.sentence")
    names = {"first": compared.first.name, "second": compared.second.name}
    return t("comparison.none.title"), t("comparison.none.sentence", **names)


def _way(one: Contrast, t: Texts) -> str:
    return t(f"comparison.angle.{one.quantity}.{'more' if one.difference > 0 else 'less'}")


def angle_sentence(compared: Comparison, one: Contrast, t: Texts = ENGLISH) -> str:
    """One clear difference in one phase."""
    angle = f"comparison.angle.{one.quantity}"
    verb = t(f"{angle}.verb")
    own = t(f"comparison.own_mean.{'their' if verb == _PLURAL_VERB else 'its'}")
    when = when_label(t, one.phase)
    if not compared.same_rower and one.phase == "rock_over":
        when = t("comparison.when_of_others.rock_over")
    return t(
        "comparison.sentence.angle",
        when=f"{when[:1].upper()}{when[1:]}",
        noun=t(f"{angle}.yours" if compared.same_rower else f"{angle}.the"),
        own=own if one.quantity in compared.levels else "",
        verb=verb,
        by=precise(abs(one.difference), "deg", t),
        way=_way(one, t),
        first=compared.first.name,
        second=compared.second.name,
        limit=precise(one.detectable_change, "deg", t),
    )


def time_sentence(one: Contrast, t: Texts = ENGLISH) -> str:
    """One clear difference in time."""
    time = f"comparison.time.{one.quantity}"
    return t(
        "comparison.sentence.time",
        what=t(f"{time}.what"),
        by=precise(abs(one.difference), one.unit, t),
        way=t(f"{time}.more" if one.difference > 0 else f"{time}.less"),
        first=precise(one.first, one.unit, t),
        second=precise(one.second, one.unit, t),
        limit=precise(one.detectable_change, one.unit, t),
    )


def lines(compared: Comparison, t: Texts = ENGLISH) -> tuple[str, ...]:
    """All that is clear, and last what is not."""
    said, still = [], []
    for quantity, phases in by_angle(compared).items():
        main = strongest(phases)
        if main is None:
            if any(math.isfinite(one.probability) for one in phases):
                still.append(t.after_colon(t(f"quantities.angle.{quantity}")))
            continue
        said.append(f"{angle_sentence(compared, main, t)} {_elsewhere(main, phases, t)}".strip())
    said += [time_sentence(one, t) for one in compared.times if one.clear]
    still += [t.after_colon(quantity_label(t, one.quantity)) for one in compared.times if not one.clear]
    if still and said:
        said.append(t("comparison.sentence.no_change", what=t.join(still)))
    return tuple(said)


def _elsewhere(main: Contrast, phases: tuple[Contrast, ...], t: Texts) -> str:
    """The other phases that differ clearly; the direction is said where it is not that of ``main``."""
    clear = [one for one in phases if one.clear]
    sizes = sorted(abs(one.difference) for one in clear)
    if len(clear) == len(phases) and len({one.difference > 0 for one in clear}) == 1:
        return t("comparison.sentence.throughout", span=span(t, sizes[0], sizes[-1], "deg", 1))
    others = []
    for one in clear:
        way = "" if (one.difference > 0) == (main.difference > 0) else f" {_way(one, t)}"
        if one is not main:
            others.append(f"{when_label(t, one.phase)} ({precise(abs(one.difference), 'deg', t)}{way})")
    return t("comparison.sentence.also", others=t.join(others)) if others else ""


def verdict(one: Contrast, t: Texts = ENGLISH) -> str:
    """Of one difference, in two or three words."""
    if not math.isfinite(one.difference):
        return t("comparison.verdict.not_measured")
    if math.isnan(one.probability):
        return t("comparison.verdict.not_judged")
    if one.clear:
        return t("comparison.verdict.clear")
    beyond = abs(one.difference) > one.detectable_change
    return t("comparison.verdict.chance" if beyond else "comparison.verdict.none")
