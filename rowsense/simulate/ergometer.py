"""The ergometer: what stands still, and the seat, handle and chain that move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.kinematics import BALL_BELOW_HIP_M, FOOT_PLATE_DEG, HIP_HEIGHT_M
from rowsense.simulate.solids import Colour, Solid, beam, join, ring_sectors, rod

FloatArray = NDArray[np.float64]

#: Where the chain leaves the flywheel housing.
CHAIN_EXIT_M = (0.68, 0.725, 0.0)
_WHEEL_M = (0.90, 0.62)
_WHEEL_RADIUS_M = 0.270

_STEEL: Colour = (0.72, 0.73, 0.75)
_DARK: Colour = (0.13, 0.13, 0.15)
_RUBBER: Colour = (0.08, 0.08, 0.09)


def standing_parts(frame_colour: Colour, seat_top_m: float, rear_end_m: float = -1.42) -> Solid:
    """Rail, legs, foot plates, flywheel housing and monitor. ``frame_colour`` is the main beam's."""
    rail_top = seat_top_m - 0.085
    parts = [
        beam((rear_end_m, rail_top - 0.035, 0), (0.10, rail_top - 0.035, 0), 0.07, 0.075, frame_colour),
        beam((rear_end_m, rail_top - 0.004, 0), (0.10, rail_top - 0.004, 0), 0.012, 0.085, _STEEL),
        beam((rear_end_m + 0.03, rail_top - 0.06, 0), (rear_end_m - 0.03, 0.02, 0), 0.04, 0.05, _STEEL),
        beam((rear_end_m - 0.03, 0.02, -0.24), (rear_end_m - 0.03, 0.02, 0.24), 0.04, 0.05, _DARK),
        beam((0.02, rail_top - 0.05, 0), (0.76, 0.60, 0), 0.10, 0.06, frame_colour),
        beam((0.76, 0.60, 0.12), (1.08, 0.02, 0.17), 0.035, 0.035, _STEEL),
        beam((0.76, 0.60, -0.12), (1.08, 0.02, -0.17), 0.035, 0.035, _STEEL),
        beam((1.08, 0.02, -0.30), (1.08, 0.02, 0.30), 0.04, 0.06, _DARK),
        rod((1.05, 0.035, 0.30), (1.11, 0.035, 0.30), 0.035, _RUBBER),
        beam((0.42, 0.45, 0), (0.50, 1.00, 0), 0.028, 0.03, _DARK),
        beam((0.475, 0.98, 0.0), (0.525, 1.13, 0.0), 0.035, 0.19, _DARK),
        beam((CHAIN_EXIT_M[0], CHAIN_EXIT_M[1] - 0.03, 0), (0.80, 0.64, 0), 0.06, 0.05, _DARK),
    ]
    return join(parts + _flywheel(frame_colour) + _foot_plates())


def _flywheel(frame_colour: Colour) -> list[Solid]:
    x, y = _WHEEL_M
    cage: Colour = (0.62, 0.63, 0.66)
    gap: Colour = (0.24, 0.25, 0.27)
    parts = [rod((x, y, -0.10), (x, y, 0.10), _WHEEL_RADIUS_M, cage, sides=48)]
    for side in (1.0, -1.0):
        z = side * 0.101
        parts += [
            ring_sectors((x, y, z), 0.215, 0.255, [cage, gap, gap], sectors=96),
            ring_sectors((x, y, z), 0.09, 0.21, [gap, cage, gap], sectors=72),
            ring_sectors((x, y, z), 0.0, 0.085, [frame_colour], sectors=24),
            ring_sectors((x, y, z + side * 0.002), 0.0, 0.03, [_DARK], sectors=16),
        ]
    return parts


def _foot_plates() -> list[Solid]:
    slope = np.deg2rad(FOOT_PLATE_DEG)
    along = np.array([np.cos(slope), np.sin(slope), 0.0])
    below = np.array([np.sin(slope), -np.cos(slope), 0.0])
    ball = np.array([0.0, HIP_HEIGHT_M - BALL_BELOW_HIP_M, 0.0])
    parts = []
    for z in (0.125, -0.125):
        centre = ball + below * 0.012 + np.array([0.0, 0.0, z])
        parts.append(beam(centre - along * 0.21, centre + along * 0.11, 0.016, 0.12, _DARK))
        hold = centre + below * 0.03
        parts.append(beam(hold - along * 0.06, hold + along * 0.06, 0.03, 0.05, _STEEL))
    parts.append(rod(ball + below * 0.05 + [0, 0, -0.14], ball + below * 0.05 + [0, 0, 0.14], 0.018, _STEEL))
    return parts


def straps() -> Solid:
    """The straps over the feet."""
    slope = np.deg2rad(FOOT_PLATE_DEG)
    along = np.array([np.cos(slope), np.sin(slope), 0.0])
    above = np.array([-np.sin(slope), np.cos(slope), 0.0])
    ball = np.array([0.0, HIP_HEIGHT_M - BALL_BELOW_HIP_M, 0.0])
    middle = ball - along * 0.035 + above * 0.082
    half = np.array([0.0, 0.0, 0.055])
    feet = (middle + [0.0, 0.0, 0.125], middle - [0.0, 0.0, 0.125])
    return join([beam(foot - half, foot + half, 0.008, 0.035, _RUBBER) for foot in feet])


def seat(seat_top_m: float) -> Solid:
    """The seat with its carriage, its middle at x = 0."""
    return join(
        [
            beam((-0.13, seat_top_m - 0.018, 0), (0.13, seat_top_m - 0.018, 0), 0.036, 0.30, _DARK),
            beam((-0.09, seat_top_m - 0.055, 0), (0.09, seat_top_m - 0.055, 0), 0.04, 0.11, (0.3, 0.3, 0.32)),
            rod((-0.07, seat_top_m - 0.085, -0.06), (-0.07, seat_top_m - 0.085, 0.06), 0.02, _RUBBER),
            rod((0.07, seat_top_m - 0.085, -0.06), (0.07, seat_top_m - 0.085, 0.06), 0.02, _RUBBER),
        ]
    )


def handle(half_width_m: float) -> Solid:
    """The bar with two grips, its middle at the origin."""
    return join(
        [
            rod((0, 0, -half_width_m), (0, 0, half_width_m), 0.017, _RUBBER),
            rod((0, 0, -0.06), (0, 0, 0.06), 0.021, (0.45, 0.33, 0.2)),
            beam((0, 0, 0), (0.07, 0, 0), 0.03, 0.03, _STEEL),
        ]
    )


def chain(handle_xyz: FloatArray) -> Solid:
    """The chain from the handle to the housing."""
    return rod(handle_xyz + np.array([0.05, 0.0, 0.0]), np.array(CHAIN_EXIT_M), 0.0055, (0.55, 0.55, 0.57), sides=6)
