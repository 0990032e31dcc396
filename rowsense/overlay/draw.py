"""One frame of the overlay: the video as it is, and on it what was measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.model import Session
from rowsense.overlay.body import body_points, draw_angles, draw_back, draw_limbs
from rowsense.overlay.canvas import canvas_for, draw_labels
from rowsense.overlay.hud import draw_border, draw_fault_tags, draw_key, draw_panel
from rowsense.overlay.scene import Scene


def draw_frame(
    image_rgb: NDArray[np.uint8],
    session: Session | Scene,
    row: int,
    source_px_per_px: float = 1.0,
    kept: dict[str, int] | None = None,
) -> NDArray[np.uint8]:
    """The overlay of one frame.

    Args:
        image_rgb: (H, W, 3) upright picture; not changed.
        session: the session, or its :class:`Scene` when many frames are drawn.
        row: index into the session's track (not the frame number, which may start later in the file).
        source_px_per_px: source pixels per pixel of ``image_rgb``; 1 for full size.
        kept: places of the labels, carried from frame to frame by the caller so that they do not flicker.

    Returns:
        (H, W, 3) a new picture; pixels that nothing is drawn on are identical.
    """
    scene = session if isinstance(session, Scene) else Scene.of(session)
    canvas = canvas_for(image_rgb.copy())
    canvas.kept = {} if kept is None else kept
    scale = 1.0 / source_px_per_px
    faults = scene.faults_at(row)
    if faults:
        draw_border(canvas)
    draw_limbs(canvas, scene, row, scale)
    draw_back(canvas, scene, row, scale)
    draw_panel(canvas, scene, row)
    draw_key(canvas, scene)
    canvas.avoid = body_points(scene, row, scale)
    draw_angles(canvas, scene, row, scale)
    draw_fault_tags(canvas, scene, row, scale, faults)
    draw_labels(canvas)
    return canvas.image
