"""Where RowSense keeps what belongs to this user."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import platformdirs

DATA_VARIABLE: Final = "ROWSENSE_DATA_DIR"


def data_folder() -> Path:
    """The user's data folder, or the one named in ``ROWSENSE_DATA_DIR``."""
    named = os.environ.get(DATA_VARIABLE)
    return Path(named).expanduser() if named else platformdirs.user_data_path("rowsense", appauthor=False)
