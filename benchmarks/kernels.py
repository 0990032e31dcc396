"""All kernel benchmarks, one after another: ``python -m benchmarks.kernels``."""

from __future__ import annotations

import sys

from benchmarks import rescoring, scoring

if __name__ == "__main__":
    sys.exit(max(scoring.main([]), rescoring.main([])))
