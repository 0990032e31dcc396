"""The ergometer: what stands still, and the seat, handle and chain that move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.ergometer_look import DARK, STEEL, ErgometerLook
from rowsense.simulate.kinematics import BALL_BELOW_HIP_M, FOOT_PLATE_DEG, HIP_HEIGHT_M
from rowsense.simulate.solids import Colour, Solid, beam, join, ring_sectors, rod

FloatArray = NDArray[np.float64]

#: Where the chain leaves the flywheel housing.
CHAIN_EXIT_M = (0.68, 0.725, 0.0)
_WHEEL_M = (0.90, 0.62)
_WHEEL_RADIUS_M = 0.270

_RUBBER: Colour = (0.08, 0.08, 0.09)


def standing_parts(frame_colour: Colour, seat_top_m: float, look: ErgometerLook | None = None) -> Solid:
    """Rail, legs, foot plates, flywheel housing and monitor. ``frame_colour`` is the main beam's."""
    look = look or ErgometerLook()
    rail_top = seat_top_m - look.seat_over_rail_m
    parts = [
        beam((0.02, rail_top - 0.05, 0), (0.76, 0.60, 0), 0.10, 0.06, frame_colour),
        beam((0.76, 0.60, 0.12), (1.08, 0.02, 0.17), 0.035, 0.035, STEEL),
        beam((0.76, 0.60, -0.12), (1.08, 0.02, -0.17), 0.035, 0.035, STEEL),
        beam((1.08, 0.02, -0.30), (1.08, 0.02, 0.30), 0.04, 0.06, DARK),
        rod((1.05, 0.035, 0.30), (1.11, 0.035, 0.30), 0.035, _RUBBER),
        beam((0.42, 0.45, 0), (0.50, 1.00, 0), 0.028, 0.03, DARK),
        beam((0.475, 0.98, 0.0), (0.525, 1.13, 0.0), 0.035, 0.19, DARK),
        beam((CHAIN_EXIT_M[0], CHAIN_EXIT_M[1] - 0.03, 0), (0.80, 0.64, 0), 0.06, 0.05, DARK),
    ]
    return join(_rail(frame_colour, rail_top, look) + parts + _flywheel(frame_colour, look) + _foot_plates())


def _rail(frame_colour: Colour, rail_top: float, look: ErgometerLook) -> list[Solid]:
    """Rail with its strip, bands and end, and the rear leg."""
    rear, thick = look.rear_end_m, look.rail_thick_m
    middle = rail_top - 0.5 * thick
    parts = [beam((rear, middle, 0), (0.10, middle, 0), thick, 0.075, look.rail_colour or frame_colour)]
    if look.strip_thick_m > 0.0:
        at = rail_top + 0.002 - 0.5 * look.strip_thick_m
        parts.append(beam((rear, at, 0), (0.10, at, 0), look.strip_thick_m, 0.085, look.strip_colour))
    high = thick / (2 * len(look.band_colours) + 1)
    for number, colour in enumerate(look.band_colours):
        at = rail_top - (2 * number + 1.5) * high
        parts.append(beam((rear, at, 0), (0.08, at, 0), high, 0.078, colour))
    if look.end_cap_colour is not None:
        parts.append(
            beam((rear - 0.015, middle, 0), (rear + 0.035, middle, 0), thick + 0.03, 0.10, look.end_cap_colour)
        )
    return parts + _rear_leg(rail_top - thick, look)


def _rear_leg(under_m: float, look: ErgometerLook) -> list[Solid]:
    rear, colour = look.rear_end_m, look.leg_colour
    foot = beam((rear - 0.03, 0.02, -0.24), (rear - 0.03, 0.02, 0.24), 0.04, 0.05, DARK)
    if look.leg_shape == "strut":
        return [beam((rear + 0.03, under_m + 0.01, 0), (rear - 0.03, 0.02, 0), 0.04, 0.05, colour), foot]
    if look.leg_shape == "block":
        return [beam((rear + 0.05, under_m + 0.02, 0), (rear + 0.05, 0.0, 0), 0.10, 0.10, colour)]
    tubes = [
        beam((rear + 0.10, under_m + 0.01, 0.5 * z), (rear - 0.03, 0.02, z), 0.024, 0.024, colour) for z in (-0.2, 0.2)
    ]
    return [*tubes, foot]


def _flywheel(frame_colour: Colour, look: ErgometerLook) -> list[Solid]:
    x, y = _WHEEL_M
    cage = look.wheel_colour
    gap: Colour = (0.24, 0.25, 0.27)
    ring = {"cage": [cage, gap, gap], "disc": [cage], "spokes": [gap, cage, cage, cage]}[look.wheel]
    fan = {"cage": [gap, cage, gap], "disc": [cage], "spokes": [cage, cage, cage, gap]}[look.wheel]
    parts = [rod((x, y, -0.10), (x, y, 0.10), _WHEEL_RADIUS_M, cage, sides=48)]
    for side in (1.0, -1.0):
        z = side * 0.101
        parts += [
            ring_sectors((x, y, z), 0.215, 0.255, ring, sectors=96),
            ring_sectors((x, y, z), 0.09, 0.21, fan, sectors=72),
            ring_sectors((x, y, z), 0.0, 0.085, [frame_colour], sectors=24),
            ring_sectors((x, y, z + side * 0.002), 0.0, 0.03, [DARK], sectors=16),
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
        parts.append(beam(centre - along * 0.21, centre + along * 0.11, 0.016, 0.12, DARK))
        hold = centre + below * 0.03
        parts.append(beam(hold - along * 0.06, hold + along * 0.06, 0.03, 0.05, STEEL))
    parts.append(rod(ball + below * 0.05 + [0, 0, -0.14], ball + below * 0.05 + [0, 0, 0.14], 0.018, STEEL))
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


def handle(half_width_m: float) -> Solid:
    """The bar with two grips, its middle at the origin."""
    return join(
        [
            rod((0, 0, -half_width_m), (0, 0, half_width_m), 0.017, _RUBBER),
            rod((0, 0, -0.06), (0, 0, 0.06), 0.021, (0.45, 0.33, 0.2)),
            beam((0, 0, 0), (0.07, 0, 0), 0.03, 0.03, STEEL),
        ]
    )


def chain(handle_xyz: FloatArray) -> Solid:
    """The chain from the handle to the housing."""
    return rod(handle_xyz + np.array([0.05, 0.0, 0.0]), np.array(CHAIN_EXIT_M), 0.0055, (0.55, 0.55, 0.57), sides=6)
