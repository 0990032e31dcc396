"""What the frames of a clip are made to look like while the network is fitted. Needs the extra ``simulate``.

Simulated rowers differ from real ones in ways that no renderer shows in full: how flesh and cloth lie over the bones,
what seat, rail and kit look like, how soft the pose model's silhouette is. So a clip is disguised each time it is
shown, and all of its frames alike, as one rower's oddities would be: only what goes with the spine stays.

- *flesh*: the patch is bent sideways by a smooth curve along the back, a few hundredths of the trunk;
- *another's picture*: the grey layer of another clip lies over the seat, the back's side or any rectangle;
- *cloth and room*: clouds of grey over the body, or over what is not the body;
- *silhouette*: softer or sharper, a little inside or outside of its edge, uneven along it;
- *pose model*: joints that lie elsewhere in this rower, and a little more in each frame;
- *camera*: another gamma, blur and noise.

Everything is drawn from the generator that is handed in; all shapes are N frames of C clips, one clip after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import torch
from torch.nn import functional

from rowsense.spine.patch import HIP_AT, JOINTS, PATCH_COLUMNS, PATCH_ROWS, PX_PER_TRUNK

#: Standard deviations in trunk lengths: of where joints lie, in all frames of a clip and in each; hip and shoulder on
#: top of that; and of the trunk's length, natural logarithm.
JOINT_SD, HIP_SD, SHOULDER_SD, SCALE_SD = (0.015, 0.03), (0.02, 0.022), (0.03, 0.05), (0.05, 0.015)
#: Swellings of the flesh: how many, and their height in trunk lengths, in all frames of a clip and in each.
SWELLINGS, SWELLING_SD = 4, (0.02, 0.004)
#: From here forwards, trunk lengths before the hip, flesh stays where it is; fully moved this much further back.
FRONT, FADE = 0.25, 0.35
#: Part of the clips that get another's picture over a part of theirs, clouds, and another silhouette.
PASTED, CLOUDED, RESHAPED = 0.35, 0.5, 0.5


@dataclass(frozen=True, slots=True)
class Dice:
    """Random tensors on one device for C clips of ``count`` frames."""

    generator: Any
    device: Any
    clips: int
    count: int

    def normal(self, *shape: int) -> Any:
        """Standard normal."""
        return torch.randn(shape, generator=self.generator, device=self.device)

    def uniform(self, low: float, high: float, *shape: int) -> Any:
        """Any number as likely as another."""
        return low + (high - low) * torch.rand(shape, generator=self.generator, device=self.device)

    def for_clips(self, values: Any) -> Any:
        """(C, ...) values as (N, ...): the same for all frames of a clip."""
        return values.repeat_interleave(self.count, 0)

    def slips(self, sd: tuple[float, float], strength: float, *shape: int) -> Any:
        """(N, ...) normal: a part of each clip, as ``strength`` has it, and a part of each frame."""
        own = self.normal(self.clips * self.count, *shape)
        return strength * sd[0] * self.for_clips(self.normal(self.clips, *shape)) + sd[1] * own

    def some(self, part: float) -> Any:
        """(N, 1, 1, 1) 1 for all frames of about this part of the clips, 0 for the others."""
        chosen = (self.uniform(0.0, 1.0, self.clips) < part).to(torch.float32)
        return self.for_clips(chosen)[:, None, None, None]

    def clouds(self, rows: int, columns: int, alike: bool) -> Any:
        """(N, 1, PATCH_ROWS, PATCH_COLUMNS) smooth noise of about unit size, ``alike`` in all frames of a clip."""
        small = self.normal(self.clips if alike else self.clips * self.count, 1, rows, columns)
        size = (PATCH_ROWS, PATCH_COLUMNS)
        large = functional.interpolate(small, size=size, mode="bilinear", align_corners=True)
        return 1.5 * (self.for_clips(large) if alike else large)


def moved_joints(landmarks: Any, trunk: float, dice: Dice, strength: float) -> Any:
    """(N, 2, J, 2) joints of both sides, elsewhere; ``trunk`` = pixels to a trunk length."""
    shift = dice.slips(JOINT_SD, strength, *landmarks.shape[1:])
    for joint, sd in (("hip", HIP_SD), ("shoulder", SHOULDER_SD)):
        shift[:, :, JOINTS.index(joint)] += dice.slips(sd, strength, 2)[:, None]
    return landmarks + trunk * shift


def other_scale(trunk: float, dice: Dice, strength: float) -> Any:
    """(N,) pixels to a trunk length that the pose model would have found."""
    return trunk * torch.exp(dice.slips(SCALE_SD, strength))


@dataclass(frozen=True, slots=True)
class Flesh:
    """Sideways shifts along the back, (N, K) each, trunk lengths; positive swellings go forwards."""

    height: Any
    level: Any
    breadth: Any

    @classmethod
    def drawn(cls, dice: Dice, strength: float) -> Flesh:
        """Swellings from below the seat to the neck."""
        level = dice.uniform(-1.15, 0.35, dice.clips, SWELLINGS)
        breadth = dice.uniform(0.12, 0.40, dice.clips, SWELLINGS)
        height = strength * dice.slips(SWELLING_SD, 1.0, SWELLINGS)
        return cls(height, dice.for_clips(level), dice.for_clips(breadth))

    def shift(self, across: Any, down: Any) -> Any:
        """How far (N, M) points (trunk lengths from the hip, forwards and down) move forwards."""
        part = torch.clamp((FRONT - across) / FADE, 0.0, 1.0)
        total = torch.zeros_like(across)
        for k in range(self.height.shape[1]):
            away = (down - self.level[:, k : k + 1]) / self.breadth[:, k : k + 1]
            total = total + self.height[:, k : k + 1] * torch.exp(-(away**2))
        return part * total


def disguised_silhouette(silhouette: Any, dice: Dice, strength: float) -> Any:
    """(N, 1, R, C) from -1 to 1: softer or sharper, wider or narrower, and uneven along its edge."""
    gain, bias = (dice.for_clips(dice.normal(dice.clips))[:, None, None, None] for _ in range(2))
    edge = 1.0 - silhouette**2
    uneven = 0.35 * dice.clouds(10, 8, alike=True) + 0.35 * dice.clouds(12, 9, alike=False)
    changed = silhouette * torch.exp(0.25 * strength * gain) + strength * (0.12 * bias + edge * uneven)
    chosen = dice.some(RESHAPED)
    soft = torch.clamp(changed * chosen + silhouette * (1.0 - chosen), -1.0, 1.0)
    blurred = dice.for_clips(dice.uniform(0.5, 1.5, dice.clips)) * dice.some(0.25 * min(strength, 1.0))[:, 0, 0, 0]
    return blur(soft, blurred)


def disguised_picture(grey: Any, silhouette: Any, dice: Dice, strength: float) -> Any:
    """(N, 1, R, C) grey levels with another's picture over a part, and clouds."""
    other = grey.view(dice.clips, dice.count, *grey.shape[1:]).roll(1, 0).reshape(grey.shape)
    grey = torch.where(_region(dice, grey.device) * dice.some(min(PASTED * strength, 0.9)) > 0.5, other, grey)
    body = (silhouette > 0.0).to(torch.float32)
    on_body = dice.for_clips(dice.uniform(0.0, 28.0, dice.clips))[:, None, None, None] * dice.clouds(10, 8, alike=True)
    behind = dice.for_clips(dice.uniform(0.0, 40.0, dice.clips))[:, None, None, None] * dice.clouds(8, 6, alike=False)
    chance = min(CLOUDED * strength, 0.9)
    return grey + body * on_body * dice.some(chance) + (1.0 - body) * behind * dice.some(chance)


def _region(dice: Dice, device: Any) -> Any:
    """(N, 1, R, C) 1 in a rectangle of each clip: about the seat, along the back, or anywhere."""
    rows = torch.arange(PATCH_ROWS, device=device, dtype=torch.float32)[:, None]
    columns = torch.arange(PATCH_COLUMNS, device=device, dtype=torch.float32)[None, :]
    kind, draw = dice.uniform(0.0, 1.0, dice.clips), dice.uniform(0.0, 1.0, dice.clips, 4)
    seat, side = kind < 0.4, (kind >= 0.4) & (kind < 0.6)
    top = torch.where(seat, 56.0 + 24.0 * draw[:, 0], torch.where(side, -1.0, 70.0 * draw[:, 0]))
    bottom = torch.where(seat | side, 1e3, top + 12.0 + 40.0 * draw[:, 1])
    left = torch.where(seat | side, -1.0, 56.0 * draw[:, 2])
    right = torch.where(seat, 1e3, torch.where(side, 12.0 + 24.0 * draw[:, 3], left + 10.0 + 36.0 * draw[:, 3]))
    inside = [part[:, None, None] for part in (top, bottom, left, right)]
    region = (rows > inside[0]) & (rows < inside[1]) & (columns > inside[2]) & (columns < inside[3])
    return dice.for_clips(region.to(torch.float32))[:, None]


def other_camera(grey: Any, dice: Dice) -> Any:
    """(N, 1, R, C) grey levels with another gamma, now and then a blur, and noise, in each frame."""
    count = len(grey)
    gamma = torch.exp(0.25 * dice.normal(count, 1, 1, 1))
    grey = 255.0 * torch.clamp(grey / 255.0, 0.0, 1.0) ** gamma
    sigma = dice.uniform(0.4, 1.2, count) * (dice.uniform(0.0, 1.0, count) < 0.3)
    return blur(grey, sigma) + dice.uniform(0.0, 6.0, count, 1, 1, 1) * dice.normal(*grey.shape)


_TAPS: Final = 4


def blur(values: Any, sigma_px: Any) -> Any:
    """(N, 1, R, C) blurred by (N,) standard deviations, 0 = not."""
    count, _, rows, columns = values.shape
    at = torch.arange(-_TAPS, _TAPS + 1, device=values.device, dtype=torch.float32)
    weight = torch.exp(-0.5 * (at / torch.clamp(sigma_px, min=1e-2)[:, None]) ** 2)
    weight = weight / weight.sum(1, keepdim=True)
    padded = functional.pad(values.view(1, count, rows, columns), (_TAPS,) * 4, mode="replicate")
    down = functional.conv2d(padded, weight[:, None, :, None], groups=count)
    return functional.conv2d(down, weight[:, None, None, :], groups=count).view(values.shape)


def patch_points(device: Any) -> tuple[Any, Any]:
    """(R * C,) each: how far the patch's pixels lie forwards and down from the hip, trunk lengths."""
    across = (torch.arange(PATCH_COLUMNS, device=device, dtype=torch.float32) + 0.5 - HIP_AT[0]) / PX_PER_TRUNK
    down = (torch.arange(PATCH_ROWS, device=device, dtype=torch.float32) + 0.5 - HIP_AT[1]) / PX_PER_TRUNK
    return across.repeat(PATCH_ROWS), down.repeat_interleave(PATCH_COLUMNS)
