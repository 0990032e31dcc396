"""What a comparison says in sentences: what is clear, by how much, and from where on it would have been."""

from __future__ import annotations

import math
from typing import Final

from rowsense.model import Comparison, Contrast
from rowsense.report.words import QUANTITY_WORDS, WHEN, number, quantity_name, span

#: Angle -> (what moves, more of it, less of it), as in "your hips were 6° further forward".
MOVES: Final = {
    "pelvic_tilt_deg": ("hips were", "further forward", "further back"),
    "lumbar_flexion_deg": ("low back was", "rounder", "flatter"),
    "thoracic_flexion_deg": ("upper back was", "rounder", "flatter"),
    "trunk_lean_deg": ("trunk was", "further towards the flywheel", "further back"),
    "knee_deg": ("knees were", "straighter", "more bent"),
    "elbow_deg": ("elbows were", "straighter", "more bent"),
}
_OWN_MEAN: Final = ", measured from {their} own mean over the stroke,"
_TIMES: Final = {
    "rate_spm": ("The rate was", "higher", "lower"),
    "drive_s": ("The drive was", "longer", "shorter"),
    "recovery_drive_ratio": ("The recovery against the drive was", "longer", "shorter"),
}


def precise(value: float, unit: str) -> str:
    """A difference or its limit, with one digit more than a value has, so that the two can be told apart."""
    digits = {"deg": 1, "spm": 1, "s": 3, "percent": 1, "ratio": 2}.get(unit, 2)
    return number(value, unit, digits)


def signed(value: float, unit: str) -> str:
    """With its sign."""
    written = precise(abs(value), unit)
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


def headline(compared: Comparison) -> tuple[str, str]:
    """The one thing that differs: a title and a sentence. Hips and back come first, then what else is clear."""
    for phases in by_angle(compared).values():
        main = strongest(phases)
        if main is not None:
            what, way = _moved(main)
            title = f"{what.capitalize()} {precise(abs(main.difference), 'deg')} {way} {WHEN[main.phase]}"
            return title, angle_sentence(compared, main)
    for one in compared.times:
        if one.clear:
            return "Another rhythm, and no clear change of posture", time_sentence(one)
    if not any(math.isfinite(one.probability) for one in compared.phases):
        return "Nothing could be compared", "Hips, back and limbs were not measured well enough on both sides."
    return (
        "No clear change",
        f"What differs between {compared.first.name} and {compared.second.name} is no more than measuring or the "
        "strokes' own scatter would bring.",
    )


def _moved(one: Contrast) -> tuple[str, str]:
    what, more, less = MOVES[one.quantity]
    return what.removesuffix(" was").removesuffix(" were"), more if one.difference > 0 else less


def angle_sentence(compared: Comparison, one: Contrast) -> str:
    """One clear difference in one phase."""
    what, more, less = MOVES[one.quantity]
    whose = "your" if compared.same_rower else "the"
    noun, verb = what.rsplit(" ", 1)
    their = "its" if verb == "was" else "their"
    own = _OWN_MEAN.format(their=their) if one.quantity in compared.levels else ""
    when = WHEN[one.phase] if compared.same_rower else WHEN[one.phase].replace("you rocked", "they rocked")
    return (
        f"{when[:1].upper()}{when[1:]} {whose} {noun}{own} {verb} {precise(abs(one.difference), 'deg')} "
        f"{more if one.difference > 0 else less} in {compared.second.name} than in {compared.first.name}: "
        f"a clear change (it takes {precise(one.detectable_change, 'deg')})."
    )


def time_sentence(one: Contrast) -> str:
    """One clear difference in time."""
    what, more, less = _TIMES[one.quantity]
    return (
        f"{what} {precise(abs(one.difference), one.unit)} {more if one.difference > 0 else less}: "
        f"{precise(one.first, one.unit)}, then {precise(one.second, one.unit)}; "
        f"a clear change (it takes {precise(one.detectable_change, one.unit)})."
    )


def lines(compared: Comparison) -> tuple[str, ...]:
    """All that is clear, and last what is not."""
    said, still = [], []
    for quantity, phases in by_angle(compared).items():
        main = strongest(phases)
        if main is None:
            if any(math.isfinite(one.probability) for one in phases):
                still.append(QUANTITY_WORDS[quantity][0].lower())
            continue
        said.append(f"{angle_sentence(compared, main)} {_elsewhere(main, phases)}".strip())
    said += [time_sentence(one) for one in compared.times if one.clear]
    still += [quantity_name(one.quantity).lower() for one in compared.times if not one.clear]
    if still and said:
        said.append(f"No clear change: {_listed(still)}.")
    return tuple(said)


def _elsewhere(main: Contrast, phases: tuple[Contrast, ...]) -> str:
    """The other phases that differ clearly; the direction is said where it is not that of ``main``."""
    clear = [one for one in phases if one.clear]
    sizes = sorted(abs(one.difference) for one in clear)
    if len(clear) == len(phases) and len({one.difference > 0 for one in clear}) == 1:
        return f"So it was throughout the stroke ({span(sizes[0], sizes[-1], 'deg', 1)})."
    others = []
    for one in clear:
        way = "" if (one.difference > 0) == (main.difference > 0) else f" {_moved(one)[1]}"
        if one is not main:
            others.append(f"{WHEN[one.phase]} ({precise(abs(one.difference), 'deg')}{way})")
    return f"Also {_listed(others)}." if others else ""


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def verdict(one: Contrast) -> str:
    """Of one difference, in two or three words."""
    if not math.isfinite(one.difference):
        return "not measured"
    if math.isnan(one.probability):
        return "not judged"
    if one.clear:
        return "clear change"
    return "may be chance" if abs(one.difference) > one.detectable_change else "no clear change"
