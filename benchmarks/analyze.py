"""A plain loop against ``rowsense analyze --no-overlay``, in one run on one machine.

    python -m benchmarks.analyze VIDEO [--loops N] [--memory LONGER_VIDEO]

The plain loop is what a user would write with OpenCV and MediaPipe: one landmarker, masks at full size, every frame.
``--loops 30`` plays a clip of one stroke for a minute, its packets copied and not coded again. With
``--stride 2`` the change of events and angles against looking at every frame is printed too.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from rowsense.store.session_folder import read_session
from tests.clips import loop_packets

_PLAIN_LOOP = """
import sys, cv2, mediapipe as mp
from mediapipe.tasks.python import BaseOptions, vision
from rowsense.pose.models import ensure_model
options = vision.PoseLandmarkerOptions(
    base_options=BaseOptions(model_asset_path=str(ensure_model())),
    running_mode=vision.RunningMode.VIDEO, output_segmentation_masks=True)
video = cv2.VideoCapture(sys.argv[1])
seen = 0
with vision.PoseLandmarker.create_from_options(options) as landmarker:
    while True:
        ok, picture = video.read()
        if not ok:
            break
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
        result = landmarker.detect_for_video(image, round(seen * 1000 / 30))
        if result.segmentation_masks:
            result.segmentation_masks[0].numpy_view()
        seen += 1
print(seen)
"""

#: Events further apart than this are not the same one.
MATCH_MS = 200.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video", type=Path)
    parser.add_argument("--memory", type=Path, help="a longer video whose peak memory is compared")
    parser.add_argument("--loops", type=int, default=1, help="play the video so many times")
    parser.add_argument("--repeats", type=int, default=1)
    arguments = parser.parse_args()
    plain, full, half = [], [], []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        video = arguments.video
        if arguments.loops > 1:
            video = loop_packets(video, folder / f"loop{video.suffix}", loops=arguments.loops)
        for _ in range(arguments.repeats):
            plain.append(_timed([sys.executable, "-c", _PLAIN_LOOP, str(video)]))
            full.append(_analyze(video, folder / "every", 1)[0])
            half.append(_analyze(video, folder / "second", 2)[0])
        report = {
            "plain_loop_s": min(plain),
            "every_frame_s": min(full),
            "every_second_frame_s": min(half),
            "every_frame_ratio": min(plain) / min(full),
            "every_second_frame_ratio": min(plain) / min(half),
            **_change(folder / "every", folder / "second"),
        }
        if arguments.memory:
            report["peak_mb"] = _analyze(video, folder / "short", 1)[1]
            report["peak_mb_longer"] = _analyze(arguments.memory, folder / "long", 1)[1]
    print(json.dumps(report, indent=1))


def _timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def _analyze(video: Path, out: Path, stride: int) -> tuple[float, int]:
    """Seconds and peak memory in MB of ``rowsense analyze --no-overlay``."""
    command = [sys.executable, "-m", "rowsense", "analyze", str(video), "--no-overlay"]
    command += ["--stride", str(stride), "--out", str(out)]
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise SystemExit(f"rowsense analyze {video} ended with status {status}")
    return seconds, used.ru_maxrss // 1024


def _change(every: Path, second: Path) -> dict[str, float]:
    """How far events and angles move: the shift (median of signed changes) and the usual size of a single change."""
    a, b = read_session(every), read_session(second)
    change: dict[str, float] = {"strokes_every": len(a.strokes), "strokes_second": len(b.strokes)}
    for event in ("catch_time_s", "finish_time_s"):
        at, other = (np.array([getattr(s, event) for s in session.strokes.strokes]) for session in (a, b))
        moved_ms = 1000.0 * np.array([other[np.argmin(np.abs(other - t))] - t for t in at])
        moved_ms = moved_ms[np.abs(moved_ms) < MATCH_MS]
        change[f"{event[:-2]}_shift_ms"] = float(np.median(moved_ms))
        change[f"{event[:-2]}_mean_absolute_change_ms"] = float(np.mean(np.abs(moved_ms)))
    for name in ("trunk_lean_deg", "knee_deg", "elbow_deg", "pelvic_tilt_deg", "lumbar_flexion_deg"):
        difference = b.angles[name] - a.angles[name]
        change[f"{name}_shift"] = float(np.nanmedian(difference))
        change[f"{name}_median_absolute_change"] = float(np.nanmedian(np.abs(difference)))
    return change


if __name__ == "__main__":
    main()
