"""Make RowSense's environment in ``.venv`` from a hash lock, after checking what only the system can supply.

    python3 tools/bootstrap.py run|test

Standard library only: it runs before anything is installed. Does nothing when the environment is up to date; an
environment made from an older lock is made anew. ``test`` is everything in ``run`` and the development tools.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "rowsense-environment.json"
LOCKS = {"run": ROOT / "locks" / "run.txt", "test": ROOT / "locks" / "test.txt"}
OLDEST_PYTHON = (3, 11)

#: Shared library -> Debian package. cv2 needs the first two, MediaPipe the others.
SYSTEM_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
}


def missing_packages() -> list[str]:
    """Debian packages whose shared library cannot be loaded; other systems bring theirs with the wheels."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    for library, package in SYSTEM_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def system_problems() -> list[str]:
    """What this machine lacks, a sentence each with the line that mends it."""
    if sys.version_info < OLDEST_PYTHON:
        found = f"{sys.version_info.major}.{sys.version_info.minor}"
        return [f"RowSense needs Python 3.11 or newer, this is {found}. Try: make PYTHON=python3.12 ..."]
    packages = missing_packages()
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        packages.append("python3-venv")
    if not packages:
        return []
    line = "apt-get install -y " + " ".join(packages)
    return [f"Some system libraries are missing. On Debian or Ubuntu this line installs them:\n\n    sudo {line}\n"]


def main(arguments: list[str]) -> int:
    """Bring the environment up to date; the exit code is 0 unless something is missing."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        print("usage: python3 tools/bootstrap.py run|test", file=sys.stderr)
        return 2
    problems = system_problems()
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 1
    kind = arguments[0]
    try:
        bring_up_to_date(kind)
    except subprocess.CalledProcessError as error:
        print(f"Setting up {ENVIRONMENT.name} failed in: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        print("Check the connection to your package index and run the command again.", file=sys.stderr)
        return 1
    return 0


def bring_up_to_date(kind: str) -> None:
    """Create, extend or renew ``.venv`` so that it holds what the lock ``kind`` says."""
    found = _read_stamp()
    wanted = _wanted_stamp()
    current = {key: found.get(key) for key in wanted} == wanted
    if current and found.get("kind") in {kind, "test"}:
        return
    if not current:
        print(f"Making the environment {ENVIRONMENT.name} (about a minute) ...", flush=True)
        _run(sys.executable, "-m", "venv", "--clear", ENVIRONMENT)
    print(f"Installing the packages of {LOCKS[kind].relative_to(ROOT)} ...", flush=True)
    STAMP.unlink(missing_ok=True)
    pip = (_environment_python(), "-m", "pip", "-qq", "--disable-pip-version-check", "install", "--no-compile")
    _run(*pip, "--require-hashes", "--requirement", LOCKS[kind])
    _run(*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT)
    STAMP.write_text(json.dumps({**wanted, "kind": kind}, indent=1) + "\n", encoding="utf-8")


def _wanted_stamp() -> dict[str, str]:
    """What makes an environment stale when it changes."""
    return {
        "python": sys.version,
        "place": str(ROOT),
        **{f"{kind}_lock": hashlib.sha256(path.read_bytes()).hexdigest() for kind, path in LOCKS.items()},
        "project": hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest(),
    }


def _read_stamp() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _environment_python() -> Path:
    return ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
