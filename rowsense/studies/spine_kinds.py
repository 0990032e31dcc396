"""Which kind of function reads pelvis and spine best: from landmarks, the back's profile, or picture and silhouette.

``python -m rowsense.studies.spine_kinds TRAINING_FOLDER TEST_FOLDER`` fits every kind on the same training clips
(``spine_fit collect``), judges all on the same frames of the same test clips (``spine_test collect``), and prints the
table as Markdown. Needs the extra ``simulate``; set ``OMP_NUM_THREADS=1`` for the times of one thread.

The profile kinds are given the back line that the silhouette alone gives, told against the trunk, and the joints as
the shipped network is told them. Single frames. What counts is the error within a clip, since a rower's own constant
is taken out by calibration, and every fit knows that: ridge and the networks count a clip's mean error a hundredth,
the Gaussian process knows of a constant of each clip, the trees are fitted anew with the clips' mean errors taken out
of the targets. Settings are chosen on training clips held back from the fit (``HELD_BACK``), never on test clips.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT
from rowsense.pose.side_view import to_side_view
from rowsense.spine.back_line import back_line
from rowsense.spine.geometric import tangent_angles
from rowsense.spine.network import SpineNetwork
from rowsense.studies.spine_fit import HELD_BACK
from rowsense.studies.spine_frames import ObservedClip

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Windows of the profile: centres and half width in points of the back line. [D] Nine points are a seventh of the
#: line (10 cm): longer smooths the low back away, shorter is noisy.
WINDOWS: Final = tuple(range(6, 57, 5))
WINDOW_HALF: Final = 4
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
#: Frames on which a function is timed, one by one.
TIMED: Final = 100


@dataclass(frozen=True, slots=True)
class Frames:
    """N frames of many clips as the kinds see them, and the truth."""

    clip: IntArray
    """(N,) which clip of the folder."""
    joints: FloatArray
    """(N, J) as the shipped network is told them."""
    line: FloatArray
    """(N, 3, BACK_POINT_COUNT) depth behind the trunk line and level above the hip, trunk lengths; what was seen."""
    tangents_deg: FloatArray
    """(N, 3) plain tangents, against the trunk like all angles here."""
    network_deg: FloatArray
    """(N, 3) what the shipped network reads; NaN where it was not asked."""
    target_deg: FloatArray
    """(N, 3) true tilt against the trunk's lean, lumbar, thoracic."""

    def __len__(self) -> int:
        return len(self.clip)

    def rows(self, chosen: Any) -> Self:
        """Some of the frames, by number or mask."""
        return type(self)(*(getattr(self, one.name)[chosen] for one in fields(self)))

    def profile(self) -> FloatArray:
        """(N, F) per window direction against the trunk (radians), depth, level and what was seen; and the joints."""
        around = np.array(WINDOWS)[:, None] + np.arange(-WINDOW_HALF, WINDOW_HALF + 1)
        part = self.line[:, :, around]
        rise = part @ np.arange(-WINDOW_HALF, WINDOW_HALF + 1.0)
        direction = np.arctan2(-rise[:, 0], rise[:, 1])
        return np.column_stack([direction, part.mean(axis=3).reshape(len(self), -1), self.joints])

    def points(self) -> FloatArray:
        """(N, 3 BACK_POINT_COUNT + J) the whole line and the joints."""
        return np.column_stack([self.line.reshape(len(self), -1), self.joints])


def clip_frames(clip: ObservedClip, number: int, network: SpineNetwork | None = None) -> tuple[list[Frames], int]:
    """The single frames of a clip in which there is a back line, and how many have a patch for the network."""
    patches = [clip.patch(row) if usable else None for row, usable in enumerate(clip.usable())]
    lines = [back_line(clip.observation(row), "right", "right") for row in range(len(clip))]
    lines_px, seen = np.stack([line.xy_px for line in lines]), np.stack([line.seen for line in lines])
    track = clip.track(range(len(clip)), lines_px, seen)
    tangents = tangent_angles(to_side_view(track, "right", "right", roll_deg=0.0))
    parts = []
    for row, (patch, line) in enumerate(zip(patches, lines, strict=True)):
        if patch is None or not np.isfinite(line.xy_px).all():
            continue
        right, down = np.linalg.solve(patch.to_picture[:, :2], (line.xy_px - patch.to_picture[:, 2]).T)
        trunk = np.array([patch.lean_deg, 0.0, 0.0])
        one = Frames(
            clip=np.array(number),
            joints=patch.joints.astype(np.float64),
            line=np.stack([-right, -down, line.seen]),
            tangents_deg=tangents[row] - trunk,
            network_deg=np.full(3, np.nan) if network is None else network.read(patch).angles_deg - trunk,
            target_deg=clip.truth_deg[row] - trunk,
        )
        parts.append(one.rows(np.newaxis))
    return parts, sum(patch is not None for patch in patches)


def read_frames(folder: Path, network: SpineNetwork | None = None) -> tuple[Frames, IntArray]:
    """All frames of a folder, clips numbered in order; and how many clips, frames, and frames with a patch there are.

    One clip after the other: the pictures of all would fill the memory.
    """
    parts: list[Frames] = []
    counts = np.zeros(3, dtype=np.int64)
    for number, path in enumerate(sorted(folder.glob("[0-9]*.npz"))):
        clip = ObservedClip.read(path)
        found, patches = clip_frames(clip, number, network)
        parts += found
        counts += (1, len(clip), patches)
    if not parts:
        raise SystemExit(f"{folder} holds no frames; collect them first, as the module's own text says")
    return joined(parts), counts


def joined(parts: Sequence[Frames]) -> Frames:
    """All of them."""
    return Frames(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Frames)))


def clip_means(values: FloatArray, clip: IntArray) -> FloatArray:
    """(N, K) each row's mean over its clip."""
    _, place, count = np.unique(clip, return_inverse=True, return_counts=True)
    total = np.zeros((len(count), values.shape[1]))
    np.add.at(total, place, values)
    return np.asarray((total / count[:, None])[place])


def rmse_deg(said_deg: FloatArray, frames: Frames) -> FloatArray:
    """(3,) root mean square error within the clips, degrees."""
    error = said_deg - frames.target_deg
    return np.asarray(np.sqrt(((error - clip_means(error, frames.clip)) ** 2).mean(axis=0)))


Inputs = Callable[[Frames], FloatArray]
Predict = Callable[[Frames], FloatArray]


def _standard(inputs: Inputs, frames: Frames) -> Inputs:
    """The same inputs with mean 0 and sd 1 over ``frames``."""
    values = inputs(frames)
    mean, sd = values.mean(axis=0), values.std(axis=0) + 1e-6
    return lambda other: (inputs(other) - mean) / sd


def _ridge(inputs: Inputs, frames: Frames, penalty: float) -> Predict:
    """Least squares; ``penalty`` on squared weights as a part of the number of frames."""
    numbers, usual = _standard(inputs, frames), frames.target_deg.mean(axis=0)

    def weighed(values: FloatArray) -> FloatArray:
        return values - (1.0 - OFFSET_WEIGHT**0.5) * clip_means(values, frames.clip)

    x, y = weighed(numbers(frames)), weighed(frames.target_deg - usual)
    weights = np.linalg.solve(x.T @ x + penalty * len(x) * np.eye(x.shape[1]), x.T @ y)
    return lambda other: usual + numbers(other) @ weights


def _process(frames: Frames, reach: float, noise: float) -> Predict:
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


def _trees(frames: Frames, leaves: int, rounds: int) -> Predict:
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


def _connected(inputs: int, hidden: int, dropout: float) -> Any:
    """A small fully connected network of ``inputs`` numbers."""
    from torch import nn

    def layer(before: int) -> list[Any]:
        return [nn.Linear(before, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Dropout(dropout)]

    return nn.Sequential(*layer(inputs), *layer(hidden), nn.Linear(hidden, 3))


def _along_line(inputs: int, channels: int, dropout: float) -> Any:
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
            self.join = _connected(2 * channels * BACK_POINT_COUNT // 8 + joints, 128, dropout)

        def forward(self, values: Any) -> Any:
            line, joints = values.split([3 * BACK_POINT_COUNT, values.shape[1] - 3 * BACK_POINT_COUNT], 1)
            return self.join(torch.cat([self.look(line.reshape(-1, 3, BACK_POINT_COUNT)), joints], 1))

    return AlongLine()


def _network(make: Callable[..., Any], inputs: Inputs, frames: Frames, rounds: int, *shape: float) -> Predict:
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


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to read the angles."""

    name: str
    fit: Callable[..., Predict]
    """Frames and one of the settings -> the function."""
    settings: tuple[tuple[Any, ...], ...] = ((),)


#: All kinds that need a fit. [D] Settings around the best on the clips held back: larger networks and trees, and more
#: steps, gained under a tenth of a degree there.
KINDS: Final = (
    Kind("ridge, landmarks only", partial(_ridge, lambda f: f.joints), ((1e-4,), (1e-3,), (1e-2,), (1e-1,))),
    Kind("ridge, profile", partial(_ridge, Frames.profile), ((1e-4,), (1e-3,), (1e-2,), (1e-1,))),
    Kind("Gaussian process, profile", _process, tuple(product((1.0, 2.0), (0.03, 0.1)))),
    Kind("boosted trees, profile", _trees, ((8, 300), (16, 300))),
    Kind("small network, profile", partial(_network, _connected, Frames.profile), ((60, 160, 0.1), (60, 256, 0.1))),
    Kind("learned 1-D profile", partial(_network, _along_line, Frames.points), ((60, 16, 0.1), (60, 16, 0.2))),
)


def choose(kind: Kind, training: Frames, held_back: Frames) -> tuple[Predict, tuple[Any, ...], float]:
    """The function with the setting that does best on ``held_back``, that setting, and its fit's time in seconds."""
    found = []
    for setting in kind.settings:
        began = time.process_time()
        predict = kind.fit(training, *setting)
        took_s = time.process_time() - began
        found.append((rmse_deg(predict(held_back), held_back).mean(), predict, setting, took_s))
    return min(found, key=lambda one: one[0])[1:]


def each_ms(call: Callable[[Any], object], items: Sequence[Any]) -> float:
    """Median processor time of a call, milliseconds."""
    took = []
    for item in items:
        began = time.process_time()
        call(item)
        took.append(time.process_time() - began)
    return 1e3 * float(np.median(took))


def table(training: Frames, held_back: Frames, test: Frames, network_ms: float, kinds: Sequence[Kind] = KINDS) -> str:
    """Markdown: error of every kind on the test frames, time of its function for one frame, and of its fit."""
    lines = [
        "| kind | tilt | lumbar | thoracic | ms a frame | fit, s | setting |",
        "|---|---|---|---|---|---|---|",
    ]

    def line(name: str, said_deg: FloatArray, *rest: str) -> None:
        numbers = [f"{v:.1f}" for v in rmse_deg(said_deg, test)]
        lines.append(f"| {' | '.join([name, *numbers, *rest])} |")

    line("each clip's own mean (spread of the truth)", np.zeros((len(test), 3)), "-", "-", "-")
    line("plain tangents", test.tangents_deg, "-", "-", "-")
    singles = [test.rows(slice(k, k + 1)) for k in np.linspace(0, len(test) - 1, TIMED).astype(int)]
    for kind in kinds:
        predict, setting, took_s = choose(kind, training, held_back)
        own_ms = f"{each_ms(predict, singles):.3f}"
        line(kind.name, predict(test), own_ms, f"{took_s:.1f}", ", ".join(f"{v:g}" for v in setting))
    line("shipped network, picture and silhouette", test.network_deg, f"{network_ms:.3f}", "`spine_fit`", "-")
    return "\n".join(lines)


def compare(training_folder: Path, test_folder: Path) -> str:
    """The table, and below it how many frames were judged and what the inputs cost."""
    network = SpineNetwork()
    frames, (bodies, _, _) = read_frames(training_folder)
    test, (clips, shown, patches) = read_frames(test_folder, network)
    clip = ObservedClip.read(min(test_folder.glob("[0-9]*.npz")))
    rows = [int(row) for row in np.flatnonzero(clip.usable())]
    looks = [patch for row in rows if (patch := clip.patch(row)) is not None]
    seen = [clip.observation(row) for row in rows]
    patch_ms, line_ms = each_ms(clip.patch, rows), each_ms(lambda one: back_line(one, "right", "right"), seen)
    is_held = frames.clip >= bodies - HELD_BACK
    text = table(frames.rows(~is_held), frames.rows(is_held), test, each_ms(network.read, looks))
    return (
        f"{text}\n\nRMSE within a clip, degrees, on the {len(test)} frames of {clips} test clips that all kinds can "
        f"read: {100 * len(test) / shown:.0f} % of all frames (the shipped network can look in "
        f"{100 * patches / shown:.0f} %). Fitted on {(~is_held).sum()} frames of "
        f"{len(np.unique(frames.clip[~is_held]))} bodies. Times are processor time, frames one by one; the inputs come "
        f"on top: back line {line_ms:.2f} ms, patch with the joints {patch_ms:.2f} ms."
    )


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    cv2.setNumThreads(1)
    print(compare(Path(arguments[0]), Path(arguments[1])))


if __name__ == "__main__":
    main(sys.argv[1:])
