"""Pictures for the page: small enough to sit inside one file."""

from __future__ import annotations

import base64
import io
from functools import lru_cache

from PIL import Image

#: Width of the pictures in page and PDF.
PICTURE_PX = 1000
_QUALITY = 84
#: Page and PDF of one report show the same pictures.
_KEPT = 12


@lru_cache(maxsize=_KEPT)
def jpeg_bytes(picture: bytes, max_width_px: int) -> bytes:
    """Any picture file as a JPEG at most ``max_width_px`` wide."""
    image = opened(picture)
    if image.width > max_width_px:
        height = round(image.height * max_width_px / image.width)
        image = image.resize((max_width_px, height), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return buffer.getvalue()


def data_address(picture: bytes, max_width_px: int = PICTURE_PX) -> str:
    """The picture as a ``data:`` address, so that the page asks for no file."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg_bytes(picture, max_width_px)).decode("ascii")


def opened(picture: bytes) -> Image.Image:
    """A picture file as RGB."""
    return Image.open(io.BytesIO(picture)).convert("RGB")
