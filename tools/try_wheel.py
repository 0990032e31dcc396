"""Build the wheel, install it where the checkout cannot be seen, and run the demo there.

    python tools/try_wheel.py [FOLDER]

The new environment holds nothing but the wheel; the dependencies, which the lock already covers, are lent to it
from the environment that runs this script, so that the trial takes seconds and not minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def build_wheel(folder: Path) -> Path:
    """The project's wheel, built into ``folder``."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    (wheel,) = folder.glob("rowsense-*.whl")
    return wheel


def install(wheel: Path, environment: Path) -> Path:
    """A new environment with only ``wheel`` in it, and ours to borrow dependencies from; its Python."""
    venv.create(environment, with_pip=False)
    scripts = environment / ("Scripts" if sys.platform == "win32" else "bin")
    python = scripts / ("python.exe" if sys.platform == "win32" else "python")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--no-deps", str(wheel)], check=True, stdin=subprocess.DEVNULL)
    show = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = subprocess.run([python, "-c", show], check=True, capture_output=True, text=True).stdout.strip()
    # A .pth file inside the lent folder is not followed, so an editable RowSense there stays out of sight.
    Path(own, "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def run_demo(python: Path, folder: Path) -> Path:
    """Run the demo as a user would, in the empty ``folder``; the folder of its results."""
    folder.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    where = "import rowsense; print(rowsense.__file__)"
    seen = subprocess.run(
        [python, "-c", where], cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()
    if ROOT in Path(seen).resolve().parents:
        raise SystemExit(f"the checkout was used, not the wheel: {seen}")
    command: list[str | Path] = [python, "-m", "rowsense", "demo", "--no-open"]
    subprocess.run(command, cwd=folder, env=environment, check=True, stdin=subprocess.DEVNULL)
    return next(path.parent for path in folder.rglob("summary.json"))


def main(arguments: list[str]) -> int:
    """Say what the wheel's demo found; any failure ends with the exit code of the step that failed."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(arguments[0]) if arguments else Path(scratch)
        wheel = build_wheel(folder)
        python = install(wheel, folder / "environment")
        results = run_demo(python, folder / "somewhere else")
        summary = json.loads((results / "summary.json").read_text(encoding="utf-8"))
        report_kb = (results / "report.html").stat().st_size // 1000
        print(
            f"{wheel.name} ({wheel.stat().st_size // 1000} kB) works by itself: {summary['stroke_count']} strokes "
            f"at {summary['rate_spm']:.1f} a minute, report.html {report_kb} kB"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
