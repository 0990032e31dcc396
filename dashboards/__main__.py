"""``python -m dashboards FOLDER``: look through the sessions in a folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dashboards.app import serve
from rowsense.errors import RowSenseError


def main(arguments: list[str] | None = None) -> int:
    """Run the server; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m dashboards", description="Look through analysed sessions.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), help="folder with *.rowsense sessions")
    parser.add_argument("--port", type=int, default=8050)
    options = parser.parse_args(arguments)
    sys.stderr.write(f"RowSense is at http://127.0.0.1:{options.port}  (Ctrl-C ends it)\n")
    try:
        serve(options.folder, options.port)
    except RowSenseError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
