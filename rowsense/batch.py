"""Commands over whole files: analyse several videos, write a stored session's report again, run the demo."""

from __future__ import annotations

import errno
import os
import sys
import webbrowser
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Final

from rowsense.assess.felt import check_felt
from rowsense.calibrating import calibrate_video, calibration_for
from rowsense.console import Console
from rowsense.earlier import check_earlier, with_history
from rowsense.errors import OutputError, RowSenseError, UsageError, VideoError
from rowsense.films import FILM, OVERLAY, check_source, write_film, write_overlay, write_stroke_films
from rowsense.model import Advice, Calibration, Felt, Session
from rowsense.observe import Progress
from rowsense.outputs import OutputOptions, warming_up, write_outputs
from rowsense.pipeline import analyze_video
from rowsense.report.change import unclear_sentence
from rowsense.samples import sample_video
from rowsense.settings import Settings
from rowsense.store.calibrations import delete_calibration, list_calibrations, save_calibration
from rowsense.store.session_folder import check_target, read_session

VIDEO_SUFFIXES: Final = frozenset({".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mts", ".3gp"})
SOME_FAILED: Final = 5
DEMO_CLIP: Final = "hips_tip_back.mp4"


@dataclass(frozen=True, slots=True)
class AnalyzeRequest:
    """One call of ``rowsense analyze``."""

    inputs: tuple[Path, ...]
    out: Path | None
    athlete: str
    settings: Settings
    options: OutputOptions
    force: bool
    calibration: Path | None = None
    """A calibration's file; None: the athlete's newest."""
    use_calibration: bool = True
    earlier: tuple[Path, ...] = ()
    """Sessions of the same rower, or folders of them."""
    felt: Felt | None = None


def analyze_all(request: AnalyzeRequest, console: Console) -> int:
    """Analyse every video of the request; returns the exit code.

    A problem with one of several videos is said and the others go on.

    Raises
    ------
    RowSenseError
        There is only one video and it could not be analysed, or there is none.
    """
    videos = list(_videos(request.inputs))
    single = len(request.inputs) == 1 and not _is_folder(request.inputs[0])
    targets = _targets(videos, request.out, single=single)
    calibration = _calibration(request, console)
    if request.earlier:
        check_earlier(request.earlier, request.athlete or (calibration.athlete if calibration else ""))
    codes = []
    for video, target in zip(videos, targets, strict=True):
        console.subject(video.name)
        try:
            _analyze_one(video, target, request, calibration, console)
            codes.append(0)
        except RowSenseError as error:
            if len(videos) == 1 and not console.as_json:
                raise
            console.error(str(error))
            codes.append(error.exit_code)
        except KeyboardInterrupt:
            console.note("stopped; nothing was left half-written")
            raise
        finally:
            console.close()
    return codes[0] if len(set(codes)) == 1 else SOME_FAILED


def _calibration(request: AnalyzeRequest, console: Console) -> Calibration | None:
    if not request.use_calibration:
        return None
    chosen, note = calibration_for(request.athlete, request.calibration, request.settings)
    if note:
        console.note(note)
    return chosen


def _analyze_one(
    video: Path, target: Path, request: AnalyzeRequest, calibration: Calibration | None, console: Console
) -> None:
    try:
        check_target(target, force=request.force)
    except OSError as error:  # a name too long for the file system, a parent that may not be read
        raise OutputError(f"{target}: cannot be written ({error.strerror}); choose another place with --out") from error
    athlete = request.athlete or (calibration.athlete if calibration else "")
    session = analyze_video(
        video, request.settings, athlete=athlete, calibration=calibration, progress=warming_up(console.progress)
    )
    # What was told beside the video may not fit it. That must not cost the minutes of looking at it.
    misfit: RowSenseError | None = None
    try:
        session = _told(session, request.earlier, request.felt)
    except RowSenseError as error:
        misfit = error
    try:
        write_outputs(session, video, target, request.options, console.progress)
    except OSError as error:
        raise _no_room(target, error) from error
    if misfit is not None:
        again = f"{video.name} is analysed; say it again with: rowsense report {target} --felt ... or --earlier ..."
        raise UsageError(f"{misfit}. {again}") from misfit
    for warning in session.camera.warnings + session.video.warnings:
        console.note(f"{video.name}: {warning}")
    console.done(_result(session, target), _words(session, video, target))


def calibrate(video: Path, athlete: str, out: Path | None, settings: Settings, console: Console) -> None:
    """Calibrate a rower from a posing clip and keep the result."""
    with console:
        console.subject(video.name)
        made = calibrate_video(video, athlete, settings, console.progress)
        place = save_calibration(made, out)
        for note in made.notes:
            console.note(note)
        tilt, lumbar = made.pelvic_tilt, made.lumbar_flexion
        console.done(
            {"calibration": str(place), "athlete": made.athlete}
            | {"pelvic_tilt_range_deg": -tilt.width_deg, "lumbar_flexion_range_deg": lumbar.width_deg},
            f"{made.athlete}: from tall sitting to full slump the hips tip back by {-tilt.width_deg:.0f}° "
            f"(± {tilt.width_sd_deg:.0f}) and the low back rounds by {lumbar.width_deg:.0f}° "
            f"(± {lumbar.width_sd_deg:.0f}).\nCalibration: {place}",
        )


def show_calibrations(athlete: str, console: Console) -> None:
    """List the calibrations of one athlete, or of all, newest first."""
    stored = list_calibrations(athlete)
    for one in stored:
        made = one.calibration
        if made is None:
            console.done({"id": one.id, "problem": one.problem}, f"{one.id}  damaged: {one.problem}")
            continue
        ranges = f"hips {-made.pelvic_tilt.width_deg:.0f}°, low back {made.lumbar_flexion.width_deg:.0f}°"
        console.done(
            {"id": one.id, "athlete": made.athlete, "made_at": made.made_at.isoformat(), "file": str(one.path)},
            f"{one.id}  {made.athlete}  {made.made_at:%Y-%m-%d %H:%M}  {ranges}  {made.video_name}",
        )
    if not stored:
        console.note(f"no calibration{f' of {athlete}' if athlete else ''} yet")


def remove_calibration(name: str, console: Console) -> None:
    """Delete a calibration by the name that the list shows."""
    place = delete_calibration(name)
    console.done({"deleted": str(place)}, f"Deleted: {place}")


def _told(session: Session, earlier: tuple[Path, ...], felt: Felt | None) -> Session:
    """The session with what was told beside the video: earlier sessions, and what the rower felt."""
    if felt is not None:
        check_felt(felt, len(session.strokes))
        session = replace(session, felt=felt)
    return with_history(session, earlier) if earlier else session


def rewrite_report(
    folder: Path,
    video: Path | None,
    *,
    csv: bool,
    earlier: tuple[Path, ...] = (),
    felt: Felt | None = None,
    progress: Progress | None = None,
    language: str = "",
) -> Path:
    """Write report, stills and tables of a stored session again; the overlay stays. Returns the report's path.

    ``earlier``: sessions to hold it against, ``felt``: what the rower felt; without them what was there stays.
    """
    session = _told(read_session(folder), earlier, felt)
    source = video or session.video.path
    if source.is_file():
        check_source(session, source)
    csv = csv or (folder / "frames.csv").exists()
    options = OutputOptions(overlay=False, csv=csv, keep_overlay=True, language=language)
    write_outputs(session, source, folder, options, progress)
    return folder / "report.html"


def rewrite_overlay(folder: Path, video: Path | None, progress: Progress | None = None) -> Path:
    """Draw the overlay of a stored session again. Returns its path."""
    session = read_session(folder)
    target = folder / OVERLAY
    write_overlay(session, video or session.video.path, target, progress)
    write_stroke_films(session, folder)
    return target


def rewrite_film(folder: Path, video: Path | None, progress: Progress | None = None) -> Path:
    """Make the film without drawing of a stored session. Returns its path."""
    session = read_session(folder)
    target = folder / FILM
    write_film(session, video or session.video.path, target, progress=progress)
    return target


def run_demo(out: Path | None, settings: Settings, console: Console, *, open_report: bool) -> int:
    """Analyse the sample video that comes with the package."""
    with resources.as_file(sample_video(DEMO_CLIP)) as clip:
        target = out or Path(f"{clip.stem}.rowsense")
        request = AnalyzeRequest((clip,), target, "", settings, OutputOptions(), force=False)
        code = analyze_all(request, console)
    report = (target / "report.html").absolute()
    if code == 0 and open_report and _has_screen():
        webbrowser.open(report.as_uri())
    return code


def _has_screen() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _videos(inputs: tuple[Path, ...]) -> Iterator[Path]:
    for path in inputs:
        if _is_folder(path):
            try:
                found = sorted(p for p in path.iterdir() if p.suffix.lower() in VIDEO_SUFFIXES and p.is_file())
            except OSError as error:
                raise VideoError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
            if not found:
                kinds = " ".join(sorted(VIDEO_SUFFIXES))
                raise VideoError(f"{path}: no video in this folder (looked for {kinds}); name the file itself")
            yield from found
        else:
            yield path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # probing the file says what is wrong with it


def _targets(videos: list[Path], out: Path | None, *, single: bool) -> list[Path]:
    if single:
        return [out or Path(f"{videos[0].stem}.rowsense")]
    targets = [(out or Path()) / f"{video.stem}.rowsense" for video in videos]
    doubles = {t for t in targets if targets.count(t) > 1}
    if doubles:
        raise UsageError(f"{sorted(doubles)[0].name}: two of the videos have this name; analyse them one by one")
    return targets


def _no_room(target: Path, error: OSError) -> OutputError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputError(f"{target}: the disk is full; free some space or choose another place with --out")
    return OutputError(f"{target}: cannot be written ({error.strerror}); choose another place with --out")


def _result(session: Session, target: Path) -> dict[str, object]:
    return {
        "video": str(session.video.path),
        "out": str(target),
        "report": str(target / "report.html"),
        "stroke_count": len(session.strokes),
        "faults": [fault.id for fault in session.assessment.faults],
    }


def _words(session: Session, video: Path, target: Path) -> str:
    """What a coach would say, in order."""
    assessment = session.assessment
    said = assessment.advice or Advice()
    seen = said.seen
    if assessment.faults:
        seen = f"{seen} {unclear_sentence(session, assessment.faults[0])} {said.look_at}"
    others = ", ".join(fault.name for fault in assessment.faults[1:])
    parts = (
        ("Done well", said.well),
        ("Seen", seen),
        ("Try next", said.try_next),
        ("Test it", said.self_test),
        ("For later", others),
        ("Report", str(target / "report.html")),
    )
    lines = [f"{lead + ':':11}{' '.join(words.split())}" for lead, words in parts if words]
    return "\n".join([f"{video.name}: {len(session.strokes)} whole strokes.", *lines])
