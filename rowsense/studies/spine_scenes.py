"""What the simulated clips look like: clothes, light, camera's sensor and room, all drawn.

The order of the draws is part of every clip: another order makes other clips of the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rowsense.simulate.dress import LookSpec
from rowsense.simulate.light import LightSpec
from rowsense.simulate.look import wear
from rowsense.simulate.people import PersonSpec
from rowsense.simulate.room import RoomSpec
from rowsense.simulate.sensor import SensorSpec
from rowsense.simulate.solids import Colour


@dataclass(frozen=True, slots=True)
class Draw:
    """Numbers, colours and choices from one stream; what is drawn depends on the order of the draws."""

    rng: np.random.Generator

    def between(self, low: float, high: float) -> float:
        """Any number as likely as another."""
        return float(self.rng.uniform(low, high))

    def about(self, mean: float, sd: float) -> float:
        """Of a normal distribution that ends three standard deviations from its mean."""
        return float(np.clip(self.rng.normal(mean, sd), mean - 3 * sd, mean + 3 * sd))

    def one_in(self, count: int) -> bool:
        """True once in so many draws."""
        return bool(self.rng.random() < 1.0 / count)

    def of(self, *choices: str) -> str:
        """One of them; twice as likely where it stands twice."""
        return str(self.rng.choice(choices))

    def colour(self, low: float = 0.05, high: float = 0.92, garish: int = 4) -> Colour:
        """Muted more often than not: one in ``garish`` is loud."""
        level, spread = self.between(low, high), 0.5 if self.one_in(garish) else 0.12
        r, g, b = (float(np.clip(level + spread * self.between(-1, 1), low, high)) for _ in range(3))
        return r, g, b

    def place(self, chance: int, low: float = -1.5, high: float = 1.5) -> float | None:
        """Where along the wall a thing stands, once in ``chance`` rooms."""
        return self.between(low, high) if self.one_in(chance) else None


def drawn_look(draw: Draw) -> LookSpec:
    """Skin, hair and clothes."""
    tone = draw.between(0.3, 1.0)
    plain = LookSpec(
        skin=(0.92 * tone, 0.72 * tone, 0.60 * tone), top=draw.colour(), bottom=draw.colour(), shoes=draw.colour(),
        hair=draw.colour(0.03, 0.5, garish=20), sleeve=draw.between(0, 0.9), leg=draw.between(0.4, 1.3),
        loose_m=draw.between(0.0, 0.012), hair_style=draw.of("short", "short", "bun", "cap", "long", "ponytail"),
        pattern=draw.of("plain", "plain", "hoops", "stripes", "two_tone", "logo", "noise"),
        pattern_colour=draw.colour(), pattern_size_m=draw.between(0.06, 0.25), seed=int(draw.between(0, 1000)),
    )  # fmt: skip
    # Kit is tight more often than not; loose cloth hides the low back from everyone.
    outfit = draw.of("suit", "suit", "suit", "tshirt", "tshirt", "hoodie")
    worn = wear(plain, outfit, trousers=draw.one_in(5))
    if outfit == "suit":
        return worn
    slack = draw.between(0.4, 1.1)
    return replace(
        worn, loose_m=slack * worn.loose_m, bag_m=slack * worn.bag_m, hang_m=slack * worn.hang_m,
        fold_m=slack * worn.fold_m,
    )  # fmt: skip


def drawn_light(draw: Draw, hard: bool) -> LightSpec:
    """Light as in a gym; ``hard``: also dim, coloured, from behind or into the camera."""
    if not hard:
        return LightSpec(
            direction=(draw.between(-0.5, 0.6), draw.between(0.5, 1.0), draw.between(0.3, 0.9)),
            key_ratio=draw.between(0.8, 1.25), ambient_ratio=draw.between(0.85, 1.2),
            level_ratio=draw.between(0.85, 1.1), temperature_k=draw.between(4800, 7500),
            gradient_right=draw.between(-0.2, 0.2), gradient_down=draw.between(-0.1, 0.1),
            shadow_ratio=draw.between(0, 0.5),
        )  # fmt: skip
    return LightSpec(
        direction=(draw.between(-0.8, 0.8), draw.between(0.3, 1.0), draw.between(-0.3, 0.9)),
        key_ratio=draw.between(0.6, 1.4), ambient_ratio=draw.between(0.7, 1.25),
        level_ratio=draw.between(0.5, 1.0), temperature_k=draw.between(3800, 8500),
        gradient_right=draw.between(-0.3, 0.3), gradient_down=draw.between(-0.2, 0.2),
        rim_ratio=draw.between(0, 0.6) if draw.one_in(2) else 0.0,
        glare_ratio=draw.between(0, 0.6) if draw.one_in(2) else 0.0,
        shadow_ratio=draw.between(0, 0.6),
    )  # fmt: skip


def drawn_sensor(draw: Draw, hard: bool) -> SensorSpec:
    """What the camera makes of it; ``hard``: a poor one, which alone loses detail."""
    tone = 1.0 if hard else 0.4
    return SensorSpec(
        exposure_ev=draw.between(-0.4, 0.4) * tone, contrast_ratio=1.0 + draw.between(-0.15, 0.15) * tone,
        gamma=1.0 + draw.between(-0.2, 0.15) * tone, saturation_ratio=draw.between(0.6, 1.2),
        white_balance=(draw.between(0.92, 1.08), draw.between(0.96, 1.04), draw.between(0.92, 1.08)),
        exposure_s=draw.between(0.004, 0.025) if draw.one_in(3) else 0.0,
        defocus_px=draw.between(0, 1.2 if hard else 0.6),
        detail_ratio=draw.between(0.45, 1.0) if hard else 1.0, sharpen_ratio=draw.between(0, 0.7),
        noise_colour_ratio=draw.between(0, 0.8), noise_grain_px=draw.between(0.4, 1.2) if draw.one_in(2) else 0.0,
        jpeg_quality=int(draw.between(30 if hard else 60, 90)) if draw.one_in(2) else None,
    )  # fmt: skip


def drawn_room(draw: Draw, hard: bool) -> RoomSpec:
    """Wall, floor and things; ``hard``: also mirror, clutter, a second ergometer and people behind the back."""
    wall_away_m = draw.between(1.4, 3.4)
    plain = RoomSpec(
        wall=draw.colour(0.25, 0.95, garish=8), floor=draw.colour(0.15, 0.8, garish=8),
        window_x_m=draw.place(2, -1.6, 1.0), door_x_m=draw.place(3), poster_x_m=draw.place(2), poster=draw.colour(),
        stripe=draw.colour() if draw.one_in(3) else None, wall_away_m=wall_away_m, planks=draw.one_in(2),
        seed=int(draw.between(0, 1000)), wall_texture=draw.of("plain", "plain", "brick", "tiles", "panels", "speckle"),
        texture_ratio=draw.between(0.1, 0.3), curtain_x_m=draw.place(6), curtain=draw.colour(),
        curtain_stripe=draw.colour(), shelf_x_m=draw.place(8), rack_x_m=draw.place(8), plant_x_m=draw.place(8),
    )  # fmt: skip
    if not hard:
        return plain
    return replace(
        plain, mirror_x_m=draw.place(4), chair_x_m=draw.place(3), chair_colour=draw.colour(),
        second_ergometer_behind_m=draw.between(0.9, 1.3) if draw.one_in(3) else None,
        second_ergometer_x_m=draw.between(-0.5, 0.8), clutter_count=int(draw.between(0, 5)),
        clutter_colours=tuple(draw.colour() for _ in range(3)),
        people=(_bystander(draw, wall_away_m),) if draw.one_in(3) else (),
    )  # fmt: skip


def _bystander(draw: Draw, wall_away_m: float) -> PersonSpec:
    return PersonSpec(
        x_m=draw.between(-1.6, 1.0), behind_m=draw.between(0.9, max(1.0, wall_away_m - 0.3)), sits=draw.one_in(3),
        turn_deg=draw.between(0, 360), arms_deg=draw.between(8, 30), size_ratio=draw.between(0.9, 1.05),
    )  # fmt: skip
