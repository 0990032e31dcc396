"""Small networks in place of the bumps: what they would make of the same shapes, on bodies left out.

``python -m rowsense.studies.spine_networks FOLDER`` takes what ``spine_fit collect`` or ``spine_test collect`` wrote
and prints the error of a straight line alone and of line and networks. They are not in the product: fitted on clips
of which one in four is filmed badly they beat the shipped function on the like (6.6 against 8.0 deg of tilt) and their
intervals hold, but on well-filmed ones they pull everything to the middle (4.6 against 2.9). Needs the extra
``simulate``.

The estimate is a line in the shape's numbers plus the mean of a few networks, which bend it where backs do. Each
network also says how sure it is, and how much they disagree adds to that. A clip's own constant counts little:
calibration takes it out.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rowsense.spine.shape_model import MAX_FEATURE_SDS
from rowsense.studies.spine_fit import Training, read_collected, training_set

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FOLDS: Final = 5
#: Log variances are held to these, degrees squared: a network never claims less than a degree or more than 45.
LOG_VARIANCE: Final = (0.0, 7.6)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the function is made. [D] Twice as many rounds, or hidden units, or noise changed errors by 0.1 deg."""

    ridge: float = 60.0
    """Of the straight line."""
    members: int = 5
    hidden: tuple[int, int] = (64, 32)
    rounds: int = 300
    rate: float = 0.01
    decay: float = 0.02
    noise: float = 0.2
    """Standard deviation of what is added to the standardised features in every round."""
    offset_weight: float = 0.01
    """How much the mean error of a clip counts, which calibration takes out, beside the error within it."""


@dataclass(frozen=True, slots=True)
class Networks:
    """The fitted function; F features, E networks."""

    mean: FloatArray
    """(F,)"""
    sd: FloatArray
    """(F,)"""
    slopes: FloatArray
    """(F, 3) of the line."""
    layers: tuple[FloatArray, ...]
    """Weights (E, in, out) and biases (E, out) of three layers in turn; the last gives means and log variances."""

    def predict(self, features: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Angles and their sds (N, 3), degrees, for features (N, F)."""
        x = _standardised(features, self.mean, self.sd)
        hidden = np.tanh(x @ self.layers[0] + self.layers[1][:, None])
        hidden = np.tanh(hidden @ self.layers[2] + self.layers[3][:, None])
        out = hidden @ self.layers[4] + self.layers[5][:, None]
        means, log_variance = out[..., :3], np.clip(out[..., 3:], *LOG_VARIANCE)
        variance = np.exp(log_variance).mean(axis=0) + means.var(axis=0)
        return np.asarray(x @ self.slopes + means.mean(axis=0)), np.asarray(np.sqrt(variance))


def _standardised(features: FloatArray, mean: FloatArray, sd: FloatArray) -> FloatArray:
    return np.clip((features - mean) / sd, -MAX_FEATURE_SDS, MAX_FEATURE_SDS)


def fit(data: Training, recipe: Recipe, seed: int = 0) -> Networks:
    """Fit line and networks."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)  # the same numbers on every machine
    mean, sd = data.features.mean(axis=0), np.maximum(data.features.std(axis=0), 1e-6)
    x = _standardised(data.features, mean, sd)
    slopes = _line(x, data, recipe.ridge)
    parameters = _initial(x.shape[1], recipe, torch)
    # Where the networks start from.
    parameters[5].data[:, :3] = torch.tensor((data.target_deg - x @ slopes).mean(axis=0), dtype=torch.float32)
    inputs, target, line = (torch.tensor(v, dtype=torch.float32) for v in (x, data.target_deg - x @ slopes, slopes))
    clip = torch.tensor(data.clip)
    counts = torch.bincount(clip).to(torch.float32)
    optimiser = torch.optim.AdamW(parameters, lr=recipe.rate, weight_decay=recipe.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=recipe.rounds)
    for _ in range(recipe.rounds):
        noise = recipe.noise * torch.randn(recipe.members, *inputs.shape)
        means, log_variance = _outputs(inputs + noise, parameters, torch)
        error = means + noise @ line - target
        offset = torch.zeros(recipe.members, len(counts), 3).index_add_(1, clip, error) / counts[:, None]
        inside = error - offset[:, clip]
        loss = (inside**2 / torch.exp(log_variance) + log_variance).mean() / 2.0
        loss = loss + recipe.offset_weight * (offset**2).mean() / 2.0
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return Networks(mean, sd, slopes, tuple(p.detach().numpy().astype(np.float64) for p in parameters))


def _line(x: FloatArray, data: Training, ridge: float) -> FloatArray:
    """(F, 3) ridge regression of what differs within the clips."""
    inside, target = without_clip_mean(x, data.clip), without_clip_mean(data.target_deg, data.clip)
    return np.asarray(np.linalg.solve(inside.T @ inside + ridge * np.eye(x.shape[1]), inside.T @ target))


def _initial(features: int, recipe: Recipe, torch: Any) -> list[Any]:
    sizes = (features, *recipe.hidden, 6)
    parameters = []
    for wide, narrow in pairwise(sizes):
        weights = torch.randn(recipe.members, wide, narrow) / np.sqrt(wide)
        parameters += [torch.nn.Parameter(weights), torch.nn.Parameter(torch.zeros(recipe.members, narrow))]
    with torch.no_grad():
        parameters[4] *= 0.3
        parameters[5][:, 3:] = 3.0  # a variance of 20 to start from
    return parameters


def _outputs(x: Any, parameters: list[Any], torch: Any) -> tuple[Any, Any]:
    """Means and log variances (E, N, 3) of features (E, N, F): what ``Networks`` computes."""
    hidden = torch.tanh(torch.baddbmm(parameters[1][:, None], x, parameters[0]))
    hidden = torch.tanh(torch.baddbmm(parameters[3][:, None], hidden, parameters[2]))
    out = torch.baddbmm(parameters[5][:, None], hidden, parameters[4])
    return out[..., :3], torch.clamp(out[..., 3:], *LOG_VARIANCE)


def without_clip_mean(values: FloatArray, clip: IntArray) -> FloatArray:
    """(N, K) minus the mean of each clip."""
    out = values.copy()
    for n in np.unique(clip):
        out[clip == n] -= values[clip == n].mean(axis=0)
    return out


def leave_bodies_out(data: Training, recipe: Recipe) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Errors of line alone and of line with networks, and the sds these state: (N, 3) each, bodies not fitted on.

    Every clip's own mean error is taken out.
    """
    line, full, sd = (np.zeros_like(data.target_deg) for _ in range(3))
    for fold in range(FOLDS):
        test = data.clip % FOLDS == fold
        model = fit(_renumbered(data.part(~test)), recipe, seed=fold)
        line[test] = _standardised(data.features[test], model.mean, model.sd) @ model.slopes - data.target_deg[test]
        predicted, sd[test] = model.predict(data.features[test])
        full[test] = predicted - data.target_deg[test]
    return without_clip_mean(line, data.clip), without_clip_mean(full, data.clip), sd


def _renumbered(data: Training) -> Training:
    """Clips numbered from 0 without gaps."""
    return Training(data.features, data.target_deg, data.unseen, np.unique(data.clip, return_inverse=True)[1])


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    if len(arguments) != 1:
        raise SystemExit(__doc__)
    data = training_set(read_collected(Path(arguments[0])))
    line, full, sd = leave_bodies_out(data, Recipe())
    inside = 100 * np.mean(np.abs(full) < 1.645 * sd, axis=0)
    print(f"spread of the truth    {_text(without_clip_mean(data.target_deg, data.clip))}")
    print(f"line alone             {_text(line)}")
    print(f"line and networks      {_text(full)}   stated {_text(sd)}, within 90 %: {np.round(inside)} %")


def _text(values: FloatArray) -> str:
    return " / ".join(f"{v:.1f}" for v in np.sqrt((values**2).mean(axis=0)))


if __name__ == "__main__":
    main(sys.argv[1:])
