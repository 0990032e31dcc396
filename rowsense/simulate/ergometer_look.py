"""What an ergometer looks like, as one value: shapes and colours of seat, rail, legs and flywheel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rowsense.simulate.solids import Colour

SEAT_SHAPES: Final = ("board", "saddle", "scooped", "pad")
LEG_SHAPES: Final = ("strut", "block", "pair")
WHEELS: Final = ("cage", "disc", "spokes")

STEEL: Final[Colour] = (0.72, 0.73, 0.75)
DARK: Final[Colour] = (0.13, 0.13, 0.15)


@dataclass(frozen=True, slots=True)
class ErgometerLook:
    """Shapes and colours; seat top, feet and handle follow from the body and stay where they are."""

    seat_shape: str = "board"
    """``board``, ``saddle`` (moulded, its rear lip stands up), ``scooped`` (lips at both ends) or ``pad`` (soft, on a
    plate)."""
    seat_colour: Colour = DARK
    seat_length_m: float = 0.26
    seat_thick_m: float = 0.036
    seat_lip_m: float = 0.02
    """How far the lips of a moulded seat stand above where she sits."""
    seat_over_rail_m: float = 0.085
    """From the rail to the top of the seat."""
    carriage_length_m: float = 0.18
    carriage_colour: Colour = (0.30, 0.30, 0.32)
    rail_thick_m: float = 0.07
    rail_colour: Colour | None = None
    """None = the colour of the frame."""
    strip_thick_m: float = 0.012
    """A metal strip along the top of the rail; 0 = none."""
    strip_colour: Colour = STEEL
    band_colours: tuple[Colour, ...] = ()
    """Bands along the side of the rail, from the top down, each as high as the others."""
    end_cap_colour: Colour | None = None
    """A bumper over the rear end of the rail, or None."""
    rear_end_m: float = -1.42
    leg_shape: str = "strut"
    """Of the rear leg: ``strut``, ``block`` (a plate) or ``pair`` (two thin tubes)."""
    leg_colour: Colour = STEEL
    wheel: str = "cage"
    """``cage``, ``disc`` (a closed housing) or ``spokes`` (wire before a pale wheel)."""
    wheel_colour: Colour = (0.62, 0.63, 0.66)

    def __post_init__(self) -> None:
        for value, known in (
            (self.seat_shape, SEAT_SHAPES),
            (self.leg_shape, LEG_SHAPES),
            (self.wheel, WHEELS),
        ):
            if value not in known:
                raise ValueError(f"ErgometerLook: '{value}' is none of {', '.join(known)}")
        if self.seat_thick_m >= self.seat_over_rail_m:
            raise ValueError("ErgometerLook: the seat is thicker than it is high over the rail")
