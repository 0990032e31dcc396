"""What this machine has and lacks for RowSense, and the one command that mends each thing.

``run_checks()`` never raises: a check that fails says so in its result.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.metadata
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rowsense.errors import ModelError

OLDEST_PYTHON: Final = (3, 11)
OPENCV_REQUIREMENT: Final = "opencv-contrib-python>=5.0.0.93,<6"

#: Shared library -> Debian package. cv2 needs the first two, MediaPipe the others.
SYSTEM_LIBRARIES: Final = {
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
}

#: What phones and cameras record -> names under which FFmpeg may have the decoder.
DECODERS: Final = {
    "H.264": ("h264",),
    "HEVC": ("hevc",),
    "AV1": ("libdav1d", "av1", "libaom-av1"),
    "VP9": ("vp9", "libvpx-vp9"),
    "MJPEG": ("mjpeg",),
}
ENCODER: Final = "libx264"

#: An hour of 1080p gives an overlay of about this size [D].
WANTED_FREE_BYTES: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    detail: str
    mend: str = ""
    """A command or a short instruction; empty when all is well."""


def run_checks() -> list[Check]:
    """Every check, in the order in which to mend them."""
    return [_guarded(name, check) for name, check in _CHECKS]


def _guarded(name: str, check: Callable[[], tuple[bool, str, str]]) -> Check:
    try:
        ok, detail, mend = check()
    except Exception as error:  # a broken library may raise anything; the doctor reports it
        ok, detail, mend = False, f"{type(error).__name__}: {error}", _reinstall("rowsense")
    return Check(name, ok, " ".join(detail.split()), "" if ok else mend)


def _reinstall(package: str) -> str:
    return f'{_pip()} install --force-reinstall "{package}"'


def _pip() -> str:
    return f'"{sys.executable}" -m pip' if " " in sys.executable else f"{sys.executable} -m pip"


def check_python() -> tuple[bool, str, str]:
    """The interpreter's version."""
    found = ".".join(map(str, sys.version_info[:3]))
    return sys.version_info[:2] >= OLDEST_PYTHON, found, "Install Python 3.11 or newer and make a new environment."


def check_cv2_owner() -> tuple[bool, str, str]:
    """Exactly one installed package may own ``cv2``: several overwrite each other's files."""
    owners = sorted(set(importlib.metadata.packages_distributions().get("cv2", [])))
    if owners == ["opencv-contrib-python"]:
        return True, f"opencv-contrib-python {importlib.metadata.version(owners[0])}", ""
    clean = f"{_pip()} uninstall -y {' '.join(owners)} && " if owners else ""
    detail = f"cv2 belongs to {' and '.join(owners)}" if owners else "no package provides cv2"
    return False, detail, f'{clean}{_pip()} install --force-reinstall --no-deps "{OPENCV_REQUIREMENT}"'


def check_system_libraries() -> tuple[bool, str, str]:
    """Shared libraries that the wheels of cv2 and MediaPipe expect from a Linux system."""
    if not sys.platform.startswith("linux"):
        return True, "nothing needed on this system", ""
    missing = [library for library in SYSTEM_LIBRARIES if not _loads(library)]
    if not missing:
        return True, "all four found", ""
    packages = " ".join(SYSTEM_LIBRARIES[library] for library in missing)
    return False, f"missing {', '.join(missing)}", f"sudo apt-get install -y {packages}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def check_mediapipe() -> tuple[bool, str, str]:
    """MediaPipe and its pose task can be imported."""
    try:
        importlib.import_module("mediapipe.tasks.python.vision.pose_landmarker")
        return True, f"version {importlib.metadata.version('mediapipe')}", ""
    except (ImportError, OSError) as error:
        return False, f"cannot be imported: {error}", _reinstall("mediapipe>=1.2.2,<2")


def check_pose_model() -> tuple[bool, str, str]:
    """The pose model that an analysis would use is on this machine and whole."""
    from rowsense.pose.models import verify_model

    try:
        return True, f"whole, SHA-256 {verify_model()[:12]}...", ""
    except ModelError as error:
        return False, str(error), "rowsense models fetch"


def check_cache_folder() -> tuple[bool, str, str]:
    """The folder that keeps the pose model can be written."""
    from rowsense.pose.models import CACHE_VARIABLE, model_folder

    folder = model_folder()
    return _writable(folder), str(folder), f"Make it writable, or name another folder in {CACHE_VARIABLE}."


def check_current_folder() -> tuple[bool, str, str]:
    """Results go into the current folder unless ``--out`` says otherwise."""
    folder = Path.cwd()
    return _writable(folder), str(folder), "Change to a folder you may write to, or use --out."


def _writable(folder: Path) -> bool:
    """Whether a file can be made in ``folder``, or where it does not exist yet, in its nearest parent."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def check_video_codecs() -> tuple[bool, str, str]:
    """PyAV decodes what phones record and encodes what browsers play."""
    codec = importlib.import_module("av.codec")

    def available(name: str, mode: str) -> bool:
        try:
            codec.Codec(name, mode)
        except ValueError:  # PyAV's UnknownCodecError
            return False
        return True

    missing = [kind for kind, names in DECODERS.items() if not any(available(name, "r") for name in names)]
    if not available(ENCODER, "w"):
        missing.append("H.264 writing")
    version = importlib.metadata.version("av")
    detail = f"PyAV {version} lacks {', '.join(missing)}" if missing else f"PyAV {version} has all of them"
    return not missing, detail, _reinstall("av>=18.1,<19")


def check_kernels() -> tuple[bool, str, str]:
    """Numba compiles, and may keep the result for the next run."""
    numba = importlib.import_module("numba")
    if numba.njit(lambda x: x + 1)(1) != 2:
        return False, "a compiled function gave a wrong result", _reinstall("numba")
    beside = Path(__file__).parent / "kernels"
    places = [os.environ.get("NUMBA_CACHE_DIR") or beside, Path.home()]  # Numba's own order
    if any(_writable(Path(place)) for place in places):
        return True, f"Numba {numba.__version__} compiles and caches", ""
    return False, "compiles, but every run compiles anew", "Name a writable folder in NUMBA_CACHE_DIR."


def check_free_disk() -> tuple[bool, str, str]:
    """Room for results in the current folder."""
    free = shutil.disk_usage(Path.cwd()).free
    return free >= WANTED_FREE_BYTES, f"{free / 1e9:.1f} GB free here", "Free some space, or use --out on another disk."


def check_cores() -> tuple[bool, str, str]:
    """How many cores an analysis may use; information only."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return True, f"{cores} available", ""


_CHECKS: Final[tuple[tuple[str, Callable[[], tuple[bool, str, str]]], ...]] = (
    ("Python", check_python),
    ("one owner of cv2", check_cv2_owner),
    ("system libraries", check_system_libraries),
    ("MediaPipe", check_mediapipe),
    ("video codecs", check_video_codecs),
    ("compiled kernels", check_kernels),
    ("pose model", check_pose_model),
    ("model folder", check_cache_folder),
    ("current folder", check_current_folder),
    ("free disk", check_free_disk),
    ("cores", check_cores),
)
