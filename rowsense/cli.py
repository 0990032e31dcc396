"""The command line. Heavy imports stay inside the commands, so that ``--help`` answers at once."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, Optional

import typer

from rowsense.athlete_commands import delete_athlete, export_athlete
from rowsense.catalogue_commands import catalogue as catalogue_command
from rowsense.catalogue_commands import explain
from rowsense.club_commands import demo_club
from rowsense.command_options import EarlierOption, FeltOption, JsonFlag, LanguageOption, OutOption, felt_of
from rowsense.compare_command import EXAMPLES, compare
from rowsense.errors import OutputError, RowSenseError, StoreError, UsageError
from rowsense.jobs_commands import jobs_app
from rowsense.keeping_commands import backup, restore
from rowsense.mail_commands import mail_test
from rowsense.push_command import push
from rowsense.serve_command import serve
from rowsense.store_commands import store_app

if TYPE_CHECKING:
    from rowsense.console import Console
    from rowsense.settings import Settings

app = typer.Typer(
    name="rowsense",
    help="See when the hips tip back and the low back rounds in a rowing stroke, from a side-view video.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # the rich help costs 0.2 s at every start
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(help="The pose models: list, fetch, verify.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(models_app, name="models")
app.add_typer(jobs_app, name="jobs")
app.add_typer(store_app, name="store")


@app.command()
def analyze(
    videos: Annotated[list[Path], typer.Argument(help="Videos, or folders of videos.", metavar="VIDEO...")],
    out: OutOption = None,
    athlete: Annotated[str, typer.Option(help="The rower's name, for the report.")] = "",
    from_s: Annotated[Optional[float], typer.Option("--from", help="Start at this second of the video.")] = None,
    to_s: Annotated[Optional[float], typer.Option("--to", help="Stop at this second of the video.")] = None,
    speed: Annotated[
        Optional[float],
        typer.Option(help="Slow motion: how many times slower than real it plays, e.g. 8 for 240 fps at 30."),
    ] = None,
    rower: Annotated[Optional[int], typer.Option(help="Which of several people, 1 = nearest.")] = None,
    model: Annotated[Optional[str], typer.Option(help="Pose model: full, lite, heavy ... or a .task file.")] = None,
    stride: Annotated[
        Optional[int], typer.Option(help="Look at every n-th frame and interpolate between; 1 looks at all.")
    ] = None,
    workers: Annotated[Optional[int], typer.Option(help="Threads for inference. Default: one per core.")] = None,
    catalogue: Annotated[Optional[Path], typer.Option(help="Another catalogue of faults and limits.")] = None,
    style: Annotated[Optional[str], typer.Option(help="sequential, or simultaneous (Adam, DDR).")] = None,
    level: Annotated[Optional[str], typer.Option(help="learning, club or racing.")] = None,
    height_cm: Annotated[
        Optional[float], typer.Option(help="The rower's height, for the stroke length in metres.")
    ] = None,
    overlay: Annotated[bool, typer.Option("--overlay/--no-overlay", help="Write the overlay video.")] = True,
    csv: Annotated[bool, typer.Option("--csv", help="Also write the tables as CSV.")] = False,
    calibration: Annotated[
        Optional[Path], typer.Option(help="A calibration's file. Default: the newest one of the athlete.")
    ] = None,
    no_calibration: Annotated[bool, typer.Option("--no-calibration", help="Use no calibration.")] = False,
    earlier: EarlierOption = None,
    felt: FeltOption = None,
    language: LanguageOption = "",
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that holds other things.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Analyse videos and write a report for each."""
    from rowsense.batch import AnalyzeRequest, analyze_all
    from rowsense.outputs import OutputOptions
    from rowsense.texts.measures import spoken

    spoken(language)  # before an analysis that would then be for nothing
    overrides: dict[str, dict[str, Any]] = {
        "video": {"from_s": from_s, "to_s": to_s, "speed": speed},
        "pose": {"rower": rower, "model": model, "stride": stride, "workers": workers},
        "assess": {"catalogue": catalogue, "style": style, "level": level, "height_cm": height_cm},
    }
    request = AnalyzeRequest(
        inputs=tuple(videos),
        out=out,
        athlete=athlete,
        settings=_settings(overrides),
        options=OutputOptions(overlay=overlay, csv=csv, language=language),
        force=force,
        calibration=calibration,
        use_calibration=not no_calibration,
        earlier=tuple(earlier or ()),
        felt=felt_of(felt),
    )
    raise typer.Exit(analyze_all(request, _console(as_json)))


@app.command()
def calibrate(
    video: Annotated[Optional[Path], typer.Argument(help="A clip: sit tall, slump fully, hinge forward.")] = None,
    athlete: Annotated[str, typer.Option(help="Whose calibration it is.")] = "",
    out: Annotated[Optional[Path], typer.Option("--out", "-o", help="Write it to this file instead.")] = None,
    show: Annotated[bool, typer.Option("--list", help="Show the calibrations, newest first.")] = False,
    delete: Annotated[Optional[str], typer.Option(help="Delete one, by its name in the list.")] = None,
    from_s: Annotated[Optional[float], typer.Option("--from", help="Start at this second of the video.")] = None,
    to_s: Annotated[Optional[float], typer.Option("--to", help="Stop at this second of the video.")] = None,
    rower: Annotated[Optional[int], typer.Option(help="Which of several people, 1 = nearest.")] = None,
    model: Annotated[Optional[str], typer.Option(help="Pose model: full, lite, heavy ... or a .task file.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Measure a rower's own zero and range once, from a short clip without rowing."""
    from rowsense import batch

    if (video is not None) + show + (delete is not None) != 1:
        raise UsageError("calibrate: name a VIDEO with --athlete NAME, or give --list, or --delete NAME")
    if show:
        batch.show_calibrations(athlete, _console(as_json))
    elif delete is not None:
        batch.remove_calibration(delete, _console(as_json))
    elif video is not None:
        given: dict[str, dict[str, Any]] = {
            "video": {"from_s": from_s, "to_s": to_s},
            "pose": {"rower": rower, "model": model},
        }
        batch.calibrate(video, athlete, out, _settings(given), _console(as_json))


@app.command()
def report(
    session: Annotated[Path, typer.Argument(help="A folder that `rowsense analyze` wrote.")],
    video: Annotated[Optional[Path], typer.Option(help="Where the video is now, if it was moved.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Also write the tables as CSV.")] = False,
    earlier: EarlierOption = None,
    felt: FeltOption = None,
    language: LanguageOption = "",
    as_json: JsonFlag = False,
) -> None:
    """Write the report of a stored session again, without looking at the video's poses again."""
    from rowsense.batch import rewrite_report

    with _console(as_json) as console:
        target = rewrite_report(
            session,
            video,
            csv=csv,
            earlier=tuple(earlier or ()),
            felt=felt_of(felt),
            progress=console.progress,
            language=language,
        )
        console.done({"report": str(target)}, f"Report: {target}")


@app.command()
def overlay(
    session: Annotated[Path, typer.Argument(help="A folder that `rowsense analyze` wrote.")],
    video: Annotated[Optional[Path], typer.Option(help="Where the video is now, if it was moved.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Draw the overlay video of a stored session."""
    from rowsense.batch import rewrite_overlay

    with _console(as_json) as console:
        target = rewrite_overlay(session, video, progress=console.progress)
        console.done({"overlay": str(target)}, f"Overlay: {target}")


@app.command()
def film(
    session: Annotated[Path, typer.Argument(help="A folder that `rowsense analyze` wrote.")],
    video: Annotated[Optional[Path], typer.Option(help="Where the video is now, if it was moved.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Make the film without drawing that the session's page shows, where browsers do not play the video itself."""
    from rowsense.batch import rewrite_film

    with _console(as_json) as console:
        target = rewrite_film(session, video, progress=console.progress)
        console.done({"film": str(target)}, f"Film: {target}")


@app.command()
def demo(
    out: OutOption = None,
    open_report: Annotated[bool, typer.Option("--open/--no-open", help="Open the report in a browser.")] = True,
    as_json: JsonFlag = False,
) -> None:
    """Analyse a sample video that comes with RowSense and open its report."""
    from rowsense.batch import run_demo

    raise typer.Exit(run_demo(out, _settings({}), _console(as_json), open_report=open_report))


app.command()(explain)
app.command("catalogue")(catalogue_command)
app.command(epilog=EXAMPLES)(compare)
app.command()(demo_club)
app.command()(serve)
app.command()(push)
app.command()(backup)
app.command()(restore)
app.command("mail-test")(mail_test)
app.command()(export_athlete)
app.command()(delete_athlete)


@app.command()
def doctor(as_json: JsonFlag = False) -> None:
    """Say what is missing on this machine, and the one command that mends it."""
    from rowsense.doctor import run_checks

    checks = run_checks()
    for check in checks:
        if as_json:
            typer.echo(json.dumps({"name": check.name, "ok": check.ok, "detail": check.detail, "mend": check.mend}))
        else:
            typer.echo(f"{'ok  ' if check.ok else 'MEND'}  {check.name}: {check.detail}")
            if not check.ok and check.mend:
                typer.echo(f"      -> {check.mend}")
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)


@app.command()
def simulate(
    name: Annotated[Optional[str], typer.Argument(help="A named clip; leave out to list them.")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the clip and its truth go.")] = Path(),
) -> None:
    """Render a simulated rower with a known spine (needs the extra: rowsense[simulate])."""
    from rowsense.simulate import SAMPLES, render_clip

    if name is None:
        for known in SAMPLES:
            typer.echo(known)
        return
    if name not in SAMPLES:
        raise UsageError(f"{name}: no such clip; known are {', '.join(SAMPLES)}")
    with _console(False) as console:
        render_clip(SAMPLES[name], out, lambda done, total: console.progress("render", done, total))


@models_app.command("list")
def models_list() -> None:
    """List the known pose models and whether they are here."""
    from rowsense.pose.models import list_models

    for status in list_models():
        typer.echo(f"{status.model.id:12} {status.state:12} {status.model.title}")


@models_app.command("fetch")
def models_fetch(model: Annotated[str, typer.Argument(help="Which one.")] = "full", as_json: JsonFlag = False) -> None:
    """Fetch a pose model once, checked, into the user's cache."""
    from rowsense.pose.models import ensure_model

    with _console(as_json) as console:
        path = ensure_model(model, lambda done, total: console.progress("fetch", done, total))
        console.done({"model": str(path)}, f"Model: {path}")


@models_app.command("verify")
def models_verify(model: Annotated[str, typer.Argument(help="Which one, or a file.")] = "full") -> None:
    """Check a pose model's file."""
    from rowsense.pose.models import verify_model

    typer.echo(verify_model(model))


def _settings(overrides: dict[str, dict[str, Any]]) -> Settings:
    from rowsense.settings import Settings, read_settings

    given = {stage: {k: v for k, v in values.items() if v is not None} for stage, values in overrides.items()}
    return read_settings(Settings, **{stage: values for stage, values in given.items() if values})


def _console(as_json: bool) -> Console:
    from rowsense.console import Console

    return Console(as_json=as_json)


def run() -> NoReturn:
    """The ``rowsense`` command: :func:`main`, and then leave at once.

    Taking down all that was imported, library by library, takes half a second and frees nothing that the system
    would not free. Files are closed by then.
    """
    code: object = 0
    try:
        main()
    except SystemExit as leaving:
        code = leaving.code
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # a closed pipe, a closed stream
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


def main() -> None:
    """Entry point: run, and turn every expected problem into one line and its exit code."""
    import gc
    import signal

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # A command leaves few cycles behind; searching all that is imported for them takes 0.15 s.
    gc.set_threshold(50_000, 20, 100)
    try:
        app(standalone_mode=True)
    except RowSenseError as error:
        print(f"rowsense: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        print(f"rowsense: {error.filename or 'file'}: {error.strerror or error}; check the place", file=sys.stderr)
        sys.exit(OutputError.exit_code)
    except Exception as error:
        said = _of_a_database(error)
        if not said:
            raise
        print(f"rowsense: {said}", file=sys.stderr)
        sys.exit(StoreError.exit_code)


def _of_a_database(error: Exception) -> str:
    """What to say of a database that went away while a command was at work; empty: it is something else."""
    if "sqlalchemy" not in sys.modules:  # nothing has asked one
        return ""
    from rowsense.store.trouble import is_away, words_of

    return words_of(error) if is_away(error) else ""
