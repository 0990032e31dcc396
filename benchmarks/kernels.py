"""All kernel benchmarks, one after another: ``python -m benchmarks.kernels``."""

from __future__ import annotations

import sys

from benchmarks import scoring, season

if __name__ == "__main__":
    sys.exit(max(scoring.main([]), season.main([])))
