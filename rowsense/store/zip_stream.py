"""A ZIP that is made while it is sent: nothing waits on a disk, and memory stays small however long it is."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_BLOCK: Final = 1 << 18
#: Already packed.
_PACKED: Final = frozenset({".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".parquet", ".png", ".jpg", ".pdf"})


@dataclass(frozen=True, slots=True)
class Part:
    """One file of it; ``content`` is a file's place, or what is in it."""

    name: str
    content: Path | bytes


def is_packed(name: str) -> bool:
    """Whether packing a file of this name would take time and save nothing."""
    return Path(name).suffix.lower() in _PACKED


def zipped(parts: Iterable[Part]) -> Iterator[bytes]:
    """The bytes of the ZIP, in order. What ends before the last of them is no ZIP, and programs say so."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", compresslevel=1) as packed:  # type: ignore[call-overload]  # it need not be seekable
        for part in parts:
            entry = zipfile.ZipInfo(part.name)
            entry.compress_type = zipfile.ZIP_STORED if is_packed(part.name) else zipfile.ZIP_DEFLATED
            with packed.open(entry, "w", force_zip64=True) as written:
                for block in _blocks(part.content):
                    written.write(block)
                    yield from sink.taken()
    yield from sink.taken()


class _Sink:
    """Where the ZIP is written to, and taken away from at once."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []

    def write(self, block: bytes) -> int:
        """Keep it until it is taken."""
        self._blocks.append(bytes(block))
        return len(block)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> Iterator[bytes]:
        """What came since the last time."""
        blocks, self._blocks = self._blocks, []
        if blocks:
            yield b"".join(blocks)


def _blocks(content: Path | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as source:
        while block := source.read(_BLOCK):
            yield block
