"""From the patch of one frame to pelvis, spine and the outline of the back: a small convolutional network.

It was fitted on simulated rowers with known spines (``rowsense.studies.spine_fit``), with the pose model's own
landmarks and silhouettes as its inputs, so that it knows their mistakes: things behind the back that join the
silhouette, arms over it, hair, loose cloth. Its file holds several networks and joins their answers.

What lies over the bones is the same in all frames of a recording, and one frame alone does not tell it. So a frame is
turned into *features* first: what it says of pelvis and spine, and *clues* about the rower. All clues of a recording
together are its *context*, and in its light features become angles (``rowsense.spine.together``). A frame by itself is
a recording of one.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, fields
from importlib import resources
from typing import Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import SPINE_FEATURE_COUNT
from rowsense.model import SpineReading
from rowsense.model._checks import Problems
from rowsense.spine.patch import SpinePatch

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SingleArray = NDArray[np.float32]
HalfArray = NDArray[np.float16]

DATA_FILE: Final = "spine_network.onnx"
ANSWER_FILE: Final = "spine_answer.npz"
#: Points of the outline that it gives, from the seat to the base of the neck.
OUTLINE_POINTS: Final = 20
#: Names of its inputs and outputs.
INPUTS: Final = ("layers", "joints")
OUTPUTS: Final = ("features", "outline", "unfamiliarity")

#: Log variances are held to these, degrees squared: the network never claims less than a degree or more than 45.
LOG_VARIANCE: Final = (0.0, 7.6)
#: The log variance that the network says when it says 0.
USUAL_LOG_VARIANCE: Final = 3.0
#: Angles are of order one in this unit.
DEGREES: Final = 10.0
#: Added to the spread of every clue in a recording, so that a single frame has one too.
LEAST_SPREAD: Final = 0.01
#: Frames that are made double precision at once: ten megabytes. [D]
AT_ONCE: Final = 4096


@dataclass(frozen=True, slots=True)
class SpineAnswer:
    """Makes angles of features: the last layers of K networks, C clues and B other features of each."""

    common: SingleArray
    """(K, 2 C, B) from the context."""
    answer: SingleArray
    """(K, B, 6)"""
    bias: SingleArray
    """(K, 6)"""
    usual_deg: SingleArray
    """(K, 3)"""
    sd_ratio: SingleArray
    """(3,) what the stated sds are stretched by."""

    def __post_init__(self) -> None:
        problems, (count, clues, bend) = Problems("SpineAnswer"), self.common.shape
        problems.shape("answer", self.answer, (count, bend, 6))
        problems.shape("bias", self.bias, (count, 6))
        problems.shape("usual_deg", self.usual_deg, (count, 3))
        problems.shape("sd_ratio", self.sd_ratio, (3,))
        problems.require(clues % 2 == 0, "common: mean and spread of every clue are two numbers each")
        problems.raise_if_any()

    @property
    def feature_count(self) -> int:
        """Numbers of a frame."""
        count, clues, bend = self.common.shape
        return int(count * (bend + clues // 2))

    def _parts(self, features: HalfArray) -> tuple[FloatArray, FloatArray]:
        """(K, N, B) and the clues (K, N, C)."""
        count, _, bend = self.common.shape
        each = features.astype(np.float64).reshape(len(features), count, -1).swapaxes(0, 1)
        return each[:, :, :bend], each[:, :, bend:]

    def context(self, features: HalfArray, rows: IntArray | None = None) -> FloatArray:
        """(K, 2 C) what frames (N, F), or ``rows`` of them, at least one, tell of their rower: means and spreads."""
        rows = np.arange(len(features)) if rows is None else rows
        total, squares = np.zeros((2, len(self.common), self.common.shape[1] // 2))
        for first in range(0, len(rows), AT_ONCE):
            _, clues = self._parts(features[rows[first : first + AT_ONCE]])
            total += clues.sum(axis=1)
            squares += (clues**2).sum(axis=1)
        mean = total / len(rows)
        variance = np.maximum(squares / len(rows) - mean**2, 0.0)
        return np.concatenate([mean, np.sqrt(variance + LEAST_SPREAD**2)], axis=1)

    def read(self, features: HalfArray, context: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(N, 3) pelvic tilt against the trunk, lumbar and thoracic flexion, and their sds, all degrees."""
        return self._read(self._parts(features)[0], context[:, None])

    def read_alone(self, features: HalfArray) -> tuple[FloatArray, FloatArray]:
        """The same where every frame is a recording of its own."""
        own, clues = self._parts(features)
        return self._read(own, np.concatenate([clues, np.full_like(clues, LEAST_SPREAD)], axis=2))

    def _read(self, own: FloatArray, context: FloatArray) -> tuple[FloatArray, FloatArray]:
        """``context``: (K, N, 2 C), or (K, 1, 2 C) where it is one and the same."""
        bent = np.maximum(own + context @ self.common, 0.0)
        said = bent @ self.answer.astype(np.float64) + self.bias[:, None]
        angles = self.usual_deg[:, None] + DEGREES * said[..., :3]
        variance = np.exp(np.clip(said[..., 3:] + USUAL_LOG_VARIANCE, *LOG_VARIANCE))
        mean = angles.mean(axis=0)
        spread = (variance + (angles - mean) ** 2).mean(axis=0)
        return mean, self.sd_ratio * np.sqrt(spread)

    def packed(self) -> bytes:
        """As the file has it."""
        file = io.BytesIO()
        np.savez(file, **{one.name: getattr(self, one.name) for one in fields(self)})
        return file.getvalue()

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """What :meth:`packed` packed."""
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            return cls(**{one.name: kept[one.name] for one in fields(cls)})


def shipped_answer() -> SpineAnswer:
    """The one that belongs to the shipped network."""
    return SpineAnswer.unpacked(_shipped(ANSWER_FILE))


def in_half_precision(features: NDArray[np.floating]) -> HalfArray:
    """As they are kept: 0.01 degrees, and half the memory of a long recording."""
    return np.clip(features, -6e4, 6e4).astype(np.float16)


class SpineNetwork:
    """Reads patches. One thread at a time; loading takes some milliseconds. ``other``: other files' contents."""

    def __init__(self, other: tuple[bytes, SpineAnswer] | None = None) -> None:
        data, self.answer = other or (_shipped(DATA_FILE), shipped_answer())
        if self.answer.feature_count != SPINE_FEATURE_COUNT:
            raise ValueError(
                f"the network tells {self.answer.feature_count} numbers of a frame, not {SPINE_FEATURE_COUNT}"
            )
        self._net = cv2.dnn.readNetFromONNX(np.frombuffer(data, dtype=np.uint8))

    def read(self, patch: SpinePatch) -> SpineReading:
        """Pelvis, spine and outline in the frame that the patch was cut from, by that frame alone."""
        self._net.setInput(patch.layers[None], INPUTS[0])
        self._net.setInput(patch.joints[None], INPUTS[1])
        found, outline, unfamiliarity = self._net.forward(list(OUTPUTS))
        features = in_half_precision(np.asarray(found, dtype=np.float32))
        (against_trunk,), (sd,) = self.answer.read_alone(features)
        points = np.asarray(outline[0], dtype=np.float64).reshape(OUTLINE_POINTS, 2)
        return SpineReading(
            angles_deg=against_trunk + (patch.lean_deg, 0.0, 0.0),
            sd_deg=sd,
            outline_px=points @ patch.to_picture[:, :2].T + patch.to_picture[:, 2],
            unfamiliarity=float(unfamiliarity.ravel()[0]),
            features=features[0],
        )


def _shipped(name: str) -> bytes:
    return resources.files("rowsense.spine").joinpath(name).read_bytes()
