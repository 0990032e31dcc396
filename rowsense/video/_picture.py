"""From a decoded frame to an upright RGB array: crop, shrink, convert, turn; in the order that costs least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import av
import numpy as np
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from rowsense.errors import VideoError
from rowsense.video._source import Orientation, upright_size

Box = tuple[int, int, int, int]

_UNSPECIFIED = 2  # AVCOL_SPC_UNSPECIFIED
_HD_WIDTH_PX, _HD_HEIGHT_PX = 1280, 576
"""[C] Untagged video from 1280 wide or above 576 high is BT.709, smaller is BT.601, as players assume."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is done to frames of one stored size."""

    box: Box | None
    """Part of the stored picture, x0, y0, x1, y1; None for all of it."""
    width: int
    """Size after shrinking, still as stored (not turned)."""
    height: int
    source_px_per_px: float
    colorspace: Colorspace | None


class PictureMaker:
    """Makes upright RGB arrays of one fixed size from the frames of one file.

    Shrinking happens in the file's own YUV and by area averaging, then colours are converted, then the small
    picture is turned: at 1080p to 960 px this takes 2 ms instead of 5.
    """

    def __init__(
        self,
        orientation: Orientation,
        pixel_ratio: float = 1.0,
        max_side_px: int | None = None,
        crop_px: Box | None = None,
    ) -> None:
        self._orientation = orientation
        self._pixel_ratio = pixel_ratio
        self._max_side_px = max_side_px
        self._crop_px = crop_px
        self._shrink = VideoReformatter()
        self._convert = VideoReformatter()
        self._plan: _Plan | None = None
        self._crop: tuple[tuple[int, int, str], Graph] | None = None

    def __call__(self, frame: VideoFrame) -> tuple[NDArray[np.uint8], float]:
        """(upright RGB picture (H, W, 3), upright source pixels per pixel of it)."""
        if self._plan is None:
            self._plan = self._make_plan(frame)
        plan = self._plan
        if plan.box is not None:
            frame = self._cropped(frame, plan.box)
        colorspace = plan.colorspace if int(frame.colorspace) == _UNSPECIFIED else None
        if plan.source_px_per_px > 1.0 and frame.format.name.startswith("yuv"):
            frame = self._shrink.reformat(frame, plan.width, plan.height, interpolation=Interpolation.AREA, threads=1)
        frame = self._convert.reformat(
            frame, plan.width, plan.height, "rgb24",
            src_colorspace=colorspace, interpolation=Interpolation.AREA, threads=1,
        )  # fmt: skip
        image = cast(NDArray[np.uint8], frame.to_ndarray())
        return _upright(image, self._orientation), plan.source_px_per_px

    def _make_plan(self, frame: VideoFrame) -> _Plan:
        turn_deg = self._orientation.rotation_deg
        full = upright_size(frame.width, frame.height, self._pixel_ratio, turn_deg)
        box = None if self._crop_px is None else _inside(self._crop_px, full)
        width, height = full if box is None else (box[2] - box[0], box[3] - box[1])
        longest = max(width, height)
        limit = self._max_side_px or longest
        scale = max(1.0, longest / limit)
        shown = (max(1, round(width / scale)), max(1, round(height / scale)))
        stored = (shown[1], shown[0]) if turn_deg in (90, 270) else shown
        hd = frame.width >= _HD_WIDTH_PX or frame.height > _HD_HEIGHT_PX
        return _Plan(
            box=None if box is None else _stored_box(box, full, self._orientation, self._pixel_ratio),
            width=stored[0],
            height=stored[1],
            source_px_per_px=scale,
            colorspace=Colorspace.ITU709 if hd else Colorspace.ITU601,
        )

    def _cropped(self, frame: VideoFrame, box: Box) -> VideoFrame:
        key = (frame.width, frame.height, frame.format.name)
        if self._crop is None or self._crop[0] != key:
            self._crop = (key, _crop_graph(frame, box))
        graph = self._crop[1]
        graph.vpush(frame)
        return graph.vpull()


def _crop_graph(frame: VideoFrame, box: Box) -> Graph:
    """A filter that moves the plane pointers and copies nothing. ``exact`` keeps odd offsets."""
    x0, y0, x1, y1 = box
    graph = av.filter.Graph()
    graph.threads = 1
    source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base)
    crop = graph.add("crop", f"{x1 - x0}:{y1 - y0}:{x0}:{y0}:exact=1")
    graph.link_nodes(source, crop, graph.add("buffersink")).configure()
    return graph


def _inside(box: Box, size: tuple[int, int]) -> Box:
    x0, y0, x1, y1 = box
    x0, x1 = max(0, x0), min(size[0], x1)
    y0, y1 = max(0, y0), min(size[1], y1)
    if x1 <= x0 or y1 <= y0:
        raise VideoError(f"the crop {box} lies outside the {size[0]}x{size[1]} picture; give a box inside it")
    return x0, y0, x1, y1


def _stored_box(box: Box, full: tuple[int, int], orientation: Orientation, pixel_ratio: float) -> Box:
    """The upright box in stored pixels: undo the mirroring, then the turn, then the pixel ratio."""
    x0, y0, x1, y1 = box
    width, height = full
    if orientation.mirrored:
        x0, x1 = width - x1, width - x0
    turned = {
        0: (x0, y0, x1, y1),
        90: (y0, width - x1, y1, width - x0),
        180: (width - x1, height - y1, width - x0, height - y0),
        270: (height - y1, x0, height - y0, x1),
    }[orientation.rotation_deg]
    left = round(turned[0] / pixel_ratio)
    return left, turned[1], max(left + 1, round(turned[2] / pixel_ratio)), turned[3]


def _upright(image: NDArray[np.uint8], orientation: Orientation) -> NDArray[np.uint8]:
    if orientation.rotation_deg:
        image = np.rot90(image, -(orientation.rotation_deg // 90))
    if orientation.mirrored:
        image = image[:, ::-1]
    return np.ascontiguousarray(image)
