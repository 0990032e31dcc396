"""From the patch of one frame to pelvis, spine and the outline of the back: a small convolutional network.

It was fitted on simulated rowers with known spines (``rowsense.studies.spine_fit``), with the pose model's own
landmarks and silhouettes as its inputs, so that it knows their mistakes: things behind the back that join the
silhouette, arms over it, hair, loose cloth. Its file holds several networks and joins their answers.
"""

from __future__ import annotations

from importlib import resources
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.model import SpineReading
from rowsense.spine.patch import SpinePatch

FloatArray = NDArray[np.float64]

DATA_FILE: Final = "spine_network.onnx"
#: Points of the outline that it gives, from the seat to the base of the neck.
OUTLINE_POINTS: Final = 20
#: Names of its inputs and outputs.
INPUTS: Final = ("layers", "joints")
OUTPUTS: Final = ("angles_deg", "sd_deg", "outline", "unfamiliarity")


class SpineNetwork:
    """Reads patches. One thread at a time; loading takes some milliseconds. ``data`` is another file's content."""

    def __init__(self, data: bytes | None = None) -> None:
        data = data or resources.files("rowsense.spine").joinpath(DATA_FILE).read_bytes()
        self._net = cv2.dnn.readNetFromONNX(np.frombuffer(data, dtype=np.uint8))

    def read(self, patch: SpinePatch) -> SpineReading:
        """Pelvis, spine and outline in the frame that the patch was cut from."""
        self._net.setInput(patch.layers[None], INPUTS[0])
        self._net.setInput(patch.joints[None], INPUTS[1])
        angles, sd, outline, unfamiliarity = self._net.forward(list(OUTPUTS))
        against_trunk = np.asarray(angles[0], dtype=np.float64)
        points = np.asarray(outline[0], dtype=np.float64).reshape(OUTLINE_POINTS, 2)
        return SpineReading(
            angles_deg=against_trunk + (patch.lean_deg, 0.0, 0.0),
            sd_deg=np.asarray(sd[0], dtype=np.float64),
            outline_px=points @ patch.to_picture[:, :2].T + patch.to_picture[:, 2],
            unfamiliarity=float(unfamiliarity.ravel()[0]),
        )
