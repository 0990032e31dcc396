"""How sessions stand to the catalogue that holds. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.texts.refusals import refusal
from rowsense.store.catalogues import Judged
from rowsense.store.tables import Job
from rowsense.store.tables.jobs import CANCELLED, DONE, FAILED, PARKED, QUEUED, RUNNING
from rowsense.texts.texts import Texts


@dataclass(frozen=True, slots=True)
class Rejudging:
    """How sessions stand to the catalogue that holds, and the job that mends it."""

    words: str
    """Empty: all is well."""
    share: float | None = None
    """0..1 while the job runs or waits; None: none does."""
    job_id: str = ""
    can_start: bool = False
    skipped: tuple[str, ...] = ()
    """Why some sessions could not be judged again."""


def rejudging_of(t: Texts, found: Judged, job: Job | None) -> Rejudging:
    """In words."""
    if job is not None and job.state in (QUEUED, RUNNING):
        return _under_way(t, found, job)
    if not found.older:
        return Rejudging("")
    words = [t("catalogue.again.older", n=found.older, all=found.older + found.current)]
    state = job.state if job is not None else ""
    skipped = list(job.checkpoint.get("skipped", {}).values()) if job is not None and state == DONE else []
    if state in (FAILED, PARKED) and job is not None:
        words.append(t("catalogue.again.failed", why=refusal(t, job.error)))
    if state == CANCELLED:
        words.append(t("catalogue.again.stopped"))
    if skipped:
        words.append(t("catalogue.again.skipped"))
    reasons = tuple(refusal(t, why) for why in dict.fromkeys(skipped))
    return Rejudging(" ".join(words), can_start=True, skipped=reasons[:3])


def _under_way(t: Texts, found: Judged, job: Job) -> Rejudging:
    share = min(job.done / job.total, 1.0) if job.total > 0 else 0.0
    counted = {"done": f"{job.done:.0f}", "total": f"{job.total:.0f}"}
    runs = job.state == RUNNING and job.total > 0
    words = [t("catalogue.again.runs", **counted) if runs else t("catalogue.again.waits")]
    if found.older:
        words.append(t("catalogue.again.until_then", n=found.older))
    return Rejudging(" ".join(words), share, str(job.id))
