"""When a movement begins: a straight ramp on a slowly bending line, fitted to every stroke.

A level that is crossed begins late when it is high and early in noise. Here the whole course of the movement says when
it began: ``line + rise * ramp``, where the line may bend a little (what the angle would have done anyway, and errors
that come and go slowly) and the ramp goes from 0 to 1 within the movement's time. All strokes share that time, which is
chosen as the one that fits them best together; each has its own beginning and rise. A person's movement has no corner:
the ramp begins where about a tenth of it is done [D: of a quintic from rest to rest, the line through its steepest
part leaves 0 after 0.23 of its time, when 9 % are done].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Times that a movement may take. [D] Head and shoulders move in a few tenths of a second; hips that tip slower than
#: over 0.7 s have no moment at which it begins.
DURATIONS_S: Final = (0.1, 0.17, 0.23, 0.3, 0.37, 0.43, 0.5, 0.6, 0.7)
#: A ramp begins at least this long after the window does, and at least this much of it lies in the window. [D] Three
#: frames at 30 a second.
MARGIN_S: Final = 0.1
#: What slope and bend of the line cost, in squared deviations of one sample: per half second, and per half second
#: squared. [D] The line may take what is left after the ramp, and not the ramp. Of 0, 0.05, 0.5, 2 and no slope or bend
#: at all, this left the smallest error in simulated strokes.
STIFFNESS: Final = (0.5, 0.5)
STIFFNESS_S: Final = 0.5
#: Strokes that choose the common time; more are thinned out to these. [D]
CHOOSING_STROKES: Final = 60
#: Least part of the window's samples that must be seen. [D] As for a stroke that counts.
MIN_SEEN_RATIO: Final = 0.7
#: The same of the time in which it moves: across a hole any beginning near it fits. [D] Of a movement of 0.5 s a hole
#: of 0.2 s is too long. With 0.7 one lead in twenty more was lost in simulated recordings with the holes of rendered
#: ones; with 0.5 a rower was counted whose head was hidden while it moved.
MIN_MOVING_SEEN_RATIO: Final = 0.6


@dataclass(frozen=True, slots=True)
class Ramps:
    """One movement in S strokes; NaN where it could not be fitted."""

    begin_s: FloatArray
    """(S,) on the time axis of the window; NaN also where it had begun before the window."""
    rise: FloatArray
    """(S,) of the ramp, in the direction that was asked for; the line's own share is not in it."""
    hidden: BoolArray
    """(S,) too little was seen to say when it begins: of the window, or of the time in which it moves."""
    duration_s: float


def fit_ramps(offset_s: FloatArray, values: FloatArray, sign: float) -> Ramps:
    """Begin and rise of a movement in every stroke.

    Args:
        offset_s: (K,) evenly spaced times of the window, the same for all strokes.
        values: (S, K) one quantity; NaN = not seen.
        sign: +1 for a movement that rises, -1 for one that falls.
    """
    count = len(values)
    fitted = np.isfinite(values).mean(axis=1) >= MIN_SEEN_RATIO if values.shape[1] else np.zeros(count, np.bool_)
    nothing = Ramps(np.full(count, np.nan), np.full(count, np.nan), ~fitted, float("nan"))
    durations = [d for d in DURATIONS_S if len(_begins(offset_s, d)) >= 3]
    if not fitted.any() or not durations:
        return nothing
    chosen = sign * values[fitted]
    few = chosen[:: -(-len(chosen) // CHOOSING_STROKES)]
    duration_s = min(durations, key=lambda d: float(_fit(offset_s, few, d)[0].min(axis=1).sum()))
    begin_s, rise = _best(offset_s, duration_s, *_fit(offset_s, chosen, duration_s))
    covered = _covered(offset_s, chosen, begin_s, duration_s)
    nothing.begin_s[fitted], nothing.rise[fitted] = np.where(covered, begin_s, np.nan), rise
    nothing.hidden[fitted] = ~covered
    return Ramps(nothing.begin_s, nothing.rise, nothing.hidden, duration_s)


def _covered(offset_s: FloatArray, values: FloatArray, begin_s: FloatArray, duration_s: float) -> BoolArray:
    """(S,) whether the movement was seen: across a hole any beginning near it fits. Without a beginning there is none
    to be hidden."""
    since_s = offset_s[None] - begin_s[:, None]
    moving = (since_s >= -1e-9) & (since_s <= duration_s + 1e-9)
    seen = np.sum(moving & np.isfinite(values), axis=1)
    return np.asarray(np.isnan(begin_s) | (seen >= MIN_MOVING_SEEN_RATIO * moving.sum(axis=1)))


def _begins(offset_s: FloatArray, duration_s: float) -> FloatArray:
    """(B,) where a ramp of this time may begin."""
    if len(offset_s) < 4:
        return np.empty(0)
    last_s = offset_s[-1] - min(duration_s, max(MARGIN_S, 0.5 * duration_s))
    return offset_s[(offset_s >= offset_s[0] + MARGIN_S - 1e-9) & (offset_s <= last_s + 1e-9)]


def _fit(offset_s: FloatArray, values: FloatArray, duration_s: float) -> tuple[FloatArray, FloatArray]:
    """Cost and rise, (S, B) each, of every beginning: weighted least squares with a stiff line.

    A rise that goes the wrong way costs as much as no ramp at all.
    """
    begins = _begins(offset_s, duration_s)
    along = (offset_s - offset_s.mean()) / STIFFNESS_S
    ramp = np.clip((offset_s[None] - begins[:, None]) / duration_s, 0.0, 1.0)
    one = np.ones_like(ramp)
    basis = np.stack([one, along * one, along**2 * one, ramp], axis=-1)  # (B, K, 4)
    seen = np.isfinite(values).astype(np.float64)
    filled = np.where(seen > 0.0, values, 0.0)
    centre = filled.sum(axis=1, keepdims=True) / seen.sum(axis=1, keepdims=True)
    filled = (filled - centre) * seen
    size, samples = len(begins), len(offset_s)
    squares = (basis[..., :, None] * basis[..., None, :]).transpose(1, 0, 2, 3).reshape(samples, -1)
    normal = (seen @ squares).reshape(-1, size, 4, 4)
    normal[..., 1, 1] += STIFFNESS[0]
    normal[..., 2, 2] += STIFFNESS[1]
    normal[..., 3, 3] += 1e-6
    right = (filled @ basis.transpose(1, 0, 2).reshape(samples, -1)).reshape(-1, size, 4)
    found = np.linalg.solve(normal, right[..., None])[..., 0]
    gain = np.einsum("sbi,sbi->sb", found, right)
    cost = np.sum(filled**2, axis=1)[:, None] - gain
    rise = found[..., 3]
    # The same without the ramp is what a ramp of the wrong sign comes to.
    plain = np.linalg.solve(normal[:, 0, :3, :3], right[:, 0, :3, None])[..., 0]
    without = np.sum(filled**2, axis=1) - np.einsum("si,si->s", plain, right[:, 0, :3])
    return np.where(rise > 0.0, cost, without[:, None]), rise


def _best(offset_s: FloatArray, duration_s: float, cost: FloatArray, rise: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(S,) beginning between the samples, by a parabola through the costs around the least, and rise there."""
    begins = _begins(offset_s, duration_s)
    rows, least = np.arange(len(cost)), cost.argmin(axis=1)
    inner = np.clip(least, 1, len(begins) - 2)
    before, at, after = cost[rows, inner - 1], cost[rows, inner], cost[rows, inner + 1]
    bend = before - 2.0 * at + after
    shift = np.where(bend > 0.0, 0.5 * (before - after) / np.where(bend > 0.0, bend, 1.0), 0.0)
    begin_s = begins[inner] + np.clip(shift, -1.0, 1.0) * (begins[1] - begins[0])
    moves = rise[rows, least] > 0.0
    begin_s = np.where(moves & (least > 0), np.where(least == inner, begin_s, begins[least]), np.nan)
    return begin_s, np.where(moves, rise[rows, least], 0.0)
