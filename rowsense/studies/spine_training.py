"""The network that reads pelvis and spine (``rowsense/spine/network.py``) as it is fitted, settled and written.

Needs the extra ``simulate``.
The network sees what the pose model saw of simulated rowers: silhouette and picture of the back, and the joints. It
answers with three angles and how sure it is of each, and, because that teaches it to look at the back and not at what
stands behind it, with the outline of the back. What counts is the error within a clip: a rower's own constant is
taken out by calibration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from rowsense.spine.gate import widening
from rowsense.spine.network import OUTLINE_POINTS
from rowsense.spine.patch import JOINT_NUMBERS, PATCH_COLUMNS, PATCH_ROWS, SpinePatch
from rowsense.studies.spine_frames import ObservedClip

FloatArray = NDArray[np.float64]

#: Log variances are held to these, degrees squared: the network never claims less than a degree or more than 45.
LOG_VARIANCE: Final = (0.0, 7.6)
#: Outputs are of order one in these units.
DEGREES: Final = 10.0
TRUNKS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is made, and what it is shown at once; how it is fitted is told by ``spine_steps.Steps``."""

    channels: tuple[int, ...] = (16, 32, 48, 64)
    hidden: int = 128
    clips_at_once: int = 8
    frames_of_each: int = 12
    decay: float = 0.02
    dropout: float = 0.2
    outline_weight: float = 2.0
    """Of the outline's error (pixels of the patch) beside that of the angles."""
    offset_weight: float = 0.01
    """Of the mean error of a clip, which calibration takes out, beside the error within it."""


class BackNetwork(nn.Module):
    """Patch and joints -> angles against the trunk and log variances (3 each), outline, and what it has seen."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before, rows, columns = 2, PATCH_ROWS, PATCH_COLUMNS
        for depth, channels in enumerate(recipe.channels):
            wide = 5 if depth == 0 else 3
            layers += [nn.Conv2d(before, channels, wide, stride=2, padding=wide // 2, bias=False)]
            layers += [nn.BatchNorm2d(channels), nn.ReLU()]
            before, rows, columns = channels, (rows + 1) // 2, (columns + 1) // 2
        self.look = nn.Sequential(*layers, nn.Flatten())
        self.dropout = nn.Dropout(recipe.dropout)
        self.join = nn.Sequential(
            nn.Linear(before * rows * columns + JOINT_NUMBERS, recipe.hidden), nn.BatchNorm1d(recipe.hidden)
        )
        self.outline = nn.Linear(recipe.hidden, 2 * OUTLINE_POINTS)
        self.bend = nn.Linear(recipe.hidden + 2 * OUTLINE_POINTS, 64)
        self.answer = nn.Linear(64, 6)
        self.register_buffer("usual_outline", torch.zeros(2 * OUTLINE_POINTS))
        self.register_buffer("usual_deg", torch.zeros(3))

    def forward(self, layers: Any, joints: Any) -> tuple[Any, Any, Any, Any]:
        """(N, 3) degrees, (N, 3) log variances, (N, 2K) trunk lengths, (N, H)."""
        seen = self.join(torch.cat([self.dropout(self.look(layers)), joints], 1))
        hidden = self.dropout(functional.relu(seen))
        shift = self.outline(hidden)
        answer = self.answer(functional.relu(self.bend(torch.cat([hidden, TRUNKS * 3.0 * shift], 1))))
        log_variance = torch.clamp(answer[:, 3:] + 3.0, *LOG_VARIANCE)
        return self.usual_deg + DEGREES * answer[:, :3], log_variance, self.usual_outline + TRUNKS * shift, seen


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
    """Several networks as one: mean answers, variances that know how much they disagree, and unfamiliarity."""

    def __init__(self, networks: Sequence[BackNetwork]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)
        hidden = networks[0].join[0].out_features
        self.register_buffer("sd_ratio", torch.ones(3))
        self.register_buffer("centre", torch.zeros(hidden))
        self.register_buffer("whiten", torch.eye(hidden))

    def forward(self, layers: Any, joints: Any) -> tuple[Any, Any, Any, Any]:
        """(N, 3) angles and (N, 3) sds, degrees; (N, 2K) outline, trunk lengths; (N, 1) unfamiliarity."""
        answers = [network(layers, joints) for network in self.networks]
        count = len(answers)
        angles = sum(a for a, _, _, _ in answers) / count
        variance = sum(torch.exp(v) + (a - angles) ** 2 for a, v, _, _ in answers) / count
        outline = sum(o for _, _, o, _ in answers) / count
        away = torch.matmul(answers[0][3] - self.centre, self.whiten)
        unfamiliarity = torch.sqrt((away**2).mean(1, keepdim=True))
        return angles, self.sd_ratio * torch.sqrt(variance), outline, unfamiliarity


def answers(joined: nn.Module, clip: ObservedClip) -> tuple[NDArray[np.int64], tuple[FloatArray, ...], FloatArray]:
    """Usable rows, what the networks say of them (four arrays), and the true angles against the trunk."""
    rows = [int(row) for row in np.flatnonzero(clip.usable())]
    made = [(row, one) for row in rows if (one := sample(clip, row)) is not None]
    layers, joints, target, _ = _tensors([one for _, one in made])
    with torch.no_grad():
        said = tuple(np.asarray(part.numpy(), dtype=np.float64) for part in joined(layers, joints))
    return np.array([row for row, _ in made]), said, np.asarray(target.numpy(), dtype=np.float64)


def settle(joined: JoinedNetworks, clips: Sequence[ObservedClip], unseen: Sequence[ObservedClip]) -> None:
    """Set what is unfamiliar (from clips fitted on) and how far stated sds must be stretched (from ``unseen`` ones)."""
    with torch.no_grad():
        shown = [_samples(clip, np.flatnonzero(clip.usable())[::3]) for clip in clips]
        seen = [joined.networks[0](*_tensors(samples)[:2])[3] for samples in shown if samples]
        features = torch.cat(seen).to(torch.float64)
    settle_by(joined, features.mean(0), torch.cov(features.T), unseen)


def settle_by(joined: JoinedNetworks, centre: Any, covariance: Any, unseen: Sequence[ObservedClip]) -> None:
    """The same by mean (H,) and covariance (H, H) of what the first network has seen in the frames fitted on."""
    with torch.no_grad():
        values, vectors = torch.linalg.eigh(covariance + 1e-3 * torch.eye(len(centre), dtype=torch.float64))
        joined.centre[:] = centre
        joined.whiten[:] = vectors / torch.sqrt(values)
        said = [answers(joined, clip) for clip in unseen if clip.usable().any()]
        limit = float(np.quantile(np.concatenate([part[1][3].ravel() for part in said]), 0.99))
        joined.whiten /= limit
        error = np.concatenate(
            [_centred(part[1][0] - part[2]) / (part[1][1] * widening(part[1][3] / limit)) for part in said]
        )
        # 90 % intervals that hold 90 % of the time, whatever the shape of the tails.
        joined.sd_ratio[:] = torch.tensor(np.quantile(np.abs(error), 0.9, axis=0) / 1.645)


def _centred(values: FloatArray) -> FloatArray:
    return np.asarray(values - values.mean(axis=0))


def export(joined: JoinedNetworks, names: tuple[Sequence[str], Sequence[str]]) -> bytes:
    """The ONNX file."""
    import io

    buffer = io.BytesIO()
    example = (torch.zeros(1, 2, PATCH_ROWS, PATCH_COLUMNS), torch.zeros(1, JOINT_NUMBERS))
    torch.onnx.export(
        joined.eval(), example, buffer, input_names=list(names[0]), output_names=list(names[1]), dynamo=False
    )
    return buffer.getvalue()
