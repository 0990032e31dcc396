"""``python -m rowsense.simulate NAME --out DIR`` makes a sample again."""

from __future__ import annotations

import argparse
import sys
from functools import partial

from rowsense.errors import RowSenseError
from rowsense.simulate.clip_spec import SAMPLES
from rowsense.simulate.making import render_clip


def main(arguments: list[str] | None = None) -> int:
    """Render the samples named on the command line (all of them by default)."""
    parser = argparse.ArgumentParser(prog="python -m rowsense.simulate", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(SAMPLES)} (default: all)")
    parser.add_argument("--out", default="simulated", help="folder to write into (default: %(default)s)")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in SAMPLES]
    if unknown:
        parser.error(f"no sample is called {unknown[0]}; there are: {', '.join(SAMPLES)}")
    for name in options.names or list(SAMPLES):
        try:
            files = render_clip(SAMPLES[name], options.out, partial(_show, name))
        except RowSenseError as error:
            print(f"\n{error}", file=sys.stderr)
            return error.exit_code
        print(f"\n{files.video}")
    return 0


def _show(name: str, done: int, total: int) -> None:
    if done % 15 == 0 or done == total:
        print(f"\r{name}: frame {done} of {total}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
