"""Video in and out: what a file is, its frames with their true times, and browser-playable results."""

from rowsense.video.probe import probe
from rowsense.video.read import ReadingNotes, read_frames
from rowsense.video.times import FrameTable, frame_table, presentation_times, split_ranges
from rowsense.video.write import VideoSink

__all__ = [
    "FrameTable",
    "ReadingNotes",
    "VideoSink",
    "frame_table",
    "presentation_times",
    "probe",
    "read_frames",
    "split_ranges",
]
