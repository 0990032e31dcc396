"""Which program this is, to the byte: two that say the same here give the same numbers."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import rowsense

#: What the numbers depend on beside our own files.
LIBRARIES: Final = ("av", "mediapipe", "numba", "numpy", "opencv-contrib-python")


@cache
def this_build() -> str:
    """Version and digest, such as ``0.1.0+4c1f0a9b2d``: of the package's files and of the libraries that count."""
    return f"{rowsense.__version__}+{digest_of(Path(rowsense.__file__).parent)[:10]}"


def digest_of(package: Path) -> str:
    """SHA-256, as hex, of every file below a package's folder and of the versions of :data:`LIBRARIES`."""
    digest = hashlib.sha256("\n".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    for path in sorted(package.rglob("*"), key=lambda path: path.relative_to(package).as_posix()):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"\n{path.relative_to(package).as_posix()} ".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
