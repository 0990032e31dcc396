"""MediaPipe's pose landmarker behind two small classes: the only module that imports mediapipe.

:class:`MediaPipePose` follows one person through a video; :class:`MediaPipePeople` finds several in single
pictures. What goes in is a :class:`~rowsense.model.Frame`, what comes out is in upright, unmirrored source pixels.

Choices that were measured here on real footage (a 1080p clip of one rower, one stroke, 30 fps):

* *Time stamps.* The landmarker's video mode smooths landmarks over time, which delays them by 5 ms (wrist, ear,
  shoulder), 10 ms (hip) and 14 ms (knee) against single pictures. The delay depends on the time between two
  frames, so every frame is given a time stamp ``TIMESTAMP_STEP_MS`` after the one before: the smoothing then
  lets each frame through (delay under 1 ms on wrist, hip, ear, shoulder and elbow) while the person is still followed
  without a new detection. Noise is taken out later, in :mod:`rowsense.pose.tracking`, without delay. The
  silhouette is not delayed either way (0.6 ms).
* *Size.* The networks look at 256 x 256 pixels of the person. Giving them the rower's part of the picture at
  ``INPUT_SIDE_PX`` instead of the whole picture at 960 x 540 left landmarks the same within their noise and took
  25 instead of 31 ms of core time with silhouettes (1920 x 1080: 47 ms); the outline of the back moved by
  0.6 source pixels (median).
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_COUNT, LANDMARK_INDEX, LANDMARK_NAMES
from rowsense.errors import ModelError
from rowsense.model import Frame, PoseObservation

FloatArray = NDArray[np.float64]
CropPx = tuple[int, int, int, int]

#: Longest side given to the landmarker, pixels [D: measured, see above].
INPUT_SIDE_PX: Final = 512
#: Milliseconds between the time stamps of two frames, whatever their real distance [D: measured, see above].
TIMESTAMP_STEP_MS: Final = 100_000


def _other_side() -> NDArray[np.int64]:
    swap = {"left": "right", "right": "left"}
    names = [re.sub("left|right", lambda m: swap[m.group()], name) for name in LANDMARK_NAMES]
    return np.array([LANDMARK_INDEX[name] for name in names])


#: For each landmark the index of the same landmark on the other side of the body.
OTHER_SIDE: Final[NDArray[np.int64]] = _other_side()


class MediaPipePose:
    """Follows one person frame by frame; use it as a context manager, from one thread.

    ``mirror``: the picture is mirrored before inference, so that the network always sees a rower who faces right
    (it is not mirror-symmetric: raw angles of a mirrored clip differ by 1-3 deg). What comes out is unmirrored
    again, and left and right are the rower's own: a network that sees a mirrored rower calls her left arm right,
    so the two sides are swapped back.

    ``crop_px``: x0, y0, x1, y1 in upright source pixels; only this part of the picture is looked at.
    """

    def __init__(self, model_path: Path, *, mirror: bool, crop_px: CropPx | None, want_mask: bool = True) -> None:
        self._mirror = mirror
        self._crop_px = crop_px
        self._want_mask = want_mask
        self._timestamp_ms = 0
        self._landmarker = _create(model_path, vision.RunningMode.VIDEO, 1, want_mask)
        self._fresh = True

    def observe(self, frame: Frame) -> PoseObservation:
        """Landmarks and silhouette of the person in the next frame; NaN and no mask where nobody is found.

        Frames must come in order of time; frames may be left out.
        """
        picture, to_picture = _prepare(frame, self._crop_px, self._mirror)
        self._timestamp_ms += TIMESTAMP_STEP_MS
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=picture)
        if self._fresh:
            self._fresh = False
            with _native_log_filtered():
                result = self._landmarker.detect_for_video(image, self._timestamp_ms)
        else:
            result = self._landmarker.detect_for_video(image, self._timestamp_ms)
        found = _observations(result, picture.shape, to_picture, self._mirror, self._want_mask)
        return found[0] if found else _nobody(to_picture)

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
        self._landmarker = _create(model_path, vision.RunningMode.IMAGE, max_people, False)
        self._fresh = True

    def find(self, frame: Frame, *, mirror: bool = False, crop_px: CropPx | None = None) -> tuple[PoseObservation, ...]:
        """Everybody found in the frame, or in the part ``crop_px`` (upright source pixels) of it.

        ``mirror`` is as in :class:`MediaPipePose`: it changes what the network sees, not what comes out.
        """
        picture, to_picture = _prepare(frame, crop_px, mirror, max_side_px=None)
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=picture)
        if self._fresh:
            self._fresh = False
            with _native_log_filtered():
                result = self._landmarker.detect(image)
        else:
            result = self._landmarker.detect(image)
        return _observations(result, picture.shape, to_picture, mirror, False)

    def close(self) -> None:
        """Free the networks; safe to call twice."""
        _close(self._landmarker)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _create(model_path: Path, mode: Any, people: int, want_mask: bool) -> Any:
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model_path)),
        running_mode=mode,
        num_poses=people,
        output_segmentation_masks=want_mask,
    )
    try:
        with _native_log_filtered():
            return vision.PoseLandmarker.create_from_options(options)
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelError(
            f"The pose model {Path(model_path).name} could not be loaded; run `rowsense models verify`, "
            "or name another file with ROWSENSE_POSE_MODEL."
        ) from error


def _close(landmarker: Any) -> None:
    with _native_log_filtered():
        landmarker.close()


def _prepare(
    frame: Frame, crop_px: CropPx | None, mirror: bool, max_side_px: int | None = INPUT_SIDE_PX
) -> tuple[NDArray[np.uint8], tuple[float, float, float, float]]:
    """Cut, shrink and mirror; also how the prepared pixels map to source pixels (see PoseObservation)."""
    scale = frame.source_px_per_px
    height, width = frame.image.shape[:2]
    x0, y0, x1, y1 = 0, 0, width, height
    if crop_px is not None:
        x0, y0 = (max(0, int(round(v / scale))) for v in crop_px[:2])
        x1, y1 = min(width, int(round(crop_px[2] / scale))), min(height, int(round(crop_px[3] / scale)))
    picture = frame.image[y0:y1, x0:x1]
    if mirror:  # before shrinking, so that a mirrored clip gives the network the very same pixels
        picture = picture[:, ::-1]
    picture = np.ascontiguousarray(picture)
    cut_height, cut_width = y1 - y0, x1 - x0
    out_width, out_height = cut_width, cut_height
    if max_side_px is not None and max(cut_width, cut_height) > max_side_px:
        shrink = max_side_px / max(cut_width, cut_height)
        out_width, out_height = max(1, round(cut_width * shrink)), max(1, round(cut_height * shrink))
        picture = cv2.resize(picture, (out_width, out_height), interpolation=cv2.INTER_AREA).astype(np.uint8)
    step_x, step_y = scale * cut_width / out_width, scale * cut_height / out_height
    if mirror:
        return picture, (-step_x, x1 * scale, step_y, y0 * scale)
    return picture, (step_x, x0 * scale, step_y, y0 * scale)


def _observations(
    result: Any,
    shape: tuple[int, ...],
    to_picture: tuple[float, float, float, float],
    mirrored: bool,
    want_mask: bool,
) -> tuple[PoseObservation, ...]:
    masks = result.segmentation_masks if want_mask and result.segmentation_masks else None
    return tuple(
        _observation(person, masks[i] if masks else None, shape, to_picture, mirrored)
        for i, person in enumerate(result.pose_landmarks)
    )


def _observation(
    person: Any,
    mask: Any,
    shape: tuple[int, ...],
    to_picture: tuple[float, float, float, float],
    mirrored: bool,
) -> PoseObservation:
    rows = np.array([(p.x, p.y, p.visibility) for p in person], dtype=np.float64)
    step_x, offset_x, step_y, offset_y = to_picture
    # Normalised 0 and 1 are the outer edges of the first and last pixel, so no half pixel is added here.
    xy = np.stack([rows[:, 0] * shape[1] * step_x + offset_x, rows[:, 1] * shape[0] * step_y + offset_y], axis=1)
    visibility = np.clip(rows[:, 2], 0.0, 1.0)
    if mirrored:
        xy, visibility = xy[OTHER_SIDE], visibility[OTHER_SIDE]
    silhouette = None
    if mask is not None:
        silhouette = np.array(mask.numpy_view(), dtype=np.float32).reshape(shape[0], shape[1])
    return PoseObservation(xy, visibility, silhouette, to_picture)


def _nobody(to_picture: tuple[float, float, float, float]) -> PoseObservation:
    return PoseObservation(np.full((LANDMARK_COUNT, 2), np.nan), np.zeros(LANDMARK_COUNT), None, to_picture)


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
