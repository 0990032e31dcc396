"""Make a simulated clip: video, truth and events."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from rowsense.errors import OutputError, UsageError
from rowsense.simulate.clip_spec import SAMPLES, ClipSpec
from rowsense.simulate.render import ClipRenderer, Picture
from rowsense.simulate.truth import TruthWriter

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ClipFiles:
    """What was written."""

    video: Path
    truth: Path
    events: Path
    spec: Path


def clip(name_or_spec: str | ClipSpec) -> ClipRenderer:
    """A renderer for a sample's name or any spec: ``motion``, ``camera``, ``frame(i)``, ``frames()``.

    Raises:
        UsageError: no sample has that name, or the extra ``simulate`` is missing and the body is not cached.
    """
    if isinstance(name_or_spec, ClipSpec):
        return ClipRenderer(name_or_spec)
    if name_or_spec not in SAMPLES:
        raise UsageError(f"No simulated clip is called '{name_or_spec}'; there are: {', '.join(sorted(SAMPLES))}.")
    return ClipRenderer(SAMPLES[name_or_spec])


def render_clip(spec: ClipSpec, out_dir: str | Path, progress: Progress | None = None) -> ClipFiles:
    """Render ``spec`` into ``out_dir``: ``<name>.mp4``, ``.truth.csv``, ``.events.csv`` and ``.spec.json``.

    ``progress`` is called with (frames done, frames in all).

    Raises:
        OutputError: the folder or the files cannot be written.
    """
    folder = Path(out_dir)
    renderer = ClipRenderer(spec)
    truth = TruthWriter(renderer)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        video, part = folder / f"{spec.name}.mp4", folder / f".{spec.name}.part.mp4"
        try:
            _encode(renderer, truth, part, progress)
            part.replace(video)
        finally:
            part.unlink(missing_ok=True)
        frames, events = truth.write(folder)
        about = folder / f"{spec.name}.spec.json"
        about.write_text(json.dumps(asdict(spec), indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"Cannot write the clip into '{folder}' ({error.strerror}); choose another folder with --out."
        ) from error
    return ClipFiles(video, frames, events, about)


def _encode(renderer: ClipRenderer, truth: TruthWriter, path: Path, progress: Progress | None) -> None:
    """Draw all frames into a video; one that was "sent on" is compressed twice."""
    spec = renderer.spec
    last = {"crf": str(spec.quality_crf), "preset": "medium"} if spec.bit_rate_kbps is None else {"preset": "veryfast"}
    pictures = _drawn(renderer, truth, progress)
    if spec.first_crf is None:
        _write(pictures, path, spec, last, spec.bit_rate_kbps)
        return
    first = path.with_name(f"{path.stem}.first.mp4")
    try:
        _write(pictures, first, spec, {"crf": str(spec.first_crf), "preset": "veryfast"}, None)
        with av.open(str(first)) as container:
            frames = (
                np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8) for frame in container.decode(video=0)
            )
            _write(frames, path, spec, last, spec.bit_rate_kbps)
    finally:
        first.unlink(missing_ok=True)


def _drawn(renderer: ClipRenderer, truth: TruthWriter, progress: Progress | None) -> Iterator[Picture]:
    """All frames in order, each noted in the truth."""
    for index in range(len(renderer)):
        yield renderer.frame(index)
        truth.add(index)
        if progress is not None:
            progress(index + 1, len(renderer))


def _write(
    pictures: Iterator[Picture], path: Path, spec: ClipSpec, options: dict[str, str], bit_rate_kbps: int | None
) -> None:
    """H.264 in 4:2:0 with the index in front, so that it plays everywhere."""
    rate = Fraction(spec.motion.fps).limit_denominator(1001)
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = spec.width_px, spec.height_px, "yuv420p"
        stream.options = dict(options)
        if bit_rate_kbps is not None:
            stream.bit_rate = 1000 * bit_rate_kbps
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
