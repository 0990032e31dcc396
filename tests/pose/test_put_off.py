"""What MediaPipe imports for other tasks is put off, and is there for whoever wants it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
import rowsense.pose.mediapipe_estimator
for name in ("matplotlib", "matplotlib.pyplot", "sounddevice"):
    assert name not in sys.modules, f"MediaPipe's import loaded {name}"
from mediapipe.tasks.python.vision import drawing_utils
assert drawing_utils.plt.Figure.__name__ == "Figure", "loaded at its first use"
import matplotlib.pyplot
assert matplotlib.pyplot.Figure is drawing_utils.plt.Figure
"""


def test_modules_for_other_tasks_are_loaded_at_their_first_use() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=120)
