"""MediaPipe's import of pyplot is put off, and pyplot is there for whoever wants it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
import rowsense.pose.mediapipe_estimator
assert "matplotlib.figure" not in sys.modules, "MediaPipe's import loaded it"
import matplotlib.pyplot as plt
assert "matplotlib.figure" not in sys.modules, "an import is no use"
assert plt.Figure.__name__ == "Figure"
import matplotlib.pyplot
assert matplotlib.pyplot.Figure is plt.Figure, "the real one has taken its place"
"""


def test_pyplot_is_loaded_at_its_first_use() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=120)
