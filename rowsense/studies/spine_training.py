"""Fits the network that reads pelvis and spine (``rowsense/spine/network.py``). Needs the extra ``simulate``.

The network sees what the pose model saw of simulated rowers: silhouette and picture of the back, and the joints. It
answers with three angles and how sure it is of each, and, because that teaches it to look at the back and not at what
stands behind it, with the outline of the back. What counts is the error within a clip: a rower's own constant is
taken out by calibration.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from rowsense.conventions import LANDMARK_INDEX
from rowsense.model import Frame, PoseObservation
from rowsense.spine.gate import widening
from rowsense.spine.network import OUTLINE_POINTS
from rowsense.spine.patch import JOINT_NUMBERS, SpinePatch, spine_patch
from rowsense.studies.spine_frames import PX_PER_TRUNK, ObservedClip

FloatArray = NDArray[np.float64]

#: Log variances are held to these, degrees squared: the network never claims less than a degree or more than 45.
LOG_VARIANCE: Final = (0.0, 7.6)
#: Outputs are of order one in these units.
DEGREES: Final = 10.0
TRUNKS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is made and fitted."""

    channels: tuple[int, ...] = (16, 32, 48, 64)
    hidden: int = 128
    rounds: int = 32
    clips_at_once: int = 8
    frames_of_each: int = 12
    rate: float = 2e-3
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
        before = 2
        for depth, channels in enumerate(recipe.channels):
            wide = 5 if depth == 0 else 3
            layers += [nn.Conv2d(before, channels, wide, stride=2, padding=wide // 2, bias=False)]
            layers += [nn.BatchNorm2d(channels), nn.ReLU()]
            before = channels
        self.look = nn.Sequential(*layers, nn.Flatten())
        self.dropout = nn.Dropout(recipe.dropout)
        self.join = nn.Sequential(nn.LazyLinear(recipe.hidden), nn.BatchNorm1d(recipe.hidden))
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


def sample(clip: ObservedClip, row: int, rng: np.random.Generator | None = None) -> Sample | None:
    """A frame for the network; with ``rng`` seen by another camera, and by a pose model with other slips."""
    frame, seen, trunk_px = clip.frame(row), clip.observation(row), PX_PER_TRUNK
    if rng is not None:
        frame, seen = _other_camera(frame, rng), _other_slips(seen, rng)
        trunk_px *= float(np.exp(rng.normal(0, 0.04)))
    patch = spine_patch(frame, seen, "right", "right", trunk_px)
    if patch is None:
        return None
    if rng is not None and rng.random() < 0.5:  # dark on bright or bright on dark is all the same
        patch.layers[1] *= -1.0
    return Sample(
        layers=patch.layers,
        joints=patch.joints,
        target_deg=clip.truth_deg[row] - np.array([patch.lean_deg, 0.0, 0.0]),
        outline=_in_trunks(clip.outline_px[row], patch).ravel(),
    )


def _in_trunks(xy_px: FloatArray, patch: SpinePatch) -> FloatArray:
    return np.asarray((xy_px - patch.to_picture[:, 2]) @ np.linalg.inv(patch.to_picture[:, :2]).T)


def _other_camera(frame: Frame, rng: np.random.Generator) -> Frame:
    """Another gamma, noise and now and then a blur."""
    levels = np.arange(256, dtype=np.float32) / 255.0
    grey = cv2.LUT(frame.image[..., 0], 255.0 * levels ** np.float32(np.exp(rng.normal(0, 0.25))))
    if rng.random() < 0.3:
        grey = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.4, 1.2))
    grey = grey + np.float32(rng.uniform(0, 6)) * rng.standard_normal(grey.shape, dtype=np.float32)
    return replace(frame, image=cv2.merge([np.clip(grey, 0, 255).astype(np.uint8)] * 3))


def _other_slips(seen: PoseObservation, rng: np.random.Generator) -> PoseObservation:
    """Every landmark elsewhere by a few hundredths of the trunk; left and right hip, and shoulder, together."""
    slip = rng.normal(0, 0.03, seen.landmarks_px.shape)
    for joint, sd in (("hip", 0.022), ("shoulder", 0.05)):
        slip[[LANDMARK_INDEX[f"{side}_{joint}"] for side in ("left", "right")]] += rng.normal(0, sd, 2)
    return replace(seen, landmarks_px=seen.landmarks_px + PX_PER_TRUNK * slip)


def fit(clips: Sequence[ObservedClip], recipe: Recipe, seed: int, tell: bool = False) -> BackNetwork:
    """Fit one network. The same clips, recipe and seed give the same network on the same machine."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    clips = [clip for clip in clips if clip.usable().sum() >= recipe.frames_of_each // 2]
    network = BackNetwork(recipe)
    usual = [one for clip in clips for one in _samples(clip, np.flatnonzero(clip.usable())[::5], None)]
    network(*_tensors(usual)[:2])  # settles the size of the lazy layer
    network.usual_deg[:] = torch.tensor(np.mean([one.target_deg for one in usual], axis=0))
    network.usual_outline[:] = torch.tensor(np.mean([one.outline for one in usual], axis=0))
    with torch.no_grad():
        network.answer.weight *= 0.3
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    steps = recipe.rounds * (len(clips) // recipe.clips_at_once)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=steps, pct_start=0.15)
    began = time.monotonic()
    for number in range(recipe.rounds):
        network.train()
        for batch in _batches(clips, recipe, rng):
            loss = _loss(network, batch, recipe)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            schedule.step()
        if tell and number % 10 == 9:
            took_s = time.monotonic() - began
            print(f"network {seed}: round {number + 1} of {recipe.rounds}, {took_s:.0f} s", flush=True)
    return network.eval()


def _loss(network: BackNetwork, batch: Sequence[Any], recipe: Recipe) -> Any:
    layers, joints, target, outline = batch
    angles, log_variance, found, _ = network(layers, joints)
    count = recipe.frames_of_each
    error = (angles - target).view(-1, count, 3)
    offset = error.mean(1, keepdim=True)
    inside = (error - offset) * (count / (count - 1)) ** 0.5
    certainty = log_variance.view(-1, count, 3)
    away_px = functional.smooth_l1_loss(PX_PER_TRUNK * found, PX_PER_TRUNK * outline)
    return (
        (inside**2 / torch.exp(certainty) + certainty).mean() / 2.0
        + recipe.offset_weight * (offset**2).mean() / 2.0
        + recipe.outline_weight * away_px
    )


def _batches(clips: Sequence[ObservedClip], recipe: Recipe, rng: np.random.Generator) -> Iterator[Sequence[Any]]:
    """All clips once, some at a time, so many frames of each; the next ones are made while the network learns."""
    order = rng.permutation(len(clips))
    parts = [order[k : k + recipe.clips_at_once] for k in range(0, len(order), recipe.clips_at_once)]
    whole = [part for part in parts if len(part) == recipe.clips_at_once]
    seeds = rng.integers(1 << 60, size=len(whole))

    def make(part: NDArray[np.int64], seed: int) -> Sequence[Any]:
        own = np.random.default_rng(seed)
        return _tensors([one for k in part for one in _some(clips[k], recipe.frames_of_each, own)])

    with ThreadPoolExecutor(1) as pool:
        waiting = deque(pool.submit(make, part, seed) for part, seed in zip(whole[:3], seeds[:3], strict=True))
        for number in range(len(whole)):
            yield waiting.popleft().result()
            if number + 3 < len(whole):
                waiting.append(pool.submit(make, whole[number + 3], seeds[number + 3]))


def _some(clip: ObservedClip, count: int, rng: np.random.Generator) -> list[Sample]:
    """``count`` frames; some of them twice where there are not as many."""
    rows = np.flatnonzero(clip.usable())
    found: list[Sample] = []
    while len(found) < count:
        found += _samples(clip, rng.choice(rows, count - len(found), replace=len(rows) < count), rng)
    return found


def _samples(clip: ObservedClip, rows: NDArray[np.int64], rng: np.random.Generator | None) -> list[Sample]:
    made = (sample(clip, int(row), rng) for row in rows)
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
        shown = [_samples(clip, np.flatnonzero(clip.usable())[::3], None) for clip in clips]
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
    example = (torch.zeros(1, 2, 96, 72), torch.zeros(1, JOINT_NUMBERS))
    torch.onnx.export(
        joined.eval(), example, buffer, input_names=list(names[0]), output_names=list(names[1]), dynamo=False
    )
    return buffer.getvalue()
