"""The seat of an ergometer in several shapes, with the carriage that it rolls on."""

from __future__ import annotations

from rowsense.simulate.ergometer_look import DARK, ErgometerLook
from rowsense.simulate.solids import Colour, Solid, beam, join, rod, slab

_RUBBER: Colour = (0.08, 0.08, 0.09)
_WIDE_M = 0.30


def seat(seat_top_m: float, look: ErgometerLook) -> Solid:
    """The seat with its carriage, its middle at x = 0; she sits at the height ``seat_top_m``."""
    top = [part.moved((0.0, seat_top_m, 0.0)) for part in _SHAPES[look.seat_shape](look)]
    return join([*top, *_carriage(seat_top_m, look)])


def _board(look: ErgometerLook) -> list[Solid]:
    half, middle = 0.5 * look.seat_length_m, -0.5 * look.seat_thick_m
    return [beam((-half, middle, 0), (half, middle, 0), look.seat_thick_m, _WIDE_M, look.seat_colour)]


def _saddle(look: ErgometerLook) -> list[Solid]:
    """Thin in front, thick behind, where its lip stands up behind her."""
    half, thick, lip = 0.5 * look.seat_length_m, look.seat_thick_m, look.seat_lip_m
    shell = [(-half, -0.2 * thick), (half, -0.1 * thick), (half + 0.012, -0.35 * thick), (0.7 * half, -0.6 * thick)]
    shell += [(-0.2 * half, -thick), (-0.8 * half, -thick)]
    behind = [(-half - 0.018, lip), (-half + 0.012, lip - 0.004), (-0.55 * half, -0.1 * thick), (-0.75 * half, -thick)]
    return [slab(shell, _WIDE_M, look.seat_colour), slab(behind, 0.9 * _WIDE_M, look.seat_colour)]


def _scooped(look: ErgometerLook) -> list[Solid]:
    """A board with a low lip at either end."""
    half, thick, lip = 0.5 * look.seat_length_m, look.seat_thick_m, look.seat_lip_m
    base = [(-half, 0.0), (half, 0.0), (0.85 * half, -thick), (-0.85 * half, -thick)]
    rear = [(-half - 0.01, lip), (-half + 0.015, lip), (-0.8 * half, -0.002), (-half, -0.6 * thick)]
    front = [(half + 0.01, 0.5 * lip), (half - 0.02, 0.5 * lip), (0.75 * half, -0.002), (half, -0.6 * thick)]
    return [slab(base, _WIDE_M, look.seat_colour), *(slab(one, _WIDE_M, look.seat_colour) for one in (rear, front))]


def _pad(look: ErgometerLook) -> list[Solid]:
    """A soft pad with rounded ends on a thin dark plate."""
    half, thick = 0.5 * look.seat_length_m, look.seat_thick_m
    soft = [(-half, -0.35 * thick), (-0.9 * half, 0.0), (0.9 * half, 0.0), (half, -0.35 * thick)]
    soft += [(0.95 * half, -0.75 * thick), (-0.95 * half, -0.75 * thick)]
    plate = beam((-0.9 * half, -0.87 * thick, 0), (0.9 * half, -0.87 * thick, 0), 0.25 * thick, 0.8 * _WIDE_M, DARK)
    return [slab(soft, _WIDE_M, look.seat_colour), plate]


_SHAPES = {"board": _board, "saddle": _saddle, "scooped": _scooped, "pad": _pad}


def _carriage(seat_top_m: float, look: ErgometerLook) -> list[Solid]:
    """Between seat and rail, with rollers on the rail."""
    half = 0.5 * look.carriage_length_m
    rail_m = seat_top_m - look.seat_over_rail_m
    under_m = seat_top_m - look.seat_thick_m
    high_m = max(under_m + 0.001 - (rail_m + 0.010), 0.012)
    middle_m = under_m + 0.001 - 0.5 * high_m
    body = beam((-half, middle_m, 0), (half, middle_m, 0), high_m, 0.11, look.carriage_colour)
    rollers = [rod((x, rail_m, -0.06), (x, rail_m, 0.06), 0.02, _RUBBER) for x in (0.02 - half, half - 0.02)]
    return [body, *rollers]
