"""Commands that give an athlete everything that is kept of her, or delete it. No analysis is loaded."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from rowsense.command_options import JsonFlag
from rowsense.errors import UsageError
from rowsense.keeping_commands import FilesOption, StoreArgument, needs_a_store

if TYPE_CHECKING:
    from rowsense.console import Console
    from rowsense.store.claims import ClubStore

WhoArgument = Annotated[str, typer.Argument(help="Her name, or her id where several have it.", metavar="ATHLETE")]


def export_athlete(
    store: StoreArgument,
    who: WhoArgument,
    target: Annotated[Path, typer.Argument(help="The ZIP to write.", metavar="TARGET.zip")],
    files: FilesOption = "",
    as_json: JsonFlag = False,
) -> None:
    """Write everything that is kept of one athlete into a ZIP for her: tables, reports, series, films."""
    with _opened("export-athlete", store, files, as_json) as (opened, console):
        from rowsense.store.belongings import athlete_named
        from rowsense.store.export import export_of
        from rowsense.store.whole_file import whole_file

        found = athlete_named(opened.database, who)
        with whole_file(target) as written:
            export = export_of(opened, found.scope, found.athlete_id)
            done, total = 0, export.byte_count()
            for block in export.stream():
                written.write(block)
                done += len(block)
                console.progress("export", min(done, total), total)
        console.done(
            {"athlete": str(found.athlete_id), "file": str(target), "bytes": done},
            f"{target}: everything of {found.name}, {done / 1e6:.1f} MB",
        )


def delete_athlete(
    store: StoreArgument,
    who: WhoArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    receipt: Annotated[Optional[Path], typer.Option(help="Also write the receipt into this file (JSON).")] = None,
    files: FilesOption = "",
    as_json: JsonFlag = False,
) -> None:
    """Delete everything of one athlete: rows, films, reports, her account. It cannot be undone."""
    with _opened("delete-athlete", store, files, as_json) as (opened, console):
        from rowsense.store.belongings import athlete_named, counts_of, in_words
        from rowsense.store.erase import erase_athlete
        from rowsense.store.whole_file import check_free, whole_file

        if receipt is not None:
            check_free(receipt)
        found = athlete_named(opened.database, who)
        rows = counts_of(opened.database, found.scope, found.athlete_id)
        if not yes:
            _ask(f"Of {found.name} this deletes for ever: {in_words(rows)}.", found.name)
        made = erase_athlete(opened, found.scope, found.athlete_id, whole_store=True)
        if receipt is not None:
            with whole_file(receipt) as written:
                written.write(made.to_json().encode())
        console.done(made.told(), f"Deleted: {in_words(made.rows)}; {made.file_count} files. Receipt {made.id}.")
        for sentence in made.sentences():
            console.note(sentence)


def _ask(sentence: str, name: str) -> None:
    """Have the name typed again.

    Raises
    ------
    UsageError
        Nobody is there to ask, or something else was typed. Nothing is deleted.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"delete-athlete: {sentence} Say --yes to do it without being asked")
    typer.echo(sentence, err=True)
    if typer.prompt("Type her name to go on", default="", show_default=False, err=True).strip() != name:
        raise UsageError("delete-athlete: that is not her name; nothing was deleted")


@contextmanager
def _opened(command: str, store: str, files: str, as_json: bool) -> Iterator[tuple[ClubStore, Console]]:
    needs_a_store(command)
    from rowsense.console import Console
    from rowsense.store.opening import check_there, open_store
    from rowsense.store.places import store_place

    with Console(as_json=as_json) as console:
        place = store_place(store, files)
        check_there(place.url)
        opened = open_store(place.url, place.files)
        try:
            yield opened, console
        finally:
            opened.database.close()
