"""Commands about a club's store. No analysis is loaded."""

from __future__ import annotations

import importlib.util
from typing import Annotated

import typer

from rowsense.errors import UsageError


def demo_club(
    store: Annotated[
        str, typer.Option(help="The database, as sqlite:////folder/club.sqlite3 or postgresql://... Default: your own.")
    ] = "",
    files: Annotated[
        str, typer.Option(help="The folder for the files, or s3://BUCKET/FOLDER. Default: in your data folder.")
    ] = "",
    athletes: Annotated[int, typer.Option(min=1, max=1000)] = 24,
    squads: Annotated[int, typer.Option(min=1, max=50)] = 3,
    weeks: Annotated[int, typer.Option(min=1, max=520)] = 26,
    sessions: Annotated[int, typer.Option(help="Sessions a week.", min=1, max=14)] = 3,
    strokes: Annotated[int, typer.Option(help="Strokes a session.", min=10, max=2000)] = 60,
    seed: Annotated[int, typer.Option(help="Another number makes other rowers.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Progress and results as JSON lines.")] = False,
) -> None:
    """Add a made-up club with a season of sessions to a store, to look round in. No video stands behind it."""
    if importlib.util.find_spec("sqlalchemy") is None:
        raise UsageError("demo-club: the store of a club needs more packages; pip install 'rowsense[club]'")
    from rowsense.console import Console
    from rowsense.demo_club import make_demo_club
    from rowsense.demo_season import SeasonPlan
    from rowsense.store.opening import open_store

    plan = SeasonPlan(
        athletes=athletes,
        squads=min(squads, athletes),
        weeks=weeks,
        sessions_a_week=sessions,
        strokes=strokes,
        seed=seed,
    )
    with Console(as_json=as_json) as console:
        opened = open_store(store, files)
        try:
            scope = make_demo_club(opened, plan, lambda done: console.progress("athletes", done, athletes))
        finally:
            opened.database.close()
        count = athletes * weeks * sessions
        address = opened.database.url.render_as_string()
        console.done(
            {"club": str(scope.club_id), "store": address, "sessions": count},
            f"{athletes} athletes with {count} sessions are in {address}",
        )
