"""Commands about background work. No analysis is loaded; Dask is by `rowsense jobs run` alone."""

from __future__ import annotations

import importlib.util
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from rowsense import logs
from rowsense.command_options import ConfigOption, JsonFlag, SetOption, settings_given, use_config
from rowsense.errors import StoreError, UsageError

if TYPE_CHECKING:
    from rowsense.console import Console
    from rowsense.store.claims import ClubStore
    from rowsense.store.tables import Job

jobs_app = typer.Typer(
    help="Background work of a club: list it, run it, cancel it, try it again.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
StoreOption = Annotated[
    str,
    typer.Option(
        help="The database, as sqlite:////folder/club.sqlite3 or postgresql://... Default: as the settings say."
    ),
]
FilesOption = Annotated[
    str, typer.Option(help="The folder for the files, or s3://BUCKET/FOLDER. Default: as the settings say.")
]
JobArgument = Annotated[str, typer.Argument(help="The job's id, as `rowsense jobs list` shows it.", metavar="JOB")]


@jobs_app.command("list")
def jobs_list(
    state: Annotated[
        Optional[list[str]],
        typer.Option(help="queued, running, done, failed, parked or cancelled; may be repeated. Default: all."),
    ] = None,
    limit: Annotated[int, typer.Option(help="How many, newest first.", min=1)] = 50,
    store: StoreOption = "",
    files: FilesOption = "",
    config: ConfigOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show jobs of all clubs, newest first."""
    use_config(config)
    with _opened("list", store, files, as_json) as (opened, console):
        from rowsense.jobs.looking import jobs_of
        from rowsense.store.scope import AllClubs
        from rowsense.store.tables import JOB_STATES

        unknown = sorted(set(state or ()) - set(JOB_STATES))
        if unknown:
            raise UsageError(f"jobs list: no job is {unknown[0]}; known are {', '.join(JOB_STATES)}")
        found = jobs_of(opened.database, AllClubs("whoever keeps the machine sees all work"), state or (), limit)
        for job in found:
            console.done(_told(job), _line(job))
        if not found:
            console.note("no such jobs" if state else "no jobs yet")


@jobs_app.command("cancel")
def jobs_cancel(
    job: JobArgument,
    store: StoreOption = "",
    files: FilesOption = "",
    config: ConfigOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Cancel a job; one that runs is stopped and leaves nothing half-written."""
    use_config(config)
    with _opened("cancel", store, files, as_json) as (opened, console):
        from rowsense.jobs.stopping import cancel
        from rowsense.store.scope import AllClubs
        from rowsense.store.tables.jobs import RUNNING

        state = cancel(opened.database, AllClubs("whoever keeps the machine may stop all work"), _key(job))
        said = "is asked to stop" if state == RUNNING else "is cancelled"
        console.done({"job": job, "state": state}, f"Job {job} {said}.")


@jobs_app.command("retry")
def jobs_retry(
    job: Annotated[Optional[str], typer.Argument(help="The job's id, as `rowsense jobs list` shows it.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="All that failed, of all clubs.")] = False,
    store: StoreOption = "",
    files: FilesOption = "",
    config: ConfigOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Let a job that failed, was parked or was cancelled wait for a worker again; or all that failed."""
    if (job is None) != failed:
        raise UsageError("jobs retry: name a job, or say --failed for all that failed")
    use_config(config)
    with _opened("retry", store, files, as_json) as (opened, console):
        from rowsense.jobs.stopping import retry, retry_failed
        from rowsense.store.scope import AllClubs
        from rowsense.store.tables.jobs import QUEUED

        keeper = AllClubs("whoever keeps the machine may start all work")
        if job is None:
            count = retry_failed(opened.database, keeper)
            said = "1 job waits for a worker." if count == 1 else f"{count} jobs wait for a worker."
            console.done({"retried": count}, said if count else "No job had failed.")
            return
        retry(opened.database, keeper, _key(job))
        console.done({"job": job, "state": QUEUED}, f"Job {job} waits for a worker.")


@jobs_app.command("run")
def jobs_run(
    scheduler: Annotated[
        Optional[str],
        typer.Option(help="A Dask scheduler, as tcp://host:port. Default: workers of its own on this machine."),
    ] = None,
    workers: Annotated[
        Optional[int], typer.Option(help="How many of its own; one, the default, uses all cores.", min=1)
    ] = None,
    more: SetOption = None,
    once: Annotated[bool, typer.Option("--once", help="End when nothing waits and nothing runs.")] = False,
    store: StoreOption = "",
    files: FilesOption = "",
    config: ConfigOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Run jobs until it is stopped with Ctrl-C; what it was at goes on the next time."""
    use_config(config)
    with _opened("run", store, files, as_json) as (opened, console):
        if importlib.util.find_spec("distributed") is None:
            raise UsageError("jobs run: running jobs needs more packages; pip install 'rowsense[server]'")
        from sqlalchemy.exc import DBAPIError

        from rowsense.jobs.looking import jobs_of
        from rowsense.jobs.runner import running
        from rowsense.jobs.runner_settings import runner_settings
        from rowsense.server_settings import ServerSettings
        from rowsense.settings import read_settings
        from rowsense.store.scope import AllClubs
        from rowsense.store.start import check_files, check_role
        from rowsense.store.tables.jobs import QUEUED, RUNNING

        check_role(opened.database)
        check_files(opened.files)
        if logs.wanted():
            logs.to_stderr()
        else:
            logging.getLogger("rowsense.jobs").addHandler(_ToConsole(console))
        everybody = AllClubs("whether there is anything left to do")
        given = settings_given(more, jobs={"scheduler": scheduler, "workers": workers})
        how = read_settings(ServerSettings, **given).jobs
        with running(opened, runner_settings(how)) as runner:
            console.note(f"RowSense runs the jobs in {opened.database.url.render_as_string()}   (Ctrl-C stops it)")

            def is_left() -> bool:
                try:
                    return bool(jobs_of(opened.database, everybody, (QUEUED, RUNNING), limit=1))
                except DBAPIError:  # the runner waits for the database, and says so
                    return True

            try:
                while (not once or is_left()) and not runner.ended.wait(1.0):
                    pass
            except KeyboardInterrupt:
                console.note("stopping; what was being worked on waits for the next start")
                return
            if runner.ended.is_set():
                raise StoreError("jobs run: another RowSense runs the jobs of this store by now, so this one ends")


class _ToConsole(logging.Handler):
    """What the runner has to say, as lines of the command."""

    def __init__(self, console: Console) -> None:
        super().__init__(logging.WARNING)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Say it."""
        self._console.note(record.getMessage())


@contextmanager
def _opened(command: str, store: str, files: str, as_json: bool) -> Iterator[tuple[ClubStore, Console]]:
    if importlib.util.find_spec("sqlalchemy") is None:
        raise UsageError(f"jobs {command}: the store of a club needs more packages; pip install 'rowsense[club]'")
    from rowsense.console import Console
    from rowsense.server_settings import ServerSettings, put_into_environment
    from rowsense.settings import read_settings
    from rowsense.store.opening import open_store
    from rowsense.store.places import store_place

    place = read_settings(ServerSettings).server
    put_into_environment(place)
    if not store and place.store:
        said = store_place(place.store, files or place.files)
        store, files = said.url, said.files
    with Console(as_json=as_json) as console:
        opened = open_store(store, files or place.files)
        try:
            yield opened, console
        finally:
            opened.database.close()


def _key(job: str) -> uuid.UUID:
    try:
        return uuid.UUID(job)
    except ValueError as error:
        raise UsageError(f"{job}: is no job's id; `rowsense jobs list` shows them") from error


def _told(job: Job) -> dict[str, object]:
    told = {"job": str(job.id), "club": str(job.club_id), "kind": job.kind, "state": job.state, "stage": job.stage}
    return told | {"done": job.done, "total": job.total, "attempt": job.attempt, "error": job.error}


def _line(job: Job) -> str:
    from rowsense.jobs.looking import left_s

    share = f" {100 * job.done / job.total:.0f} %" if job.total > 0 and job.state == "running" else ""
    left = left_s(job)
    share += f", {left / 60:.0f} min left" if left >= 60 else f", {left:.0f} s left" if left >= 0 else ""
    why = f"  {job.error}" if job.error else ""
    return f"{job.id}  {job.created_at:%Y-%m-%d %H:%M}  {job.kind}  {job.state}{share}{why}"
