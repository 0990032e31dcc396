"""The sample videos that come with RowSense."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def sample_video(name: str) -> resources.abc.Traversable:
    """A sample video: beside the package in a checkout, inside it in an installed wheel."""
    checkout = Path(__file__).parent.parent / "sample_videos" / name
    return checkout if checkout.is_file() else resources.files("rowsense") / "_samples" / name
