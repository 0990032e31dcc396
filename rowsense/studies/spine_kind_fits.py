"""The kinds of functions that ``spine_kinds`` compares, and how each is fitted: frames and settings -> a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT
from rowsense.studies.spine_kind_frames import Frames, clip_means

FloatArray = NDArray[np.float64]

#: Weight of a clip's mean error beside the error within it, as in ``spine_training.Recipe``.
OFFSET_WEIGHT: Final = 0.01
#: Frames that the Gaussian process knows. [D] Two seconds a fit; the time grows with the third power.
PROCESS_FRAMES: Final = 4000
#: Own constant of a clip for the Gaussian process, as a part of the spread of the angles.
CLIP_SD: Final = 1.0
#: The trees are fitted so often, each time without the mean errors of the clips before.
TREE_PASSES: Final = 2
#: Steps of the small networks: clips and frames of each.
CLIPS_AT_ONCE: Final = 32
FRAMES_OF_EACH: Final = 12

Inputs = Callable[[Frames], FloatArray]
Predict = Callable[[Frames], FloatArray]


def _standard(inputs: Inputs, frames: Frames) -> Inputs:
    """The same inputs with mean 0 and sd 1 over ``frames``."""
    values = inputs(frames)
    mean, sd = values.mean(axis=0), values.std(axis=0) + 1e-6
    return lambda other: (inputs(other) - mean) / sd


def fit_ridge(inputs: Inputs, frames: Frames, penalty: float) -> Predict:
    """Least squares; ``penalty`` on squared weights as a part of the number of frames."""
    numbers, usual = _standard(inputs, frames), frames.target_deg.mean(axis=0)

    def weighed(values: FloatArray) -> FloatArray:
        return values - (1.0 - OFFSET_WEIGHT**0.5) * clip_means(values, frames.clip)

    x, y = weighed(numbers(frames)), weighed(frames.target_deg - usual)
    weights = np.linalg.solve(x.T @ x + penalty * len(x) * np.eye(x.shape[1]), x.T @ y)
    return lambda other: usual + numbers(other) @ weights


def fit_process(frames: Frames, reach: float, noise: float) -> Predict:
    """Mean of a Gaussian process (kernel ridge regression) with a squared exponential kernel and a constant a clip.

    ``reach`` is its length scale times the root of the number of inputs, ``noise`` the noise's share of the variance.
    """
    frames = frames.rows(np.random.default_rng(0).permutation(len(frames))[:PROCESS_FRAMES])
    numbers, usual = _standard(Frames.profile, frames), frames.target_deg.mean(axis=0)
    known = numbers(frames)
    known_squared = (known**2).sum(axis=1)

    def kernel(x: FloatArray) -> FloatArray:
        apart = (x**2).sum(axis=1)[:, None] + known_squared - 2.0 * x @ known.T
        return np.asarray(np.exp(-0.5 * np.maximum(apart, 0.0) / (reach**2 * x.shape[1])))

    same = CLIP_SD**2 * (frames.clip[:, None] == frames.clip)
    weights = np.linalg.solve(kernel(known) + same + noise * np.eye(len(known)), frames.target_deg - usual)
    return lambda other: usual + kernel(numbers(other)) @ weights


def fit_trees(frames: Frames, leaves: int, rounds: int) -> Predict:
    """Boosted trees, one sum of trees for each angle."""
    try:
        from sklearn.ensemble import HistGradientBoostingRegressor
    except ImportError as error:
        raise SystemExit("Boosted trees need scikit-learn: install the extra `simulate`.") from error
    x, target = frames.profile(), frames.target_deg
    for _ in range(TREE_PASSES):
        grown = [
            HistGradientBoostingRegressor(
                max_leaf_nodes=leaves, max_iter=rounds, learning_rate=0.06, early_stopping=False, random_state=0
            ).fit(x, column)
            for column in target.T
        ]
        said = np.column_stack([one.predict(x) for one in grown])
        target = frames.target_deg - clip_means(frames.target_deg - said, frames.clip)
    return lambda other: np.column_stack([one.predict(other.profile()) for one in grown])


def connected(inputs: int, hidden: int, dropout: float) -> Any:
    """A small fully connected network of ``inputs`` numbers."""
    from torch import nn

    def layer(before: int) -> list[Any]:
        return [nn.Linear(before, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Dropout(dropout)]

    return nn.Sequential(*layer(inputs), *layer(hidden), nn.Linear(hidden, 3))


def along_line(inputs: int, channels: int, dropout: float) -> Any:
    """A network that learns its own profile: convolutions along the points of the back line; then, with the joints."""
    import torch
    from torch import nn

    class AlongLine(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            layers: list[Any] = []
            for before, after in ((3, channels), (channels, channels), (channels, 2 * channels)):
                layers += [nn.Conv1d(before, after, 5, 2, 2), nn.BatchNorm1d(after), nn.ReLU()]
            self.look = nn.Sequential(*layers, nn.Flatten(), nn.Dropout(dropout))
            joints = inputs - 3 * BACK_POINT_COUNT
            self.join = connected(2 * channels * BACK_POINT_COUNT // 8 + joints, 128, dropout)

        def forward(self, values: Any) -> Any:
            line, joints = values.split([3 * BACK_POINT_COUNT, values.shape[1] - 3 * BACK_POINT_COUNT], 1)
            return self.join(torch.cat([self.look(line.reshape(-1, 3, BACK_POINT_COUNT)), joints], 1))

    return AlongLine()


def fit_network(make: Callable[..., Any], inputs: Inputs, frames: Frames, rounds: int, *shape: float) -> Predict:
    """Fit a small network; a clip's mean error counts as little as in ``spine_training``."""
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    numbers, usual = _standard(inputs, frames), frames.target_deg.mean(axis=0)
    x = torch.tensor(numbers(frames), dtype=torch.float32)
    y = torch.tensor((frames.target_deg - usual) / 10.0, dtype=torch.float32)
    of_clip = [np.flatnonzero(frames.clip == number) for number in np.unique(frames.clip)]
    network, at_once = make(x.shape[1], *shape), min(CLIPS_AT_ONCE, len(of_clip))
    optimiser = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=0.02)
    steps = rounds * (len(of_clip) // at_once)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
    for _ in range(steps):
        some = rng.choice(len(of_clip), at_once, replace=False)
        rows = np.concatenate([rng.choice(of_clip[k], FRAMES_OF_EACH, len(of_clip[k]) < FRAMES_OF_EACH) for k in some])
        error = (network(x[rows]) - y[rows]).view(at_once, FRAMES_OF_EACH, 3)
        offset = error.mean(1, keepdim=True)
        loss = ((error - offset) ** 2).mean() + OFFSET_WEIGHT * (offset**2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    network.eval()

    def predict(other: Frames) -> FloatArray:
        with torch.no_grad():
            said = network(torch.tensor(numbers(other), dtype=torch.float32)).numpy()
        return np.asarray(usual + 10.0 * said, dtype=np.float64)

    return predict
