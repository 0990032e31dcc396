"""A simulated clip as one value, and the two samples that ship with the project."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from rowsense.simulate.body import BodySpec
from rowsense.simulate.camera import CameraSpec
from rowsense.simulate.ergometer_look import ErgometerLook
from rowsense.simulate.flesh import FleshSpec
from rowsense.simulate.light import LightSpec
from rowsense.simulate.look import LookSpec, wear
from rowsense.simulate.motion_spec import MotionSpec, SpineSpec
from rowsense.simulate.people import PersonSpec
from rowsense.simulate.room import RoomSpec
from rowsense.simulate.sensor import SensorSpec


@dataclass(frozen=True, slots=True)
class ClipSpec:
    """Everything that makes a clip; equal specs give equal truth and pictures."""

    name: str
    motion: MotionSpec = field(default_factory=MotionSpec)
    body: BodySpec = field(default_factory=BodySpec)
    look: LookSpec = field(default_factory=LookSpec)
    camera: CameraSpec = field(default_factory=CameraSpec)
    room: RoomSpec = field(default_factory=RoomSpec)
    frame_colour: tuple[float, float, float] = (0.70, 0.71, 0.73)
    width_px: int = 1280
    height_px: int = 720
    noise_sd: float = 1.2
    """Sensor noise in grey levels."""
    quality_crf: int = 22
    light: LightSpec = field(default_factory=LightSpec)
    sensor: SensorSpec = field(default_factory=SensorSpec)
    ergometer: ErgometerLook = field(default_factory=ErgometerLook)
    flesh: FleshSpec = field(default_factory=FleshSpec)
    bit_rate_kbps: int | None = None
    """A fixed bit rate instead of ``quality_crf``, as messengers and cheap cameras use."""
    first_crf: int | None = None
    """Compress once at this quality before: a clip that was sent on and compressed again."""


WELL_ROWED: Final = ClipSpec(
    name="well_rowed",
    motion=MotionSpec(
        seed=6, duration_s=22.0, rate_spm=23.0, recovery_ratio=1.4, lean_catch_deg=22.0, lean_finish_deg=-17.0,
        spine=SpineSpec(
            tilt_finish_deg=-12.0, tilt_rock_over_deg=4.0, tilt_catch_deg=8.0, tilt_wander_sd_deg=10.0,
            lumbar_finish_deg=-2.0, lumbar_rock_over_deg=12.0, lumbar_catch_deg=15.0,
        ),
    ),
    body=BodySpec(gender=1.0, muscle=0.7, weight=0.45, height=0.45, proportions=0.7, scale=1.08),
    look=LookSpec(
        skin=(0.88, 0.69, 0.58), top=(0.11, 0.19, 0.40), bottom=(0.11, 0.19, 0.40), shoes=(0.85, 0.85, 0.86),
        hair=(0.33, 0.20, 0.11), leg=0.5, hair_style="ponytail", loose_m=0.003, bottom_loose_m=0.003,
    ),
    camera=CameraSpec(yaw_deg=2.0, roll_deg=0.0, facing="right"),
    room=RoomSpec(
        wall=(0.72, 0.69, 0.65), wall_texture="brick", texture_ratio=0.16, wall_away_m=2.6, skirting=(0.36, 0.35, 0.34),
        floor=(0.55, 0.46, 0.37), planks=True, window_x_m=-0.35, poster_x_m=None, rack_x_m=1.05, plant_x_m=-2.2,
        seed=4,
    ),
    # Daylight from a window on the camera's side, towards the flywheel.
    light=LightSpec(
        direction=(0.55, 0.62, 0.56), key_ratio=1.1, ambient_ratio=0.95, temperature_k=5900.0, gradient_right=0.14,
        gradient_down=-0.08, glare_ratio=0.10, shadow_ratio=0.45,
    ),
    sensor=SensorSpec(
        exposure_s=1.0 / 120.0, contrast_ratio=1.05, saturation_ratio=0.92, defocus_px=0.4, sharpen_ratio=0.25,
        noise_colour_ratio=0.3, noise_grain_px=0.5,
    ),
    noise_sd=1.5,
    quality_crf=23,
)  # fmt: skip

#: Someone far behind the other end of the ergometer, who looks on.
_ONLOOKER: Final = PersonSpec(
    x_m=1.75, behind_m=3.4, turn_deg=125.0,
    look=replace(
        wear(LookSpec(top=(0.20, 0.24, 0.30), bottom=(0.25, 0.26, 0.30)), "hoodie"),
        leg=2.05, shoes=(0.12, 0.12, 0.13), socks=(0.15, 0.15, 0.16),
    ),
)  # fmt: skip

HIPS_TIP_BACK: Final = ClipSpec(
    name="hips_tip_back",
    motion=MotionSpec(
        seed=3, duration_s=22.0, rate_spm=26.0, recovery_ratio=1.2,
        spine=SpineSpec(
            tilt_finish_deg=-19.0, tilt_rock_over_deg=4.0, tilt_catch_deg=-20.0, tilt_wander_sd_deg=10.0,
            lumbar_finish_deg=2.0, lumbar_rock_over_deg=8.0, lumbar_catch_deg=37.0,
        ),
    ),
    body=BodySpec(gender=0.0, muscle=0.62, weight=0.55, height=0.35, proportions=0.55, scale=1.06),
    look=LookSpec(
        skin=(0.62, 0.44, 0.34), top=(0.74, 0.73, 0.70), bottom=(0.10, 0.10, 0.12), shoes=(0.15, 0.35, 0.25),
        socks=(0.12, 0.12, 0.13), hair=(0.08, 0.06, 0.05), sleeve=0.72, leg=2.05, loose_m=0.007, bottom_loose_m=0.003,
        drape_ratio=0.6, bag_m=0.010, hang_m=0.016, fold_m=0.006, hem_drop_m=0.05, seed=2,
    ),
    camera=CameraSpec(yaw_deg=-3.0, roll_deg=1.5, facing="left", height_m=0.6),
    room=RoomSpec(
        wall=(0.50, 0.56, 0.59), wall_texture="panels", texture_ratio=0.08, wall_away_m=4.2, floor=(0.40, 0.41, 0.43),
        window_x_m=None, door_x_m=1.2, poster_x_m=-0.55, poster=(0.70, 0.45, 0.30), stripe=(0.30, 0.42, 0.52),
        people=(_ONLOOKER,), seed=7,
    ),
    # Lamps under the ceiling.
    light=LightSpec(
        direction=(-0.2, 0.85, 0.45), ambient_ratio=1.05, temperature_k=5700.0, gradient_right=-0.06,
        gradient_down=-0.10, shadow_ratio=0.4,
    ),
    sensor=SensorSpec(
        exposure_ev=0.15, exposure_s=1.0 / 100.0, contrast_ratio=1.05, saturation_ratio=0.95,
        white_balance=(0.98, 1.0, 1.05), defocus_px=0.4, sharpen_ratio=0.3, noise_colour_ratio=0.4, noise_grain_px=0.6,
    ),
    noise_sd=1.7,
    quality_crf=23,
    frame_colour=(0.16, 0.17, 0.19),
)  # fmt: skip

SAMPLES: Final[dict[str, ClipSpec]] = {spec.name: spec for spec in (WELL_ROWED, HIPS_TIP_BACK)}
