"""Fits the function from the shape of the back to the spine (``rowsense/spine/shape_model.toml``).

``python -m rowsense.studies.spine_fit collect FOLDER FIRST END`` renders and observes training clips FIRST..END-1
(each another body; about 7 s a clip on one core); ``python -m rowsense.studies.spine_fit fit FOLDER`` fits, reports
the error on bodies left out, and writes the data file. Needs the extra ``simulate``. The sample videos take no part.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rowsense.errors import NotMeasurableError
from rowsense.model import PoseTrack, SideView
from rowsense.pose.side_view import to_side_view
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.spine._profile import back_profile
from rowsense.spine.geometric import HIGH_WINDOWS, LOW_WINDOWS
from rowsense.spine.shape_model import DATA_FILE, ShapeModel, bump_values, project

FloatArray = NDArray[np.float64]

FRAMES_PER_CLIP = 30
COMPONENTS = 24
CENTRES = 200
#: Width of the bumps in units of the standardised features, times sqrt(feature count), and ridge. [D] Best of a few
#: tried by the error on bodies left out.
BUMP_WIDTH = 1.0
RIDGE = 0.3
#: Prior weight of the linear part against the bumps.
LINEAR_SHARE = 0.3
FOLDS = 8


@dataclass(frozen=True, slots=True)
class Training:
    """All usable frames of all clips."""

    features: FloatArray
    """(N, F)"""
    target_deg: FloatArray
    """(N, 3) tilt minus lean, lumbar, thoracic."""
    unseen: FloatArray
    """(N, 3)"""
    clip: NDArray[np.int64]
    """(N,) number of the clip."""

    def part(self, rows: NDArray[np.bool_]) -> Training:
        """Only these rows."""
        return Training(self.features[rows], self.target_deg[rows], self.unseen[rows], self.clip[rows])


def training_set(clips: list[tuple[SideView, FloatArray]]) -> Training:
    """Features and targets of side views with their truth (T, 3)."""
    features, target, unseen, number = [], [], [], []
    for n, (view, truth) in enumerate(clips):
        profile = back_profile(view)
        x = profile.features()
        y = truth - np.column_stack([profile.lean_deg, np.zeros((len(truth), 2))])
        hidden = [1.0 - profile.seen[:, w].mean(axis=1) for w in (LOW_WINDOWS, LOW_WINDOWS, HIGH_WINDOWS)]
        usable = np.isfinite(x).all(axis=1)
        features.append(x[usable])
        target.append(y[usable])
        unseen.append(np.stack(hidden, axis=1)[usable])
        number.append(np.full(int(usable.sum()), n))
    return Training(np.vstack(features), np.vstack(target), np.vstack(unseen), np.concatenate(number))


def fit(data: Training) -> ShapeModel:
    """Fit the function without its error model; every clip's own constant is left out of the fit."""
    mean, sd = data.features.mean(axis=0), data.features.std(axis=0)
    components = np.linalg.svd((data.features - mean) / sd, full_matrices=False)[2][:COMPONENTS].T
    place = project(data.features, mean, sd, components)
    width = BUMP_WIDTH * float(np.sqrt(data.features.shape[1]))
    centres = _centres(place)
    basis = np.hstack([bump_values(place, centres, width), place])
    prior = np.zeros((basis.shape[1], basis.shape[1]))
    prior[:CENTRES, :CENTRES] = bump_values(centres, centres, width) + 1e-6 * np.eye(CENTRES)
    prior[CENTRES:, CENTRES:] = np.eye(COMPONENTS) * data.features.shape[1] / LINEAR_SHARE
    inside, target = _without_clip_mean(basis, data.clip), _without_clip_mean(data.target_deg, data.clip)
    weights = np.asarray(np.linalg.solve(inside.T @ inside + RIDGE * prior, inside.T @ target), dtype=np.float64)
    left = data.target_deg - basis @ weights
    clip_means = np.array([left[data.clip == n].mean(axis=0) for n in np.unique(data.clip)])
    intercept = clip_means.mean(axis=0)
    return ShapeModel(mean, sd, components, centres, width, weights, intercept, np.zeros((3, 3)), np.zeros(3))


def _centres(place: FloatArray) -> FloatArray:
    """``CENTRES`` representative places by a few rounds of k-means from a fixed start."""
    centres = place[np.random.default_rng(0).permutation(len(place))[:CENTRES]]
    for _ in range(8):
        distance2 = (centres**2).sum(axis=1) - 2.0 * place @ centres.T
        nearest = distance2.argmin(axis=1)
        centres = np.array(
            [place[nearest == k].mean(axis=0) if (nearest == k).any() else centres[k] for k in range(CENTRES)]
        )
    return centres


def _without_clip_mean(values: FloatArray, clip: NDArray[np.int64]) -> FloatArray:
    out = values.copy()
    for n in np.unique(clip):
        out[clip == n] -= values[clip == n].mean(axis=0)
    return out


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Errors on bodies that the fit did not see."""

    error_deg: FloatArray
    """(N, 3) every clip's own mean removed."""
    clip_mean_deg: FloatArray
    """(clips, 3) that mean."""
    unfamiliar: FloatArray
    """(N,)"""


def leave_bodies_out(data: Training) -> LeftOut:
    """Fit ``FOLDS`` times without a part of the bodies, predict those."""
    error = np.zeros_like(data.target_deg)
    unfamiliar = np.zeros(len(error))
    for fold in range(FOLDS):
        test = data.clip % FOLDS == fold
        predicted, unfamiliar[test] = fit(data.part(~test)).predict(data.features[test])
        error[test] = predicted - data.target_deg[test]
    means = np.array([error[data.clip == n].mean(axis=0) for n in np.unique(data.clip)])
    return LeftOut(_without_clip_mean(error, data.clip), means, unfamiliar)


def error_model(data: Training, left_out: LeftOut) -> FloatArray:
    """(3, 3) variance = always + unseen part + unfamiliarity, by least squares with no negative part."""
    rows = []
    for k in range(3):
        square = left_out.error_deg[:, k] ** 2
        columns = [np.ones(len(square)), data.unseen[:, k], left_out.unfamiliar]
        used = [0, 1, 2]
        while True:
            found = np.linalg.lstsq(np.stack([columns[u] for u in used], axis=1), square, rcond=None)[0]
            if (found >= 0).all():
                break
            used.pop(int(np.argmin(found)))
        row = np.zeros(3)
        row[used] = found
        rows.append(row)
    return np.array(rows)


def write_model(model: ShapeModel, path: Path, made_from: str) -> None:
    """Write the data file."""

    def rows(array: FloatArray, digits: int) -> str:
        lines = [" ".join(f"{x:.{digits}g}" for x in row) for row in np.atleast_2d(array)]
        return '"""\n' + "\n".join(lines) + '\n"""'

    digits = {"components": 4, "centres": 4, "weights": 5}
    body = [
        "# From the shape of the back to pelvic tilt (minus trunk lean), lumbar and thoracic flexion, degrees.",
        "# Written by rowsense.studies.spine_fit; what each part means: rowsense/spine/shape_model.py.",
        *[f"# {line}" for line in made_from.splitlines()],
        f"bump_width = {model.bump_width:.6g}",
    ]
    body += [
        f"{field.name} = {rows(getattr(model, field.name), digits.get(field.name, 6))}"
        for field in fields(model)
        if field.name != "bump_width"
    ]
    path.write_text("\n".join(body) + "\n", encoding="utf-8")


def fit_all(clips: list[tuple[SideView, FloatArray]]) -> tuple[ShapeModel, str]:
    """The finished model and a few lines about the data and the error on bodies left out."""
    data = training_set(clips)
    left_out = leave_bodies_out(data)
    offset_sd = left_out.clip_mean_deg.std(axis=0)
    model = replace(fit(data), variance_deg2=error_model(data, left_out), offset_sd_deg=offset_sd)
    spread = _without_clip_mean(np.vstack([truth for _, truth in clips]), _numbers(clips)).std(axis=0)
    rmse = np.sqrt((left_out.error_deg**2).mean(axis=0))
    report = (
        f"Fitted on {len(data.clip)} frames of {len(clips)} simulated bodies (training clips 0..{len(clips) - 1}).\n"
        "Tilt, lumbar, thoracic; single frames of bodies left out, own constant removed:\n"
        f"error {_numbers_text(rmse)} deg, spread of the truth {_numbers_text(spread)} deg,\n"
        f"spread of the constant between bodies {_numbers_text(offset_sd)} deg."
    )
    return model, report


def _numbers(clips: list[tuple[SideView, FloatArray]]) -> NDArray[np.int64]:
    return np.concatenate([np.full(len(truth), n) for n, (_, truth) in enumerate(clips)])


def _numbers_text(values: FloatArray) -> str:
    return " / ".join(f"{v:.1f}" for v in values)


def collect(folder: Path, draw: Callable[[int], ClipSpec], first: int, end: int) -> None:
    """Render and observe clips, one file of landmarks, back lines and truth each; those that are there stay.

    Needs the extra ``simulate``. A clip in which the pose model finds no rower is left out, and said.
    """
    from rowsense.pose.models import ensure_model
    from rowsense.studies.spine_frames import observe_clip, pose_track

    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, end):
        target = folder / f"{number:04d}.npz"
        if target.exists():
            continue
        try:
            clip = observe_clip(draw(number), ensure_model())
        except NotMeasurableError as error:
            print(error, flush=True)
            continue
        track = pose_track(clip)
        stored = {f.name: getattr(track, f.name) for f in fields(track)}
        unfinished = target.with_suffix(".part")
        with unfinished.open("wb") as handle:
            np.savez_compressed(
                handle, allow_pickle=False, truth=clip.truth, roll_deg=np.array(clip.roll_deg), **stored
            )
        unfinished.rename(target)
        print(f"clip {number}: {len(clip.truth)} frames", flush=True)


def read_collected(folder: Path) -> list[tuple[SideView, FloatArray]]:
    """What :func:`collect` wrote, in order, in the side view that the analysis would make of it."""
    clips = []
    for path in sorted(folder.glob("[0-9]*.npz")):
        with np.load(path) as stored:
            track = PoseTrack(**{f.name: stored[f.name] for f in fields(PoseTrack)})
            clips.append((to_side_view(track, "right", "right", float(stored["roll_deg"])), stored["truth"]))
    return clips


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    if len(arguments) == 4 and arguments[0] == "collect":
        from rowsense.studies.spine_frames import training_clip

        draw = partial(training_clip, frame_count=FRAMES_PER_CLIP)
        collect(Path(arguments[1]), draw, int(arguments[2]), int(arguments[3]))
    elif len(arguments) == 2 and arguments[0] == "fit":
        import rowsense.spine

        model, report = fit_all(read_collected(Path(arguments[1])))
        write_model(model, Path(rowsense.spine.__file__).parent / DATA_FILE, report)
        print(report)
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
