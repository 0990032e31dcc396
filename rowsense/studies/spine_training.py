"""The network that reads pelvis and spine (``rowsense/spine/network.py``) as it is fitted, settled and written.

Needs the extra ``simulate``.
The network sees what the pose model saw of simulated rowers: silhouette and picture of the back, and the joints. It
answers with three angles and how sure it is of each, and, because that teaches it to look at the back and not at what
stands behind it, with the outline of the back. What a frame says is read in the light of what all frames of the clip
say of the rower (:meth:`rowsense.spine.network.SpineAnswer.context`). What counts is the error within a clip: a
rower's own constant is taken out by calibration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from rowsense.spine.gate import widening
from rowsense.spine.network import (
    DEGREES,
    LEAST_SPREAD,
    LOG_VARIANCE,
    OUTLINE_POINTS,
    USUAL_LOG_VARIANCE,
    SpineAnswer,
    in_half_precision,
)
from rowsense.spine.patch import JOINT_NUMBERS, PATCH_COLUMNS, PATCH_ROWS, SpinePatch
from rowsense.studies.figures import centred
from rowsense.studies.spine_frames import ObservedClip
from rowsense.studies.spine_mixed import FRAMES

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]

#: The outline's shift is of order one in this unit.
TRUNKS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is made, and what it is shown at once; how it is fitted is told by ``spine_steps.Steps``."""

    channels: tuple[int, ...] = (16, 32, 48, 64)
    """Of the layers that halve the picture."""
    blocks: tuple[int, ...] = (0, 0, 0, 0)
    """Residual layers after each of them."""
    hidden: int = 128
    clues: int = 64
    """Numbers that a frame tells of its rower."""
    bend: int = 96
    clips_at_once: int = 8
    frames_of_each: int = 12
    decay: float = 0.02
    dropout: float = 0.2
    outline_weight: float = 2.0
    """Of the outline's error (pixels of the patch) beside that of the angles."""
    offset_weight: float = 0.01
    """Of the mean error of a clip, which calibration takes out, beside the error within it."""


class Residual(nn.Module):
    """A layer that says how its input is to be changed."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.change = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, values: Any) -> Any:
        """(N, C, R, C) of the same shape."""
        return functional.relu(values + self.change(values))


class BackNetwork(nn.Module):
    """Patch and joints of frames of one clip or more -> angles against the trunk, log variances and outline."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before, rows, columns = 2, PATCH_ROWS, PATCH_COLUMNS
        for depth, (channels, blocks) in enumerate(zip(recipe.channels, recipe.blocks, strict=True)):
            wide = 5 if depth == 0 else 3
            layers += [nn.Conv2d(before, channels, wide, stride=2, padding=wide // 2, bias=False)]
            layers += [nn.BatchNorm2d(channels), nn.ReLU()]
            layers += [Residual(channels) for _ in range(blocks)]
            before, rows, columns = channels, (rows + 1) // 2, (columns + 1) // 2
        self.look = nn.Sequential(*layers, nn.Flatten())
        self.dropout = nn.Dropout(recipe.dropout)
        self.join = nn.Sequential(
            nn.Linear(before * rows * columns + JOINT_NUMBERS, recipe.hidden), nn.BatchNorm1d(recipe.hidden)
        )
        self.outline = nn.Linear(recipe.hidden, 2 * OUTLINE_POINTS)
        found = recipe.hidden + 2 * OUTLINE_POINTS
        self.clues = nn.Linear(found + JOINT_NUMBERS, recipe.clues)
        self.own = nn.Linear(found, recipe.bend)
        self.common = nn.Linear(2 * recipe.clues, recipe.bend, bias=False)
        self.answer = nn.Linear(recipe.bend, 6)
        self.register_buffer("usual_outline", torch.zeros(2 * OUTLINE_POINTS))
        self.register_buffer("usual_deg", torch.zeros(3))

    def frames(self, layers: Any, joints: Any) -> tuple[Any, Any, Any, Any]:
        """Of each frame by itself: (N, bend) and (N, clues) features, (N, 2K) outline, trunk lengths, (N, H) seen."""
        seen = self.join(torch.cat([self.dropout(self.look(layers)), joints], 1))
        hidden = self.dropout(functional.relu(seen))
        shift = self.outline(hidden)
        found = torch.cat([hidden, TRUNKS * 3.0 * shift], 1)
        clues = functional.relu(self.clues(torch.cat([found, joints], 1)))
        return self.own(found), clues, self.usual_outline + TRUNKS * shift, seen

    def angles(self, own: Any, clues: Any, together: Any) -> tuple[Any, Any]:
        """(N, 3) degrees and (N, 3) log variances, each frame read in the light of those ``together`` with it.

        ``together``: (B, M, M), B * M = N: 1 where frame j is in the context of frame i.
        """
        with torch.autocast("cpu", enabled=False):  # a small spread is a difference of large squares
            part = together / together.sum(2, keepdim=True)
            told = clues.float().view(part.shape[0], part.shape[1], -1)
            mean = torch.bmm(part, told)
            spread = torch.sqrt(functional.relu(torch.bmm(part, told**2) - mean**2) + LEAST_SPREAD**2)
            context = torch.cat([mean, spread], 2).view(len(clues), -1)
        answer = self.answer(functional.relu(own + self.common(context)))
        return self.usual_deg + DEGREES * answer[:, :3], torch.clamp(answer[:, 3:] + USUAL_LOG_VARIANCE, *LOG_VARIANCE)

    def forward(self, layers: Any, joints: Any, together: Any) -> tuple[Any, Any, Any, Any]:
        """(N, 3) degrees, (N, 3) log variances, (N, 2K) trunk lengths, (N, H)."""
        own, clues, outline, seen = self.frames(layers, joints)
        return *self.angles(own, clues, together), outline, seen


@dataclass(frozen=True, slots=True)
class Sample:
    """One frame as the network is shown it, and what it should say."""

    layers: NDArray[np.float32]
    joints: NDArray[np.float32]
    target_deg: FloatArray
    """(3,) tilt against the trunk, lumbar, thoracic."""
    outline: FloatArray
    """(2K,) trunk lengths, as ``SpinePatch.to_picture`` takes them."""


def sample(clip: ObservedClip, row: int) -> Sample | None:
    """A frame for the network, as the analysis shows it."""
    patch = clip.patch(row)
    if patch is None:
        return None
    return Sample(
        layers=patch.layers,
        joints=patch.joints,
        target_deg=clip.truth_deg[row] - np.array([patch.lean_deg, 0.0, 0.0]),
        outline=_in_trunks(clip.outline_px[row], patch).ravel(),
    )


def _in_trunks(xy_px: FloatArray, patch: SpinePatch) -> FloatArray:
    return np.asarray((xy_px - patch.to_picture[:, 2]) @ np.linalg.inv(patch.to_picture[:, :2]).T)


def _samples(clip: ObservedClip, rows: NDArray[np.int64]) -> list[Sample]:
    made = (sample(clip, int(row)) for row in rows)
    return [one for one in made if one is not None]


def _tensors(samples: Sequence[Sample]) -> Sequence[Any]:
    names = ("layers", "joints", "target_deg", "outline")
    return [torch.tensor(np.stack([getattr(one, name) for one in samples]), dtype=torch.float32) for name in names]


class JoinedNetworks(nn.Module):
    """Several networks as one: what each frame tells (for :class:`SpineAnswer`), the outline, and unfamiliarity."""

    def __init__(self, networks: Sequence[BackNetwork]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)
        hidden = networks[0].join[0].out_features
        self.register_buffer("centre", torch.zeros(hidden))
        self.register_buffer("whiten", torch.eye(hidden))

    def forward(self, layers: Any, joints: Any) -> tuple[Any, Any, Any]:
        """(N, F) features; (N, 2K) outline, trunk lengths; (N, 1) unfamiliarity."""
        found = [network.frames(layers, joints) for network in self.networks]
        features = torch.cat([part for own, clues, _, _ in found for part in (own, clues)], 1)
        outline = sum(outline for _, _, outline, _ in found) / len(found)
        away = torch.matmul(found[0][3] - self.centre, self.whiten)
        return features, outline, torch.sqrt((away**2).mean(1, keepdim=True))

    def answer(self, sd_ratio: FloatArray | None = None) -> SpineAnswer:
        """What makes angles of the features; without ``sd_ratio`` the sds are as the networks state them."""

        def each(of: Callable[[BackNetwork], Any]) -> SingleArray:
            return np.stack([of(network).detach().numpy().astype(np.float32) for network in self.networks])

        return SpineAnswer(
            common=each(lambda one: one.common.weight.T),
            answer=each(lambda one: one.answer.weight.T),
            bias=each(lambda one: one.answer.bias),
            usual_deg=each(lambda one: one.usual_deg),
            sd_ratio=np.ones(3, dtype=np.float32) if sd_ratio is None else sd_ratio.astype(np.float32),
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What joined networks say of the N usable frames of a clip."""

    row: NDArray[np.int64]
    angles_deg: FloatArray
    """(N, 3) against the trunk."""
    sd_deg: FloatArray
    """(N, 3)"""
    unfamiliarity: FloatArray
    """(N,)"""
    truth_deg: FloatArray
    """(N, 3) against the trunk."""


def said_of(joined: JoinedNetworks, answer: SpineAnswer, clip: ObservedClip) -> Said:
    """Read a clip as the analysis does, what she rows and what she poses each by itself; it needs a usable frame."""
    rows = [int(row) for row in np.flatnonzero(clip.usable())]
    made = [(row, one) for row in rows if (one := sample(clip, row)) is not None]
    layers, joints, target, _ = _tensors([one for _, one in made])
    with torch.no_grad():
        features, _, unfamiliarity = (part.numpy() for part in joined(layers, joints))
    row, kept = np.array([row for row, _ in made]), in_half_precision(features)
    angles, sd = np.empty((len(row), 3)), np.empty((len(row), 3))
    for part in (row < FRAMES, row >= FRAMES):
        if part.any():
            angles[part], sd[part] = answer.read(kept[part], answer.context(kept[part]))
    return Said(row, angles, sd, unfamiliarity.ravel().astype(np.float64), target.numpy().astype(np.float64))


def settle(joined: JoinedNetworks, clips: Iterable[ObservedClip], unseen: Sequence[ObservedClip]) -> SpineAnswer:
    """Set what is unfamiliar (from clips fitted on) and how far stated sds must be stretched (from ``unseen`` ones)."""
    with torch.no_grad():
        shown = (_samples(clip, np.flatnonzero(clip.usable())[::3]) for clip in clips)
        seen = [joined.networks[0].frames(*_tensors(samples)[:2])[3] for samples in shown if samples]
        features = torch.cat(seen).to(torch.float64)
    return settle_by(joined, features.mean(0), torch.cov(features.T), unseen)


def settle_by(joined: JoinedNetworks, centre: Any, covariance: Any, unseen: Sequence[ObservedClip]) -> SpineAnswer:
    """The same by mean (H,) and covariance (H, H) of what the first network has seen in the frames fitted on."""
    values, vectors = torch.linalg.eigh(covariance + 1e-3 * torch.eye(len(centre), dtype=torch.float64))
    joined.centre[:] = centre
    joined.whiten[:] = vectors / torch.sqrt(values)
    plain = joined.answer()
    said = [said_of(joined, plain, clip) for clip in unseen if clip.usable().any()]
    limit = float(np.quantile(np.concatenate([one.unfamiliarity for one in said]), 0.99))
    joined.whiten /= limit
    error = np.concatenate(
        [
            centred(one.angles_deg - one.truth_deg) / (one.sd_deg * widening(one.unfamiliarity / limit)[:, None])
            for one in said
        ]
    )
    # 90 % intervals that hold 90 % of the time, whatever the shape of the tails.
    return joined.answer(np.quantile(np.abs(error), 0.9, axis=0) / 1.645)


def export(joined: JoinedNetworks, names: tuple[Sequence[str], Sequence[str]]) -> bytes:
    """The ONNX file."""
    import io

    buffer = io.BytesIO()
    example = (torch.zeros(1, 2, PATCH_ROWS, PATCH_COLUMNS), torch.zeros(1, JOINT_NUMBERS))
    torch.onnx.export(
        joined.eval(), example, buffer, input_names=list(names[0]), output_names=list(names[1]), dynamo=False
    )
    return buffer.getvalue()
