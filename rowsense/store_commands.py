"""``rowsense store``: whether rows and files of a club's store fit together, and questions about its strokes."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rowsense.command_options import JsonFlag
from rowsense.errors import StoreError
from rowsense.keeping_commands import FilesOption, StoreArgument, needs_a_store

if TYPE_CHECKING:
    from rowsense.console import Console
    from rowsense.store.claims import ClubStore, StoreState
    from rowsense.store.database import Database

store_app = typer.Typer(
    help="Look after a club's store.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@store_app.callback()
def look_after() -> None:
    """Look after a club's store."""


@store_app.command("check")
def store_check(
    store: StoreArgument,
    files: FilesOption = "",
    remove_unnamed: Annotated[
        bool, typer.Option("--remove-unnamed", help="Also remove the files that no row names; there is no way back.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Compare rows with files, and read an SQLite file from end to end; the server may run."""
    needs_a_store("store check")
    from rowsense.console import Console
    from rowsense.store.claims import ClubStore, state_of
    from rowsense.store.database import Database
    from rowsense.store.opening import check_there, open_files
    from rowsense.store.places import store_place

    place = store_place(store, files)
    check_there(place.url)
    with Console(as_json=as_json) as console, Database(place.url) as database:
        _check_database(database)
        opened = ClubStore(database, open_files(place.files))
        found = state_of(opened)
        _say(console, found)
        if remove_unnamed and found.unnamed:
            found = _without_unnamed(console, opened, found)
        told = {"unnamed": len(found.unnamed), "bytes": sum(f.byte_count for f in found.unnamed)}
        in_order = not found.unnamed and not found.missing
        said = f"{store}: in order; every row has its files and every file its row" if in_order else _advice(found)
        console.done(told | {"missing": list(found.missing)}, said)
    if not in_order:
        raise typer.Exit(1)


@store_app.command("ask")
def store_ask(
    store: StoreArgument,
    sql: Annotated[str, typer.Argument(help="One SELECT from the view `strokes`.", metavar="SELECT")],
    files: FilesOption = "",
    club: Annotated[str, typer.Option(help="Its name, where the store has several.")] = "",
    athlete: Annotated[list[str] | None, typer.Option(help="Only of her: name or id; may be given again.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="To this day.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write CSV here instead of showing it.")] = None,
    limit_s: Annotated[float, typer.Option(help="Seconds after which it is stopped.")] = 60.0,
    memory_gb: Annotated[float, typer.Option(help="Memory it may take.")] = 1.0,
    as_json: JsonFlag = False,
) -> None:
    """Ask anything of the strokes of a club's sessions, in SQL; nothing is changed and the server may run."""
    needs_a_store("store ask")
    import csv

    from rowsense.console import Console
    from rowsense.store.ask import Asked, ask, written
    from rowsense.store.belongings import athlete_named, club_named
    from rowsense.store.claims import ClubStore
    from rowsense.store.database import Database
    from rowsense.store.opening import check_there, open_files
    from rowsense.store.places import store_place

    place = store_place(store, files)
    check_there(place.url)
    with Console(as_json=as_json) as console, Database(place.url) as database:
        opened, scope = ClubStore(database, open_files(place.files)), club_named(database, club)
        found = [athlete_named(database, who) for who in athlete or ()]
        if any(one.scope != scope for one in found):
            raise StoreError("not all of these rowers are in this club; name the club with --club")
        first, last = (None if day is None else day.date() for day in (since, until))
        asked = Asked(sql, tuple(one.athlete_id for one in found), first, last, limit_s, memory_gb)
        answer = ask(opened, scope, asked)
        if out is not None:
            written(answer, out)
        elif not as_json:
            csv.writer(sys.stdout, lineterminator="\n").writerows([answer.columns, *answer.rows])
        if answer.cut:
            console.note(f"there are more rows than {asked.most_rows}; these are the first")
        said = f"{len(answer.rows)} rows of {answer.session_count} sessions"
        missing = f"; of {answer.missing_count} more there are no files" if answer.missing_count else ""
        told: dict[str, Any] = {
            "rows": len(answer.rows),
            "sessions": answer.session_count,
            "missing": answer.missing_count,
        }
        if as_json and out is None:
            told |= {"answer": [dict(zip(answer.columns, map(str, row), strict=True)) for row in answer.rows]}
        if out is None and not as_json:
            console.note(f"{said}{missing}")  # beside the answer itself, which is on standard output
        else:
            console.done(told, f"{out}: {said}{missing}")


def _check_database(database: Database) -> None:
    """Refuse tables of another version, and a file that SQLite finds damaged."""
    from rowsense.store.database import SQLITE
    from rowsense.store.migrate import checked_revision, newest_revision
    from rowsense.store.trouble import damage_in

    if checked_revision(database) != newest_revision():
        raise StoreError("the store's tables are of an older version; start `rowsense serve` once, then check again")
    if database.url.get_backend_name() == SQLITE:
        damage_in(database.url)


def _say(console: Console, found: StoreState) -> None:
    for file in found.unnamed:
        console.note(f"{file.key}: no row names it ({file.byte_count / 1e6:.1f} MB)")
    for prefix in found.missing:
        console.note(f"{prefix}: rows name this folder and nothing is in it")


def _without_unnamed(console: Console, store: ClubStore, found: StoreState) -> StoreState:
    from rowsense.store.claims import named_prefixes, remove_unnamed, state_of
    from rowsense.store.scope import AllClubs

    with store.database.reading(AllClubs("whether any row names a file")) as unit:
        if not named_prefixes(unit):
            raise StoreError(
                "no row names any file, as after a lost database, so nothing is removed; bring a backup back first "
                "(`rowsense restore`), or delete the files by hand if they are really not wanted"
            )
    gone = remove_unnamed(store)
    console.note(f"removed {len(gone)} files, {sum(file.byte_count for file in gone) / 1e6:.1f} MB")
    return state_of(store)


def _advice(found: StoreState) -> str:
    parts = []
    if found.missing:
        parts.append(f"{len(found.missing)} folders are missing: look for them in a backup, or delete their sessions")
    if found.unnamed:
        parts.append(
            f"{len(found.unnamed)} files have no row: keep them if the database is older than they are, else remove "
            "them with --remove-unnamed"
        )
    return "; ".join(parts)
