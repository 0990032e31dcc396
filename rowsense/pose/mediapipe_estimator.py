"""MediaPipe's pose landmarker behind two small classes: the only module that imports mediapipe.

:class:`MediaPipePose` looks at a given :class:`~rowsense.pose.region.Region` of a frame; :class:`MediaPipePeople`
finds several people in single pictures. What goes in is a :class:`~rowsense.model.Frame`, what comes out is in
upright, unmirrored source pixels.

:class:`MediaPipePose` hands the landmarker squares of ``NETWORK_SIDE_PX``, the size that the network reads, and a
detector that always answers "one person, filling the picture" (:func:`~rowsense.pose._bundle.whole_picture_bundle`).
Measured against the landmarker's own video mode on a 1080p clip of one rower (one core, with silhouettes): 17.5
instead of 21 ms a frame, no smoothing over time and so no delay, and every frame's answer stands for itself.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_COUNT, LANDMARK_INDEX, LANDMARK_NAMES
from rowsense.errors import ModelError
from rowsense.model import Frame, PoseObservation
from rowsense.pose._bundle import landmark_network, whole_picture_bundle
from rowsense.pose._put_off import put_off
from rowsense.pose._same_thread import in_same_thread
from rowsense.pose.region import CropPx, Region, invert

with put_off("matplotlib", "matplotlib.pyplot", "sounddevice"):
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision
    from mediapipe.tasks.python.vision import pose_landmarker

FloatArray = NDArray[np.float64]

#: Side of the square picture that the landmark network reads, pixels.
NETWORK_SIDE_PX: Final = 256
#: A picture that shows the region larger than this many times the square is shrunk first, to ...
SHRINK_ABOVE: Final = 1.6
#: ... this many times the square [D: below, what the warp skips does not show in landmarks or back line].
SHRINK_TO: Final = 1.25


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Within, OpenCV works in the thread that calls it: as many callers as cores want no helpers."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def _other_side() -> NDArray[np.int64]:
    swap = {"left": "right", "right": "left"}
    names = [re.sub("left|right", lambda m: swap[m.group()], name) for name in LANDMARK_NAMES]
    return np.array([LANDMARK_INDEX[name] for name in names])


#: For each landmark the index of the same landmark on the other side of the body.
OTHER_SIDE: Final[NDArray[np.int64]] = _other_side()


class MediaPipePose:
    """Looks at one person at a time; use it as a context manager, from one thread.

    ``mirror``: the picture is mirrored before inference, so that the network always sees a rower who faces right
    (it is not mirror-symmetric: raw angles of a mirrored clip differ by 1-3 deg). What comes out is unmirrored
    again, and left and right are the rower's own: a network that sees a mirrored rower calls her left arm right,
    so the two sides are swapped back.
    """

    def __init__(self, model_path: Path, *, mirror: bool, want_mask: bool = True) -> None:
        self._mirror = mirror
        self._want_mask = want_mask
        self._landmarker = _create(model_path, 1, want_mask, whole_picture=True)
        self._detect = _quiet_at_first(self._landmarker)

    def observe(self, frame: Frame, region: Region) -> PoseObservation:
        """Landmarks and silhouette of the person in this part of the frame; NaN and no mask where nobody is found."""
        to_square = region.to_pixels(NETWORK_SIDE_PX, self._mirror)
        result = self._detect(_image(_square(frame, to_square)))
        if not result.pose_landmarks:
            return _nobody()
        back = invert(to_square)
        xy, visibility = _landmarks(result.pose_landmarks[0], (NETWORK_SIDE_PX, NETWORK_SIDE_PX))
        xy = xy @ back[:, :2].T + back[:, 2]
        if self._mirror:
            xy, visibility = xy[OTHER_SIDE], visibility[OTHER_SIDE]
        mask = None
        if self._want_mask:
            mask = np.array(result.segmentation_masks[0].numpy_view(), dtype=np.float32)
            mask = mask.reshape(NETWORK_SIDE_PX, NETWORK_SIDE_PX)
        return PoseObservation(xy, visibility, mask, back)

    def close(self) -> None:
        """Free the networks; safe to call twice."""
        _close(self._landmarker)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class MediaPipePeople:
    """Finds up to ``max_people`` people in single pictures, each picture by itself and without silhouettes."""

    def __init__(self, model_path: Path, *, max_people: int = 4) -> None:
        self._landmarker = _create(model_path, max_people, False, whole_picture=False)
        self._detect = _quiet_at_first(self._landmarker)

    def find(self, frame: Frame, *, mirror: bool = False, crop_px: CropPx | None = None) -> tuple[PoseObservation, ...]:
        """Everybody found in the frame, or in the part ``crop_px`` (upright source pixels) of it.

        ``mirror`` is as in :class:`MediaPipePose`: it changes what the network sees, not what comes out.
        """
        picture, (x0, y0) = _cut(frame, crop_px)
        height, width = picture.shape[:2]
        result = self._detect(_image(picture[:, ::-1] if mirror else picture))
        found = []
        for person in result.pose_landmarks:
            xy, visibility = _landmarks(person, (width, height))
            if mirror:
                xy, visibility = (xy * (-1, 1) + (width, 0))[OTHER_SIDE], visibility[OTHER_SIDE]
            found.append(PoseObservation((xy + (x0, y0)) * frame.source_px_per_px, visibility, None))
        return tuple(found)

    def close(self) -> None:
        """Free the networks; safe to call twice."""
        _close(self._landmarker)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _create(model_path: Path, people: int, want_mask: bool, *, whole_picture: bool) -> Any:
    try:
        model = model_path.read_bytes()
        if whole_picture:
            model = whole_picture_bundle(landmark_network(model))
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=model),
            running_mode=vision.RunningMode.IMAGE,
            num_poses=people,
            output_segmentation_masks=want_mask,
        )
        with _native_log_filtered():
            landmarker = vision.PoseLandmarker.create_from_options(options)
    except (RuntimeError, ValueError, OSError, KeyError, BadZipFile) as error:
        raise ModelError(
            f"The pose model {model_path.name} could not be loaded; run `rowsense models verify`, "
            "or name another file with ROWSENSE_POSE_MODEL."
        ) from error
    in_same_thread(landmarker, getattr(pose_landmarker, "_CTYPES_SIGNATURES", ()))
    return landmarker


def _close(landmarker: Any) -> None:
    with _native_log_filtered():
        landmarker.close()


def _quiet_at_first(landmarker: Any) -> Callable[[Any], Any]:
    """``landmarker.detect`` whose first call's chatter is held back."""
    fresh = True

    def detect(image: Any) -> Any:
        nonlocal fresh
        if not fresh:
            return landmarker.detect(image)
        fresh = False
        with _native_log_filtered():
            return landmarker.detect(image)

    return detect


def _image(picture: NDArray[np.uint8]) -> Any:
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(picture))


def _square(frame: Frame, to_square: FloatArray) -> NDArray[np.uint8]:
    """The region as a picture of the network's size; what lies outside the frame is black."""
    linear, shift = to_square[:, :2] * frame.source_px_per_px, to_square[:, 2]
    picture = frame.image
    square_px_per_px = float(np.hypot(*linear[0]))
    if square_px_per_px * SHRINK_ABOVE < 1.0:  # the warp looks at four pixels only; averaging keeps the others
        height, width = picture.shape[:2]
        shrink = SHRINK_TO * square_px_per_px
        size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        linear = linear * (width / size[0], height / size[1])
    # OpenCV counts from pixel centres, the map from pixel edges.
    centred = np.column_stack([linear, linear @ (0.5, 0.5) + shift - 0.5])
    square = (NETWORK_SIDE_PX, NETWORK_SIDE_PX)
    return np.asarray(cv2.warpAffine(picture, centred, square, flags=cv2.INTER_LINEAR), dtype=np.uint8)


def _cut(frame: Frame, crop_px: CropPx | None) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """The part of the picture, and the column and row where it begins."""
    if crop_px is None:
        return frame.image, (0, 0)
    height, width = frame.image.shape[:2]
    x0, y0, x1, y1 = (round(v / frame.source_px_per_px) for v in crop_px)
    x0, y0 = max(0, x0), max(0, y0)
    return frame.image[y0 : min(height, y1), x0 : min(width, x1)], (x0, y0)


def _landmarks(person: Any, size: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """(33, 2) positions in a picture of this width and height, and (33,) visibility."""
    rows = np.array([(p.x, p.y, p.visibility) for p in person], dtype=np.float64)
    # Normalised 0 and 1 are the outer edges of the first and last pixel, so no half pixel is added here.
    return rows[:, :2] * size, np.clip(rows[:, 2], 0.0, 1.0)


def _nobody() -> PoseObservation:
    return PoseObservation(np.full((LANDMARK_COUNT, 2), np.nan), np.zeros(LANDMARK_COUNT), None)


# -- the native library's chatter ----------------------------------------------------------------------------------

#: Information and warnings of the native library; its errors (E, F) pass.
_CHATTER: Final = re.compile(
    rb"[IW]\d{4} \d\d:\d\d:\d+\.\d+[^\n]*\n"
    rb"|INFO: Created TensorFlow Lite[^\n]*\n"
    rb"|WARNING: (?:Logging before InitGoogle|All log messages before absl)[^\n]*\n"
)
_log_lock = threading.Lock()
_log_users = 0
_log_saved_fd = -1
_log_file: IO[bytes] | None = None


@contextmanager
def _native_log_filtered() -> Iterator[None]:
    """Hold back what is written to file descriptor 2, then pass on all of it but the native library's chatter.

    The library logs straight to the descriptor and heeds no environment variable. Whatever else is written
    meanwhile, by any thread, comes out a moment later. Nested and parallel use share one holding file.
    """
    _begin_holding()
    try:
        yield
    finally:
        _end_holding()


def _begin_holding() -> None:
    global _log_users, _log_saved_fd, _log_file
    with _log_lock:
        _log_users += 1
        if _log_users > 1:
            return
        try:
            _flush_stderr()
            _log_saved_fd = os.dup(2)
            _log_file = tempfile.TemporaryFile()  # noqa: SIM115 (outlives this function)
            os.dup2(_log_file.fileno(), 2)
        except OSError:  # no standard error, or nowhere to hold it: let the chatter through
            _log_file = None


def _end_holding() -> None:
    global _log_users, _log_saved_fd, _log_file
    with _log_lock:
        _log_users -= 1
        if _log_users or _log_saved_fd < 0:
            return
        _flush_stderr()
        os.dup2(_log_saved_fd, 2)
        os.close(_log_saved_fd)
        _log_saved_fd = -1
        if _log_file is not None:
            _log_file.seek(0)
            kept = _CHATTER.sub(b"", _log_file.read())
            _log_file.close()
            _log_file = None
            if kept:
                os.write(2, kept)


def _flush_stderr() -> None:
    if sys.stderr is not None and not sys.stderr.closed:
        sys.stderr.flush()
