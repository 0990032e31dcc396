"""How work in the background goes, as programs are told."""

from __future__ import annotations

import math
from typing import Any

from rowsense.jobs.looking import left_s
from rowsense.store.tables import Job


def job_numbers(job: Job) -> dict[str, Any]:
    """State, stage, share that is done, seconds left."""
    left = left_s(job)
    return {
        "state": job.state,
        "stage": job.stage,
        "share": min(job.done / job.total, 1.0) if job.total > 0 else 0.0,
        "left_s": None if math.isnan(left) else round(left),
        "error": job.error,
    }
