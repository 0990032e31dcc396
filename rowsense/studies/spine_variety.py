"""What sets one simulated rower apart from the next beyond pose, room and light: flesh, kit and ergometer, all drawn.

It is drawn from a stream of its own, after everything else about a clip, so that clips without it stay what they were
and each has a twin with it: the same rower's motion, camera and room. Real backs differ in what lies over the bones,
real kit in hems, seams and shine, and what stands around the seat in shape and colour; none of that says anything
about the spine, and the network must learn so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.ergometer_look import DARK, LEG_SHAPES, SEAT_SHAPES, STEEL, WHEELS, ErgometerLook
from rowsense.simulate.flesh import FleshSpec
from rowsense.simulate.look import LookSpec
from rowsense.simulate.room import RoomSpec
from rowsense.simulate.solids import Colour
from rowsense.studies.spine_clips import TRAINING, drawn_clip, plain_clip
from rowsense.studies.spine_scenes import Draw

#: Sets these draws apart from a clip's others, and those of the plain clips from the other clips'.
VARIETY: Final = 9
PLAIN_SEED: Final = 500_000


def varied_clip(stream: int, number: int, frame_count: int) -> ClipSpec:
    """``drawn_clip`` with flesh, kit and ergometer of its own, and an upper back that is free as well."""
    return with_variety(drawn_clip(stream, number, frame_count), stream, number)


def varied_plain_clip(number: int, frame_count: int) -> ClipSpec:
    """``plain_clip``, likewise."""
    return with_variety(plain_clip(number, frame_count), TRAINING, PLAIN_SEED + number)


def with_variety(spec: ClipSpec, stream: int, number: int) -> ClipSpec:
    """A clip made another one by the draws of ``number`` in a stream."""
    draw = Draw(np.random.default_rng([stream, number, VARIETY]))
    spine = replace(spec.motion.spine, protraction_wander_sd_m=draw.between(0.004, 0.022))
    flesh, ergometer, look = drawn_flesh(draw), drawn_ergometer(draw), drawn_kit(draw, spec.look)
    room = _with_second_ergometer(draw, spec.room)
    # Else the upper back, which makes the lean that was drawn apart from pelvis and low back, sits at an end of its
    # range in two of three frames; and where that is known, geometry tells much of the rest.
    spine = replace(spine, thoracic_give=draw.between(1.0, 4.0))
    motion = replace(spec.motion, spine=spine)
    return replace(spec, motion=motion, flesh=flesh, ergometer=ergometer, look=look, room=room)


def _with_second_ergometer(draw: Draw, room: RoomSpec) -> RoomSpec:
    if room.second_ergometer_behind_m is not None or not draw.one_in(5):
        return room
    behind_m = min(draw.between(0.9, 2.4), room.wall_away_m - 0.3)
    return replace(room, second_ergometer_behind_m=behind_m, second_ergometer_x_m=draw.between(-0.7, 0.8))


def drawn_flesh(draw: Draw) -> FleshSpec:
    """Fuller or leaner than the build says, by a centimetre or two."""
    return FleshSpec(
        belly_m=draw.about(0.008, 0.012), waist_m=draw.about(0.0, 0.006), lumbar_m=draw.about(0.004, 0.008),
        upper_back_m=draw.about(0.002, 0.008), shoulder_back_m=draw.about(0.0, 0.006),
        buttock_m=draw.about(0.0, 0.009), uneven_m=draw.between(0.0, 0.006), seat_sink_m=draw.between(0.006, 0.032),
        seat_bulge_m=draw.between(0.0, 0.022) if draw.one_in(2) else 0.0, seed=int(draw.between(0, 100_000)),
    )  # fmt: skip


def drawn_ergometer(draw: Draw) -> ErgometerLook:
    """Moulded, scooped, soft and flat seats; rails of steel, wood, aluminium or paint, high or low."""
    over_m, rail_m = draw.between(0.055, 0.125), draw.between(0.03, 0.16)
    cap = _grey_or_any(draw) if draw.one_in(2) else None
    strip_m = 0.0 if draw.one_in(3) else draw.between(0.005, 0.02)
    return ErgometerLook(
        seat_shape=draw.of(*SEAT_SHAPES), seat_colour=_grey_or_any(draw), seat_length_m=draw.between(0.20, 0.31),
        seat_thick_m=draw.between(0.02, min(0.055, over_m - 0.02)), seat_lip_m=draw.between(0.004, 0.035),
        seat_over_rail_m=over_m, carriage_length_m=draw.between(0.12, 0.24), carriage_colour=_grey_or_any(draw),
        rail_thick_m=rail_m, rail_colour=_rail(draw), strip_thick_m=strip_m, strip_colour=_rail(draw),
        band_colours=_bands(draw), end_cap_colour=cap, rear_end_m=draw.between(-1.62, -1.36),
        leg_shape=draw.of(*LEG_SHAPES), leg_colour=_rail(draw), wheel=draw.of(*WHEELS), wheel_colour=_grey_or_any(draw),
    )  # fmt: skip


def _grey_or_any(draw: Draw) -> Colour:
    """Dark plastic more often than not."""
    return draw.colour(0.04, 0.25, garish=50) if draw.one_in(2) else draw.colour(0.05, 0.9)


def _rail(draw: Draw) -> Colour:
    """Bright metal, wood, dark metal or paint."""
    kind = draw.of("metal", "metal", "wood", "dark", "paint")
    if kind == "wood":
        tone = draw.between(0.35, 0.9)
        return 0.85 * tone, 0.62 * tone, 0.40 * tone
    if kind == "paint":
        return draw.colour(0.05, 0.9)
    level = draw.between(0.6, 0.98) if kind == "metal" else draw.between(0.05, 0.3)
    r, g, b = (level * part for part in (STEEL if kind == "metal" else DARK))
    scale = level / max(r, g, b, 1e-6)
    return r * scale, g * scale, b * scale


def _bands(draw: Draw) -> tuple[Colour, ...]:
    return tuple(draw.colour(0.05, 0.95) for _ in range(int(draw.between(1, 4)))) if draw.one_in(3) else ()


def drawn_kit(draw: Draw, look: LookSpec) -> LookSpec:
    """Shine, wrinkles, seams, bands and hems over the clothes that were drawn before."""
    tight = look.bag_m == 0.0 and look.leg < 1.5
    vest_over_shorts = tight and draw.one_in(2)
    return replace(
        look,
        shine_ratio=draw.between(0.05, 0.4) if draw.one_in(2) else 0.0,
        wrinkle_ratio=draw.between(0.1, 0.5) if draw.one_in(2) else 0.0,
        seam=draw.colour() if draw.one_in(2) else None,
        seam_m=draw.between(0.008, 0.02) if draw.one_in(2) else draw.between(0.03, 0.10),
        seam_slant=draw.about(0.0, 0.15),
        side_stripe=draw.colour() if draw.one_in(4) else look.side_stripe,
        waistband=draw.colour() if draw.one_in(3) else None,
        hem_band=draw.colour() if draw.one_in(3) else None,
        band_m=draw.between(0.015, 0.06),
        hem_drop_m=draw.between(0.02, 0.14) if vest_over_shorts else look.hem_drop_m,
        loose_m=look.loose_m + (draw.between(0.0, 0.008) if vest_over_shorts else 0.0),
        bottom_loose_m=look.bottom_loose_m + (draw.between(0.0, 0.010) if tight and draw.one_in(2) else 0.0),
    )
