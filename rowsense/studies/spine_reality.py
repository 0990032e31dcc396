"""What the spine estimate says of real frames, and what it refuses: its gate, its sds and its curves.

1. ``python -m rowsense.studies.spine_test collect TEST 0 60`` and ``python -m rowsense.studies.spine_negatives
   NEGATIVE`` make both folders of simulated frames (a quarter of an hour in all; both go on after a stop).
2. ``ROWSENSE_REAL_DIR=... python -m rowsense.studies.spine_reality TEST NEGATIVE`` prints the section of
   ``docs/accuracy.md`` (two minutes): ``python -m rowsense.studies.accuracy`` puts it there with ``--negative``.
3. ``python -m rowsense.studies.spine_reality limits TEST`` prints where the gate's limits lie among the frames that
   they were settled on: look at it when the network was fitted anew.

*In range* is a frame of which the analysis would give angles: the pose model finds somebody, the trunk is a rower's,
enough of the low back's outline is where it is expected, and ``rowsense.spine.gate`` lets the reading pass. Test clips
of even number and the first half of the negative clips are what the gate was settled on; reported are the others. The
real footage (one stroke, and seven stills of another rower) is no part of the project and took no part in fitting; only
numbers about it are kept. There is no truth for it, so what is reported is whether the numbers can be true.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.pose.models import ensure_model
from rowsense.spine.gate import MAX_IMPLAUSIBILITY, MAX_UNFAMILIARITY, implausibility
from rowsense.spine.geometric import TILT_ZERO_DEG
from rowsense.spine.network import SpineNetwork
from rowsense.studies.figures import slashed
from rowsense.studies.spine_collecting import read_collected
from rowsense.studies.spine_contour import contour
from rowsense.studies.spine_real_footage import (
    POSSIBLE_LUMBAR_DEG,
    POSSIBLE_SPEED_DEG_S,
    POSSIBLE_TILT_DEG,
    REAL_VARIABLE,
    Curves,
    clip_pictures,
    loop_curves,
    real_folder,
    stability,
    still_pictures,
    top_speed,
)
from rowsense.studies.spine_seen import see
from rowsense.studies.spine_verdicts import Group, Verdict, negative_groups, seen_group, simulated_groups

#: Thoracic flexion as the network says it, degrees: readings in there are of an upper back that is not at a limit.
FREE_THORACIC_DEG: Final = (0.0, 38.0)

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]


def reality_section(test_folder: Path, negative_folder: Path) -> str:
    """The section as Markdown."""
    network = SpineNetwork()
    simulated = simulated_groups(test_folder, network)
    refused = negative_groups(negative_folder, network)
    folder = real_folder()
    if folder is None:
        groups = simulated + refused
        said = [f"Real frames were not looked at: {REAL_VARIABLE} names no folder of real footage."]
    else:
        stroke, stills = clip_pictures(folder), still_pictures(folder)
        real = [seen_group("real stroke", stroke, network), seen_group("real stills", stills, network)]
        groups = simulated + real + refused
        said = [
            sd_sentence(simulated[1], real),
            loop_sentence(loop_curves(folder)),
            stills_sentence(real[1]),
            contour_sentence(stills, network),
            stability_sentence(stability(stroke[::4], network)),
        ]
    lines = ["| frames | how many | in range | sd stated, median |", "|---|---|---|---|"]
    lines += [
        f"| {group.name} | {len(group.verdicts)} | {100 * group.in_range_ratio:.0f} % | {_three(group.sd_deg)} |"
        for group in groups
    ]
    return "\n".join(lines) + "".join(f"\n\n{sentence}" for sentence in said)


def sd_sentence(simulated: Group, real: Sequence[Group]) -> str:
    """How much larger the stated sds are on real frames, than on all simulated ones and than on those like them."""
    every = [one for group in real for one in group.verdicts]
    stated = np.median([one.sd_deg for one in every if one.in_range], axis=0)
    alike = simulated.only(upper_back_free)
    share = len(alike.verdicts) / max(1, sum(one.in_range for one in simulated.verdicts))
    real_share = float(np.mean([upper_back_free(one) for one in every]))
    return (
        f"The sds stated on real frames are {_three(stated / simulated.sd_deg, 2)} times those on simulated ones, "
        f"and {_three(stated / alike.sd_deg, 2)} times those of the {100 * share:.0f} % of them whose thoracic "
        f"flexion reads {_range(FREE_THORACIC_DEG)} deg, as that of {100 * real_share:.0f} % of the real ones does."
    )


def upper_back_free(one: Verdict) -> bool:
    """Whether a frame is in range and its thoracic flexion reads well inside of what the simulated back can do."""
    return one.in_range and FREE_THORACIC_DEG[0] <= one.angles_deg[2] <= FREE_THORACIC_DEG[1]


def loop_sentence(curves: Curves) -> str:
    """What the curves of the real stroke look like."""
    learnt, plain = curves.learnt_deg, curves.tangents_deg
    both = np.isfinite(learnt).all(axis=1) & np.isfinite(plain).all(axis=1)
    alike = [float(np.corrcoef(learnt[both, k], plain[both, k])[0, 1]) for k in (0, 1)]
    (tilt_low, tilt_high), (low, high) = curves.extent(0), curves.extent(1)
    speed, plain_speed = top_speed(curves.time_s, learnt), top_speed(curves.time_s, plain)
    span = np.nanmax(plain, axis=0) - np.nanmin(plain, axis=0)
    return (
        f"The real stroke, played ten times and analysed as a video: angles in {100 * curves.known_ratio:.0f} % of "
        f"the frames; pelvic tilt {tilt_low:.0f} to {tilt_high:.0f} deg, lumbar flexion {low:.0f} to {high:.0f} deg, "
        f"at most {speed[0]:.0f} and {speed[1]:.0f} deg/s: "
        f"{'possible' if curves.possible() else '**not possible**'} throughout (tilt {_range(POSSIBLE_TILT_DEG)}, "
        f"lumbar {_range(POSSIBLE_LUMBAR_DEG)}, under {POSSIBLE_SPEED_DEG_S:.0f} deg/s). Plain tangents on the same "
        f"frames span {span[0]:.0f} and {span[1]:.0f} deg where the network's angles span "
        f"{tilt_high - tilt_low:.0f} and {high - low:.0f}, at most {plain_speed[0]:.0f} and {plain_speed[1]:.0f} "
        f"deg/s; correlation {alike[0]:.2f} and {alike[1]:.2f}."
    )


def _range(limits: tuple[float, float]) -> str:
    return f"{limits[0]:.0f} to {limits[1]:.0f}"


def stills_sentence(stills: Group) -> str:
    """Tilt in stroke order."""
    tilts = [f"{one.angles_deg[0] + TILT_ZERO_DEG:.0f}" if one.in_range else "-" for one in stills.verdicts]
    return f"Pelvic tilt in the seven stills, read together, from the catch on: {', '.join(tilts)} deg."


def contour_sentence(stills: Sequence[ByteArray], network: SpineNetwork) -> str:
    """How near the drawn line lies to the stills' back."""
    clip = see(stills, ensure_model())
    if clip is None:
        return "The pose model finds nobody in the stills."
    found = [contour(picture, clip, row, network) for row, picture in enumerate(stills)]
    away = 100.0 * np.concatenate([one.away_ratio for one in found])
    return (
        "The back line against the rower of the seven stills cut out at full resolution: distance in percent of the "
        f"trunk's length {np.median(away):.1f} (median), {np.sqrt(np.mean(away**2)):.1f} (rms), "
        f"{np.quantile(away, 0.9):.1f} (90 % of the points are nearer), where kit and wall can be told apart by colour "
        f"({100 * np.nanmean([one.told_ratio for one in found]):.0f} % of the points)."
    )


def stability_sentence(changes: dict[str, FloatArray]) -> str:
    """How far the same frames are read otherwise."""
    parts = [f"{name} {_three(away)}" for name, away in changes.items()]
    return "Median change of tilt / lumbar / thoracic, deg, when a real frame is " + "; ".join(parts) + "."


def _three(values: FloatArray, digits: int = 1) -> str:
    return "-" if np.isnan(values).any() else slashed(values, digits)


def limits_text(folder: Path) -> str:
    """Percentiles of both numbers of the gate over the simulated rowers that it was settled on."""
    network = SpineNetwork()
    patches = [
        patch
        for number, clip in read_collected(folder).items()
        if number % 2 == 0
        for row in np.flatnonzero(clip.usable())
        if (patch := clip.patch(int(row))) is not None
    ]
    numbers = {
        f"unfamiliarity (limit {MAX_UNFAMILIARITY})": [network.read(patch).unfamiliarity for patch in patches],
        f"implausibility (limit {MAX_IMPLAUSIBILITY})": [implausibility(patch) for patch in patches],
    }
    shares = (50, 90, 95, 97, 98, 99)
    lines = ["percentile " + " ".join(f"{share:>5d}" for share in shares)]
    lines += [
        f"{' '.join(f'{v:5.2f}' for v in np.percentile(found, shares)):>46s}  {n}" for n, found in numbers.items()
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    match arguments:
        case ["limits", test]:
            print(limits_text(Path(test)))
        case [test, negative]:
            print(reality_section(Path(test), Path(negative)))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
