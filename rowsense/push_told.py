"""What ``rowsense push`` says of a film that is on the server. Loads neither the analysis nor the store."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from rowsense.client import Client
    from rowsense.client.answers import Upload
    from rowsense.console import Console


def upload_of(club: Client, session: uuid.UUID) -> Upload | None:
    """One's own upload that a session was made of; None: it is in the list no more."""
    return next((one for one in club.uploads() if one.session is not None and one.session.session == session), None)


def say_where(
    club: Client,
    video: Path,
    upload: Upload,
    told: dict[str, Any],
    console: Console,
    *,
    athlete: uuid.UUID | None,
    wait: bool,
) -> int:
    """Say how it is with a film that is there, where asked once its job is over; gives the exit code.

    ``athlete``: who is in it; None: nobody has said so. ``told``: what is known of it for machines.
    """
    from rowsense.client.sending import wait_for_analysis

    page = club.page("/upload")
    for words in upload.warnings:
        console.note(f"{video}: {words}")
    if upload.refused:
        what = "Is it a film for a calibration? Then claim it as one" if upload.poses else "Film again"
        words = f"{upload.problem} {what}, or have it analysed all the same"
        console.done(
            told | {"state": upload.state, "problem": upload.problem, "page": page}, f"{video}: {words}: {page}"
        )
        return 1
    if upload.problem:
        console.done(told | {"state": upload.state, "page": page}, f"{video}: {upload.problem}; see {page}")
        return 1
    if upload.job is None:
        need = "it is in the list" if upload.claim else "say who is in it"
        console.done(told | {"state": upload.state, "page": page}, f"{video}: is there; {need}: {page}")
        return 0
    what = "calibration" if upload.calibration else "analysis"
    if not wait:
        console.done(told | {"state": upload.job.state, "page": page}, f"{video}: is there and waits: {page}")
        return 0
    try:
        upload = wait_for_analysis(club, upload, console.progress)
    except KeyboardInterrupt:
        console.note(f"{video}: is there, and its {what} goes on; see {page}")
        raise
    job = upload.job
    if job is not None and job.state != "done":
        console.done(
            told | {"state": job.state, "error": job.error, "page": page},
            f"{video}: its {what} {_ENDED.get(job.state, job.state)}{f' ({job.error})' if job.error else ''}; "
            f"see {page}",
        )
        return 1
    if upload.calibration and athlete is not None and upload.analysis is not None:
        return _say_calibration(club, video, told, console, athlete, upload.analysis)
    address = upload.session.address if upload.session is not None else ""
    page = club.page(address or "/")
    console.done(told | {"state": "done", "page": page}, f"{video}: analysed; the report is at {page}")
    return 0


def _say_calibration(
    club: Client, video: Path, told: dict[str, Any], console: Console, athlete: uuid.UUID, key: uuid.UUID
) -> int:
    """What her own zero and range came to."""
    made, page = club.calibration(athlete, key), club.page(f"/calibrations/{athlete}")
    for note in made.notes:
        console.note(f"{video}: {note}")
    ranges = {"pelvic_tilt": ("pelvis", made.pelvic_tilt), "lumbar_flexion": ("low back", made.lumbar_flexion)}
    words = [
        f"{name} {abs(one.width_deg):.0f} ± {one.sd_deg:.0f} degrees from tall to slump"
        for name, one in ranges.values()
        if one is not None
    ]
    numbers = {
        name: None if one is None else {"width_deg": one.width_deg, "sd_deg": one.sd_deg}
        for name, (_, one) in ranges.items()
    }
    found: dict[str, Any] = {"state": "done", "calibration": str(key), **numbers, "notes": list(made.notes)}
    said = f"{video}: calibrated: {', '.join(words)}; her films are measured by it from now on: {page}"
    console.done(told | found | {"page": page}, said)
    return 0


_ENDED: Final = {
    "failed": "failed",
    "parked": "ended its worker each time and is put aside",
    "cancelled": "was cancelled",
}
