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

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.kernels.smoothing import lowpass
from rowsense.model import Session, SpineReading
from rowsense.pipeline import analyze_video
from rowsense.pose.models import ensure_model
from rowsense.spine.back_line import back_line
from rowsense.spine.gate import MAX_IMPLAUSIBILITY, MAX_UNFAMILIARITY, implausibility, in_range
from rowsense.spine.geometric import CUTOFF_HZ, LOW_BACK, MIN_SEEN_PART, TILT_ZERO_DEG, tangent_angles
from rowsense.spine.network import SpineNetwork
from rowsense.studies.figures import slashed
from rowsense.studies.spine_accuracy import session_view
from rowsense.studies.spine_contour import contour
from rowsense.studies.spine_fit import read_collected
from rowsense.studies.spine_frames import ObservedClip
from rowsense.studies.spine_negatives import FRAMES_PER_CLIP, KINDS, SETTLED_ON, SeenClip, read_negatives, see
from rowsense.video.read import read_frames

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]

REAL_VARIABLE: Final = "ROWSENSE_REAL_DIR"
#: What a rower's pelvis and low back can do: degrees, and degrees a second.
POSSIBLE_TILT_DEG: Final = (-45.0, 30.0)
POSSIBLE_LUMBAR_DEG: Final = (-30.0, 70.0)
POSSIBLE_SPEED_DEG_S: Final = 250.0
#: The real clip shows one stroke; so many of them follow one another in the loop.
LOOPS: Final = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the analysis makes of one frame."""

    in_range: bool
    angles_deg: FloatArray
    """(3,) as the network has them, whether in range or not; NaN where it was shown nothing."""
    sd_deg: FloatArray
    """(3,) as stated; NaN out of range."""


REFUSED: Final = Verdict(False, np.full(3, np.nan), np.full(3, np.nan))


def verdict(clip: SeenClip | ObservedClip, row: int, network: SpineNetwork) -> Verdict:
    """The per-frame way of the analysis, with the rule on the low back that it has per track."""
    patch = clip.patch(row)
    if patch is None:
        return REFUSED
    raw = network.read(patch)
    reading: SpineReading = in_range(raw, patch)
    facing, near_side = (clip.facing, clip.near_side) if isinstance(clip, SeenClip) else ("right", "right")
    line = back_line(clip.observation(row), facing, near_side, reading.outline_px)
    passes = bool(np.isfinite(reading.angles_deg).all() and line.seen[LOW_BACK].mean() >= MIN_SEEN_PART)
    return Verdict(passes, raw.angles_deg, reading.sd_deg if passes else REFUSED.sd_deg)


@dataclass(frozen=True, slots=True)
class Group:
    """All frames of a kind."""

    name: str
    verdicts: tuple[Verdict, ...]

    @property
    def in_range_ratio(self) -> float:
        """Part of the frames that are in range."""
        return float(np.mean([one.in_range for one in self.verdicts]))

    @property
    def sd_deg(self) -> FloatArray:
        """(3,) median of what is stated of the frames in range."""
        stated = [one.sd_deg for one in self.verdicts if one.in_range]
        return np.median(stated, axis=0) if stated else np.full(3, np.nan)


def simulated_groups(folder: Path, network: SpineNetwork) -> list[Group]:
    """Simulated rowers: the clips that the gate was settled on, and the others."""
    clips = read_collected(folder)
    return [
        Group(
            name,
            tuple(
                verdict(clip, int(row), network)
                for number, clip in clips.items()
                if number % 2 == parity
                for row in np.flatnonzero(clip.usable())
            ),
        )
        for name, parity in (("simulated rowers, settled on", 0), ("simulated rowers", 1))
    ]


def negative_groups(folder: Path, network: SpineNetwork) -> list[Group]:
    """What must be refused: all that the gate was settled on, the others by kind, and all of the others."""
    settled: list[Verdict] = []
    others: dict[str, list[Verdict]] = {kind: [] for kind in KINDS}
    for (kind, number), clip in read_negatives(folder).items():
        found = [REFUSED] * FRAMES_PER_CLIP if clip is None else [verdict(clip, k, network) for k in range(len(clip))]
        (settled if number < SETTLED_ON else others[kind]).extend(found)
    return [
        Group("to be refused, settled on", tuple(settled)),
        *(Group(f"to be refused: {kind}", tuple(found)) for kind, found in others.items() if found),
        Group("to be refused: all", tuple(one for found in others.values() for one in found)),
    ]


# -- real footage ----------------------------------------------------------------------------------------------------


def real_folder() -> Path | None:
    """Where the real footage is; None where there is none."""
    named = os.environ.get(REAL_VARIABLE)
    return Path(named) if named and Path(named).is_dir() else None


def clip_pictures(folder: Path) -> list[ByteArray]:
    """The real stroke."""
    return [frame.image for frame in read_frames(folder / "erg_side_right.mp4")]


def still_pictures(folder: Path) -> list[ByteArray]:
    """Seven moments of a stroke, catch to catch."""
    return [_decoded(path.read_bytes()) for path in sorted((folder / "stills").glob("*.jpg"))]


def _decoded(data: bytes) -> ByteArray:
    """RGB of a compressed picture."""
    picture = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def seen_group(name: str, pictures: Sequence[ByteArray], network: SpineNetwork) -> Group:
    """Pictures of one person as a group."""
    clip = see(pictures, ensure_model())
    if clip is None:
        return Group(name, (REFUSED,) * len(pictures))
    return Group(name, tuple(verdict(clip, row, network) for row in range(len(clip))))


CHANGES: Final[dict[str, Callable[[ByteArray], ByteArray]]] = {
    "three quarters the size": lambda p: _bytes(cv2.resize(p, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)),
    "mirrored": lambda p: np.ascontiguousarray(p[:, ::-1]),
    "a third brighter": lambda p: _bytes(np.clip(p * 1.33, 0, 255)),
    "recompressed (JPEG 40)": lambda p: _recompressed(p, 40),
}


def _bytes(picture: NDArray[np.generic]) -> ByteArray:
    return np.asarray(picture, dtype=np.uint8)


def _recompressed(picture: ByteArray, quality: int) -> ByteArray:
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return _decoded(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def stability(pictures: Sequence[ByteArray], network: SpineNetwork) -> dict[str, FloatArray]:
    """Median absolute change (3,) of the raw angles, degrees, when the same pictures are changed by ``CHANGES``."""
    before = seen_group("", pictures, network)
    found = {}
    for name, change in CHANGES.items():
        after = seen_group("", [change(picture) for picture in pictures], network)
        pairs = zip(before.verdicts, after.verdicts, strict=True)
        away = np.array([np.abs(a.angles_deg - b.angles_deg) for a, b in pairs])
        known = np.isfinite(away).all(axis=1)
        found[name] = np.median(away[known], axis=0) if known.any() else np.full(3, np.nan)
    return found


@dataclass(frozen=True, slots=True)
class Curves:
    """Pelvic tilt and lumbar flexion over the loop of the real stroke, after the analysis' smoothing."""

    time_s: FloatArray
    learnt_deg: FloatArray
    """(T, 2)"""
    tangents_deg: FloatArray
    """(T, 2) from plain directions of the outline, each up to a constant."""

    @property
    def known_ratio(self) -> float:
        """Part of the frames with both angles."""
        return float(np.isfinite(self.learnt_deg).all(axis=1).mean())

    def extent(self, column: int) -> tuple[float, float]:
        """Lowest and highest value."""
        return float(np.nanmin(self.learnt_deg[:, column])), float(np.nanmax(self.learnt_deg[:, column]))

    def possible(self) -> bool:
        """Whether both stay within what a rower can do, in position and speed."""
        within = [
            low <= self.extent(k)[0] and self.extent(k)[1] <= high
            for k, (low, high) in enumerate((POSSIBLE_TILT_DEG, POSSIBLE_LUMBAR_DEG))
        ]
        return all(within) and max(top_speed(self.time_s, self.learnt_deg)) < POSSIBLE_SPEED_DEG_S


def top_speed(time_s: FloatArray, angles_deg: FloatArray) -> tuple[float, ...]:
    """Largest change of every column (T, K) from frame to frame, degrees a second."""
    speed = np.abs(np.diff(angles_deg, axis=0)) / np.diff(time_s)[:, None]
    return tuple(float(column) for column in np.nanmax(speed, axis=0))


def loop_curves(folder: Path) -> Curves:
    """Analyse the real stroke, played ten times."""
    with tempfile.TemporaryDirectory() as temporary:
        session = analyze_video(_loop(folder / "erg_side_right.mp4", Path(temporary) / "loop.mp4"))
    return curves_of(session)


def curves_of(session: Session) -> Curves:
    """Both estimates of a session."""
    view = session_view(session)
    names = ("pelvic_tilt_deg", "lumbar_flexion_deg")
    return Curves(
        time_s=np.asarray(session.angles.time_s, dtype=np.float64),
        learnt_deg=np.stack([session.angles[name] for name in names], axis=1),
        tangents_deg=lowpass(view.time_s, tangent_angles(view), CUTOFF_HZ)[:, :2],
    )


def _loop(source: Path, target: Path) -> Path:
    """Play a clip ``LOOPS`` times by copying its packets: the same pixels, the seam one frame long."""
    import av

    with av.open(str(source)) as reader, av.open(str(target), "w") as writer:
        incoming = reader.streams.video[0]
        outgoing = writer.add_stream_from_template(incoming)
        packets = [(bytes(p), p.pts or 0, p.is_keyframe) for p in reader.demux(incoming) if p.size]
        assert incoming.average_rate is not None
        assert incoming.time_base is not None
        step = round(1 / (incoming.average_rate * incoming.time_base))
        length = packets[-1][1] - packets[0][1] + step
        for turn in range(LOOPS):
            for data, pts, is_keyframe in packets:
                packet = av.Packet(data)
                packet.stream, packet.time_base = outgoing, incoming.time_base
                packet.pts = packet.dts = pts - packets[0][1] + turn * length
                packet.duration, packet.is_keyframe = step, is_keyframe
                writer.mux(packet)
    return target


# -- the section -----------------------------------------------------------------------------------------------------


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
    """How much larger the stated sds are on real frames."""
    stated = np.median([one.sd_deg for group in real for one in group.verdicts if one.in_range], axis=0)
    return f"The sds stated on real frames are {_three(stated / simulated.sd_deg, 2)} times those on simulated ones."


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
    tilts = [one.angles_deg[0] + TILT_ZERO_DEG for one in stills.verdicts]
    return "Pelvic tilt in the seven stills, from the catch on: " + ", ".join(f"{tilt:.0f}" for tilt in tilts) + " deg."


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
