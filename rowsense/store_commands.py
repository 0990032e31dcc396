"""``rowsense store check``: whether rows and files of a club's store fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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
