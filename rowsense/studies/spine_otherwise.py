"""What pose model and camera might as well have said of a frame, drawn anew each time it is shown. Needs torch.

Joints lie a little elsewhere, the trunk has another length, and the picture another gamma, blur and noise. Everything
is drawn from the generator that is handed in; all shapes are N frames of C clips, one clip after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from rowsense.spine.patch import JOINTS

#: Standard deviations in trunk lengths: of where a joint lies; of hip and of shoulder on top of that, both sides alike;
#: and of the trunk's length, natural logarithm. [D] Taken over from the first fits; with 0.4 times as much networks
#: came out the same (``docs/spine.md``).
JOINT_SD, HIP_SD, SHOULDER_SD, SCALE_SD = 0.03, 0.022, 0.05, 0.015
#: Of the logarithm of the picture's gamma; part of the frames that are blurred, and by how many pixels; most noise, in
#: grey levels. [D] Taken over from the first fits, and not settled by a measurement.
GAMMA_SD, BLURRED, BLUR_PX, NOISE = 0.25, 0.3, (0.4, 1.2), 6.0


@dataclass(frozen=True, slots=True)
class Dice:
    """Random tensors for C clips of ``count`` frames."""

    generator: Any
    clips: int
    count: int

    def normal(self, *shape: int) -> Any:
        """Standard normal."""
        return torch.randn(shape, generator=self.generator)

    def uniform(self, low: float, high: float, *shape: int) -> Any:
        """Any number as likely as another."""
        return low + (high - low) * torch.rand(shape, generator=self.generator)


def moved_joints(landmarks: Any, trunk: float, dice: Dice) -> Any:
    """(N, 2, J, 2) joints of both sides, elsewhere; ``trunk`` = pixels to a trunk length."""
    shift = JOINT_SD * dice.normal(*landmarks.shape)
    for joint, sd in (("hip", HIP_SD), ("shoulder", SHOULDER_SD)):
        shift[:, :, JOINTS.index(joint)] += sd * dice.normal(len(landmarks), 1, 2)
    return landmarks + trunk * shift


def other_scale(trunk: float, dice: Dice) -> Any:
    """(N,) pixels to a trunk length that the pose model would have found."""
    return trunk * torch.exp(SCALE_SD * dice.normal(dice.clips * dice.count))


def other_camera(pictures: NDArray[np.uint8], dice: Dice) -> NDArray[np.float32]:
    """(N, R, C) grey levels with another gamma, now and then a blur, and noise."""
    count = len(pictures)
    gamma = torch.exp(GAMMA_SD * dice.normal(count)).numpy()
    sigma_px = dice.uniform(*BLUR_PX, count).numpy()
    blurred = (dice.uniform(0.0, 1.0, count) < BLURRED).numpy()
    shown = np.empty(pictures.shape, dtype=np.float32)
    level = np.linspace(0.0, 1.0, 256, dtype=np.float32)
    for k, picture in enumerate(pictures):
        shown[k] = cv2.LUT(picture, 255.0 * level ** gamma[k])
        if blurred[k]:
            shown[k] = cv2.GaussianBlur(shown[k], (9, 9), sigma_px[k], borderType=cv2.BORDER_REPLICATE)
    noise = dice.uniform(0.0, NOISE, count, 1, 1) * dice.normal(*pictures.shape)
    return np.clip(shown + noise.numpy(), 0.0, 255.0)
