"""What kind of film a file is, by its first bytes. A first look only: whether it can be read is seen by reading it."""

from __future__ import annotations

from typing import Final

#: So many bytes are enough to tell.
HEAD_BYTES: Final = 256
KNOWN: Final = "MP4, MOV, MKV, WebM, AVI, MPEG and WMV"
#: Brands of ISO files that hold pictures or sound alone [R: the register of MP4 brands].
_NO_FILMS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif", b"M4A ", b"M4B "})
#: Boxes that an ISO or QuickTime file may begin with.
_ISO_BOXES: Final = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})


def suffix_of(head: bytes) -> str:
    """The usual ending of such a film's name, with the dot; empty: it is none that is known."""
    if head[4:8] in _ISO_BOXES:
        if head[4:8] == b"ftyp" and head[8:12] in _NO_FILMS:
            return ""
        return ".mov" if head[4:8] != b"ftyp" or head[8:12] == b"qt  " else ".mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return ".mkv"
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return ".avi"
    if head.startswith(b"\x00\x00\x01\xba") or _is_transport_stream(head):
        return ".mpg"
    return ".wmv" if head.startswith(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11") else ""


def _is_transport_stream(head: bytes) -> bool:
    """Packets of 188 bytes, or of 192 with a time before each, as camcorders write them."""
    return head[0:1] == head[188:189] == b"G" or head[4:5] == head[196:197] == b"G"
