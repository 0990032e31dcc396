"""Drawing what was measured onto the video; the video's own colours and sharpness stay."""

from rowsense.overlay.draw import draw_frame
from rowsense.overlay.render import FrameSink, render_overlay
from rowsense.overlay.scene import Scene
from rowsense.overlay.stills import fault_still, png_bytes

__all__ = ["FrameSink", "Scene", "draw_frame", "fault_still", "png_bytes", "render_overlay"]
