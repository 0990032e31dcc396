"""Smooth one-dimensional building blocks of the rowing motion."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def ease(tau: FloatArray, start_bend: float = 0.0, end_bend: float = 0.0) -> FloatArray:
    """Quintic from 0 to 1 that rests at both ends.

    Args:
        tau: progress, clipped to 0..1.
        start_bend: second derivative at 0. Above 0 the curve leaves its start like a thrown ball turns round,
            so that a reversal there is a clear point in time. Monotone for 0..30 together with ``end_bend``.
        end_bend: minus the second derivative at 1.
    """
    x = np.clip(tau, 0.0, 1.0)
    smooth = x**3 * (10.0 - 15.0 * x + 6.0 * x**2)
    start = 0.5 * x**2 - 1.5 * x**3 + 1.5 * x**4 - 0.5 * x**5
    end = 0.5 * x**3 - x**4 + 0.5 * x**5
    return smooth + start_bend * start - end_bend * end


def soft_clip(value: FloatArray, low: float, high: float, margin: float = 6.0) -> FloatArray:
    """Keep ``value`` inside ``low..high`` without a corner: the identity until ``margin`` before a limit."""
    upper = high - margin
    lower = low + margin
    over = np.maximum(value - upper, 0.0)
    under = np.maximum(lower - value, 0.0)
    return np.clip(value, lower, upper) + margin * np.tanh(over / margin) - margin * np.tanh(under / margin)


def standard_draws(rng: np.random.Generator, count: int, limit: float = 1.7) -> FloatArray:
    """``count`` draws with mean 0, standard deviation 1 and none far beyond ``limit``.

    A clip has only a dozen strokes; plain draws would give some clips hardly any spread. So the draws are a
    shuffled, evenly spread set with a little noise, scaled to the exact spread.
    """
    if count < 2:
        return np.zeros(count)
    spread = np.linspace(-limit, limit, count) + rng.normal(0.0, 0.25, count)
    rng.shuffle(spread)
    return (spread - spread.mean()) / spread.std()
