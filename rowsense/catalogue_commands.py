"""The commands about faults: explain one, copy the catalogue out, check one of your own. No analysis is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

CatalogueOption = Annotated[Optional[Path], typer.Option(help="Another catalogue of faults and limits.")]


def explain(
    fault: Annotated[Optional[str], typer.Argument(help="Its id or name; leave out to list them.")] = None,
    catalogue: CatalogueOption = None,
    level: Annotated[str, typer.Option(help="Show the limits of this level.")] = "",
) -> None:
    """Explain a fault: what is measured, its limits and where they come from, what to try."""
    from rowsense.assess.catalogue import choose, load_catalogue
    from rowsense.assess.explain import explanation, fault_list, find_fault

    known = choose(load_catalogue(catalogue), level=level)
    typer.echo(fault_list(known) if fault is None else explanation(known, find_fault(known, fault)))


def catalogue(
    copy: Annotated[Optional[Path], typer.Option(help="Write the built-in catalogue to this new file.")] = None,
    check: Annotated[Optional[Path], typer.Option(help="Check this catalogue and say all that is amiss.")] = None,
    known: Annotated[bool, typer.Option("--known", help="List what a rule of your own can use.")] = False,
    page: Annotated[Optional[Path], typer.Option(help="Write a page of all faults to this file (Markdown).")] = None,
    of: Annotated[
        Optional[Path], typer.Option("--catalogue", help="For --known and --page: another catalogue.")
    ] = None,
) -> None:
    """Copy the catalogue of faults to change it, check yours, or list what its rules can use."""
    from rowsense.assess.catalogue import catalogue_text, load_catalogue
    from rowsense.assess.fault_page import fault_page, known_page
    from rowsense.errors import UsageError

    if (copy is not None) + (check is not None) + known + (page is not None) != 1:
        raise UsageError("catalogue: give one of --copy FILE, --check FILE, --known, --page FILE")
    if copy is not None:
        _write(copy, catalogue_text(), new=True)
        typer.echo(f"Copied to {copy}. Change it, `rowsense catalogue --check {copy}`, then analyze --catalogue {copy}")
    elif check is not None:
        _check(check)
    elif page is not None:
        _write(page, fault_page(load_catalogue(of)), new=False)
        typer.echo(f"Page: {page}")
    else:
        typer.echo(known_page(load_catalogue(of)))


def _check(path: Path) -> None:
    from rowsense.assess.catalogue import load_catalogue, never_judged
    from rowsense.errors import CatalogueError

    try:
        found = load_catalogue(path)
    except CatalogueError as error:
        for problem in error.problems:
            typer.echo(f"{path}: {problem}", err=True)
        count = len(error.problems)
        typer.echo(f"{path}: {count} {'problem' if count == 1 else 'problems'}", err=True)
        raise typer.Exit(error.exit_code) from error
    for sentence in never_judged(found):
        typer.echo(f"{path}: note: {sentence}", err=True)
    styles, levels = (", ".join(kind.id for kind in kinds) for kinds in (found.styles, found.levels))
    typer.echo(f"{path}: fine. {len(found.faults)} faults are judged. Styles: {styles}. Levels: {levels}.")


def _write(path: Path, text: str, *, new: bool) -> None:
    from rowsense.errors import OutputError, UsageError

    try:
        with path.open("x" if new else "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path}: is there already; name a new file") from error
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); choose another place") from error
