"""Commands that keep a club's store and give its athletes what is theirs. No analysis is loaded."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated, Optional

import typer

from rowsense.command_options import JsonFlag
from rowsense.errors import UsageError

StoreArgument = Annotated[
    str,
    typer.Argument(
        help="The folder of `rowsense serve --store`, or postgresql://... together with --files.", metavar="CLUB-STORE"
    ),
]
FilesOption = Annotated[
    str, typer.Option(help="Where the files are, if not in the store's folder: another one, or s3://BUCKET/FOLDER.")
]


def backup(
    store: Annotated[
        Optional[str],
        typer.Argument(
            help="The folder of `rowsense serve --store`, or postgresql://... with --files.", metavar="CLUB-STORE"
        ),
    ] = None,
    target: Annotated[
        Optional[Path], typer.Argument(help="The file to write, or a folder for it.", metavar="TARGET")
    ] = None,
    check: Annotated[
        Optional[Path], typer.Option(help="Read this backup from end to end and say whether it is whole.")
    ] = None,
    with_secret: Annotated[
        bool,
        typer.Option(
            "--with-secret",
            help="Also take server.secret along, so that nobody has to sign in again after a restore. Only where "
            "nobody else gets at the backup: browsers' sessions are signed with it.",
        ),
    ] = False,
    files: FilesOption = "",
    as_json: JsonFlag = False,
) -> None:
    """Write a club's whole store into one file, while the server may run; or check such a file."""
    needs_a_store("backup")
    from rowsense.console import Console
    from rowsense.store.backup import back_up, check_backup
    from rowsense.store.places import store_place

    if (check is None) == (store is None or target is None) or (check is not None and store is not None):
        raise UsageError("backup: name the store and the file to write, or a backup with --check")
    with Console(as_json=as_json) as console:
        if check is not None:
            found = check_backup(check, lambda done, total: console.progress("check", done, total))
            said = f"{check}: whole; {_counts(found.counts)}, {len(found.members)} files, made {found.made_at[:16]} UTC"
            told: dict[str, object] = {"backup": str(check), "revision": found.revision, "made_at": found.made_at}
            console.done(told | {"counts": found.counts, "files": len(found.members)}, said)
            return
        assert store is not None and target is not None
        written = back_up(
            store_place(store, files),
            target,
            lambda done, total: console.progress("copy", done, total),
            with_secret=with_secret,
        )
        for prefix in written.manifest.missing:
            console.note(f"{prefix}: rows name this folder and nothing is in it, so the backup is without it too")
        counts = written.manifest.counts
        console.done(
            {"backup": str(written.path), "bytes": written.byte_count, "counts": counts}
            | {"missing": list(written.manifest.missing)},
            f"{written.path}: {_counts(counts)}, {len(written.manifest.members)} files, "
            f"{written.byte_count / 1e6:.1f} MB; check it with `rowsense backup --check`",
        )


def restore(
    backup_file: Annotated[Path, typer.Argument(help="What `rowsense backup` wrote.", metavar="BACKUP")],
    store: StoreArgument,
    files: FilesOption = "",
    as_json: JsonFlag = False,
) -> None:
    """Bring a backup back into a store that is not there yet, or is empty."""
    needs_a_store("restore")
    from rowsense.console import Console
    from rowsense.store.places import store_place
    from rowsense.store.restore import restore as bring_back

    with Console(as_json=as_json) as console:
        place = store_place(store, files)
        found = bring_back(backup_file, place, lambda done, total: console.progress("restore", done, total))
        for prefix in found.missing:
            console.note(f"{prefix}: was missing when the backup was made, and still is")
        console.done(
            {"store": store, "counts": found.counts, "made_at": found.made_at},
            f"{store}: {_counts(found.counts)}, as they were on {found.made_at[:16]} UTC",
        )


def needs_a_store(command: str) -> None:
    """Say so where the packages of a club's store are missing."""
    if importlib.util.find_spec("sqlalchemy") is None:
        raise UsageError(f"{command}: the store of a club needs more packages; pip install 'rowsense[club]'")


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{counts[name]} {name}" for name in ("clubs", "athletes", "sessions") if name in counts)
