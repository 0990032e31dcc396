"""``rowsense push``: films to a club's server. Loads nothing of the analysis and nothing of the store."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Optional

import typer

from rowsense.command_options import JsonFlag
from rowsense.errors import RowSenseError, UsageError

if TYPE_CHECKING:
    from rowsense.client import Client
    from rowsense.client.answers import Upload
    from rowsense.console import Console

TOKEN: Final = "ROWSENSE_TOKEN"
SERVER: Final = "ROWSENSE_SERVER"
_KINDS: Final = ("steady", "intervals", "test", "race", "technique", "warm_up", "other")
_SOME_FAILED: Final = 5


@dataclass(frozen=True, slots=True)
class _Asked:
    athlete: str
    day: date | None
    kind: str
    again: bool
    wait: bool


def push(
    videos: Annotated[list[Path], typer.Argument(help="The films.", metavar="VIDEO...")],
    server: Annotated[
        str, typer.Option(help=f"The club's server, as https://rowing.club.org. Default: {SERVER}.", envvar=SERVER)
    ] = "",
    token_file: Annotated[
        Optional[Path], typer.Option(help=f"A file with your token, from the page You. Default: {TOKEN}.")
    ] = None,
    athlete: Annotated[
        str, typer.Option(help="Who is in the films: her name or id. Without it you say it on the page Upload.")
    ] = "",
    rowed_on: Annotated[
        Optional[datetime], typer.Option(help="The day. Default: of each file.", formats=["%Y-%m-%d"])
    ] = None,
    kind: Annotated[str, typer.Option(help=f"What was rowed: {', '.join(_KINDS)}.")] = "",
    wait: Annotated[bool, typer.Option("--wait", help="Wait until they are analysed, and say where the report is.")] = (
        False
    ),
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Make a session also of a film that the club has already, or that cannot be measured."
        ),
    ] = False,
    unencrypted: Annotated[
        bool, typer.Option("--unencrypted", help="Use http to another machine, where everybody can read along.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Send films to a club's server; the same command goes on where it was cut off."""
    from rowsense.client import Client
    from rowsense.console import Console

    if not server:
        raise UsageError(f"push: say where with --server https://rowing.club.org, or in {SERVER}")
    if kind and kind not in _KINDS:
        raise UsageError(f"push: no piece is {kind}; known are {', '.join(_KINDS)}")
    asked = _Asked(athlete.strip(), rowed_on.date() if rowed_on is not None else None, kind, again, wait)
    with Console(as_json=as_json) as console:
        club = Client(server, _token(token_file, console), unencrypted=unencrypted)
        raise typer.Exit(_push_all(club, videos, asked, console))


def _push_all(club: Client, videos: list[Path], asked: _Asked, console: Console) -> int:
    who = _who(club, asked.athlete)
    codes = []
    for video in videos:
        console.subject(video.name)
        try:
            codes.append(_push(club, video, who, asked, console))
        except RowSenseError as error:
            if len(videos) == 1:
                raise
            console.error(str(error))
            codes.append(error.exit_code)
    failed = [code for code in codes if code]
    if not failed:
        return 0
    return failed[0] if len(failed) == len(codes) and len(set(codes)) == 1 else _SOME_FAILED


def _push(club: Client, video: Path, who: Any, asked: _Asked, console: Console) -> int:
    from rowsense.client.sending import Said, send_film

    said = None
    if who is not None and video.is_file():
        said = Said(who.id, asked.day or date.fromtimestamp(video.stat().st_mtime), asked.kind)
    try:
        sent = send_film(club, video, said, again=asked.again, tell=console.progress)
    except KeyboardInterrupt:
        console.note(f"{video}: stopped; what was sent is kept for seven days, and the same command goes on there")
        raise
    told: dict[str, Any] = {"file": str(video), "sha256": sent.sha256}
    upload = sent.upload
    if upload is None:
        first = sent.known[0]
        when = f"{first.athlete}, {first.rowed_on:%d %b %Y}"
        words = f"{video}: the club has this film already ({when}), so it was not sent"
        # An earlier push may have been stopped while it waited.
        upload = _of_session(club, first.session) if asked.wait and not first.address else None
        if upload is None:
            page = club.page(first.address or "/upload")
            console.done(told | {"state": "known", "page": page}, f"{words}: {page}")
            return 0
        console.note(words)
    if sent.resumed_bytes:
        console.note(f"{video}: went on at {100 * sent.resumed_bytes // upload.bytes} %")
    return _say_where(club, video, upload, told | {"upload": str(upload.id)}, asked, console)


def _of_session(club: Client, session: uuid.UUID) -> Upload | None:
    """One's own upload that a session was made of."""
    return next((one for one in club.uploads() if one.session is not None and one.session.session == session), None)


def _say_where(club: Client, video: Path, upload: Upload, told: dict[str, Any], asked: _Asked, console: Console) -> int:
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
    if not asked.wait:
        console.done(told | {"state": upload.job.state, "page": page}, f"{video}: is there and waits: {page}")
        return 0
    try:
        upload = wait_for_analysis(club, upload, console.progress)
    except KeyboardInterrupt:
        console.note(f"{video}: is there, and its analysis goes on; see {page}")
        raise
    job = upload.job
    if job is not None and job.state != "done":
        console.done(
            told | {"state": job.state, "error": job.error, "page": page},
            f"{video}: its analysis {_ENDED.get(job.state, job.state)}{f' ({job.error})' if job.error else ''}; "
            f"see {page}",
        )
        return 1
    address = upload.session.address if upload.session is not None else ""
    page = club.page(address or "/")
    console.done(told | {"state": "done", "page": page}, f"{video}: analysed; the report is at {page}")
    return 0


_ENDED: Final = {
    "failed": "failed",
    "parked": "ended its worker each time and is put aside",
    "cancelled": "was cancelled",
}


def _token(file: Path | None, console: Console) -> str:
    """From a file or the environment; never from the command line, which everybody on the machine can read.

    Raises
    ------
    UsageError
        There is none.
    """
    if file is None:
        found = os.environ.get(TOKEN, "")
        if not found.strip():
            raise UsageError(
                f"push: give your token in {TOKEN} or with --token-file FILE; you make one on the server's page You"
            )
        return found
    try:
        found = file.expanduser().read_text(encoding="utf-8").strip()
        open_to_others = os.name == "posix" and bool(file.expanduser().stat().st_mode & 0o077)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: the token cannot be read ({error}); write it there as a line of its own") from error
    if not found:
        raise UsageError(f"{file}: is empty; write your token there")
    if open_to_others:
        console.note(f"{file}: other users of this machine can read your token; chmod 600 {file}")
    return found


def _who(club: Client, named: str) -> Any:
    """The rower; a rower's own token needs no name. None: it is said later, on the page.

    Raises
    ------
    UsageError
        There is none of this name, or more than one; or the token may not send films.
    """
    me = club.me()
    if "upload" not in me.scopes:
        raise UsageError("push: this token may not send films; make one that may on the page You")
    if not named and me.role != "athlete":
        return None
    rowers = list(club.athletes())
    if not named:
        if not rowers:
            raise UsageError("push: your films cannot be taken yet; ask an administrator of your club")
        return rowers[0]
    small = named.casefold()
    found = [one for one in rowers if small in (one.name.casefold(), str(one.id))]
    found = found or [one for one in rowers if small in one.name.casefold()]
    if len(found) == 1:
        return found[0]
    some = found or rowers
    listed = ", ".join(f"{one.name} ({one.id})" for one in some[:8]) + (", ..." if len(some) > 8 else "")
    words = f"there are {len(found)} of this name; give the id" if found else "no rower of yours has this name or id"
    raise UsageError(f"push: {named}: {words}: {listed or 'you have none'}")
