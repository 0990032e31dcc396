"""How much of the error of an angle is the same in every stroke of a recording.

``python -m rowsense.studies.repeating FOLDER`` prints it for every angle and phase, of the clips that
``rowsense.studies.fault_test collect FOLDER`` collected: rms error of one stroke's value, what of it differs from
stroke to stroke, and the share of the sd that does not (``rowsense.model.change.REPEATING_RATIO``).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.judge import catalogue_for
from rowsense.assess.metrics import measure
from rowsense.errors import NotMeasurableError
from rowsense.pipeline import analyze_track
from rowsense.settings import AssessSettings, Settings
from rowsense.studies.fault_seen import collected, read_clip

FloatArray = NDArray[np.float64]

#: Fewer strokes of a rower do not tell what differs between them.
LEAST_STROKES: Final = 4
#: A stroke that was found is the true one whose catch is no further away, seconds.
SAME_S: Final = 0.3
#: Measured against the rower's own zero, which a recording without a calibration does not know.
WITHOUT_ZERO: Final = ("pelvic_tilt_deg", "lumbar_flexion_deg", "thoracic_flexion_deg", "head_trunk_deg")


def clip_errors(folder: Path, number: int) -> dict[str, FloatArray]:
    """Errors of every metric in the strokes of one clip in which it was measured."""
    seen, truth = read_clip(folder, number)
    catalogue = catalogue_for(AssessSettings())
    session = analyze_track(seen.recording(), Settings(), calibration=seen.calibration)
    true = measure(truth.series(), truth.strokes(), catalogue, truth.reference()).values
    pairs = []
    for stroke in session.strokes.usable:
        away_s = np.abs(truth.marks_s[:, 0] - stroke.catch_time_s)
        if away_s.min() < SAME_S:
            pairs.append((stroke.index, int(away_s.argmin())))
    index, like = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    errors = {
        name: values[index] - true[name][like]
        for name, values in session.assessment.metrics.items()
        if name in true and not name.startswith(WITHOUT_ZERO)
    }
    return {name: error[np.isfinite(error)] for name, error in errors.items()}


def repeating(errors: list[FloatArray]) -> tuple[float, float, float]:
    """Rms of one stroke's error, its fresh part, and the share (0..1) of the sd that repeats; of rowers apart."""
    fresh = float(np.mean([error.var(ddof=1) for error in errors]))
    means = np.array([error.mean() for error in errors])
    count = 1.0 / float(np.mean([1.0 / len(error) for error in errors]))
    same = max(float(np.mean(means**2)) - fresh / count, 0.0)
    return float(np.sqrt(same + fresh)), float(np.sqrt(fresh)), float(np.sqrt(same / (same + fresh)))


def table(folder: Path) -> str:
    """A line for every angle of a phase that was measured in two rowers at least."""
    by_metric: dict[str, list[FloatArray]] = {}
    for number in collected(folder):
        try:
            found = clip_errors(folder, number)
        except NotMeasurableError as error:
            print(f"clip {number}: {error}", file=sys.stderr)
            continue
        for name, errors in found.items():
            if len(errors) >= LEAST_STROKES:
                by_metric.setdefault(name, []).append(errors)
    lines, shares = ["rowers     rms   fresh  repeating"], []
    for name, rowers in sorted(by_metric.items()):
        if len(rowers) < 2 or "_deg" not in name:
            continue
        rms, fresh, share = repeating(rowers)
        shares.append(share)
        lines.append(f"{len(rowers):6d} {rms:7.2f} {fresh:7.2f} {share:10.2f}  {name}")
    lines.append(f"median share {np.median(shares):.2f}, {np.min(shares):.2f} to {np.max(shares):.2f}")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    if len(arguments) != 1:
        raise SystemExit(__doc__)
    print(table(Path(arguments[0])))


if __name__ == "__main__":
    main(sys.argv[1:])
